"""What Alembic runs: the revisions, on the connection and in the transaction that it is given."""

from alembic import context
from sqlalchemy import Connection

from overt.records.tables import METADATA


def _migrate(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=METADATA, render_as_batch=True)
    context.run_migrations()


_migrate(context.config.attributes["connection"])
