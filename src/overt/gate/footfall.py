"""Holds false alerts against who passes, by perceived group; suspends on a skew (R67).

Both are counted by people. One deployment has few false alerts, so those of every deployment under
the profile are tested together, since an officer last let one go on that this test had stopped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.account_standing import parsed, raw_lines
from overt.gate.door import Door
from overt.gate.life_lines import as_told, tell
from overt.gate.life_subject import subject_named
from overt.gate.list_reading import Act
from overt.gate.open_deployment import OpenDeployment
from overt.gate.opening import life_of, subject_of_run
from overt.identifiers import DeploymentId
from overt.policy.access import Actor, Permission
from overt.policy.footfall import OF_GROUPS, THE_TEST, as_text, counted, require_counts
from overt.policy.life import Stage
from overt.policy.profile import Profile
from overt.policy.profiles import PROFILES, profile_named
from overt.policy.told import Told
from overt.rates.sequential import GroupSkew, Verdict, skew


@dataclass(frozen=True, slots=True)
class FootfallLine:
    """How one profile's deployments stand, group by group."""

    profile: str
    groups: tuple[GroupSkew, ...]
    untested: int
    """False alerts of deployments where nobody counted who passed."""


class FootfallGate(Door):
    def count_footfall(
        self, actor: Actor, deployment_id: DeploymentId, counts: Mapping[str, int], *, how: str
    ) -> None:
        """Add a count that a person made of who passes, by perceived group."""
        with self._as(actor, Permission.FOOTFALL_COUNT) as work:
            subject = subject_named(work, deployment_id)
            require_counts(subject.profile, counts)
            if not how.strip():
                raise Refused("say where, when and how they were counted: --how TEXT")
            tell(
                work, actor, subject, AuditEvent.FOOTFALL_COUNTED,
                words={"how": how.strip()}, counts=as_text(counts),
            )  # fmt: skip

    def footfall(self, actor: Actor) -> tuple[FootfallLine, ...]:
        """How false alerts stand against who passes, for each profile that counts them."""
        with self._look(actor, Permission.DEPLOYMENT_READ) as reading:
            told = list(_told(reading))
        counting = (profile for profile in PROFILES.values() if profile.perceived_groups)
        return tuple(_line(told, profile) for profile in counting)

    def hold_to_footfall(self, actor: Actor, deployment: OpenDeployment) -> bool:
        """Suspend it where false alerts fall on one group beyond its share; say whether."""
        with self._look(actor, Permission.ALERT_RAISE) as reading:
            profile = profile_named(deployment.profile)
            if not profile.perceived_groups:
                return False
            if life_of(reading, deployment).stage is not Stage.OPEN:
                return False
            found = skew(counted(_told(reading), profile))
        tripped = [each for each in found if each.verdict is Verdict.TRIPPED]
        if not tripped:
            return False
        with self._as(actor, Permission.ALERT_RAISE) as work:
            tell(
                work, actor, subject_of_run(deployment), AuditEvent.DEPLOYMENT_SUSPENDED,
                run=deployment.run, test=THE_TEST,
                because=f"false alerts fall on one group: {'; '.join(map(str, tripped))}",
            )  # fmt: skip
        return True


def _told(act: Act) -> Iterator[Told]:
    return (as_told(parsed(raw)) for raw in raw_lines(act, OF_GROUPS))


def _line(told: list[Told], profile: Profile) -> FootfallLine:
    counts = counted(told, profile)
    untested = sum(sum(each.false_alerts.values()) for each in counts if not each.tells)
    return FootfallLine(profile.name, skew(counts), untested)
