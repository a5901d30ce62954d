"""Signing in through an organisation: which one, and which of its people is which account."""

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"


def upgrade() -> None:
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("strong", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.String(length=24), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_organisation_one_row")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_organisation_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_organisation_data_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "subject_links",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("linked_at", sa.String(length=24), nullable=False),
        sa.Column("linked_by", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_subject_links_actor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_subject_links_audit_id")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_subject_links")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_subject_links_issuer_subject")),
    )
    for table in ("organisation", "subject_links"):
        for column in ("audit_id", "delete_after"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
