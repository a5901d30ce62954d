"""The records on a real PostgreSQL: the same acts, the same log, and a role that cannot unsay it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from tests.fakes.authority import Force, Hands, a_force, models_folder
from tests.fakes.planted_alerts import an_alert, planted_records
from tests.fakes.postgres_server import APPLICATION, Server, postgres_server
from tests.unit.gate import test_rights as requests
from tests.unit.gate import test_walks as walks

from overt.audit.note import read_verifier
from overt.audit.verify import verify
from overt.decisions.states import Judgement
from overt.errors import Refused
from overt.gate.gate import open_gate
from overt.gate.records_check import check_records
from overt.records.guard import AlteredRecords
from overt.units import Clock


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres_server() as running:
        yield running


@pytest.fixture
def database(
    server: Server, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> str:
    name = f"d{abs(hash(request.node.name)) % 10**9}"
    for variable, url in server.database(name).items():
        monkeypatch.setenv(variable, url)
    return name


@pytest.fixture
def force(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as opened:
        yield opened


@pytest.mark.requirement("R57")
def test_a_deployment_is_signed_opened_and_closed_and_its_log_verifies(force: Force) -> None:
    opened = force.ready().open()
    assert force.gate.live_list(opened.actor, opened).gallery.size == 3
    assert force.gate.standing(opened.actor, opened).closed_because is None
    force.gate.request_stop(force.actor, opened.id)
    force.gate.close_run(force.actor, opened, {"frames": 1})
    force.gate.delete_watchlist(force.actor, opened.watchlist)
    done = force.gate.export_audit(force.actor, force.folder / "log")
    verifier = read_verifier(force.gate.audit_key(force.actor))
    with done.file.open("rb") as file:
        assert verify(file, verifier).lines == done.lines
    assert not (force.folder / "home" / "overt.db").exists()
    assert check_records(force.folder / "home", force.hands.clock()).altered == ()


def test_an_alert_is_reviewed_and_forgotten(database: str, tmp_path: Path) -> None:
    records = planted_records(tmp_path / "home")
    with records.gate as gate:
        alert, actor = records.plant(an_alert()), gate.whoami()
        gate.examine_alert(actor, alert)
        gate.decide(actor, alert, Judgement.POSSIBLE_MATCH, reason="the same scar")
        assert gate.examine_alert(actor, alert)[0].review.acts
        records.hands.at += timedelta(days=2).total_seconds()
    with open_gate(tmp_path / "home", records.hands.clock()) as gate:
        assert gate.alerts(gate.whoami()) == ()
    assert check_records(tmp_path / "home", records.hands.clock()).altered == ()


@pytest.mark.parametrize(
    "story",
    [
        requests.test_access_tells_every_entry_manifest_and_alert,
        requests.test_a_restriction_is_lifted_with_a_reason,
        requests.test_erasure_leaves_the_bare_id_in_the_manifest,
    ],
)
def test_requests_of_named_persons_go_as_on_sqlite(
    force: Force, story: Callable[[Force], None]
) -> None:
    story(force.ready())
    assert check_records(force.folder / "home", force.hands.clock()).altered == ()


@pytest.mark.parametrize(
    "story",
    [
        walks.test_a_file_is_logged_whole_or_not_at_all,
        walks.test_whoever_withdraws_leaves_no_pass_and_no_image,
        walks.test_the_record_of_a_walk_tells_passes_runs_and_who_was_listed,
    ],
)
def test_seeded_walks_go_as_on_sqlite(force: Force, story: Callable[[Force], None]) -> None:
    story(walks.a_walk(force))
    assert check_records(force.folder / "home", force.hands.clock()).altered == ()


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE audit SET actor = 'somebody else' WHERE seq = 0",
        "DELETE FROM audit WHERE seq = 0",
        "TRUNCATE audit CASCADE",
        "DROP TRIGGER audit_refuses_update ON audit",
        "ALTER TABLE audit DISABLE TRIGGER ALL",
        "DROP TABLE row_marks",
    ],
)
def test_the_application_s_account_cannot_unsay_the_log(
    force: Force, server: Server, database: str, attack: str
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        server.run(attack, account=APPLICATION, database=database)


@pytest.mark.requirement("R57")
@pytest.mark.parametrize(
    "attack",
    ["UPDATE audit SET actor = 'eve'", "DELETE FROM audit", "TRUNCATE audit CASCADE",
     "INSERT INTO audit SELECT seq + 100, at, actor, event, line, leaf_hash, link FROM audit"],
)  # fmt: skip
def test_the_log_rejects_whatever_is_not_an_append_from_anybody(
    force: Force, server: Server, database: str, attack: str
) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
        server.run(attack, database=database)
    server.run("SELECT delete_sealed_lines()", account=APPLICATION, database=database)
    assert len(force.gate.audit_lines(force.actor)) == 3


@pytest.mark.requirement("R57")
def test_a_row_put_in_outside_overt_is_found_and_grants_nothing(
    force: Force, server: Server, database: str
) -> None:
    server.run(
        "INSERT INTO actor_roles SELECT actor_id, 'operator', granted_at, audit_id, delete_after "
        "FROM actor_roles LIMIT 1",
        account=APPLICATION,
        database=database,
    )
    force.gate.watchlists(force.actor)  # another act does not make it overt's own
    with pytest.raises(AlteredRecords, match=r"operator\) was put in"):
        force.gate.whoami()
    found = check_records(force.folder / "home", force.hands.clock()).altered
    assert len(found) == 1


def test_lines_whose_time_is_over_are_sealed(database: str, tmp_path: Path) -> None:
    hands = Hands()
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        gate.whoami()
    hands.forward(timedelta(days=366 * 7))
    with open_gate(tmp_path / "home", hands.clock()) as gate:
        actor = gate.whoami()
        assert gate.seal_audit(actor) == 2  # the account was kept a moment ago, by a newer line
        done = gate.export_audit(actor, tmp_path / "log")
        with done.file.open("rb") as file:
            assert verify(file, read_verifier(gate.audit_key(actor))).sealed == 2
    assert check_records(tmp_path / "home", hands.clock()).altered == ()


def test_an_account_that_may_change_the_log_is_refused(
    server: Server, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_DATABASE", server.url("postgres", database))
    with pytest.raises(Refused, match="may change or delete lines of the log"):
        open_gate(tmp_path / "home", Clock())


def test_without_its_owner_a_new_database_is_not_made(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OVERT_DATABASE_OWNER")
    with pytest.raises(Refused, match="OVERT_DATABASE_OWNER"):
        open_gate(tmp_path / "home", Clock())


def test_once_made_it_opens_without_its_owner(
    force: Force, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OVERT_DATABASE_OWNER")
    with open_gate(force.folder / "home", force.hands.clock()) as gate:
        assert gate.whoami().roles


@pytest.mark.parametrize("url", ["mysql://a@b/c", "nonsense", "postgresql://host/db"])
def test_another_database_is_refused(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_DATABASE", url)
    with pytest.raises(Refused, match="OVERT_DATABASE is not like"):
        open_gate(tmp_path / "home", Clock())


def test_backups_are_postgresql_s_own(force: Force) -> None:
    with pytest.raises(Refused, match="pg_dump"):
        force.gate.back_up(force.actor, force.folder / "monday")
