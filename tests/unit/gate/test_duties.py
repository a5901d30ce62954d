"""Roles change, lines do not: whoever did one thing is refused the other, whatever they are now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.fakes.police import ID, Police

from overt.errors import Refused
from overt.identifiers import ActorId
from overt.policy.access import Actor, Role
from overt.policy.conflicts import Conflict
from overt.policy.life import Stage

Become = Callable[[Police], Actor]


def becomes(who: str, role: Role, *, out_of: Role) -> Become:
    """Somebody of the force, taken out of one role and put into another."""
    return lambda police: police.turned(ActorId(who), role, out_of=out_of)


@pytest.mark.requirement("R6")
def test_the_assessor_does_not_sign_on_their_own_evidence(police: Police) -> None:
    police.before_the_signature()
    silver = police.silver
    police.silver = police.turned(
        police.assessor.id, Role.AUTHORISING_OFFICER, out_of=Role.ASSESSOR
    )
    with pytest.raises(Refused, match="ass put the test evidence on record: nobody authorises"):
        police.signed()
    police.silver = silver
    police.signed()


@pytest.mark.requirement("R6")
def test_nor_does_a_test_of_the_signers_own_open_anything(police: Police) -> None:
    police.authorised().noticed().rechecked().with_signs()
    police.assessor = police.turned(
        police.silver.id, Role.ASSESSOR, out_of=Role.AUTHORISING_OFFICER
    )
    police.tested()
    police.force.hands.forward(timedelta(minutes=31))
    with pytest.raises(Refused, match="ode put the test evidence on record"):
        police.present().opened()


@pytest.mark.requirement("R6")
def test_whoever_made_the_key_does_not_sign_with_it(police: Police) -> None:
    police.before_the_signature()
    founder = police.administrator
    police.administrator = police.employs("admin", Role.ADMINISTRATOR)
    police.silver = police.turned(founder.id, Role.AUTHORISING_OFFICER, out_of=Role.ADMINISTRATOR)
    with pytest.raises(Conflict, match="made or trusted the officer's key"):
        police.signed()


@pytest.mark.requirement("R6")
def test_a_second_submission_does_not_hide_the_first(police: Police) -> None:
    police.wanted().verified().tested().written()
    planner = police.employs("planner", Role.LIST_BUILDER)
    police.force.gate.submit_deployment(planner, police.force.toml)
    police.submitted()
    police.silver = police.turned(planner.id, Role.AUTHORISING_OFFICER, out_of=Role.LIST_BUILDER)
    with pytest.raises(Refused, match="planner submitted the deployment"):
        police.signed()


@pytest.mark.requirement("R8")
@pytest.mark.parametrize(
    ("become", "why"),
    [
        (
            becomes("lis", Role.AUTHORISING_OFFICER, out_of=Role.LIST_BUILDER),
            "lis (built the watchlist|submitted the deployment): nobody authorises",
        ),
        (
            becomes("ass", Role.AUTHORISING_OFFICER, out_of=Role.ASSESSOR),
            "ass put the test evidence on record",
        ),
    ],
)
def test_whoever_built_or_tested_is_no_senior_officer_for_it(
    police: Police, become: Become, why: str
) -> None:
    police.authorised(sensitive='["school"]')
    with pytest.raises(Conflict, match=why):
        police.force.gate.approve_deployment(become(police), ID, rationale="it is the holidays")


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R58")
@pytest.mark.parametrize(
    ("become", "why"),
    [
        (becomes("lis", Role.AUDITOR, out_of=Role.LIST_BUILDER), "lis took part"),
        (becomes("lis", Role.ASSESSOR, out_of=Role.LIST_BUILDER), "lis took part"),
        (becomes("ode", Role.AUDITOR, out_of=Role.AUTHORISING_OFFICER), "nobody audits themselves"),
        (becomes("ode", Role.ASSESSOR, out_of=Role.AUTHORISING_OFFICER), "ode took part"),
        (becomes("gold", Role.ASSESSOR, out_of=Role.AUTHORISING_OFFICER), "gold took part"),
        (becomes("ana", Role.ASSESSOR, out_of=Role.OPERATOR), "ana took part"),
        (becomes("pc-4411", Role.AUDITOR, out_of=Role.ENGAGEMENT_OFFICER), "pc-4411 took part"),
        (becomes("ass", Role.AUDITOR, out_of=Role.ASSESSOR), "ass put the test evidence on record"),
    ],
)
def test_nobody_evaluates_what_they_took_part_in(police: Police, become: Become, why: str) -> None:
    gate, report = police.purged().force.gate, police.proof("evaluation.pdf")
    with pytest.raises(Conflict, match=why):
        gate.evaluate_deployment(become(police), ID, report, conclusion="all was well")
    assert gate.deployment(police.force.actor, ID).line.stage is Stage.PURGED


@pytest.mark.requirement("R6")
def test_an_auditor_who_took_no_part_evaluates_and_anyone_of_them_reads(police: Police) -> None:
    gate = police.purged().force.gate
    was = police.turned(police.builder.id, Role.AUDITOR, out_of=Role.LIST_BUILDER)
    assert "deployment-purged" in gate.evaluation_form(was, ID)
    assert gate.audit_lines(was, None)
    auditor = police.employs("new", Role.AUDITOR)
    gate.evaluate_deployment(auditor, ID, police.proof("evaluation.pdf"), conclusion="as it should")
    assert gate.deployment(police.force.actor, ID).line.stage is Stage.EVALUATED
