"""Find a kind of event among a million lines without reading them all."""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"


def upgrade() -> None:
    op.create_index(op.f("ix_audit_event"), "audit", ["event"], unique=False)
