"""An alert as the records keep it: its rows, and what is sealed under the alert's own key.

The alert keeps a copy of what the list said and showed of the person, because a list may be
destroyed before its alerts (R52), and a judgement must stay readable beside what it rested on.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from sqlalchemy import select

from overt.alerts.alert import Alert
from overt.alerts.evidence import SceneBox
from overt.decisions.case import Case, Listed
from overt.decisions.engagement import IdentityMethod, NotEngaged
from overt.decisions.review import Act, Review
from overt.decisions.states import AlertState
from overt.identifiers import DeploymentId, KeyId, ModelId, RunId, SubjectId, WatchlistName
from overt.policy.retention import RecordKind, delete_after
from overt.records.columns import EvidenceKind
from overt.records.guard import Alteration, AlteredRecords, How
from overt.records.marks import row_key
from overt.records.places import place_of_evidence, place_of_words
from overt.records.schema import AlertRow, DecisionRow, DeploymentRow, EvidenceRow
from overt.records.vault import DataKey
from overt.records.work import UnitOfWork, fresh_id
from overt.tracks.heading import Heading
from overt.units import Seconds, Similarity, UtcTime

ALWAYS_KEPT: Final = frozenset(
    {EvidenceKind.PROBE, EvidenceKind.SCENE, EvidenceKind.REFERENCE, EvidenceKind.CARD}
)
_LISTED_IMAGES: Final = (EvidenceKind.REFERENCE, EvidenceKind.SECOND)


@dataclass(frozen=True, slots=True)
class Card:
    """What the authorisation and the list said when the alert was raised."""

    place: str
    listed: Listed
    second: Listed | None

    def sealable(self) -> bytes:
        return json.dumps(asdict(self)).encode()


@dataclass(frozen=True, slots=True)
class Exhibits:
    """The images of an alert, as a person compares them."""

    probe: bytes = field(repr=False)
    scene: bytes = field(repr=False)
    box: SceneBox | None
    listed: tuple[bytes, ...] = field(repr=False)
    """The list's image of the person, and of the second where the alert is ambiguous."""


@dataclass(frozen=True, slots=True)
class Keeping:
    """Under which authority, rules and key an alert is kept, and from when its time runs."""

    deployment: DeploymentId
    run: RunId | None
    watchlist: WatchlistName
    model: ModelId
    profile: str
    governed_by: str
    key: KeyId
    audit_id: int
    since: UtcTime


def alert_row(alert: Alert, box: SceneBox | None, keeping: Keeping) -> AlertRow:
    """Write a newly raised alert as its row."""
    return AlertRow(
        id=alert.id,
        deployment_id=keeping.deployment,
        run_id=keeping.run,
        camera_id=alert.camera,
        passage=alert.passage,
        watchlist=keeping.watchlist,
        subject_id=alert.subject_id,
        reference=alert.reference,
        captured_at=alert.captured_at,
        raised_at=alert.raised_at,
        media_time=alert.media_time,
        similarity=alert.similarity,
        threshold=alert.threshold,
        list_size=alert.list_size,
        shots=alert.shots,
        second_subject_id=alert.second,
        second_similarity=alert.second_similarity,
        ambiguous=alert.ambiguous,
        lookalikes=list(alert.lookalikes),
        model=keeping.model,
        revision=0,
        scene_box=box_columns(box, alert.heading),
        state=AlertState.RAISED,
        data_key_id=keeping.key,
        governed_by=keeping.governed_by,
        audit_id=keeping.audit_id,
        delete_after=delete_after(RecordKind.ALERT, keeping.profile, keeping.since),
    )


def keep_evidence(
    work: UnitOfWork,
    row: AlertRow,
    key: DataKey,
    evidence: Mapping[EvidenceKind, bytes],
    *,
    audit_id: int,
) -> None:
    """Seal each piece of the row's revision under the alert's key."""
    for kind, content in evidence.items():
        piece = fresh_id()
        work.keep(
            EvidenceRow(
                id=piece,
                alert_id=row.id,
                kind=kind,
                revision=row.revision,
                sealed=key.seal(content, place_of_evidence(piece, row.id, kind, row.revision)),
                audit_id=audit_id,
                delete_after=row.delete_after,
            )
        )


def keep_act(work: UnitOfWork, row: AlertRow, act: Act, *, position: int, audit_id: int) -> None:
    """Write a move down; its words are sealed, because they may speak of a person."""
    move = fresh_id()
    told = {
        "reason": act.reason,
        "recipients": list(act.recipients),
        "method": act.method.value if act.method else None,
        "because": act.because.value if act.because else None,
    }
    words = json.dumps(told).encode()
    place = place_of_words(move, row.id, act.move, act.by, act.at)
    sealed = work.data_key(row.data_key_id).seal(words, place)
    work.keep(
        DecisionRow(
            id=move,
            alert_id=row.id,
            position=position,
            move=act.move,
            by=act.by,
            at=act.at,
            sealed=sealed,
            governed_by=row.governed_by,
            audit_id=audit_id,
            delete_after=row.delete_after,
        )
    )


def case_of(work: UnitOfWork, row: AlertRow) -> Case:
    """Read an alert with what was said of it and what people decided."""
    deployment = work.session.get_one(DeploymentRow, row.deployment_id)
    key = work.data_key(row.data_key_id)
    card = _card(_evidence(work, row, key)[EvidenceKind.CARD])
    return Case(
        alert=_alert(row),
        revision=row.revision,
        deployment=row.deployment_id,
        profile=deployment.profile,
        place=card.place,
        watchlist=row.watchlist,
        closes_at=deployment.closes_at,
        delete_after=row.delete_after,
        listed=card.listed,
        second=card.second,
        review=_review(work, row, key),
    )


def exhibits_of(work: UnitOfWork, row: AlertRow) -> Exhibits:
    """Open the images of the newest revision."""
    pieces = _evidence(work, row, work.data_key(row.data_key_id))
    return Exhibits(
        probe=pieces[EvidenceKind.PROBE],
        scene=pieces[EvidenceKind.SCENE],
        box=_box(row.scene_box),
        listed=tuple(pieces[kind] for kind in _LISTED_IMAGES if kind in pieces),
    )


def box_columns(box: SceneBox | None, heading: Heading) -> dict[str, object]:
    """Where the face was in the scene, and which way it moved."""
    return {**(asdict(box) if box else {}), "heading": heading.value}


def _evidence(work: UnitOfWork, row: AlertRow, key: DataKey) -> dict[EvidenceKind, bytes]:
    kept = work.session.scalars(
        select(EvidenceRow).where(
            EvidenceRow.alert_id == row.id, EvidenceRow.revision == row.revision
        )
    )
    pieces = {
        piece.kind: key.unseal(
            piece.sealed, place_of_evidence(piece.id, row.id, piece.kind, row.revision)
        )
        for piece in kept
    }
    if missing := ALWAYS_KEPT - pieces.keys():
        raise AlteredRecords(
            Alteration("alert_evidence", row_key([row.id, kind.value]), How.MISSING)
            for kind in sorted(missing, key=lambda kind: kind.value)
        )
    return pieces


def _card(sealed: bytes) -> Card:
    told = json.loads(sealed)
    second = told["second"]
    return Card(
        place=told["place"],
        listed=Listed(**told["listed"]),
        second=None if second is None else Listed(**second),
    )


def _alert(row: AlertRow) -> Alert:
    second = row.second_similarity
    return Alert(
        id=row.id,
        passage=row.passage,
        camera=row.camera_id,
        captured_at=row.captured_at,
        raised_at=row.raised_at,
        media_time=Seconds(row.media_time),
        subject_id=row.subject_id,
        reference=row.reference,
        similarity=Similarity(row.similarity),
        threshold=Similarity(row.threshold),
        list_size=row.list_size,
        shots=row.shots,
        second=row.second_subject_id,
        second_similarity=None if second is None else Similarity(second),
        ambiguous=row.ambiguous,
        lookalikes=tuple(SubjectId(name) for name in row.lookalikes),
        heading=heading_of(row),
    )


def heading_of(row: AlertRow) -> Heading:
    """Rows of older programs tell none."""
    return Heading((row.scene_box or {}).get("heading", Heading.UNKNOWN.value))


def _review(work: UnitOfWork, row: AlertRow, key: DataKey) -> Review:
    moves = work.session.scalars(
        select(DecisionRow).where(DecisionRow.alert_id == row.id).order_by(DecisionRow.position)
    )
    return Review(row.raised_at, row.state, tuple(_act(move, key) for move in moves))


def _act(move: DecisionRow, key: DataKey) -> Act:
    place = place_of_words(move.id, move.alert_id, move.move, move.by, move.at)
    words = json.loads(key.unseal(move.sealed, place))
    method, because = words.get("method"), words.get("because")  # older records have neither
    return Act(
        move.move, move.by, move.at, words["reason"], tuple(words["recipients"]),
        method=IdentityMethod(method) if method else None,
        because=NotEngaged(because) if because else None,
    )  # fmt: skip


def _box(columns: dict[str, object] | None) -> SceneBox | None:
    if columns is None or "left" not in columns:
        return None
    left, top, right, bottom = (
        float(str(columns[side])) for side in ("left", "top", "right", "bottom")
    )
    return SceneBox(left, top, right, bottom)
