"""Bring an older OVERT_HOME to this program's schema; refuse one from a newer program.

Migrations only go forward: to go back, restore the backup from before.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, text

from overt.errors import Fault, Refused

_FOLDER: Final = Path(__file__).parent / "migrations"
_NAMED: Final = re.compile(r"r(\d{4})_\w+\.py")


def newest_revision() -> str:
    return _revisions()[-1]


def current_revision(connection: Connection) -> str | None:
    """Read the revision of these records; None where there is nothing yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    named = connection.scalars(text("SELECT version_num FROM alembic_version")).all()
    if len(named) > 1:
        raise Fault("the records name more than one schema: restore a backup")
    return named[0] if named else None


def require_known(revision: str | None) -> None:
    """Raise Refused where a newer program wrote the records."""
    if revision is not None and revision not in _revisions():
        raise Refused(
            f"these records have the schema {revision}; this overt knows it up to "
            f"{newest_revision()}: a newer overt wrote them, so use that one"
        )


@cache
def _revisions() -> tuple[str, ...]:
    """Those of the package, in order, by the names of their files.

    Every opening asks for them. Alembic would run each file to learn the same, and takes a quarter
    of a second to import: it comes in when there is something to migrate.
    """
    files = (_NAMED.fullmatch(each.name) for each in (_FOLDER / "versions").iterdir())
    return tuple(sorted(found[1] for found in files if found))


def migrate(connection: Connection, to: str = "head") -> None:
    """Apply what is missing, within the caller's transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
