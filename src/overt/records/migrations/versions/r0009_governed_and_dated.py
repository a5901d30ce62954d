"""Every record names the profile that governed it, and every row says when it dies.

What is there is taken along: the profile is that of the deployment, or of the list; accounts live
on from the latest time that the records have seen, and so do the numbers of keys.
"""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

from overt.units import iso, utc

revision: str = "0009"
down_revision: str | None = "0008"

DATED = ("data_keys", "actors", "actor_roles", "training", "credentials")
GOVERNED = (
    "runs", "stop_requests", "watchlists", "manifests", "alerts", "decisions", "decoys",
    "incidents", "walk_consents", "walk_passes",
)  # fmt: skip
SIX_YEARS = timedelta(days=366 * 6)
NONE_NAMED = "none named yet"
OF_A_DEPLOYMENT = ("runs", "stop_requests", "alerts", "incidents", "walk_passes")


def upgrade() -> None:
    for table in DATED:
        op.add_column(
            table, sa.Column("delete_after", sa.String(24), nullable=False, server_default="")
        )
        op.create_index(op.f(f"ix_{table}_delete_after"), table, ["delete_after"])
    for table in GOVERNED:
        op.add_column(table, sa.Column("governed_by", sa.Text(), nullable=False, server_default=""))
    connection = op.get_bind()
    _date(connection)
    _name_profiles(connection)


def _date(connection: sa.Connection) -> None:
    seen = connection.execute(sa.text("SELECT at FROM tree_state")).scalar_one_or_none()
    if seen is None:
        return  # new records: there is nothing to take along
    for table in DATED:
        _set(connection, table, "delete_after", {"value": _six_years_after(seen)})
    gone = sa.text("SELECT id, destroyed_at FROM data_keys WHERE destroyed_at IS NOT NULL")
    for key, at in connection.execute(gone).all():
        told = {"value": _six_years_after(at), "key": key}
        _set(connection, "data_keys", "delete_after", told, "WHERE id = :key")


def _six_years_after(moment: str) -> str:
    return iso(utc(datetime.fromisoformat(moment) + SIX_YEARS))


def _name_profiles(connection: sa.Connection) -> None:
    connection.execute(  # some from before 0004 name it only beside what was signed
        sa.text("UPDATE deployments SET governed_by = profile WHERE governed_by = ''")
    )
    for table in OF_A_DEPLOYMENT:
        connection.execute(
            sa.text(
                f"UPDATE {table} SET governed_by = coalesce((SELECT d.governed_by FROM deployments "  # noqa: S608  our own tables
                f"d WHERE d.id = {table}.deployment_id), '')"
            )
        )
    connection.execute(
        sa.text(
            "UPDATE decisions SET governed_by = (SELECT a.governed_by FROM alerts a "
            "WHERE a.id = decisions.alert_id)"
        )
    )
    _set(connection, "walk_consents", "governed_by", {"value": "consent"})
    _name_lists(connection)
    for row, profile in list(_decoys(connection)):
        told = {"value": profile, "row": row}
        _set(connection, "decoys", "governed_by", told, "WHERE id = :row")


def _name_lists(connection: sa.Connection) -> None:
    """By the newest deployment that was signed with it, else by the name it was imported under."""
    connection.execute(
        sa.text(
            "UPDATE watchlists SET governed_by = coalesce((SELECT d.governed_by FROM deployments d "
            "WHERE d.watchlist_digest = watchlists.digest ORDER BY d.signed_at DESC LIMIT 1), "
            "profile, :none)"
        ),
        {"none": NONE_NAMED},
    )
    connection.execute(
        sa.text(
            "UPDATE manifests SET governed_by = coalesce((SELECT w.governed_by FROM watchlists w "
            "WHERE w.id = manifests.watchlist_id), :none)"
        ),
        {"none": NONE_NAMED},
    )


def _decoys(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    """Which alert a mark is of is sealed; the line that planted it names the deployment."""
    chosen = sa.text(
        "SELECT decoys.id, audit.line FROM decoys JOIN audit ON audit.seq = decoys.audit_id"
    )
    for row, line in connection.execute(chosen).all():
        detail = json.loads(line)["detail"]
        profile = connection.execute(
            sa.text("SELECT governed_by FROM deployments WHERE id = :id"),
            {"id": str(detail.get("deployment", ""))},
        ).scalar_one_or_none()
        yield row, profile or ""


def _set(
    connection: sa.Connection, table: str, column: str, told: dict[str, str], where: str = ""
) -> None:
    connection.execute(sa.text(f"UPDATE {table} SET {column} = :value {where}"), told)  # noqa: S608  our own tables
