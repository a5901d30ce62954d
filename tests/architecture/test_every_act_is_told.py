"""R55: every method of the gate, done well, writes the line that tells of it; looks are named.

Add a method to the gate, and it belongs in one of the two tables below, or this fails.
"""

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select
from tests.fakes.authority import LIST, Force, a_ready_force, models_folder
from tests.fakes.lists import row
from tests.fakes.planted_alerts import DEPLOYMENT, PlantedRecords, an_alert, planted_records

from overt.audit.events import KINDS, AuditEvent, Kind
from overt.config.deployment import read_deployment
from overt.decisions.engagement import IdentityMethod, Outcome
from overt.decisions.incident import IncidentRecord
from overt.decisions.states import Judgement
from overt.errors import Refused
from overt.gate.engagements import Ending
from overt.gate.gate import Gate
from overt.gate.proofs import ProofBegun
from overt.gate.session_standing import Way
from overt.gate.sessions import SignInFailed
from overt.identifiers import ActorId, DeploymentId, SubjectId
from overt.policy.access import Actor, Role
from overt.records.schema import AuditRow
from overt.records.work import Reading, UnitOfWork
from overt.units import Seconds, later

E = AuditEvent

ANA: Final = ActorId("ana")
AUDITOR: Final = frozenset({Role.AUDITOR})
LOOKS: Final = {
    "whoami": "says who acts; the first one ever is told as bootstrapped",
    "audit_key": "a public key",
    "audit_checkpoint": "what is meant to be given away",
    "prove_consistency": "hashes, which say nothing of anybody",
    "join_run": "a camera's process enters a run that was told as opened",
    "standing": "asked every half second; it shows nobody",
    "compiled_networks": "where a camera finds its networks; they are of nobody",
    "alert_news": "ids and counts, for pages that refresh themselves",
    "walks": "which deployments are walks; nobody is named",
    "false_alert_rate": "counts of a run; nobody is in them",
    "footfall": "counts by group; nobody is in them",
    "run_figures": "counts of a run; nobody is in them",
    "breaches": "ids and times; nobody is in them",
    "evidence": "tests of the machine, which are of nobody",
    "organisation": "what the button of the sign-in page says",
    "session_actor": "asked at each page; the session's beginning and end are told",
    "purge": "as expire",
    "receipts": "counts and key ids; of nobody",
    "holds": "ids, grounds and dates; what was held is told when it is placed",
    "expire": "nothing due leaves no line; what was due is told as expired",
    "lapse_alerts": "nothing due leaves no line; what was due is told as alert-lapsed",
    "seal_audit": "nothing due leaves no line; what was due is told as log-sealed",
}
"""Methods that may leave no line, and why."""


def _second_list(force: Force) -> None:
    file = force.write_list(row(subject_id="S9", image="s9.png"))
    force.gate.import_watchlist(force.actor, force.order(file, name="others"))


def _own_key(force: Force) -> Path:
    return force.key.with_name("officer.pub")


def _closed(force: Force) -> None:
    force.gate.close_run(force.actor, force.open(), {})


def _stopped(force: Force) -> None:
    force.gate.request_stop(force.actor, force.open().id)


def _guessed(force: Force) -> None:
    with pytest.raises(SignInFailed):
        force.gate.sign_in(force.actor.id, password="guess", code="000000", way=Way.BROWSER)


BEGUN: Final = ProofBegun(DeploymentId("d"), "consent")
TOLD: Final[dict[str, tuple[AuditEvent, Callable[[Force], Any]]]] = {
    "audit_lines": (E.AUDIT_READ, lambda f: f.gate.audit_lines(f.actor)),
    "export_audit": (E.AUDIT_EXPORTED, lambda f: f.gate.export_audit(f.actor, f.folder / "log")),
    "prove_line": (E.AUDIT_READ, lambda f: f.gate.prove_line(f.actor, 0)),
    "begin_proof": (E.PROOF_BEGUN, lambda f: f.gate.begin_proof(f.actor, f.toml)),
    "note_proof": (E.PROOF_MADE, lambda f: f.gate.note_proof(f.actor, BEGUN, b"{}", passed=True)),
    "back_up": (E.BACKED_UP, lambda f: f.gate.back_up(f.actor, f.folder / "monday")),
    "begin_camera_check": (
        E.CAMERA_CHECKED,
        lambda f: f.gate.begin_camera_check(f.actor, read_deployment(f.toml)),
    ),
    "check_deployment": (E.DEPLOYMENT_READ, lambda f: f.gate.check_deployment(f.actor, f.toml)),
    "sign_deployment": (E.DEPLOYMENT_SIGNED, lambda f: f.sign()),
    "open_deployment": (E.DEPLOYMENT_OPENED, lambda f: f.open()),
    "close_run": (E.RUN_ENDED, _closed),
    "request_stop": (E.STOP_REQUESTED, _stopped),
    "live_list": (E.WATCHLIST_READ, lambda f: f.gate.live_list((o := f.open()).actor, o)),
    "new_officer_key": (
        E.KEY_MADE,
        lambda f: f.gate.new_officer_key(f.actor, "Gold", f.folder / "gold"),
    ),
    "revoke_officer_key": (
        E.KEY_REVOKED,
        lambda f: f.gate.revoke_officer_key(f.actor, _own_key(f)),
    ),
    "officer_keys": (E.KEYS_READ, lambda f: f.gate.officer_keys(f.actor)),
    "set_secret": (E.SECRET_SET, lambda f: f.gate.set_secret(f.actor, "north", "x")),
    "secrets": (E.SECRETS_READ, lambda f: f.gate.secrets(f.actor)),
    "camera_address": (
        E.SECRET_USED,
        lambda f: f.gate.camera_address(f.actor, f.open().cameras[0]),
    ),
    "import_watchlist": (E.WATCHLIST_IMPORTED, _second_list),
    "watchlists": (E.WATCHLIST_READ, lambda f: f.gate.watchlists(f.actor)),
    "watchlist": (E.WATCHLIST_READ, lambda f: f.gate.watchlist(f.actor, LIST)),
    "stand_down": (
        E.ENTRY_STOOD_DOWN,
        lambda f: f.gate.stand_down(f.actor, LIST, SubjectId("S1"), reason="arrested"),
    ),
    "add_user": (E.USER_ADDED, lambda f: f.gate.add_user(f.actor, ANA)),
    "users": (E.USERS_READ, lambda f: f.gate.users(f.actor)),
    "own_account": (E.USERS_READ, lambda f: f.gate.own_account(f.actor)),
    "grant_roles": (E.ROLE_GRANTED, lambda f: f.gate.grant_roles(f.actor, ANA, AUDITOR)),
    "record_training": (
        E.TRAINED,
        lambda f: f.gate.record_training(
            f.actor, ANA, frozenset({Role.OPERATOR}), until=later(f.clock.now(), Seconds(1e6))
        ),
    ),
    "withdraw_roles": (E.ROLE_REVOKED, lambda f: f.gate.withdraw_roles(f.actor, ANA, AUDITOR)),
    "disable_user": (E.USER_DISABLED, lambda f: f.gate.disable_user(f.actor, ANA)),
    "enable_user": (E.USER_ENABLED, lambda f: f.gate.enable_user(f.actor, ANA)),
    "delete_watchlist": (E.WATCHLIST_DELETED, lambda f: f.gate.delete_watchlist(f.actor, LIST)),
    "set_credentials": (
        E.CREDENTIALS_SET,
        lambda f: f.gate.set_credentials(f.actor, f.actor.id),
    ),
    "sign_in": (E.SIGN_IN_FAILED, _guessed),
    "sign_in_by_link": (E.SIGNED_IN, lambda f: f.gate.sign_in_by_link(f.actor)),
    "sign_out_everywhere": (E.SIGNED_OUT, lambda f: f.gate.sign_out_everywhere(f.actor)),
    "hand_over": (E.ROLE_REVOKED, lambda f: f.gate.hand_over(f.actor)),
}
ELSEWHERE: Final = {
    "place_hold": "tests/unit/gate/test_holds.py",
    "release_hold": "tests/unit/gate/test_holds.py",
    "receipt": "tests/unit/gate/test_destruction.py",
    "trust_officer_key": "tests/unit/gate/test_keys.py",
    "delete_secret": "tests/unit/gate/test_secrets.py",
    "raise_alert": "tests/contract/test_raising_alerts.py",
    "update_alert": "tests/contract/test_raising_alerts.py",
    "approve_deployment": "tests/unit/gate/test_life.py",
    "check_in": "tests/unit/gate/test_life.py",
    "close_deployment": "tests/unit/gate/test_life.py",
    "deployment": "tests/unit/gate/test_life.py",
    "deployments": "tests/unit/gate/test_life.py",
    "evaluate_deployment": "tests/unit/gate/test_life.py",
    "evaluation_form": "tests/unit/gate/test_life.py",
    "keep_written_record": "tests/unit/gate/test_life.py",
    "places": "tests/unit/gate/test_life.py",
    "report_breach": "tests/unit/gate/test_breaches.py",
    "tell_of_breach": "tests/unit/gate/test_breaches.py",
    "public_notices": "tests/unit/gate/test_public_notices.py",
    "public_record": "tests/unit/gate/test_life.py",
    "record_decision": "tests/unit/gate/test_life.py",
    "record_evidence": "tests/unit/gate/test_life.py",
    "record_notice": "tests/unit/gate/test_life.py",
    "record_sensitive_map": "tests/unit/gate/test_sensitive_maps.py",
    "record_signs": "tests/unit/gate/test_life.py",
    "resume_deployment": "tests/unit/gate/test_life.py",
    "submit_deployment": "tests/unit/gate/test_life.py",
    "suspend_deployment": "tests/unit/gate/test_life.py",
    "approve_entry": "tests/unit/gate/test_list_checks.py",
    "manifest": "tests/unit/gate/test_list_checks.py",
    "recheck_list": "tests/unit/gate/test_list_checks.py",
    "verify_entries": "tests/unit/gate/test_list_checks.py",
    "note_figures": "tests/unit/gate/test_run_figures.py",
    "hold_to_ceiling": "tests/contract/test_false_alert_ceiling.py",
    "count_footfall": "tests/contract/test_footfall.py",
    "hold_to_envelope": "tests/unit/live/test_paused.py",
    "hold_to_footfall": "tests/contract/test_footfall.py",
    "tell_conditions": "tests/unit/live/test_paused.py",
    "plant_decoy": "tests/unit/gate/test_engagements.py",
    "answer_request": "tests/unit/gate/test_rights.py",
    "ask_identity": "tests/unit/gate/test_rights.py",
    "correct_for_request": "tests/unit/gate/test_rights.py",
    "erase_for_request": "tests/unit/gate/test_rights.py",
    "extend_request": "tests/unit/gate/test_rights.py",
    "identify_requester": "tests/unit/gate/test_rights.py",
    "lift_restriction": "tests/unit/gate/test_rights.py",
    "receive_request": "tests/unit/gate/test_rights.py",
    "request": "tests/unit/gate/test_rights.py",
    "requests": "tests/unit/gate/test_rights.py",
    "restrict_person": "tests/unit/gate/test_rights.py",
    "search_request": "tests/unit/gate/test_rights.py",
    "log_passes": "tests/unit/gate/test_walks.py",
    "record_consent": "tests/unit/gate/test_walks.py",
    "take_back_pass": "tests/unit/gate/test_walks.py",
    "walk": "tests/unit/gate/test_walks.py",
    "walk_consents": "tests/unit/gate/test_walks.py",
    "walk_desk": "tests/unit/gate/test_walks.py",
    "withdraw_consent": "tests/unit/gate/test_walks.py",
    "sign_out": "tests/unit/gate/test_sessions.py",
    "begin_organisation_sign_in": "tests/contract/test_organisation_sign_in.py",
    "check_organisation": "tests/unit/cli/test_sign_on_commands.py",
    "link_subject": "tests/unit/gate/test_organisation.py",
    "note_foreign_answer": "tests/contract/test_organisation_sign_in.py",
    "organisation_settings": "tests/unit/cli/test_sign_on_commands.py",
    "remove_organisation": "tests/unit/gate/test_organisation.py",
    "set_organisation": "tests/unit/gate/test_organisation.py",
    "sign_in_by_organisation": "tests/contract/test_organisation_sign_in.py",
    "statement_for": "tests/contract/test_organisation_sign_in.py",
    "unlink_subject": "tests/unit/gate/test_organisation.py",
}
"""Told, and tested where what they need is set up; here, that their module names an event at all."""
ALERT: Final = an_alert(1).id
WHY: Final = "the scar"
TOLD_TO_HER: Final = IncidentRecord("form 12", "C-7", 4, "let go with an apology")


def _judged(gate: Gate, actor: Actor) -> Gate:
    gate.examine_alert(actor, ALERT)
    gate.decide(actor, ALERT, Judgement.POSSIBLE_MATCH, reason=WHY)
    return gate


def _sent(gate: Gate, actor: Actor) -> Gate:
    _judged(gate, actor).dispatch(actor, ALERT, recipients=("PC 7",), reason=WHY)
    return gate


def _confirmed(gate: Gate, actor: Actor) -> Gate:
    _sent(gate, actor).open_sent_alert(actor, ALERT)
    gate.confirm_same_person(actor, ALERT, reason=WHY)
    return gate


def _ended(gate: Gate, actor: Actor) -> str:
    """A false engagement; gives the incident that it opens."""
    _confirmed(gate, actor).engage(actor, ALERT, reason=WHY)
    ending = Ending(Outcome.FALSE, "another name on her papers", IdentityMethod.DOCUMENT)
    gate.end_alert(actor, ALERT, ending)
    return gate.incidents(actor)[0].id


REVIEWED: Final[dict[str, tuple[AuditEvent, Callable[[Gate, Any], Any]]]] = {
    "alerts": (E.ALERT_READ, lambda g, a: g.alerts(a)),
    "alert": (E.ALERT_READ, lambda g, a: g.alert(a, ALERT)),
    "examine_alert": (E.ALERT_READ, lambda g, a: g.examine_alert(a, ALERT)),
    "disclose_alert": (
        E.ALERT_DISCLOSED,
        lambda g, a: g.disclose_alert(a, ALERT, recipient="custody", justification="arrest"),
    ),
    "decide": (E.ALERT_DECIDED, _judged),
    "dispatch": (E.ALERT_DISPATCHED, _sent),
    "stop_alert": (E.ALERT_STOPPED, lambda g, a: _judged(g, a).stop_alert(a, ALERT, reason=WHY)),
    "unfinished_alerts": (E.ALERT_READ, lambda g, a: g.unfinished_alerts(a, DEPLOYMENT)),
    "review_statistics": (E.STATISTICS_READ, lambda g, a: g.review_statistics(a)),
    "sent_alerts": (E.ALERT_READ, lambda g, a: g.sent_alerts(a)),
    "open_sent_alert": (E.ALERT_READ, lambda g, a: _sent(g, a).open_sent_alert(a, ALERT)),
    "doubt_alert": (E.ALERT_STOPPED, lambda g, a: _sent(g, a).doubt_alert(a, ALERT, reason=WHY)),
    "confirm_same_person": (E.ALERT_ENGAGED, _confirmed),
    "engage": (E.ALERT_ENGAGED, lambda g, a: _confirmed(g, a).engage(a, ALERT, reason=WHY)),
    "end_alert": (E.ALERT_ENDED, _ended),
    "incidents": (E.INCIDENT_READ, lambda g, a: g.incidents(a)),
    "incident": (E.INCIDENT_READ, lambda g, a: g.incident(a, _ended(g, a))),
    "record_incident": (
        E.INCIDENT_RECORDED,
        lambda g, a: g.record_incident(a, _ended(g, a), TOLD_TO_HER),
    ),
    "close_incident": (
        E.INCIDENT_CLOSED,
        lambda g, a: g.close_incident(a, g.record_incident(a, _ended(g, a), TOLD_TO_HER).id),
    ),
}


def test_every_method_of_the_gate_stands_in_a_table() -> None:
    found = inspect.getmembers(Gate, inspect.isfunction)
    methods = {name for name, _ in found if not name.startswith("_")}
    assert methods == {*LOOKS, *TOLD, *ELSEWHERE, *REVIEWED}


@pytest.mark.requirement("R55")
@pytest.mark.parametrize("name", ELSEWHERE)
def test_what_is_told_elsewhere_names_its_event(name: str) -> None:
    method = inspect.unwrap(getattr(Gate, name))
    module = inspect.getmodule(method)
    assert module is not None
    assert "AuditEvent." in inspect.getsource(module)


def _events(gate: Gate) -> list[str]:
    with Reading(gate._records) as reading:
        return list(reading.session.scalars(select(AuditRow.event).order_by(AuditRow.seq)))


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_ready_force(tmp_path) as force:
        yield force


@pytest.mark.requirement("R55")
def test_whatever_is_done_is_told(ready: Force) -> None:
    last = ("revoke_officer_key", "delete_watchlist", "hand_over")  # nothing opens after them
    for name in sorted(TOLD, key=last.count):
        event, act = TOLD[name]
        before = len(_events(ready.gate))
        act(ready)
        assert event.value in _events(ready.gate)[before:], name
        for run in list(ready.gate._running):
            ready.gate._running.pop(run).release()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[PlantedRecords]:
    planted = planted_records(tmp_path / "home")
    with planted.gate:
        planted.plant(an_alert(1))
        yield planted


@pytest.mark.requirement("R55")
@pytest.mark.parametrize("name", REVIEWED)
def test_whatever_is_done_with_an_alert_is_told(records: PlantedRecords, name: str) -> None:
    event, act = REVIEWED[name]
    before = len(_events(records.gate))
    act(records.gate, records.gate.whoami())
    assert event.value in _events(records.gate)[before:]


@pytest.mark.requirement("R56")
@pytest.mark.parametrize("kind", [Kind.CONSULTATION, Kind.DISCLOSURE])
def test_no_consultation_or_disclosure_is_written_without_its_justification(
    records: PlantedRecords, kind: Kind
) -> None:
    for event in (event for event, each in KINDS.items() if each is kind):
        with (
            pytest.raises(Refused, match="needs its justification"),
            UnitOfWork(records.gate._records, records.gate.whoami().id) as work,
        ):
            work.audit(event, recipients="somebody", justification=" ")
