"""What the log tells of one deployment, folded into the facts that its rules ask for.

Pure: lines in, facts out. A line counts for the very authorisation whose digest it names; what
stands in the street (signs, people, a court's decision on an id) counts for the deployment's id.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from overt.identifiers import ActorId, DeploymentId, Digest
from overt.policy.life import MOVE_OF, Move, Stage, step
from overt.units import UtcTime, utc

Detail = Mapping[str, str | int | bool]

SIGNS: Final = "signs-recorded"
CHECKED_IN: Final = "checked-in"
APPROVED: Final = "deployment-approved"
DECIDED: Final = "decision-recorded"
WRITTEN: Final = "written-record-kept"
FACTS: Final = frozenset({SIGNS, CHECKED_IN, APPROVED, DECIDED, WRITTEN})
EVENTS: Final = frozenset({*FACTS, *MOVE_OF})
"""Every event that the life of a deployment is made of."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the log about a deployment."""

    seq: int
    at: UtcTime
    by: ActorId
    event: str
    detail: Detail

    @property
    def deployment(self) -> DeploymentId:
        return DeploymentId(str(self.detail.get("deployment", "")))

    @property
    def digest(self) -> Digest:
        return Digest(str(self.detail.get("digest", "")))

    def text(self, name: str) -> str:
        return str(self.detail.get(name, ""))

    def time(self, name: str) -> UtcTime | None:
        """A time that the line tells; None where it tells none."""
        try:
            return utc(datetime.fromisoformat(self.text(name)))
        except ValueError:
            return None

    def count(self, name: str) -> int:
        found = self.detail.get(name, 0)
        return found if isinstance(found, int) else 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What the public was told, and since when it is on record."""

    published_at: UtcTime
    from_: UtcTime
    until: UtcTime
    recorded_at: UtcTime
    place: Digest
    """Of the place's name as the notice's record gave it."""


@dataclass(frozen=True, slots=True)
class Presence:
    """The engagement team says that it is there."""

    at: UtcTime
    by: ActorId
    officers: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What a court or an independent body decided (R70)."""

    granted: bool
    valid_until: UtcTime
    at: UtcTime
    by: ActorId


@dataclass(frozen=True, slots=True)
class LifeFacts:
    """How far a deployment has come, and what is on record of it."""

    stage: Stage = Stage.DRAFTED
    first_line: int = 0
    """Of the log: nothing before it is about this deployment."""
    submitted_by: ActorId | None = None
    submitters: frozenset[ActorId] = frozenset()
    """Whoever ever submitted this very form: another's asking again takes nobody's away."""
    signed_by: ActorId | None = None
    """Who asked for the last signature over this very form."""
    signers: frozenset[ActorId] = frozenset()
    """Whoever ever did."""
    signed_at: UtcTime | None = None
    rank: str = ""
    """Of the officer whose key signed it; blank where it was not registered."""
    signed_line: int | None = None
    opened: bool = False
    """It has run before."""
    notice: Notice | None = None
    signs_at: UtcTime | None = None
    signs: int = 0
    """How many were photographed."""
    presence: Presence | None = None
    approved_by: ActorId | None = None
    """The senior officer."""
    decision: Decision | None = None
    urgent_since: UtcTime | None = None
    """The first signature under urgent authority that no written record has answered since; of the
    id, so that signing a changed form again does not begin the time anew."""
    written_at: UtcTime | None = None
    """When the written record of that urgency was kept."""
    suspended_because: str = ""
    ended_at: UtcTime | None = None


def life_facts(told: Iterable[Told], digest: Digest) -> LifeFacts:
    """What is on record of the authorisation with this digest; `told` is oldest first."""
    lines = list(told)
    facts = LifeFacts(first_line=lines[0].seq if lines else 0)
    for line in lines:
        move = MOVE_OF.get(line.event)
        if move is Move.AUTHORISE:
            facts = _urgency(facts, line)
        if move is not None and line.digest == digest:
            facts = _moved(facts, move, line)
        elif line.event in FACTS:
            facts = _TAKE[line.event](facts, line, digest)
    return facts


def _moved(facts: LifeFacts, move: Move, line: Told) -> LifeFacts:
    moved = replace(facts, stage=step(facts.stage, move))
    match move:
        case Move.SUBMIT:
            return replace(moved, submitted_by=line.by, submitters=facts.submitters | {line.by})
        case Move.AUTHORISE:
            return _signed(moved, line)
        case Move.NOTICE:
            return replace(moved, notice=_notice(line) or facts.notice)
        case Move.SUSPEND:
            return replace(moved, suspended_because=line.text("because"))
        case Move.RESUME:
            return replace(moved, suspended_because="")
        case Move.OPEN:
            return replace(moved, opened=True)
        case Move.CLOSE:
            return replace(moved, ended_at=facts.ended_at or line.at)
        case Move.PURGE | Move.EVALUATE:
            return moved


def _signed(facts: LifeFacts, line: Told) -> LifeFacts:
    return replace(
        facts, signed_by=line.by, signers=facts.signers | {line.by}, signed_at=line.at,
        signed_line=line.seq, rank=line.text("rank"),
    )  # fmt: skip


def _urgency(facts: LifeFacts, line: Told) -> LifeFacts:
    if not line.text("urgent"):
        return facts
    if facts.urgent_since is None or (facts.written_at and facts.written_at < line.at):
        return replace(facts, urgent_since=line.at, written_at=None)
    return facts


def _notice(line: Told) -> Notice | None:
    published, from_, until = line.time("published_at"), line.time("from"), line.time("until")
    if published is None or from_ is None or until is None:
        return None
    return Notice(published, from_, until, line.at, Digest(line.text("place")))


def _signs(facts: LifeFacts, line: Told, digest: Digest) -> LifeFacts:
    del digest  # signs stand in a street, whatever was signed
    return replace(facts, signs_at=line.at, signs=line.count("photographs"))


def _checked_in(facts: LifeFacts, line: Told, digest: Digest) -> LifeFacts:
    del digest  # likewise people
    return replace(facts, presence=Presence(line.at, line.by, line.count("officers")))


def _approved(facts: LifeFacts, line: Told, digest: Digest) -> LifeFacts:
    return replace(facts, approved_by=line.by) if line.digest == digest else facts


def _decided(facts: LifeFacts, line: Told, digest: Digest) -> LifeFacts:
    until = line.time("valid_until")
    if line.digest != digest or until is None:
        return facts
    granted = line.text("decision") == "granted"
    return replace(facts, decision=Decision(granted, until, line.at, line.by))


def _written(facts: LifeFacts, line: Told, digest: Digest) -> LifeFacts:
    del digest  # the urgency was the id's
    return replace(facts, written_at=line.at)


_TAKE: Final[Mapping[str, Callable[[LifeFacts, Told, Digest], LifeFacts]]] = {
    SIGNS: _signs,
    CHECKED_IN: _checked_in,
    APPROVED: _approved,
    DECIDED: _decided,
    WRITTEN: _written,
}
