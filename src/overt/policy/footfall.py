"""Who passes and who is falsely alerted, in groups as people perceived them (R67).

Counts that persons made: of those who pass, apart from any face, and of those whom a false alert
was about, by whoever judged or met them. Nothing here is of anybody in particular, and no group is
ever inferred from a face. What the log tells of all deployments under one profile is added up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from overt.errors import Refused
from overt.identifiers import DeploymentId
from overt.policy.profile import Profile
from overt.policy.told import Told
from overt.rates.sequential import GroupCounts

FOOTFALL: Final = "footfall-counted"
PERCEIVED: Final = "false-alert-perceived"
SUSPENDED: Final = "deployment-suspended"
RESUMED: Final = "deployment-resumed"
OF_GROUPS: Final = frozenset({FOOTFALL, PERCEIVED, SUSPENDED, RESUMED})
THE_TEST: Final = "perceived-groups"
"""How a line says which test suspended it."""
MOST_AT_ONCE: Final = 1_000_000


def require_group(profile: Profile, group: str) -> str:
    """A group of the profile's closed list."""
    if not profile.perceived_groups:
        raise Refused(f"{profile.name} counts nobody in groups")
    if group not in profile.perceived_groups:
        raise Refused(
            f"{group[:40]!r} is none of the groups of {profile.name}: "
            f"{', '.join(sorted(profile.perceived_groups))}"
        )
    return group


def require_counts(profile: Profile, counts: Mapping[str, int]) -> Mapping[str, int]:
    """A count of who passed: at least two groups looked for, and somebody seen."""
    for group, count in counts.items():
        require_group(profile, group)
        if not 0 <= count <= MOST_AT_ONCE:
            raise Refused(f"{group}: {count} people; count 0 to {MOST_AT_ONCE:,} at a time")
    if missing := sorted(profile.perceived_groups - set(counts)):
        raise Refused(
            f"count every group, those of whom nobody passed as 0: {', '.join(missing)} missing"
        )
    if not sum(counts.values()):
        raise Refused("nobody was counted")
    return counts


def as_text(counts: Mapping[str, int]) -> str:
    """As a line of the log tells counts."""
    return "; ".join(f"{group}={count}" for group, count in sorted(counts.items()))


def _read(text: str) -> dict[str, int]:
    pairs = (each.partition("=") for each in text.split("; ") if each)
    return {group: int(count) for group, _, count in pairs}


@dataclass(slots=True)
class _Tally:
    footfall: dict[str, int] = field(default_factory=dict)
    false_alerts: dict[str, int] = field(default_factory=dict)

    def add(self, to: dict[str, int], counts: Mapping[str, int]) -> None:
        for group, count in counts.items():
            to[group] = to.get(group, 0) + count


def counted(lines: Iterable[Told], profile: Profile) -> tuple[GroupCounts, ...]:
    """One batch a deployment, oldest first.

    False alerts from before the last time that an officer let a deployment go on which this test
    had suspended count no more. Ending such a deployment clears nothing.
    """
    tallies: dict[DeploymentId, _Tally] = {}
    suspended: set[DeploymentId] = set()
    for line in lines:
        if not line.text("profile").startswith(f"{profile.name}/"):
            continue
        tally = tallies.setdefault(line.deployment, _Tally())
        if line.event == FOOTFALL:
            tally.add(tally.footfall, _read(line.text("counts")))
        elif line.event == PERCEIVED:
            tally.add(tally.false_alerts, {line.text("group"): 1})
        elif line.event == SUSPENDED and line.text("test") == THE_TEST:
            suspended.add(line.deployment)
        elif line.event == RESUMED and line.deployment in suspended:
            suspended.clear()
            for each in tallies.values():
                each.false_alerts.clear()
    return tuple(GroupCounts(each.false_alerts, each.footfall) for each in tallies.values())
