"""Who did what about one deployment, by the log's actors (R6): roles change, lines do not.

Pure: lines in, people out. A line is about a deployment where it names it, one of its alerts, the
list that was signed for it or the networks that it was signed with. Reading is no part in it, nor is
an assessor's testing, which is a duty of its own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from overt.identifiers import ActorId, DeploymentId
from overt.policy.conflicts import Duty
from overt.policy.public_record import MOVED, RAISED, SIGNED
from overt.policy.told import Told

D = Duty

NAMING_IT: Final[Mapping[str, Duty]] = {
    "deployment-submitted": D.SUBMIT,
    SIGNED: D.SIGN,
    "deployment-approved": D.APPROVE,
    "deployment-resumed": D.RESUME,
    "decoy-planted": D.PLANT,
    "deployment-noticed": D.TAKE_PART,
    "decision-recorded": D.TAKE_PART,
    "written-record-kept": D.TAKE_PART,
    "signs-recorded": D.TAKE_PART,
    "checked-in": D.TAKE_PART,
    "deployment-opened": D.TAKE_PART,
    "deployment-suspended": D.TAKE_PART,
    "deployment-closed": D.TAKE_PART,
    "stop-requested": D.TAKE_PART,
    "camera-checked": D.TAKE_PART,
    "footfall-counted": D.TAKE_PART,
}
"""Events whose line names the deployment."""
OF_ITS_ALERTS: Final[Mapping[str, Duty]] = {
    **dict.fromkeys(MOVED, D.TAKE_PART),
    "alert-decided": D.JUDGE_ONE,
    "alert-disclosed": D.TAKE_PART,
    "hold-placed": D.TAKE_PART,
    "hold-released": D.TAKE_PART,
    "incident-closed": D.TAKE_PART,
}
OF_ITS_LIST: Final[Mapping[str, Duty]] = {
    "watchlist-imported": D.BUILD_LIST,
    "entries-checked": D.CHECK_LIST,
    "entry-approved": D.CHECK_LIST,
    "list-rechecked": D.TAKE_PART,
}
EVIDENCE: Final = "evidence-recorded"
EVENTS: Final = frozenset({*NAMING_IT, *OF_ITS_ALERTS, *OF_ITS_LIST, EVIDENCE, RAISED})
"""Every event that this asks for."""
ASSESSING: Final = frozenset({D.RECORD_EVIDENCE, D.PLANT})


def events_of(*duties: Duty) -> frozenset[str]:
    """Which events tell, by themselves, who did one of the duties."""
    return frozenset(event for event, duty in NAMING_IT.items() if duty in duties)


def who_did(told: Iterable[Told], deployment: DeploymentId) -> dict[Duty, frozenset[ActorId]]:
    """Who did what about the deployment; whoever did anything but test took part in it."""
    done: dict[Duty, set[ActorId]] = {}
    for duty, who in _acts(list(told), deployment):
        done.setdefault(duty, set()).add(who)
        if duty not in ASSESSING:
            done.setdefault(D.TAKE_PART, set()).add(who)
    return {duty: frozenset(people) for duty, people in done.items()}


def _acts(lines: list[Told], deployment: DeploymentId) -> Iterator[tuple[Duty, ActorId]]:
    its = [line for line in lines if line.deployment == deployment]
    signed = [line for line in its if line.event == SIGNED]
    lists = {line.text("watchlist") for line in signed}
    machines = {(line.text("pack"), line.text("precision")) for line in signed}
    alerts = {_passage(line) for line in its if line.event == RAISED}
    yield from ((NAMING_IT[line.event], line.by) for line in its if line.event in NAMING_IT)
    for line in lines:
        if line.event in OF_ITS_ALERTS and _passage(line) in alerts:
            yield OF_ITS_ALERTS[line.event], line.by
        elif line.event in OF_ITS_LIST and line.text("digest") in lists:
            yield OF_ITS_LIST[line.event], line.by
        elif line.event == EVIDENCE and (line.text("pack"), line.text("precision")) in machines:
            yield D.RECORD_EVIDENCE, line.by


def _passage(line: Told) -> str:
    """An alert's id without its number: a decoy has the passage of the alert that it is like."""
    return line.text("alert").rpartition("-")[0]
