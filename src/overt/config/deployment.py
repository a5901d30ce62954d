"""The deployment file: what an officer authorises, parsed once and frozen.

This decides what is well formed. Which fields, documents and times a deployment must have is
for its profile (`policy`): here a field that only some profiles need may be absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from overt.config.camera_address import address_fault
from overt.config.canonical import Json, canonical_json
from overt.config.polygon import Point, polygon_fault
from overt.config.sensitive_map import Position, position_in
from overt.config.toml_table import NAME, TableReader, finite, kind_of, parse_toml
from overt.errors import Refused
from overt.identifiers import CameraId, DeploymentId, WatchlistName
from overt.units import Pixels, Similarity, UtcTime, iso

WHOLE_FRAME: Final[tuple[Point, ...]] = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LEAST_EYE_DISTANCE: Final = 10.0
"""Pixels. Below it a template means nothing (measured, for every pack known)."""
DEFAULT_EYE_DISTANCE: Final = 24.0
PRECISIONS: Final = ("f32", "bf16")
PROFILE_TEXTS: Final = ("legal_basis", "necessity", "proportionality", "alternatives_considered")


@dataclass(frozen=True, slots=True)
class Document:
    """An assessment that the deployment rests on, kept elsewhere and named by its digest."""

    kind: str
    version: str
    sha256: str
    review_by: date
    file: str = ""
    """Where it lies, below the deployment's folder; blank where it is kept elsewhere."""


@dataclass(frozen=True, slots=True)
class CameraEntry:
    id: CameraId
    source: str
    """As written, with `{secret:NAME}` where a secret goes."""
    zone: tuple[Point, ...]
    """Shares of the frame; a face outside is never templated (R11)."""
    zone_stated: bool
    min_eye_distance: Pixels


@dataclass(frozen=True, slots=True)
class DeploymentFile:
    id: DeploymentId
    profile: str
    use_case: str
    purpose: str
    legal_basis: str
    necessity: str
    proportionality: str
    alternatives_considered: str
    place: str
    starts_at: UtcTime
    ends_at: UtcTime
    notice_published_at: UtcTime | None
    watchlist: WatchlistName
    threshold: Similarity | None
    """None where `target_fpir` stands instead, until a calibration has made one of it."""
    target_fpir: float | None
    model_pack: str | None
    """None: the best that is found when it is signed; the signature names it."""
    precision: str
    documents: tuple[Document, ...]
    cameras: tuple[CameraEntry, ...]
    expected_footfall: int | None = None
    """How many faces are expected to pass, to forecast false alerts by (R18)."""
    sensitive: tuple[str, ...] = ()
    """What makes the place or the event sensitive (R8)."""
    position: Position | None = None
    """Where it is, to be held against the map of sensitive places (R8)."""
    urgent: str = ""
    """The ground for urgent authority; blank where there is none (R7)."""


def read_deployment(path: Path) -> DeploymentFile:
    """Read and parse the file; every problem it has is one line of the refusal."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}; check the path") from error
    return parse_deployment(content, file=path.name)


def parse_deployment(content: bytes, *, file: str) -> DeploymentFile:
    table = parse_toml(content, file=file)
    problems: list[str] = []
    top = TableReader(file, "the top level,", table, problems)
    deployment = _deployment(top)
    if problems or deployment is None:
        raise Refused("\n".join(problems))
    return deployment


def _deployment(top: TableReader) -> DeploymentFile | None:
    cameras = tuple(
        _camera(TableReader(top.file, f"[[camera]] {i}", table, top.problems))
        for i, table in enumerate(top.tables("camera"), start=1)
    )
    body = top.take("deployment", required=True)
    top.finish()
    if not cameras and not top.problems:
        top.problem("[[camera]]", "missing; a deployment names at least one camera")
    _once(top, "[[camera]] id", [camera.id for camera in cameras])
    if not isinstance(body, dict):
        if body is not None:
            top.problem("deployment", f"{kind_of(body)}; write [deployment]")
        return None
    return _table(TableReader(top.file, "[deployment]", body, top.problems), cameras)


def _table(table: TableReader, cameras: tuple[CameraEntry, ...]) -> DeploymentFile | None:
    starts_at, ends_at = (
        table.time("starts_at", required=True),
        table.time("ends_at", required=True),
    )
    if starts_at and ends_at and ends_at <= starts_at:
        table.problem("ends_at", f"{iso(ends_at)} is not after starts_at, {iso(starts_at)}")
    texts = {key: table.text(key) for key in PROFILE_TEXTS}
    notice = table.time("notice_published_at")
    build = partial(
        DeploymentFile,
        id=DeploymentId(table.name("id", required=True)),
        profile=table.name("profile", required=True),
        use_case=table.name("use_case", required=True),
        purpose=table.text("purpose", required=True),
        place=table.text("place", required=True),
        watchlist=WatchlistName(table.name("watchlist", required=True)),
        threshold=_threshold(table),
        target_fpir=_target_fpir(table),
        model_pack=table.name("model_pack") or None,
        precision=_precision(table),
        documents=_documents(table),
        expected_footfall=_footfall(table),
        sensitive=_sensitive(table),
        position=_position(table),
        urgent=table.name("urgent"),
    )
    table.finish()
    if table.problems or starts_at is None or ends_at is None:
        return None
    return build(
        starts_at=starts_at,
        ends_at=ends_at,
        notice_published_at=notice,
        cameras=cameras,
        legal_basis=texts["legal_basis"],
        necessity=texts["necessity"],
        proportionality=texts["proportionality"],
        alternatives_considered=texts["alternatives_considered"],
    )


def _threshold(table: TableReader) -> Similarity | None:
    if table.has("target_fpir") and not table.has("threshold"):
        return None
    return Similarity(table.number("threshold", low=0, high=1, required=True))


def _footfall(table: TableReader) -> int | None:
    if not table.has("expected_footfall"):
        return None
    return int(table.number("expected_footfall", low=1, high=100_000_000))


def _sensitive(table: TableReader) -> tuple[str, ...]:
    value = table.take("sensitive", required=False)
    if value is None:
        return ()
    flags = value if isinstance(value, list) else []
    if not flags or not all(isinstance(flag, str) and NAME.fullmatch(flag) for flag in flags):
        table.problem("sensitive", 'no list of names; write sensitive = ["school"], or take it out')
        return ()
    _once(table, "sensitive", flags)
    return tuple(sorted(flags))


def _position(table: TableReader) -> Position | None:
    if not table.has("position"):
        return None
    found = position_in(table.take("position", required=False))
    if found is None:
        table.problem("position", "no position; write [latitude, longitude] in degrees")
    return found


def _target_fpir(table: TableReader) -> float | None:
    if not table.has("target_fpir"):
        return None
    if table.has("threshold"):
        table.problem("target_fpir", "stands beside threshold, which it decides; take one out")
    return table.number("target_fpir", low=0.000001, high=0.5)


def _precision(table: TableReader) -> str:
    value = table.name("precision", default="f32")
    if value not in PRECISIONS and isinstance(table.table.get("precision"), str):
        table.problem("precision", f"{value!r}; take one of {', '.join(PRECISIONS)}")
    return value


def _documents(table: TableReader) -> tuple[Document, ...]:
    documents = []
    for i, entry in enumerate(table.tables("documents"), start=1):
        reader = TableReader(table.file, f"[[deployment.documents]] {i}", entry, table.problems)
        review_by = reader.day("review_by", required=True)
        kind = reader.name("kind", required=True)
        version, sha256 = reader.text("version", required=True), _sha256(reader)
        file = _below(reader)
        reader.finish()
        documents.append(Document(kind, version, sha256, review_by or date.min, file))
    _once(table, "documents kind", [document.kind for document in documents])
    return tuple(documents)


def _below(reader: TableReader) -> str:
    value = reader.text("file")
    if value.startswith("/") or ".." in value.split("/") or "\\" in value:
        reader.problem("file", "leads out of the deployment's folder; keep the file below it")
    return value


def _sha256(reader: TableReader) -> str:
    value = reader.text("sha256", required=True).lower()
    if value and (len(value) != 64 or set(value) - set("0123456789abcdef")):
        reader.problem("sha256", "not 64 hexadecimal digits; take the output of sha256sum")
    return value


def _camera(table: TableReader) -> CameraEntry:
    entry = CameraEntry(
        id=CameraId(table.name("id", required=True)),
        source=_source(table),
        zone=_zone(table),
        zone_stated=table.has("zone"),
        min_eye_distance=Pixels(
            table.number(
                "min_eye_distance_px",
                low=LEAST_EYE_DISTANCE,
                high=2000,
                default=DEFAULT_EYE_DISTANCE,
            )
        ),
    )
    table.finish()
    return entry


def _source(table: TableReader) -> str:
    source = table.text("source", required=True)
    if fault := address_fault(source):
        table.problem("source", fault)
    elif "\n" in source or "\t" in source or len(source) > 2000:
        table.problem("source", "no address: one line of at most 2000 characters")
    return source


def _zone(table: TableReader) -> tuple[Point, ...]:
    value = table.take("zone", required=False)
    if value is None:
        return WHOLE_FRAME
    points = [_point(item) for item in value] if isinstance(value, list) else [None]
    whole = [point for point in points if point is not None]
    if len(whole) > 3 and whole[0] == whole[-1]:
        points, whole = points[:-1], whole[:-1]  # a ring closed by hand
    if len(whole) != len(points):
        table.problem(
            "zone", "not a list of points; write [[x, y], [x, y], ...], shares of the frame"
        )
    elif fault := polygon_fault(whole):
        table.problem("zone", fault)
    return tuple(whole)


def _point(item: object) -> Point | None:
    if not isinstance(item, list) or len(item) != 2:
        return None
    x, y = finite(item[0]), finite(item[1])
    return None if x is None or y is None else (x, y)


def _once(table: TableReader, what: str, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        table.problem(what, f"{name!r} stands twice; each may stand once")


def as_json(deployment: DeploymentFile) -> dict[str, Json]:
    """Every field, defaults spelled out: what the signature covers."""
    target = deployment.target_fpir
    notice = deployment.notice_published_at
    return {
        "id": deployment.id,
        "profile": deployment.profile,
        "use_case": deployment.use_case,
        "purpose": deployment.purpose,
        "legal_basis": deployment.legal_basis,
        "necessity": deployment.necessity,
        "proportionality": deployment.proportionality,
        "alternatives_considered": deployment.alternatives_considered,
        "place": deployment.place,
        "starts_at": iso(deployment.starts_at),
        "ends_at": iso(deployment.ends_at),
        "notice_published_at": iso(notice) if notice else None,
        "watchlist": deployment.watchlist,
        "threshold": deployment.threshold,
        # Only where it stands: deployments of before it existed keep their digest.
        **({} if target is None else {"target_fpir": target}),
        "model_pack": deployment.model_pack,
        "precision": deployment.precision,
        "documents": [_document_json(d) for d in sorted(deployment.documents, key=_by_kind)],
        "cameras": [_camera_json(c) for c in sorted(deployment.cameras, key=_by_id)],
        **_only_where_stated(deployment),
    }


def _only_where_stated(deployment: DeploymentFile) -> dict[str, Json]:
    """Fields that came later: absent where absent, so that what was signed before still reads so."""
    later: dict[str, Json] = {
        "expected_footfall": deployment.expected_footfall,
        "sensitive": list(deployment.sensitive),
        "position": list(deployment.position) if deployment.position else None,
        "urgent": deployment.urgent,
    }
    return {name: value for name, value in later.items() if value}


def _by_kind(document: Document) -> str:
    return document.kind


def _by_id(camera: CameraEntry) -> str:
    return camera.id


def _document_json(document: Document) -> dict[str, Json]:
    return {
        "kind": document.kind,
        "version": document.version,
        "sha256": document.sha256,
        "review_by": document.review_by.isoformat(),
        **({"file": document.file} if document.file else {}),
    }


def _camera_json(camera: CameraEntry) -> dict[str, Json]:
    return {
        "id": camera.id,
        "source": camera.source,
        "zone": [list(point) for point in camera.zone],
        "zone_stated": camera.zone_stated,
        "min_eye_distance_px": camera.min_eye_distance,
    }


def canonical(deployment: DeploymentFile) -> bytes:
    """RFC 8785: the same bytes however the file orders its keys, spaces or comments."""
    return canonical_json(as_json(deployment))
