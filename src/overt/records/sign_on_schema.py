"""The tables of signing in through an organisation: which one, and who of its people is whom here."""

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from overt.identifiers import ActorId, KeyId
from overt.records.columns import AuditLine, Dies, Table
from overt.units import UtcTime


class OrganisationRow(Table):
    """The one organisation whose people may sign in through it."""

    __tablename__ = "organisation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    strong: Mapped[list[str]]
    """Values of `acr` that state two factors."""
    sealed: Mapped[bytes]
    """The client's secret; Place("organisation", issuer, "secret of" the client)."""
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    set_at: Mapped[UtcTime]
    set_by: Mapped[ActorId]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class SubjectLinkRow(Table):
    """Whom an account's holder is at their organisation; the line is what counts."""

    __tablename__ = "subject_links"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    actor_id: Mapped[ActorId] = mapped_column(
        ForeignKey("actors.id", ondelete="CASCADE"), primary_key=True
    )
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[UtcTime]
    linked_by: Mapped[ActorId]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]
