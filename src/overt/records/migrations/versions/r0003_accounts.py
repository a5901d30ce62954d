"""Accounts that sign in, training, decoys and incidents; the first account becomes the founder."""

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"


def upgrade() -> None:
    # What the bootstrap administrator could do, the founder may do until they hand over.
    op.execute(
        "INSERT INTO actor_roles (actor_id, role, granted_at, audit_id) "
        "SELECT actor_id, 'founder', granted_at, audit_id FROM actor_roles "
        "WHERE role = 'administrator' AND audit_id IN "
        "(SELECT seq FROM audit WHERE event = 'bootstrapped')"
    )
    op.create_table(
        "credentials",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.String(length=24), nullable=True),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_credentials_actor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_credentials_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_credentials_data_key_id")
        ),
        sa.PrimaryKeyConstraint("actor_id", name=op.f("pk_credentials")),
    )
    op.create_index(op.f("ix_credentials_audit_id"), "credentials", ["audit_id"], unique=False)
    op.create_table(
        "decoys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_decoys_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_decoys_data_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decoys")),
    )
    op.create_index(op.f("ix_decoys_audit_id"), "decoys", ["audit_id"], unique=False)
    op.create_index(op.f("ix_decoys_delete_after"), "decoys", ["delete_after"], unique=False)
    op.create_table(
        "incidents",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.String(length=24), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.String(length=24), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_incidents_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_incidents_data_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_alert_id"), "incidents", ["alert_id"], unique=False)
    op.create_index(op.f("ix_incidents_audit_id"), "incidents", ["audit_id"], unique=False)
    op.create_index(op.f("ix_incidents_delete_after"), "incidents", ["delete_after"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("opened_at", sa.String(length=24), nullable=False),
        sa.Column("ends_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_sessions_actor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_sessions_audit_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_actor_id"), "sessions", ["actor_id"], unique=False)
    op.create_index(op.f("ix_sessions_audit_id"), "sessions", ["audit_id"], unique=False)
    op.create_index(op.f("ix_sessions_delete_after"), "sessions", ["delete_after"], unique=False)
    op.create_table(
        "training",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "founder",
                "administrator",
                "list-builder",
                "authorising-officer",
                "operator",
                "engagement-officer",
                "engineer",
                "assessor",
                "auditor",
                "camera",
                name="role",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("trained_at", sa.String(length=24), nullable=False),
        sa.Column("expires_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_training_actor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_training_audit_id")),
        sa.PrimaryKeyConstraint("actor_id", "role", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_audit_id"), "training", ["audit_id"], unique=False)
