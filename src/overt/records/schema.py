"""The tables, which line of the log put a row there, and when the row dies; `tables` has them all.

Columns that begin with `sealed` hold bytes from a `DataKey`: images, templates, free text. What is
open beside them is what a rule or a search needs. Ids are made by the program, never by the
database, because a sealed value is bound to its row's id.
"""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from overt.decisions.states import AlertState, Move
from overt.identifiers import (
    ActorId,
    AlertId,
    CameraId,
    DeploymentId,
    Digest,
    KeyId,
    ModelId,
    PassageId,
    RunId,
    SubjectId,
    WatchlistName,
)
from overt.policy.access import Role
from overt.records.columns import (
    AuditLine,
    DeploymentState,
    Dies,
    EntryState,
    EvidenceKind,
    GovernedBy,
    KeyState,
    Table,
)
from overt.records.vault import KeyKind
from overt.units import UtcTime

# --- the log


class AuditRow(Table):
    """A line of the log; triggers refuse to change or delete it."""

    __tablename__ = "audit"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[UtcTime]
    actor: Mapped[ActorId]
    event: Mapped[str] = mapped_column(index=True)
    line: Mapped[bytes]
    """The leaf: canonical JSON, from which the columns beside it are taken."""
    leaf_hash: Mapped[bytes]
    link: Mapped[bytes | None]
    """To the line of its kind before (`records/chain.py`). None while a migration begins them."""


class TreeStateRow(Table):
    """The one row that says how far the log has come."""

    __tablename__ = "tree_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    size: Mapped[int]
    edges: Mapped[bytes]
    at: Mapped[UtcTime]
    """The latest time that the records have seen."""
    checkpoint: Mapped[str]
    """Signed with each act: a database altered without the log's key does not open."""
    tallies: Mapped[bytes | None]
    """Sealed by the master key with the tree's head; `records/guard.py`. None before 0006."""


class RowMarkRow(Table):
    """What a row was when an act last wrote it (`records/marks.py`)."""

    __tablename__ = "row_marks"
    name: Mapped[str] = mapped_column(primary_key=True)
    """Of the row's table."""
    key: Mapped[str] = mapped_column(primary_key=True)
    mark: Mapped[bytes]


class SealedSegmentRow(Table):
    """Lines of the log whose time was over: their hashes stay, so that every proof still can."""

    __tablename__ = "sealed_segments"
    end: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """How many lines are sealed up to here; later lines still verify from `edges`."""
    edges: Mapped[bytes]
    leaf_hashes: Mapped[bytes]
    """Of the lines since the segment before."""
    sealed_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]


class InstallationRow(Table):
    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    master_key_id: Mapped[KeyId]
    log_verifier: Mapped[str]
    """The log's public key, `origin+hash+base64`."""
    made_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]


class DataKeyRow(Table):
    __tablename__ = "data_keys"
    id: Mapped[KeyId] = mapped_column(primary_key=True)
    kind: Mapped[KeyKind]
    wrapped: Mapped[bytes | None]
    """None: the key lies in a file of its own (`records/key_folder.py`). Older records had it here
    until they were next opened."""
    made_at: Mapped[UtcTime]
    destroyed_at: Mapped[UtcTime | None]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


# --- who acts


class ActorRow(Table):
    __tablename__ = "actors"
    id: Mapped[ActorId] = mapped_column(primary_key=True)
    """The account of the operating system."""
    added_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class ActorRoleRow(Table):
    __tablename__ = "actor_roles"
    actor_id: Mapped[ActorId] = mapped_column(
        ForeignKey("actors.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[Role] = mapped_column(primary_key=True)
    granted_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class TrainingRow(Table):
    """The newest training of an account for a role (R43)."""

    __tablename__ = "training"
    actor_id: Mapped[ActorId] = mapped_column(
        ForeignKey("actors.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[Role] = mapped_column(primary_key=True)
    trained_at: Mapped[UtcTime]
    expires_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class CredentialRow(Table):
    """How an account signs in, under a key of its own; Place("credentials", actor_id, "factors")."""

    __tablename__ = "credentials"
    actor_id: Mapped[ActorId] = mapped_column(
        ForeignKey("actors.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes]
    """JSON: the password's argon2id hash, the secret of the one-time codes, the last code used."""
    failures: Mapped[int]
    """Sign-ins that failed since the last that did not."""
    locked_until: Mapped[UtcTime | None]
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class SessionRow(Table):
    """A sign-in that has not ended: of a browser, or of a command line."""

    __tablename__ = "sessions"
    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the token, which nobody but its holder has."""
    actor_id: Mapped[ActorId] = mapped_column(
        ForeignKey("actors.id", ondelete="CASCADE"), index=True
    )
    opened_at: Mapped[UtcTime]
    ends_at: Mapped[UtcTime]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


# --- authority


class OfficerKeyRow(Table):
    __tablename__ = "officer_keys"
    fingerprint: Mapped[KeyId] = mapped_column(primary_key=True)
    name: Mapped[str]
    public_key: Mapped[bytes]
    state: Mapped[KeyState]
    added_by: Mapped[ActorId]
    added_at: Mapped[UtcTime]
    revoked_at: Mapped[UtcTime | None]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class SecretRow(Table):
    """A camera's password, sealed; Place("secrets", name, "secret")."""

    __tablename__ = "secrets"
    name: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    set_at: Mapped[UtcTime]
    set_by: Mapped[ActorId]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class DeploymentRow(Table):
    __tablename__ = "deployments"
    id: Mapped[DeploymentId] = mapped_column(primary_key=True)
    digest: Mapped[Digest]
    """Of `payload`."""
    payload: Mapped[bytes]
    """The canonical form that was signed."""
    signature: Mapped[bytes]
    key_fingerprint: Mapped[KeyId]
    profile: Mapped[str]
    governed_by: Mapped[GovernedBy]
    """As it was signed."""
    watchlist_digest: Mapped[Digest]
    state: Mapped[DeploymentState]
    opens_at: Mapped[UtcTime]
    closes_at: Mapped[UtcTime]
    signed_at: Mapped[UtcTime]
    closed_at: Mapped[UtcTime | None]
    closed_reason: Mapped[str | None]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class DeploymentFactRow(Table):
    """The words and digests behind a line about a deployment; the line itself is what counts.

    The line holds the digest of `evidence`, so that nobody rewrites a reason afterwards.
    """

    __tablename__ = "deployment_facts"
    id: Mapped[str] = mapped_column(primary_key=True)
    deployment_id: Mapped[DeploymentId] = mapped_column(index=True)
    """Not a reference: it may be submitted before it is signed, and is told of after it is gone."""
    event: Mapped[str]
    governed_by: Mapped[GovernedBy]
    by: Mapped[ActorId]
    at: Mapped[UtcTime]
    evidence: Mapped[dict[str, object] | None]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class EvidenceOnRecordRow(Table):
    """A test (R62) or a map of places (R8) that an assessor answers for; the line is what counts."""

    __tablename__ = "test_evidence"
    id: Mapped[str] = mapped_column(primary_key=True)
    by: Mapped[ActorId]
    at: Mapped[UtcTime]
    evidence: Mapped[dict[str, object] | None]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class RunRow(Table):
    """One run of a deployment's program; counts only, nobody in it."""

    __tablename__ = "runs"
    id: Mapped[RunId] = mapped_column(primary_key=True)
    deployment_id: Mapped[DeploymentId] = mapped_column(
        ForeignKey("deployments.id", ondelete="CASCADE"), index=True
    )
    started_at: Mapped[UtcTime]
    ended_at: Mapped[UtcTime | None]
    summary: Mapped[dict[str, object] | None]
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class StopRequestRow(Table):
    __tablename__ = "stop_requests"
    deployment_id: Mapped[DeploymentId] = mapped_column(
        ForeignKey("deployments.id", ondelete="CASCADE"), primary_key=True
    )
    requested_at: Mapped[UtcTime]
    requested_by: Mapped[ActorId]
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


# --- watchlists


class WatchlistRow(Table):
    __tablename__ = "watchlists"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[WatchlistName] = mapped_column(unique=True)
    """Free again once the list is deleted; ids never are."""
    profile: Mapped[str | None]
    digest: Mapped[Digest]
    imported_at: Mapped[UtcTime]
    imported_by: Mapped[ActorId]
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class EntryRow(Table):
    __tablename__ = "watchlist_entries"
    __table_args__ = (UniqueConstraint("watchlist_id", "subject_id"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    watchlist_id: Mapped[str] = mapped_column(
        ForeignKey("watchlists.id", ondelete="CASCADE"), index=True
    )
    subject_id: Mapped[SubjectId]
    position: Mapped[int]
    """Order of the list, from 0."""
    category: Mapped[str]
    review_by: Mapped[date]
    state: Mapped[EntryState]
    sealed: Mapped[bytes]
    """JSON of the free text and dates; Place("watchlist_entries", id, "fields")."""
    stood_down_at: Mapped[UtcTime | None]
    stood_down_by: Mapped[ActorId | None]
    sealed_stand_down_reason: Mapped[bytes | None]
    """Place("watchlist_entries", id, "stand-down")."""
    under_age: Mapped[bool]
    """When it was imported: it takes an approval with a rationale (R19)."""
    sealed_rationale: Mapped[bytes | None]
    """Place("watchlist_entries", id, "rationale"): why it was approved."""
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class ImageRow(Table):
    __tablename__ = "watchlist_images"
    __table_args__ = (UniqueConstraint("entry_id", "position"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(
        ForeignKey("watchlist_entries.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    """Which of the entry's images, from 0: the `reference` of a match."""
    sha256: Mapped[str]
    """Of the file as it was imported."""
    sealed: Mapped[bytes]
    """The file's bytes; Place("watchlist_images", id, "image")."""
    face: Mapped[dict[str, object]]
    """Box and landmarks of the face that was chosen, in pixels of the image."""
    quality: Mapped[dict[str, object]]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class TemplateRow(Table):
    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("image_id", "model"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    image_id: Mapped[str] = mapped_column(
        ForeignKey("watchlist_images.id", ondelete="CASCADE"), index=True
    )
    model: Mapped[ModelId]
    sealed: Mapped[bytes]
    """float32, little-endian; Place("templates", id, "vector")."""
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class LookalikeRow(Table):
    """Two people on one list who resemble each other (R22); `first` comes before `second`."""

    __tablename__ = "lookalikes"
    watchlist_id: Mapped[str] = mapped_column(
        ForeignKey("watchlists.id", ondelete="CASCADE"), primary_key=True
    )
    first: Mapped[SubjectId] = mapped_column(primary_key=True)
    second: Mapped[SubjectId] = mapped_column(primary_key=True)
    model: Mapped[ModelId] = mapped_column(primary_key=True)
    similarity: Mapped[float]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class ManifestRow(Table):
    """Whom a list named, kept after the list is gone (R24); no image, no template, no name."""

    __tablename__ = "manifests"
    watchlist_id: Mapped[str] = mapped_column(primary_key=True)
    subject_id: Mapped[SubjectId] = mapped_column(primary_key=True)
    name: Mapped[WatchlistName] = mapped_column(index=True)
    category: Mapped[str]
    imported_at: Mapped[UtcTime]
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


# --- alerts


class AlertRow(Table):
    __tablename__ = "alerts"
    id: Mapped[AlertId] = mapped_column(primary_key=True)
    deployment_id: Mapped[DeploymentId] = mapped_column(
        ForeignKey("deployments.id", ondelete="CASCADE"), index=True
    )
    run_id: Mapped[RunId | None]
    camera_id: Mapped[CameraId]
    passage: Mapped[PassageId]
    watchlist: Mapped[WatchlistName]
    subject_id: Mapped[SubjectId]
    reference: Mapped[int]
    captured_at: Mapped[UtcTime]
    raised_at: Mapped[UtcTime] = mapped_column(index=True)
    media_time: Mapped[float]
    similarity: Mapped[float]
    threshold: Mapped[float]
    list_size: Mapped[int]
    shots: Mapped[int]
    second_subject_id: Mapped[SubjectId | None]
    second_similarity: Mapped[float | None]
    ambiguous: Mapped[bool]
    lookalikes: Mapped[list[str]]
    model: Mapped[ModelId]
    revision: Mapped[int]
    """0 when raised; each better shot adds one."""
    scene_box: Mapped[dict[str, object] | None]
    """Where the person is in the scene, as shares of it (R40)."""
    state: Mapped[AlertState]
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class EvidenceRow(Table):
    __tablename__ = "alert_evidence"
    __table_args__ = (UniqueConstraint("alert_id", "kind", "revision"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[AlertId] = mapped_column(
        ForeignKey("alerts.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[EvidenceKind]
    revision: Mapped[int]
    sealed: Mapped[bytes]
    """JPEG; Place("alert_evidence", id, kind)."""
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class DecisionRow(Table):
    """A move in the review of an alert: judgements, dispatches, stops, lapses, oldest first."""

    __tablename__ = "decisions"
    __table_args__ = (UniqueConstraint("alert_id", "position"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[AlertId] = mapped_column(
        ForeignKey("alerts.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    move: Mapped[Move]
    by: Mapped[ActorId]
    at: Mapped[UtcTime]
    sealed: Mapped[bytes]
    """JSON {reason, recipients}; Place("decisions", id, "words")."""
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class DecoyRow(Table):
    """Marks an alert as a test of whoever judges it (R42); nothing else tells it from another."""

    __tablename__ = "decoys"
    id: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    """JSON {alert, same_person}; Place("decoys", id, "mark")."""
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]


class IncidentRow(Table):
    """A false engagement, and what was done about it (R48); it outlives its alert."""

    __tablename__ = "incidents"
    id: Mapped[str] = mapped_column(primary_key=True)
    alert_id: Mapped[AlertId] = mapped_column(index=True)
    deployment_id: Mapped[DeploymentId]
    opened_at: Mapped[UtcTime]
    opened_by: Mapped[ActorId]
    closed_at: Mapped[UtcTime | None]
    closed_by: Mapped[ActorId | None]
    sealed: Mapped[bytes]
    """JSON of the record; Place("incidents", id, "record")."""
    data_key_id: Mapped[KeyId] = mapped_column(ForeignKey("data_keys.id"))
    governed_by: Mapped[GovernedBy]
    audit_id: Mapped[AuditLine]
    delete_after: Mapped[Dies]
