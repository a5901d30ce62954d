"""An older OVERT_HOME is brought to this program's schema with everything in it."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Text, select, text
from tests.fakes.meddling import meddled
from tests.fixtures.make_home_0001 import AT, CONTENT, FOLDER

from overt.audit.export import exported
from overt.audit.verify import verify
from overt.decisions.states import Move
from overt.errors import Fault, Refused
from overt.gate.older_keys import move_keys_out
from overt.identifiers import ActorId, AlertId, ModelId
from overt.policy.access import Role
from overt.records import migrations, schema
from overt.records.columns import EvidenceKind
from overt.records.database import broken_references, migrating_writer
from overt.records.guard import AlteredRecords
from overt.records.home import Home, use_lock
from overt.records.log import leaves, read_state
from overt.records.migrate import current_revision, newest_revision, require_known
from overt.records.places import (
    place_of_evidence,
    place_of_fields,
    place_of_image,
    place_of_secret,
    place_of_template,
    place_of_words,
)
from overt.records.records import Records, open_records
from overt.records.work import Reading, UnitOfWork
from overt.units import Clock


@pytest.fixture
def older(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    with closing(sqlite3.connect(home.database)) as raw:
        raw.executescript((FOLDER / "overt.sql").read_text())
    shutil.copy(FOLDER / "master.key", home.master_key)
    shutil.copy(FOLDER / "log.key", home.log_key)
    for key in (home.master_key, home.log_key):
        key.chmod(0o600)
    return home


@pytest.fixture
def migrated(older: Home) -> Records:
    return open_records(older, Clock())


def test_the_fixture_has_the_first_schema(older: Home) -> None:
    engine = migrating_writer(older.database)
    with engine.connect() as connection:
        assert current_revision(connection) == "0001"
    engine.dispose()


def test_an_older_home_gets_the_newest_schema_and_a_line_tells_of_it(migrated: Records) -> None:
    with Reading(migrated) as reading:
        assert current_revision(reading.session.connection()) == newest_revision()
        last = reading.session.scalars(select(schema.AuditRow).order_by(schema.AuditRow.seq)).all()
    assert last[-1].event == "migrated"
    assert f'"to":"{newest_revision()}"'.encode() in last[-1].line
    migrated.close()


BOUND = {
    "secrets": place_of_secret("north"),
    "watchlist_entries": place_of_fields("e1"),
    "watchlist_images": place_of_image("i1", "e1"),
    "templates": place_of_template("t1", "i1", ModelId("open@sha384:00/f32")),
    "alert_evidence": place_of_evidence("v1", AlertId("a1"), EvidenceKind.PROBE, 0),
    "decisions": place_of_words(
        "c1", AlertId("a1"), Move.JUDGE_POSSIBLE_MATCH, ActorId("alice"), AT
    ),
}
"""Where each value belongs now, also with what stands beside it."""


@pytest.mark.parametrize(("table", "row", "kind"), CONTENT)
def test_what_was_sealed_still_opens(migrated: Records, table: str, row: str, kind: str) -> None:
    group = {"s": "secrets", "w": "watchlist", "t": "watchlist"}.get(table[0], "alert")
    move_keys_out(migrated)
    with UnitOfWork(migrated, ActorId("alice")) as work:
        keys = select(schema.DataKeyRow).where(schema.DataKeyRow.kind == group)
        key = work.data_key(work.session.scalars(keys).one().id)
        sealed = work.session.execute(text(f"SELECT sealed FROM {table}")).scalar_one()
        assert key.unseal(sealed, BOUND[table]) == CONTENT[table, row, kind]
        work.destroy_data_key(key.id)
    migrated.close()


def test_who_may_do_what_is_as_before(migrated: Records) -> None:
    with Reading(migrated) as reading:
        roles = reading.session.scalars(select(schema.ActorRoleRow)).all()
    assert [(row.actor_id, row.role) for row in roles] == [
        ("alice", Role.ADMINISTRATOR),
        ("alice", Role.FOUNDER),
    ]
    migrated.close()


@pytest.mark.requirement("R54")
def test_what_came_along_names_its_profile_and_says_when_it_dies(migrated: Records) -> None:
    with Reading(migrated) as reading:
        connection = reading.session.connection()
        (profile,) = connection.scalars(text("SELECT governed_by FROM deployments"))
        for table in ("alerts", "decisions"):
            found = set(connection.scalars(text(f"SELECT governed_by FROM {table}")))
            assert found == {profile}, table
        assert set(connection.scalars(text("SELECT governed_by FROM watchlists"))) != {""}
        seen = reading.session.scalars(select(schema.TreeStateRow.at)).one()
        for dated in (schema.ActorRow, schema.ActorRoleRow, schema.DataKeyRow):
            dies = reading.session.scalars(select(dated.delete_after)).all()
            assert dies
            assert min(dies) > seen, dated
    migrated.close()


def test_the_log_goes_on_from_where_it_was(migrated: Records) -> None:
    with Reading(migrated) as reading:
        connection = reading.session.connection()
        state = read_state(connection, migrated.signer.verifier)
        verified = verify(exported(leaves(connection), state.checkpoint), migrated.signer.verifier)
    assert verified.lines == 4
    migrated.close()


@pytest.mark.requirement("R57")
def test_lines_that_were_not_signed_are_not_taken_along(older: Home) -> None:
    with closing(sqlite3.connect(older.database)) as raw:
        raw.execute("DROP TRIGGER audit_refuses_update")
        raw.execute("UPDATE audit SET line = replace(line, 'fixture', 'another') WHERE seq = 1")
        raw.commit()
    with pytest.raises(Refused, match="not those that were signed"):
        open_records(older, Clock())


def test_lines_of_an_older_home_are_proved_from_then_on(migrated: Records) -> None:
    with Reading(migrated) as reading:
        assert len(reading.lines.of(None)) == 4
    edited = meddled(
        migrated.home.path, "UPDATE audit SET actor = 'eve', event = 'x' WHERE seq = 1"
    )
    with edited, pytest.raises(AlteredRecords), Reading(migrated) as reading:
        reading.lines.of(None)
    migrated.close()


def test_records_in_use_are_not_migrated(older: Home) -> None:
    use = use_lock(older)
    use.shared()
    with pytest.raises(Refused, match="another overt is using these records"):
        open_records(older, Clock())
    use.release()
    open_records(older, Clock()).close()


def test_the_schemas_are_known_by_the_names_of_their_files() -> None:
    script = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert script.get_current_head() == newest_revision()
    for each in script.walk_revisions():
        require_known(each.revision)
        assert each.down_revision == (
            f"{int(each.revision) - 1:04}" if each.revision > "0001" else None
        )


def test_records_that_name_two_schemas_are_a_fault(older: Home) -> None:
    with closing(sqlite3.connect(older.database)) as raw:
        raw.execute("INSERT INTO alembic_version VALUES ('0002')")
        raw.commit()
    with pytest.raises(Fault, match="more than one schema"):
        open_records(older, Clock())


def test_a_migration_that_fails_leaves_the_records_as_they_were(older: Home) -> None:
    with closing(sqlite3.connect(older.database)) as raw:
        raw.execute("UPDATE alerts SET deployment_id = 'gone'")  # found only after the migration
        raw.commit()
    with pytest.raises(Fault, match="refer to rows that are gone"):
        open_records(older, Clock())
    engine = migrating_writer(older.database)
    with engine.connect() as connection:
        assert current_revision(connection) == "0001"
    engine.dispose()


def _rebuild(connection: Connection) -> None:
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("deployments", recreate="always") as batch:
        batch.alter_column("profile", type_=Text(), nullable=True)


def test_a_table_rebuilt_by_a_migration_takes_nothing_with_it(older: Home) -> None:
    engine = migrating_writer(older.database)
    with engine.begin() as connection:
        _rebuild(connection)
        assert connection.execute(text("SELECT count(*) FROM alerts")).scalar_one() == 1
        assert not broken_references(connection)
    engine.dispose()
