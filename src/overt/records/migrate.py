"""Bring an older OVERT_HOME to this program's schema; refuse one from a newer program.

Migrations only go forward: to go back, restore the backup from before.
"""

from functools import cache
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from overt.errors import Refused

_FOLDER: Final = Path(__file__).parent / "migrations"


def newest_revision() -> str:
    head = _revisions().get_current_head()
    assert head is not None  # the package ships at least one revision
    return head


def current_revision(connection: Connection) -> str | None:
    """Read the revision of these records; None where there is nothing yet."""
    return MigrationContext.configure(connection).get_current_revision()


def require_known(revision: str | None) -> None:
    """Raise Refused where a newer program wrote the records."""
    known = {each.revision for each in _revisions().walk_revisions()}
    if revision is not None and revision not in known:
        raise Refused(
            f"these records have the schema {revision}; this overt knows it up to "
            f"{newest_revision()}: a newer overt wrote them, so use that one"
        )


@cache
def _revisions() -> ScriptDirectory:
    """Every opening asks for them, and reading one means running its file."""
    return ScriptDirectory(str(_FOLDER))


def migrate(connection: Connection, to: str = "head") -> None:
    """Apply what is missing, within the caller's transaction."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
