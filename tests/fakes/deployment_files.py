"""Deployment files as an officer would write them, with single lines changed."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from overt.config.deployment import DeploymentFile, parse_deployment
from overt.units import UtcTime

NOW: Final = UtcTime(datetime(2026, 11, 30, 11, 0, tzinfo=UTC))

POLICE: Final[Mapping[str, str]] = {
    "id": '"oxford-circus-2026-11-30"',
    "profile": '"uk-police-2026"',
    "use_case": '"hotspot"',
    "purpose": '"Find people wanted by the courts where robberies cluster."',
    "legal_basis": '"Common law policing powers; DPA 2018 s.35(5)."',
    "necessity": '"Six robberies in two weeks."',
    "proportionality": '"Four hours, one junction, twenty people."',
    "alternatives_considered": '"Patrols and posters did not find them."',
    "place": '"Oxford Circus, London W1"',
    "starts_at": "2026-11-30T10:00:00Z",
    "ends_at": "2026-11-30T14:30:00Z",
    "notice_published_at": "2026-11-23T09:00:00Z",
    "watchlist": '"oxford-circus"',
    "threshold": "0.55",
    "model_pack": '"open"',
    "precision": '"f32"',
    "expected_footfall": "20_000",
}
CONSENT: Final[Mapping[str, str]] = {
    "id": '"walk-1"',
    "profile": '"consent"',
    "use_case": '"demonstration"',
    "purpose": '"Show how it works."',
    "place": '"The lab"',
    "starts_at": "2026-11-30T10:00:00Z",
    "ends_at": "2026-11-30T14:30:00Z",
    "watchlist": '"volunteers"',
    "threshold": "0.95",
}
CAMERA: Final[Mapping[str, str]] = {
    "id": '"north"',
    "source": '"rtsp://{secret:north}@192.0.2.10/stream"',
    "zone": "[[0.1, 0.2], [0.9, 0.2], [0.9, 1.0], [0.1, 1.0]]",
    "min_eye_distance_px": "24",
}
DOCUMENT_KINDS: Final = ("dpia", "equality-impact", "appropriate-policy")

Lines = Mapping[str, str | None]


def table(header: str, values: Lines) -> str:
    lines = [f"{key} = {value}" for key, value in values.items() if value is not None]
    return "\n".join([header, *lines, ""])


IN_FORCE: Final = date(2027, 5, 1)


def documents(review_by: date = IN_FORCE) -> str:
    return "\n".join(document(kind, review_by=review_by.isoformat()) for kind in DOCUMENT_KINDS)


def document(kind: str, **changes: str) -> str:
    said = {
        "kind": f'"{kind}"',
        "version": '"2.1"',
        "sha256": f'"{"ab" * 32}"',
        "review_by": IN_FORCE.isoformat(),
    }
    return table("[[deployment.documents]]", {**said, **changes})


def window(now: UtcTime, lasting: timedelta) -> Lines:
    """A window that opened five minutes ago."""
    return {
        "starts_at": (now - timedelta(minutes=5)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "ends_at": (now + lasting).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def police_toml(*, camera: Lines | None = None, papers: str | None = None, **changes: Any) -> str:
    """TOML with raw values replaced; None takes a line out."""
    head = table("[deployment]", {**POLICE, **changes})
    body = documents() if papers is None else papers
    return "\n".join([head, body, table("[[camera]]", {**CAMERA, **(camera or {})})])


def consent_toml(*, camera: Lines | None = None, **changes: Any) -> str:
    head = table("[deployment]", {**CONSENT, **changes})
    return "\n".join([head, table("[[camera]]", {**CAMERA, **(camera or {})})])


def police(
    *, camera: Lines | None = None, papers: str | None = None, **changes: Any
) -> DeploymentFile:
    toml = police_toml(camera=camera, papers=papers, **changes)
    return parse_deployment(toml.encode(), file="deployment.toml")


def consent(*, camera: Lines | None = None, **changes: Any) -> DeploymentFile:
    toml = consent_toml(camera=camera, **changes)
    return parse_deployment(toml.encode(), file="deployment.toml")
