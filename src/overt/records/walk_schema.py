"""The tables of seeded walks: who agreed, and when they went past (R63)."""

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from overt.config.walk_log import Distance, Eyewear, Headgear, Light, Zone
from overt.identifiers import ActorId, CameraId, DeploymentId, KeyId, SubjectId
from overt.records.columns import AuditLine, Dies, GovernedBy, Table
from overt.units import UtcTime


class WalkConsentRow(Table):
    """Who agreed to a seeded walk, by the id that they have on its list (R63)."""

    __tablename__ = "walk_consents"
    participant: Mapped[SubjectId] = mapped_column(primary_key=True)
    given_on: Mapped[date]
    recorded_at: Mapped[UtcTime]
    recorded_by: Mapped[ActorId]
    withdrawn_at: Mapped[UtcTime | None]
    withdrawn_by: Mapped[ActorId | None]
    sealed: Mapped[bytes]
    """What was explained, in words; Place("walk_consents", participant, "explained")."""
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class WalkPassRow(Table):
    """A participant went past a camera: the ground truth of a walk (R63)."""

    __tablename__ = "walk_passes"
    __table_args__ = (UniqueConstraint("deployment_id", "participant", "camera_id", "at"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    deployment_id: Mapped[DeploymentId] = mapped_column(
        ForeignKey("deployments.id", ondelete="CASCADE"), index=True
    )
    participant: Mapped[SubjectId] = mapped_column(index=True)
    camera_id: Mapped[CameraId]
    at: Mapped[UtcTime]
    zone: Mapped[Zone]
    light: Mapped[Light]
    distance: Mapped[Distance]
    eyewear: Mapped[Eyewear]
    headgear: Mapped[Headgear]
    logged_at: Mapped[UtcTime]
    logged_by: Mapped[ActorId]
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]
