"""Lines of the log are linked, so that each is proved when it is read."""

import sqlalchemy as sa
from alembic import op

from overt.records.migrations.append_only import POSTGRES_LINKED, SQLITE_LINKED, execute

revision: str = "0011"
down_revision: str | None = "0010"


def upgrade() -> None:
    op.add_column("audit", sa.Column("link", sa.LargeBinary(), nullable=True))
    execute(SQLITE_LINKED, POSTGRES_LINKED)
