"""The table of what named persons ask for and are answered (R69)."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from overt.identifiers import ActorId, KeyId
from overt.records.columns import AuditLine, Dies, Table
from overt.units import UtcTime


class RightsRequestRow(Table):
    """What a named person asked for, and what they were answered (R69)."""

    __tablename__ = "rights_requests"
    id: Mapped[str] = mapped_column(primary_key=True)
    right: Mapped[str]
    received_on: Mapped[date]
    asked_on: Mapped[date | None]
    told_on: Mapped[date | None]
    extended: Mapped[bool]
    received_by: Mapped[ActorId]
    answered_at: Mapped[UtcTime | None]
    answered_by: Mapped[ActorId | None]
    outcome: Mapped[str | None]
    ground: Mapped[str | None]
    sealed: Mapped[bytes]
    """JSON of who asks, what was found, done and answered; Place("rights_requests", id, "request")."""
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]
