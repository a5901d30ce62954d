"""One deployment of the police, and at each step somebody inside tries what they may not.

Role by role: one's own list, the same alert twice, one's own work as an auditor, training that has
run out, and the conflict that another role seems to lift. Each is refused with its reason, told in
the log, and the deployment goes its way.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from tests.contract.test_raising_alerts import SHOT
from tests.fakes.authority import LIST, models_folder
from tests.fakes.planted_alerts import an_alert
from tests.fakes.police import ID, Police, a_police_force
from tests.fakes.staff import STAFF, actor

from overt.decisions.engagement import IdentityMethod, Outcome
from overt.decisions.incident import IncidentRecord
from overt.decisions.states import Judgement
from overt.errors import NotPermitted, Refused
from overt.gate.engagements import Ending
from overt.gate.gate import Gate
from overt.policy.access import Actor, Role
from overt.policy.life import Stage
from overt.policy.training import needs_training

ALERT: Final = an_alert().id
WHY: Final = "the same scar over the left brow"
POSSIBLE: Final = Judgement.POSSIBLE_MATCH
OFFICER, OTHER = actor("pc-4411"), actor("pc-0927")


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody tries something, perhaps in a role that they were just given."""

    who: str
    role: Role
    does: Callable[[Police, Actor], object]
    why: str


def sign(police: Police, who: Actor) -> object:
    return police.force.gate.sign_deployment(who, police.force.toml, police.force.key)


def approve(police: Police, who: Actor) -> object:
    return police.force.gate.approve_deployment(who, ID, rationale="it is the holidays")


def judge(police: Police, who: Actor) -> object:
    police.force.gate.examine_alert(who, ALERT)
    return police.force.gate.decide(who, ALERT, POSSIBLE, reason=WHY)


def close_incident(police: Police, who: Actor) -> object:
    gate = police.force.gate
    (incident,) = gate.incidents(who)
    return gate.close_incident(who, incident.id)


def evaluate(police: Police, who: Actor) -> None:
    report = police.proof("evaluation.pdf")
    police.force.gate.evaluate_deployment(who, ID, report, conclusion="all was well")


R = Role
OFFICERS, AUDITS = R.AUTHORISING_OFFICER, R.AUDITOR
BEFORE_IT_IS_SIGNED: Final = (
    Attempt(
        "lis", R.LIST_BUILDER, lambda p, who: p.force.gate.verify_entries(who, LIST, None),
        "the second person for their own list",
    ),
    Attempt("lis", R.LIST_BUILDER, sign, "may not sign"),
    Attempt("lis", OFFICERS, sign, "nobody authorises their own list"),
    Attempt("lis", OFFICERS, approve, "lis (built|submitted)"),
    Attempt("ass", OFFICERS, sign, "nobody authorises on their own evidence"),
    Attempt("ana", R.OPERATOR, sign, "may not sign"),
    Attempt("eng", R.ENGINEER, sign, "may not sign"),
)  # fmt: skip
ON_THE_ALERT: Final = (
    Attempt("ode", OFFICERS, judge, "may not read an alert"),
    Attempt("ode", R.OPERATOR, judge, "nobody judges under their own authority"),
    Attempt("ana", R.OPERATOR, judge, "another person's"),
    Attempt("ass", R.ASSESSOR, judge, "may not read an alert"),
    Attempt("aud", AUDITS, judge, "may not read an alert"),
)
ON_THE_INCIDENT: Final = (
    Attempt("pc-4411", R.ENGAGEMENT_OFFICER, close_incident, "their own false engagement"),
    Attempt("pc-4411", OFFICERS, close_incident, "their own false engagement"),
    Attempt("pc-0927", R.ENGAGEMENT_OFFICER, close_incident, "their own false engagement"),
    Attempt("ben", R.ENGAGEMENT_OFFICER, close_incident, "their own mistake"),
)
WHEN_IT_IS_OVER: Final = (
    *(
        Attempt(who, AUDITS, evaluate, "nobody audits themselves")
        for who in ("lis", "ode", "gold", "ana", "ben", "pc-4411", "pc-0927", "ass")
    ),
    Attempt("ana", R.ASSESSOR, evaluate, "nobody evaluates what they took part in"),
    Attempt("ode", OFFICERS, evaluate, "may not evaluate"),
)


@contextmanager
def in_the_role(police: Police, who: str, role: Role) -> Iterator[Actor]:
    """Turn somebody into another role, and back."""
    usual = {**STAFF, "gold": OFFICERS}[who]
    person = Actor(actor(who).id if who in STAFF else police.gold.id, frozenset({role}))
    if role is usual:
        yield person
        return
    police.turned(person.id, role, out_of=usual)
    yield person
    police.turned(person.id, usual, out_of=role)


def all_refused(police: Police, attempts: tuple[Attempt, ...]) -> None:
    for attempt in attempts:
        before = police.force.events().count("refused")
        with (
            in_the_role(police, attempt.who, attempt.role) as who,
            pytest.raises(Refused, match=attempt.why),
        ):
            attempt.does(police, who)
        assert police.force.events().count("refused") == before + 1


def falsely_engaged(police: Police, gate: Gate) -> None:
    """One officer engages, another says what came of it."""
    gate.dispatch(police.operator, ALERT, recipients=(OFFICER.id, OTHER.id), reason="ask her")
    gate.open_sent_alert(OFFICER, ALERT)
    gate.confirm_same_person(OFFICER, ALERT, reason="red coat, same scar")
    gate.engage(OFFICER, ALERT, reason="asked for her name")
    gate.end_alert(OTHER, ALERT, Ending(Outcome.FALSE, "another name", IdentityMethod.DOCUMENT))
    (incident,) = gate.incidents(police.gold)
    said = IncidentRecord("form 12", "C-7", 4, "let go with an apology")
    gate.record_incident(OFFICER, incident.id, said)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R39")
@pytest.mark.requirement("R43")
@pytest.mark.requirement("R48")
def test_nobody_gets_round_a_rule_in_any_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_police_force(tmp_path) as police:
        gate, now = police.force.gate, police.force.clock.now
        police.before_the_signature()
        all_refused(police, BEFORE_IT_IS_SIGNED)
        police.signed().noticed().rechecked().with_signs()
        police.force.hands.forward(timedelta(minutes=31))
        opened = police.present().opened()
        gate.raise_alert(opened.actor, opened, an_alert(captured_at=now(), raised_at=now()), SHOT)
        judge(police, police.operator)
        all_refused(police, ON_THE_ALERT)
        judge(police, actor("ben"))
        falsely_engaged(police, gate)
        all_refused(police, ON_THE_INCIDENT)
        close_incident(police, police.gold)
        gate.close_run(police.operator, opened, {"passages": 1, "alerts": 1})
        gate.close_deployment(police.silver, ID, reason="the window is over")
        police.force.hands.forward(timedelta(days=2))
        gate.expire(police.operator)
        all_refused(police, WHEN_IT_IS_OVER)
        evaluate(police, police.assessor)
        assert gate.deployment(police.force.actor, ID).line.stage is Stage.EVALUATED
        police.force.hands.forward(timedelta(days=91))
        for name, role in STAFF.items():
            if needs_training(role):
                with pytest.raises(NotPermitted):
                    gate.deployments(actor(name))
            else:
                gate.deployments(actor(name))
