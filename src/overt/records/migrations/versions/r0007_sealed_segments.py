"""Lines whose time is over are sealed: only those may be deleted."""

import sqlalchemy as sa
from alembic import op

from overt.records.migrations.append_only import POSTGRES_SEALED, SQLITE_SEALED, execute

revision: str = "0007"
down_revision: str | None = "0006"


def upgrade() -> None:
    op.create_table(
        "sealed_segments",
        sa.Column("end", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edges", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hashes", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_sealed_segments_audit_id")
        ),
        sa.PrimaryKeyConstraint("end", name=op.f("pk_sealed_segments")),
    )
    op.create_index(
        op.f("ix_sealed_segments_audit_id"), "sealed_segments", ["audit_id"], unique=False
    )
    execute(SQLITE_SEALED, POSTGRES_SEALED)
