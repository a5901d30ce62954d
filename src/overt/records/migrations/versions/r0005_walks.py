"""Consents to seeded walks, and the passes that were logged on them."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "walk_consents",
        sa.Column("participant", sa.String(length=200), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.String(length=24), nullable=False),
        sa.Column("recorded_by", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.String(length=24), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=200), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        *_told(),
        _told_by("walk_consents"),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_walk_consents_data_key_id")
        ),
        sa.PrimaryKeyConstraint("participant", name=op.f("pk_walk_consents")),
    )
    op.create_table(
        "walk_passes",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("participant", sa.String(length=200), nullable=False),
        sa.Column("camera_id", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        *(
            sa.Column(name, sa.String(length=40), nullable=False)
            for name in ("zone", "light", "distance", "eyewear", "headgear")
        ),
        sa.Column("logged_at", sa.String(length=24), nullable=False),
        sa.Column("logged_by", sa.String(length=200), nullable=False),
        *_told(),
        _told_by("walk_passes"),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_walk_passes_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_walk_passes")),
        sa.UniqueConstraint(
            "deployment_id", "participant", "camera_id", "at",
            name=op.f("uq_walk_passes_deployment_id_participant_camera_id_at"),
        ),
    )  # fmt: skip
    for table, column in (
        ("walk_consents", "audit_id"), ("walk_consents", "delete_after"),
        ("walk_passes", "audit_id"), ("walk_passes", "delete_after"),
        ("walk_passes", "deployment_id"), ("walk_passes", "participant"),
    ):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def _told() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
    )


def _told_by(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f(f"fk_{table}_audit_id"))
