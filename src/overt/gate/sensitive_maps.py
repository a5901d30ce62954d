"""Maps of sensitive places, put on record by an assessor; the newest of a profile is in force (R8).

The log holds the map's digest and the record the map, so that no drafter of a deployment decides
what is near a school, and nobody changes the map without a line.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.audit.line import Line
from overt.config.canonical import digest_of
from overt.config.deployment import DeploymentFile
from overt.config.sensitive_map import SensitiveMap, parse_map
from overt.errors import Refused
from overt.gate.account_standing import lines_of
from overt.gate.door import Door
from overt.gate.list_reading import Act
from overt.identifiers import Digest
from overt.policy.access import Actor, Permission
from overt.policy.profile import Profile
from overt.policy.profiles import profile_named
from overt.policy.retention import RecordKind, delete_after
from overt.policy.sensitive_places import MapFacts, near_places
from overt.records.schema import EvidenceOnRecordRow
from overt.records.work import fresh_id

LARGEST_MAP: Final = 1_000_000


class SensitiveMapGate(Door):
    def record_sensitive_map(self, actor: Actor, path: Path) -> SensitiveMap:
        """Put a map on record: from now on every deployment of its profile is held against it."""
        self._permit(actor, Permission.EVIDENCE_RECORD)
        with self._telling_refusals(actor, Permission.EVIDENCE_RECORD):
            content = _content(path)
            drawn = parse_map(content, file=path.name)
            _require_known(drawn, profile_named(drawn.profile), path.name)
        with self._as(actor, Permission.EVIDENCE_RECORD) as work:
            line = work.audit(
                AuditEvent.SENSITIVE_MAP_RECORDED, profile=drawn.profile, version=drawn.version,
                map=digest_of(content), places=len(drawn.places),
            )  # fmt: skip
            work.keep(
                EvidenceOnRecordRow(
                    id=fresh_id(), by=actor.id, at=work.now,
                    evidence={"map": content.decode("utf-8-sig")}, audit_id=line,
                    delete_after=delete_after(RecordKind.AUTHORISATION, None, work.now),
                )
            )  # fmt: skip
        return drawn


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            content = opened.read(LARGEST_MAP + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}; check the path") from error
    return content.removeprefix(b"\xef\xbb\xbf")


def _require_known(drawn: SensitiveMap, profile: Profile, file: str) -> None:
    unknown = sorted({place.kind for place in drawn.places} - profile.sensitive)
    if unknown:
        raise Refused(
            f"{file}: kind {', '.join(unknown)}: {profile.name} knows "
            f"{', '.join(sorted(profile.sensitive))}"
        )


def map_facts(act: Act, file: DeploymentFile, profile: Profile | None) -> MapFacts | None:
    """What the map in force says of the deployment; None where none is on record."""
    line = _newest(act, profile.name) if profile is not None else None
    if line is None:
        return None
    drawn = _drawn(act, line)
    return MapFacts(drawn.version, near_places(drawn, file.place, file.position), line.actor)


def _newest(act: Act, profile: str) -> Line | None:
    maps = reversed(lines_of(act, AuditEvent.SENSITIVE_MAP_RECORDED))
    return next((line for line in maps if line.detail.get("profile") == profile), None)


def _drawn(act: Act, line: Line) -> SensitiveMap:
    row = act.session.scalar(
        select(EvidenceOnRecordRow).where(EvidenceOnRecordRow.audit_id == line.seq)
    )
    content = str((row.evidence or {}).get("map", "")).encode() if row is not None else b""
    if Digest(digest_of(content)) != line.detail.get("map"):
        raise Refused(
            f"the map of sensitive places of line {line.seq} of the log is gone or was altered: "
            "put it on record again (overt evidence map)"
        )
    return parse_map(content, file=f"the map of line {line.seq}")
