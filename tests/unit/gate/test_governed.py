"""Every record and every line about something under a profile names it: name, version and digest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.fakes.authority import Force
from tests.fakes.planted_alerts import (
    DEPLOYMENT,
    NOON,
    PlantedRecords,
    an_alert,
    jpeg,
    planted_records,
)
from tests.fakes.police import ID, Police
from tests.fakes.staff import ANA, BEN, actor, staffed_home

from overt.audit.line import Line
from overt.config.deployment import read_deployment
from overt.decisions.engagement import IdentityMethod, Outcome
from overt.decisions.states import Judgement
from overt.gate.account_standing import parsed
from overt.gate.decoys import DecoyOrder
from overt.gate.engagements import Ending
from overt.gate.gate import Gate
from overt.identifiers import AlertId, SubjectId
from overt.policy.profiles import CONSENT, NONE_NAMED, UK_POLICE
from overt.records.governed import NAMED
from overt.records.log import LINE
from overt.records.schema import AuditRow
from overt.records.tables import METADATA
from overt.records.work import Reading

PC, ASSESSOR = actor("pc-4411"), actor("ass")
WHY = "the same scar over the left brow"


def lines(gate: Gate) -> list[Line]:
    with Reading(gate._records) as reading:
        return [parsed(raw) for raw in reading.session.scalars(select(LINE).order_by(AuditRow.seq))]


def profiles_in_rows(gate: Gate) -> dict[str, set[str]]:
    """By table, what its rows name."""
    told = {}
    with Reading(gate._records) as reading:
        for table in METADATA.sorted_tables:
            if "governed_by" in table.columns:
                found = reading.session.scalars(select(table.columns["governed_by"])).all()
                told[table.name] = set(found)
    return {name: found for name, found in told.items() if found}


def unnamed(told: list[Line]) -> list[Line]:
    """Those that name an alert, a list or the like, and not its profile."""
    about = [line for line in told if set(NAMED) & set(line.detail)]
    return [line for line in about if line.detail["profile"] != UK_POLICE.governs]


def test_a_deployments_lines_and_rows_name_it(police: Police) -> None:
    police.ready()
    deployment = police.opened()
    gate = police.force.gate
    gate.request_stop(police.silver, deployment.id)
    gate.close_run(police.operator, deployment, {"passages": 3, "alerts": 0})
    left = unnamed(lines(gate))  # the list was imported under none, and then signed for one
    assert {line.event for line in left} == {
        "watchlist-imported", "entries-checked", "watchlist-read",
    }  # fmt: skip
    assert {line.detail["profile"] for line in left} == {NONE_NAMED}
    rows = profiles_in_rows(gate)
    assert set(rows) >= {"deployments", "runs", "watchlists", "manifests", "deployment_facts"}
    assert set.union(*rows.values()) == {UK_POLICE.governs}


def test_what_reads_a_deployments_file_names_its_profile_before_anything_is_signed(
    police: Police,
) -> None:
    gate, engineer = police.force.gate, actor("eng")
    toml = police.wanted().written().force.toml
    gate.check_deployment(police.operator, toml)
    gate.begin_camera_check(engineer, read_deployment(toml))
    begun = gate.begin_proof(engineer, toml)
    gate.note_proof(engineer, begun, b"{}", passed=True)
    told = [
        line
        for line in lines(gate)
        if line.event in {"deployment-read", "camera-checked", "proof-begun", "proof-made"}
    ]
    assert {line.detail["deployment"] for line in told} == {ID}
    assert [line.detail["profile"] for line in told] == [UK_POLICE.governs] * 4


def test_a_list_that_named_none_is_governed_by_what_it_is_signed_for(force: Force) -> None:
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    force.import_people()
    assert profiles_in_rows(force.gate)["watchlists"] == {NONE_NAMED}
    force.sign()
    rows = profiles_in_rows(force.gate)
    assert rows["watchlists"] == rows["manifests"] == {CONSENT.governs}


@pytest.fixture
def street(tmp_path: Path) -> Iterator[PlantedRecords]:
    home = staffed_home(tmp_path / "home", NOON)
    planted = planted_records(home, profile="uk-police-2026")
    with planted.gate:
        planted.plant(an_alert())
        yield planted


def test_what_came_of_an_alert_names_it(street: PlantedRecords, tmp_path: Path) -> None:
    gate, alert = street.gate, AlertId("a-1")
    already = len(lines(gate))
    for name, level in (("seen", 90), ("listed", 60)):
        (tmp_path / name).write_bytes(jpeg(level))
    gate.plant_decoy(
        ASSESSOR,
        DecoyOrder(
            DEPLOYMENT, tmp_path / "seen", tmp_path / "listed", SubjectId("S9"), "wanted-by-court",
            same_person=False, consent="drawn by a program: nobody is in it",
        ),
    )  # fmt: skip
    for who in (ANA, BEN):
        gate.examine_alert(who, alert)
        gate.decide(who, alert, Judgement.POSSIBLE_MATCH, reason=WHY)
    gate.dispatch(ANA, alert, recipients=(PC.id,), reason="ask for her papers")
    gate.open_sent_alert(PC, alert)
    gate.confirm_same_person(PC, alert, reason="red coat, same scar")
    gate.engage(PC, alert, reason="asked for her name")
    wrong = Ending(Outcome.FALSE, "another name on her papers", IdentityMethod.DOCUMENT)
    gate.end_alert(PC, alert, wrong)
    told = lines(gate)[already:]
    assert unnamed(told) == []
    assert {"alert-decided", "alert-engaged", "incident-opened"} <= {line.event for line in told}
    rows = profiles_in_rows(gate)
    assert set(rows) >= {"alerts", "decisions", "decoys", "incidents"}
    assert set.union(*rows.values()) == {UK_POLICE.governs}
