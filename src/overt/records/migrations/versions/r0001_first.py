"""The records as the first overt kept them."""

import sqlalchemy as sa
from alembic import op

from overt.records.migrations.append_only import POSTGRES, SQLITE, execute

revision: str = "0001"
down_revision: str | None = None


def upgrade() -> None:  # noqa: PLR0915  one statement a table, as the schema has them
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False),
        sa.Column("leaf_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "tree_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("edges", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("checkpoint", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_tree_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tree_state")),
    )
    op.create_table(
        "actors",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_actors_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
    )
    op.create_index(op.f("ix_actors_audit_id"), "actors", ["audit_id"], unique=False)
    op.create_table(
        "data_keys",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.String(length=24), nullable=False),
        sa.Column("destroyed_at", sa.String(length=24), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_data_keys_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_keys")),
    )
    op.create_index(op.f("ix_data_keys_audit_id"), "data_keys", ["audit_id"], unique=False)
    op.create_table(
        "deployments",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("key_fingerprint", sa.String(length=200), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("watchlist_digest", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("opens_at", sa.String(length=24), nullable=False),
        sa.Column("closes_at", sa.String(length=24), nullable=False),
        sa.Column("signed_at", sa.String(length=24), nullable=False),
        sa.Column("closed_at", sa.String(length=24), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_deployments_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
    )
    op.create_index(op.f("ix_deployments_audit_id"), "deployments", ["audit_id"], unique=False)
    op.create_index(
        op.f("ix_deployments_delete_after"), "deployments", ["delete_after"], unique=False
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("master_key_id", sa.String(length=200), nullable=False),
        sa.Column("log_verifier", sa.Text(), nullable=False),
        sa.Column("made_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_one_row")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_installation_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_index(op.f("ix_installation_audit_id"), "installation", ["audit_id"], unique=False)
    op.create_table(
        "manifests",
        sa.Column("watchlist_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_manifests_audit_id")),
        sa.PrimaryKeyConstraint("watchlist_id", "subject_id", name=op.f("pk_manifests")),
    )
    op.create_index(op.f("ix_manifests_audit_id"), "manifests", ["audit_id"], unique=False)
    op.create_index(op.f("ix_manifests_delete_after"), "manifests", ["delete_after"], unique=False)
    op.create_index(op.f("ix_manifests_name"), "manifests", ["name"], unique=False)
    op.create_table(
        "officer_keys",
        sa.Column("fingerprint", sa.String(length=200), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("added_by", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.String(length=24), nullable=False),
        sa.Column("revoked_at", sa.String(length=24), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_officer_keys_audit_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_officer_keys")),
    )
    op.create_index(op.f("ix_officer_keys_audit_id"), "officer_keys", ["audit_id"], unique=False)
    op.create_index(
        op.f("ix_officer_keys_delete_after"), "officer_keys", ["delete_after"], unique=False
    )
    op.create_table(
        "actor_roles",
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.String(length=24), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_actor_roles_actor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_actor_roles_audit_id")),
        sa.PrimaryKeyConstraint("actor_id", "role", name=op.f("pk_actor_roles")),
    )
    op.create_index(op.f("ix_actor_roles_audit_id"), "actor_roles", ["audit_id"], unique=False)
    op.create_table(
        "alerts",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("run_id", sa.String(length=200), nullable=True),
        sa.Column("camera_id", sa.String(length=200), nullable=False),
        sa.Column("passage", sa.String(length=200), nullable=False),
        sa.Column("watchlist", sa.String(length=200), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.String(length=24), nullable=False),
        sa.Column("raised_at", sa.String(length=24), nullable=False),
        sa.Column("media_time", sa.Double(), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=False),
        sa.Column("list_size", sa.Integer(), nullable=False),
        sa.Column("shots", sa.Integer(), nullable=False),
        sa.Column("second_subject_id", sa.String(length=200), nullable=True),
        sa.Column("second_similarity", sa.Double(), nullable=True),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("lookalikes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("scene_box", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_alerts_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_alerts_data_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_alerts_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(op.f("ix_alerts_audit_id"), "alerts", ["audit_id"], unique=False)
    op.create_index(op.f("ix_alerts_delete_after"), "alerts", ["delete_after"], unique=False)
    op.create_index(op.f("ix_alerts_deployment_id"), "alerts", ["deployment_id"], unique=False)
    op.create_index(op.f("ix_alerts_raised_at"), "alerts", ["raised_at"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.String(length=24), nullable=False),
        sa.Column("ended_at", sa.String(length=24), nullable=True),
        sa.Column("summary", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_runs_audit_id")),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_runs_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_audit_id"), "runs", ["audit_id"], unique=False)
    op.create_index(op.f("ix_runs_delete_after"), "runs", ["delete_after"], unique=False)
    op.create_index(op.f("ix_runs_deployment_id"), "runs", ["deployment_id"], unique=False)
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.String(length=24), nullable=False),
        sa.Column("set_by", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_secrets_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_secrets_data_key_id")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_index(op.f("ix_secrets_audit_id"), "secrets", ["audit_id"], unique=False)
    op.create_index(op.f("ix_secrets_delete_after"), "secrets", ["delete_after"], unique=False)
    op.create_table(
        "stop_requests",
        sa.Column("deployment_id", sa.String(length=200), nullable=False),
        sa.Column("requested_at", sa.String(length=24), nullable=False),
        sa.Column("requested_by", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_stop_requests_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["deployment_id"],
            ["deployments.id"],
            name=op.f("fk_stop_requests_deployment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deployment_id", name=op.f("pk_stop_requests")),
    )
    op.create_index(op.f("ix_stop_requests_audit_id"), "stop_requests", ["audit_id"], unique=False)
    op.create_index(
        op.f("ix_stop_requests_delete_after"), "stop_requests", ["delete_after"], unique=False
    )
    op.create_table(
        "watchlists",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("profile", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=200), nullable=False),
        sa.Column("imported_at", sa.String(length=24), nullable=False),
        sa.Column("imported_by", sa.String(length=200), nullable=False),
        sa.Column("data_key_id", sa.String(length=200), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_watchlists_audit_id")),
        sa.ForeignKeyConstraint(
            ["data_key_id"], ["data_keys.id"], name=op.f("fk_watchlists_data_key_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlists")),
        sa.UniqueConstraint("name", name=op.f("uq_watchlists_name")),
    )
    op.create_index(op.f("ix_watchlists_audit_id"), "watchlists", ["audit_id"], unique=False)
    op.create_index(
        op.f("ix_watchlists_delete_after"), "watchlists", ["delete_after"], unique=False
    )
    op.create_table(
        "alert_evidence",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_alert_evidence_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_alert_evidence_audit_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_evidence")),
        sa.UniqueConstraint(
            "alert_id", "kind", "revision", name=op.f("uq_alert_evidence_alert_id_kind_revision")
        ),
    )
    op.create_index(
        op.f("ix_alert_evidence_alert_id"), "alert_evidence", ["alert_id"], unique=False
    )
    op.create_index(
        op.f("ix_alert_evidence_audit_id"), "alert_evidence", ["audit_id"], unique=False
    )
    op.create_index(
        op.f("ix_alert_evidence_delete_after"), "alert_evidence", ["delete_after"], unique=False
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("alert_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column("by", sa.String(length=200), nullable=False),
        sa.Column("at", sa.String(length=24), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["alert_id"], ["alerts.id"], name=op.f("fk_decisions_alert_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_decisions_audit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions")),
        sa.UniqueConstraint("alert_id", "position", name=op.f("uq_decisions_alert_id_position")),
    )
    op.create_index(op.f("ix_decisions_alert_id"), "decisions", ["alert_id"], unique=False)
    op.create_index(op.f("ix_decisions_audit_id"), "decisions", ["audit_id"], unique=False)
    op.create_index(op.f("ix_decisions_delete_after"), "decisions", ["delete_after"], unique=False)
    op.create_table(
        "lookalikes",
        sa.Column("watchlist_id", sa.Text(), nullable=False),
        sa.Column("first", sa.String(length=200), nullable=False),
        sa.Column("second", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("similarity", sa.Double(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_lookalikes_audit_id")),
        sa.ForeignKeyConstraint(
            ["watchlist_id"],
            ["watchlists.id"],
            name=op.f("fk_lookalikes_watchlist_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "watchlist_id", "first", "second", "model", name=op.f("pk_lookalikes")
        ),
    )
    op.create_index(op.f("ix_lookalikes_audit_id"), "lookalikes", ["audit_id"], unique=False)
    op.create_index(
        op.f("ix_lookalikes_delete_after"), "lookalikes", ["delete_after"], unique=False
    )
    op.create_table(
        "watchlist_entries",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("watchlist_id", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.String(length=200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("stood_down_at", sa.String(length=24), nullable=True),
        sa.Column("stood_down_by", sa.String(length=200), nullable=True),
        sa.Column("sealed_stand_down_reason", sa.LargeBinary(), nullable=True),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_watchlist_entries_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["watchlist_id"],
            ["watchlists.id"],
            name=op.f("fk_watchlist_entries_watchlist_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlist_entries")),
        sa.UniqueConstraint(
            "watchlist_id", "subject_id", name=op.f("uq_watchlist_entries_watchlist_id_subject_id")
        ),
    )
    op.create_index(
        op.f("ix_watchlist_entries_audit_id"), "watchlist_entries", ["audit_id"], unique=False
    )
    op.create_index(
        op.f("ix_watchlist_entries_delete_after"),
        "watchlist_entries",
        ["delete_after"],
        unique=False,
    )
    op.create_index(
        op.f("ix_watchlist_entries_watchlist_id"),
        "watchlist_entries",
        ["watchlist_id"],
        unique=False,
    )
    op.create_table(
        "watchlist_images",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("face", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("quality", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(
            ["audit_id"], ["audit.seq"], name=op.f("fk_watchlist_images_audit_id")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["watchlist_entries.id"],
            name=op.f("fk_watchlist_images_entry_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watchlist_images")),
        sa.UniqueConstraint(
            "entry_id", "position", name=op.f("uq_watchlist_images_entry_id_position")
        ),
    )
    op.create_index(
        op.f("ix_watchlist_images_audit_id"), "watchlist_images", ["audit_id"], unique=False
    )
    op.create_index(
        op.f("ix_watchlist_images_delete_after"), "watchlist_images", ["delete_after"], unique=False
    )
    op.create_index(
        op.f("ix_watchlist_images_entry_id"), "watchlist_images", ["entry_id"], unique=False
    )
    op.create_table(
        "templates",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("image_id", sa.Text(), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("audit_id", sa.Integer(), nullable=False),
        sa.Column("delete_after", sa.String(length=24), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.seq"], name=op.f("fk_templates_audit_id")),
        sa.ForeignKeyConstraint(
            ["image_id"],
            ["watchlist_images.id"],
            name=op.f("fk_templates_image_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("image_id", "model", name=op.f("uq_templates_image_id_model")),
    )
    op.create_index(op.f("ix_templates_audit_id"), "templates", ["audit_id"], unique=False)
    op.create_index(op.f("ix_templates_delete_after"), "templates", ["delete_after"], unique=False)
    op.create_index(op.f("ix_templates_image_id"), "templates", ["image_id"], unique=False)

    execute(SQLITE, POSTGRES)
