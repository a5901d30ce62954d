"""A named person asks; what is held is found, told, corrected, restricted or erased (R69)."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.fakes.authority import LIST, Force, a_force, models_folder
from tests.fakes.planted_alerts import BOX, an_alert, jpeg

from overt.alerts.evidence import Evidence
from overt.audit.events import AuditEvent
from overt.errors import Refused
from overt.gate.open_deployment import OpenDeployment
from overt.gate.rights import AnswerOrder, RequestOrder, SearchOrder
from overt.identifiers import SubjectId
from overt.policy.rights import Ground, Outcome, Right

pytestmark = pytest.mark.requirement("R69")

NAME: Final = "Ada Lovelace"
S1: Final = SubjectId("S1")
SHOT: Final = Evidence(probe=jpeg(50), scene=jpeg(60), box=BOX)


@pytest.fixture
def force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as force:
        yield force.ready()


def received(force: Force, right: Right = Right.ACCESS, *, identified: bool = True) -> str:
    order = RequestOrder(right, date(2026, 11, 28), NAME, "12 St James's Square", "all of it")
    request = force.gate.receive_request(force.actor, order)
    if identified:
        force.gate.identify_requester(
            force.actor, request.id, how="passport at the counter", told_on=date(2026, 11, 28)
        )
    return request.id


def found(force: Force, right: Right = Right.ACCESS) -> str:
    request = received(force, right)
    force.gate.search_request(force.actor, request, SearchOrder([S1]))
    return request


def answered(force: Force, request: str, outcome: Outcome, **more: Any) -> str:
    order = AnswerOrder(outcome, "The force", **more)
    return force.gate.answer_request(force.actor, request, order).text


def alerted(force: Force, deployment: OpenDeployment) -> None:
    now = force.clock.now()
    alert = an_alert(captured_at=now, raised_at=now)
    force.gate.raise_alert(deployment.actor, deployment, alert, SHOT)


def log_of(force: Force) -> str:
    return str(force.gate.audit_lines(force.actor, None))


def test_a_request_has_a_month_and_the_log_has_no_name(force: Force) -> None:
    received(force)
    (request,) = force.gate.requests(force.actor)
    assert request.clock.due_on == date(2026, 12, 28)
    assert request.told.name == NAME
    assert not request.facts(date(2026, 12, 28))["overdue"]
    assert request.facts(date(2026, 12, 29))["overdue"]
    assert "Lovelace" not in log_of(force)
    assert b"Lovelace" not in (force.folder / "home" / "overt.db").read_bytes()


def test_nothing_is_searched_before_it_is_known_who_asks(force: Force) -> None:
    request = received(force, identified=False)
    with pytest.raises(Refused, match="who asks"):
        force.gate.search_request(force.actor, request, SearchOrder([S1]))
    asked = force.gate.ask_identity(force.actor, request)
    assert asked.clock.stands_still
    told = force.gate.identify_requester(
        force.actor, request, how="passport", told_on=date(2026, 11, 30)
    )
    assert told.clock.due_on == date(2026, 12, 30)


def test_access_tells_every_entry_manifest_and_alert(force: Force) -> None:
    deployment = force.open()
    alerted(force, deployment)
    request = found(force)
    text = answered(force, request, Outcome.GRANTED)
    assert "An entry on a watchlist" in text
    assert "An alert" in text
    assert "manifest" in text
    assert NAME in text
    assert force.gate.request(force.actor, request).told.answer == text
    with pytest.raises(Refused, match="was answered"):
        answered(force, request, Outcome.GRANTED)


def test_nothing_held_is_not_said_of_somebody_who_is_listed(force: Force) -> None:
    with pytest.raises(Refused, match="look again"):
        answered(force, found(force), Outcome.NOTHING_HELD)
    other = received(force)
    force.gate.search_request(force.actor, other, SearchOrder([SubjectId("nobody")]))
    assert "We hold nothing" in answered(force, other, Outcome.NOTHING_HELD)


@pytest.mark.parametrize("right", [Right.ERASURE, Right.RESTRICTION])
def test_a_second_search_does_not_hide_what_the_first_one_found(force: Force, right: Right) -> None:
    request, gate = found(force, right), force.gate
    search = gate.search_request(force.actor, request, SearchOrder([SubjectId("nobody")]))
    assert any("S1" in str(item.facts) for item in search.held)
    with pytest.raises(Refused, match="look again"):
        answered(force, request, Outcome.NOTHING_HELD)
    if right is Right.ERASURE:
        assert gate.erase_for_request(force.actor, request).lists == (LIST,)
    else:
        assert S1 in gate.restrict_person(force.actor, request)
    assert answered(force, request, Outcome.GRANTED)


def test_whoever_was_mistaken_for_them_is_left_out_with_a_reason_before_anything_is_done(
    force: Force,
) -> None:
    request, gate = found(force, Right.ERASURE), force.gate
    gate.search_request(force.actor, request, SearchOrder([SubjectId("S2")]))
    for order, why in (
        (SearchOrder(not_theirs=["S2"]), "how it is known that this is another person"),
        (SearchOrder(not_theirs=["S3"], because="born in 1980"), "was not searched under"),
    ):
        with pytest.raises(Refused, match=why):
            gate.search_request(force.actor, request, order)
    gate.search_request(
        force.actor, request, SearchOrder(not_theirs=["S2"], because="born in 1980")
    )
    shown = gate.request(force.actor, request).facts(date(2026, 11, 30))
    assert (shown["subjects"], shown["not_theirs"]) == (["S1"], ["S2: born in 1980"])
    assert force.last("request-searched")["not_theirs"] == 1
    assert gate.erase_for_request(force.actor, request).lists == (LIST,)
    with pytest.raises(Refused, match="what was found for it stays"):
        gate.search_request(force.actor, request, SearchOrder(not_theirs=["S1"], because="no"))


def test_a_name_in_an_entrys_words_is_pointed_out(force: Force) -> None:
    request = found(force, Right.RECTIFICATION)
    force.gate.correct_for_request(
        force.actor, request, LIST, {"reason": "seen with ada  LOVELACE"}
    )
    other = received(force)
    search = force.gate.search_request(force.actor, other, SearchOrder([]))
    assert search.perhaps == ((LIST, "S1"),)


def test_a_refusal_names_its_ground_and_keeps_its_reason(force: Force) -> None:
    request = found(force)
    with pytest.raises(Refused, match="one of these grounds"):
        answered(force, request, Outcome.REFUSED, reason="we would rather not")
    text = answered(
        force, request, Outcome.REFUSED, ground=Ground.CRIME, reason="an inquiry into thefts"
    )
    assert "thefts" not in text
    assert "Information Commissioner" in text
    kept = force.gate.request(force.actor, request)
    assert (kept.ground, kept.told.reason) == (Ground.CRIME, "an inquiry into thefts")


def test_whoever_is_restricted_is_kept_and_not_matched(force: Force) -> None:
    deployment = force.open()
    request = found(force, Right.RESTRICTION)
    assert force.gate.restrict_person(force.actor, request) == (S1,)
    assert S1 in force.gate.standing(deployment.actor, deployment).stood_down
    assert force.gate.live_list(deployment.actor, deployment).gallery.size == 2
    with pytest.raises(Refused, match="not looked for"):
        alerted(force, deployment)
    view = force.gate.watchlist(force.actor, LIST)
    assert {entry.subject_id for entry in view.entries if entry.restricted} == {S1}
    assert "Restricted" in answered(force, request, Outcome.GRANTED)


def test_a_restriction_holds_for_a_list_that_is_imported_later(force: Force) -> None:
    force.gate.restrict_person(force.actor, found(force, Right.RESTRICTION))
    force.gate.delete_watchlist(force.actor, LIST)
    force.import_people()
    force.sign()
    assert force.open().list_size == 2


def test_a_restriction_is_lifted_with_a_reason(force: Force) -> None:
    request = found(force, Right.RESTRICTION)
    force.gate.restrict_person(force.actor, request)
    with pytest.raises(Refused, match="told of it"):
        force.gate.lift_restriction(force.actor, request, reason=" ")
    force.gate.lift_restriction(force.actor, request, reason="it was accurate; told by letter")
    assert force.open().list_size == 3


def test_erasure_leaves_the_bare_id_in_the_manifest(force: Force) -> None:
    deployment = force.open()
    alerted(force, deployment)
    request = found(force, Right.ERASURE)
    gone = force.gate.erase_for_request(force.actor, request)
    assert (gone.lists, gone.images, gone.alerts) == ((LIST,), 1, 1)
    held = force.gate.search_request(force.actor, request, SearchOrder([S1])).held
    assert [item.what for item in held] == [
        "A line in the manifest of a list, without image or name"
    ]
    assert S1 in force.gate.standing(deployment.actor, deployment).stood_down
    assert "Erased: 1 entry" in answered(force, request, Outcome.GRANTED)


def test_an_alert_on_somebody_else_is_erased_for_whoever_it_shows(force: Force) -> None:
    alerted(force, force.open())
    request = received(force, Right.ERASURE)
    force.gate.search_request(force.actor, request, SearchOrder([], [an_alert().id]))
    assert force.gate.erase_for_request(force.actor, request).alerts == 1
    assert force.gate.alerts(force.actor) == ()


def test_a_correction_never_widens_and_needs_no_new_signature(force: Force) -> None:
    request = found(force, Right.RECTIFICATION)
    with pytest.raises(Refused, match="category cannot be corrected"):
        force.gate.correct_for_request(force.actor, request, LIST, {"category": "consented"})
    force.gate.correct_for_request(
        force.actor, request, LIST, {"reason": "acquitted on 2 November"}
    )
    view = force.gate.watchlist(force.actor, LIST)
    (entry,) = [each for each in view.entries if each.subject_id == S1]
    assert entry.reason == "acquitted on 2 November"
    assert force.open().list_size == 3
    assert "acquitted" not in log_of(force)


def test_granted_is_said_of_what_was_done(force: Force) -> None:
    with pytest.raises(Refused, match="nothing was yet"):
        answered(force, found(force, Right.ERASURE), Outcome.GRANTED)


def test_an_erasure_is_not_granted_while_the_entry_is_there(force: Force) -> None:
    request = found(force, Right.ERASURE)
    force.gate.restrict_person(force.actor, request)
    with pytest.raises(Refused, match="entries are as they were"):
        answered(force, request, Outcome.GRANTED)


def test_a_restriction_is_not_granted_once_it_was_lifted(force: Force) -> None:
    request = found(force, Right.RESTRICTION)
    force.gate.restrict_person(force.actor, request)
    force.gate.lift_restriction(force.actor, request, reason="asked to by telephone")
    with pytest.raises(Refused, match="entries are as they were"):
        answered(force, request, Outcome.GRANTED)


def test_an_extension_takes_a_reason_and_comes_in_time(force: Force) -> None:
    request = received(force)
    assert force.gate.extend_request(
        force.actor, request, reason="six lists and forty alerts"
    ).clock.due_on == date(2027, 2, 28)
    late = received(force)
    force.hands.forward(timedelta(days=40))
    with pytest.raises(Refused, match="before it ends"):
        force.gate.extend_request(force.actor, late, reason="six lists")
    assert force.last(AuditEvent.REQUEST_EXTENDED.value) == {"request": request}
