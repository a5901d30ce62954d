"""Marks of rows, so that what somebody changes outside overt is found."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_table(
        "row_marks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", "key", name=op.f("pk_row_marks")),
    )
    op.add_column("tree_state", sa.Column("tallies", sa.LargeBinary(), nullable=True))
