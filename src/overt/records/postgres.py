"""PostgreSQL: two accounts, and what only the owner of the tables may do.

The owner migrates. The application's account reads and writes rows, but holds no right to change or
delete a line of the log; a line may go only where it was sealed, through a function of the owner.
Writers queue for one lock, so that what an act read stays true until it commits, as on SQLite.
"""

import os
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError

from overt.errors import Refused
from overt.records.guarded import GUARDED, UNGUARDED, Shape

DATABASE: Final = "OVERT_DATABASE"
OWNER: Final = "OVERT_DATABASE_OWNER"
_WRITERS: Final = 0x6F76657274  # "overt"

WRITE: Final = (
    f"SELECT pg_advisory_xact_lock({_WRITERS})",
    "DELETE FROM changed_rows",  # what somebody else's statement left there is no act of ours
)
READ: Final = ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",)
MIGRATE: Final = (f"SELECT pg_advisory_xact_lock({_WRITERS})",)


@dataclass(frozen=True, slots=True)
class Postgres:
    """Where the records lie, and as whom they are opened."""

    application: URL = field(repr=False)
    owner: URL | None = field(repr=False)


def postgres_named() -> Postgres | None:
    """Read OVERT_DATABASE and OVERT_DATABASE_OWNER; None where the records are a file."""
    application = _url(DATABASE)
    return None if application is None else Postgres(application, _url(OWNER))


def _url(variable: str) -> URL | None:
    text = os.environ.get(variable, "")
    if not text:
        return None
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    if url is None or url.get_backend_name() != "postgresql" or not url.username:
        raise Refused(f"{variable} is not like postgresql://ACCOUNT:PASSWORD@HOST/DATABASE")
    return url.set(drivername="postgresql+psycopg")


def prepare(connection: Connection, application: str) -> None:
    """After a migration, as the owner: changes noted, rights given."""
    for shape in GUARDED.values():
        _note_changes(connection, shape)
    account = connection.dialect.identifier_preparer.quote_identifier(application)
    for right in _rights(account):
        connection.exec_driver_sql(right)


def require_no_right_to_the_past(connection: Connection) -> None:
    """Refuse an application's account that could change the log."""
    may = " OR ".join(
        f"has_table_privilege('audit', '{right}')" for right in ("UPDATE", "DELETE", "TRUNCATE")
    )
    if connection.exec_driver_sql(f"SELECT {may}").scalar_one():
        raise Refused(
            f"the account in {DATABASE} may change or delete lines of the log: name one that owns "
            f"nothing and is no superuser, and the owner in {OWNER}"
        )


def _note_changes(connection: Connection, shape: Shape) -> None:
    notes = {version: _note(shape, version) for version in ("OLD", "NEW")}
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION note_{shape.name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF TG_OP <> 'INSERT' THEN {notes['OLD']} END IF; "
        f"IF TG_OP <> 'DELETE' THEN {notes['NEW']} END IF; RETURN NULL; END $$"
    )
    connection.exec_driver_sql(
        f"CREATE OR REPLACE TRIGGER note_{shape.name} AFTER INSERT OR UPDATE OR DELETE "
        f'ON "{shape.name}" FOR EACH ROW EXECUTE FUNCTION note_{shape.name}()'
    )


def _note(shape: Shape, version: str) -> str:
    key = ", ".join(f'{version}."{column}"' for column in shape.key)
    return (
        f"INSERT INTO changed_rows VALUES ('{shape.name}', json_build_array({key})::text) "  # noqa: S608
        "ON CONFLICT DO NOTHING;"
    )


def _rights(account: str) -> list[str]:
    free = ", ".join(f'"{name}"' for name in (*GUARDED, *sorted(UNGUARDED - {"audit"})))
    return [
        f"GRANT SELECT ON alembic_version TO {account}",
        f"GRANT SELECT, INSERT ON audit TO {account}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON {free}, changed_rows TO {account}",
        f"GRANT EXECUTE ON FUNCTION delete_sealed_lines() TO {account}",
    ]
