"""What people did for a deployment, tests on record, and which entries take an approval.

Authorisations from before name the profile and version that they were signed under; profiles had
no digest then.
"""

import json

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"


def upgrade() -> None:
    op.create_table(
        "deployment_facts",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("governed_by", sa.Text(), nullable=False),
        *_who_and_what(),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_deployment_facts_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_facts")),
    )
    op.create_table(
        "test_evidence",
        sa.Column("id", sa.Text(), nullable=False),
        *_who_and_what(),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_test_evidence_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_test_evidence")),
    )
    for table in ("deployment_facts", "test_evidence"):
        for column in ("audit_id", "delete_after"):
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    op.create_index(
        op.f("ix_deployment_facts_deployment_id"), "deployment_facts", ["deployment_id"]
    )
    _add_columns()
    _name_the_profiles()


def _who_and_what() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
    )


def _add_columns() -> None:
    # No list from before holds anybody under age: such rows were refused.
    op.add_column(
        "watchlist_entries",
        sa.Column("under_age", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("watchlist_entries", sa.Column("sealed_rationale", sa.LargeBinary()))
    op.add_column(
        "deployments", sa.Column("governed_by", sa.Text(), nullable=False, server_default="")
    )


def _name_the_profiles() -> None:
    connection = op.get_bind()
    for each, payload in connection.execute(sa.text("SELECT id, payload FROM deployments")).all():
        connection.execute(
            sa.text("UPDATE deployments SET governed_by = :profile WHERE id = :id"),
            {"profile": _profile_in(payload), "id": each},
        )


def _profile_in(payload: bytes) -> str:
    try:
        told = json.loads(payload)
    except ValueError:
        return ""
    return str(told.get("profile", "")) if isinstance(told, dict) else ""
