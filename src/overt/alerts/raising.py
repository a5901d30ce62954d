"""When evidence becomes an alert, an update of one, or nothing.

The rule, in the order of the marks in the code; each is asked only if those before it pass:
(1) Below the threshold there is no alert, whatever else speaks for it.
(2) One shot is a coincidence: the evidence must rest on several independent ones.
(3) One alert a person and passage: more evidence for it can only update it, when it is clearly
    better or tells for the first time which way the person walks, and not more often than an
    operator can follow.
(4) A person whose last alerted passage is hardly over is not alerted again: it is most likely
    the same passage, torn apart. This delays; the same evidence counts once the time is over, or
    once the alerted passage turns out to go on beside this one: then two people are in view who
    both resemble the person, and each is shown.
(5) Otherwise an alert is raised. A small margin to a second person marks it ambiguous and names
    both; it never suppresses the alert (R22).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from overt.alerts.alert import Alert
from overt.alerts.track_evidence import Hold, TrackEvidence
from overt.identifiers import AlertId, PassageId, RunId, SubjectId
from overt.tracks.heading import Heading
from overt.units import Seconds, Similarity, UtcTime

NO_LOOKALIKES: Final[Mapping[SubjectId, tuple[SubjectId, ...]]] = MappingProxyType({})
NO_WAIT: Final = Seconds(0.0)
UPDATE_EVERY: Final = Seconds(1.0)
COOLDOWN: Final = Seconds(2.0)


@dataclass(frozen=True, slots=True)
class RaisingRules:
    threshold: Similarity
    min_shots: int = 2
    ambiguous_margin: float = 0.05
    """See `margin_for`: the spread of cosines differs from model to model."""
    update_gain: float = 0.02
    """How much more alike a better shot must be."""
    update_every: Seconds = UPDATE_EVERY
    most_updates: int = 5
    cooldown: Seconds = COOLDOWN
    """After the last evidence for a person in a passage that was alerted. Short on purpose: a
    person who walks past again makes a new passage, which needs an alert of its own."""
    lookalikes: Mapping[SubjectId, tuple[SubjectId, ...]] = field(
        default_factory=lambda: NO_LOOKALIKES
    )

    def __post_init__(self) -> None:
        if not -1.0 <= self.threshold <= 1.0:
            raise ValueError(f"{self.threshold} is no cosine")
        if self.min_shots < 1:
            raise ValueError("an alert rests on at least one shot")


def margin_for(threshold: Similarity) -> float:
    """Name the margin that is small on this model's scale: a tenth of what is left above.

    0.05 at 0.50 of the pack `open`; 0.008 at 0.92 of `dlib`, whose strangers reach 0.9.
    """
    return (1.0 - threshold) / 10


@dataclass(frozen=True, slots=True)
class RaiseAlert:
    alert: Alert


@dataclass(frozen=True, slots=True)
class UpdateAlert:
    """The same alert, by its id, on better evidence."""

    alert: Alert


@dataclass(frozen=True, slots=True)
class Held:
    reason: Hold


@dataclass(frozen=True, slots=True)
class Waiting:
    """Already alerted, and nothing clearly better to add."""


News = RaiseAlert | UpdateAlert | Held | Waiting


@dataclass(frozen=True, slots=True)
class _Raised:
    alert: Alert
    told_at: Seconds
    updates: int = 0


@dataclass(frozen=True, slots=True)
class AlertBook:
    """What has been raised in one run at one camera."""

    run: RunId
    raised: Mapping[tuple[PassageId, SubjectId], _Raised] = field(
        default_factory=lambda: MappingProxyType({})
    )
    last_evidence: Mapping[SubjectId, Seconds] = field(default_factory=lambda: MappingProxyType({}))
    """When each alerted person was last seen in an alerted passage."""

    def never_raised(self, alert: Alert) -> "AlertBook":
        """It was refused: the passage may still be alerted for this person."""
        key = (alert.passage, alert.subject_id)
        kept = {other: entry for other, entry in self.raised.items() if other != key}
        return replace(self, raised=MappingProxyType(kept))


def consider(
    book: AlertBook, evidence: TrackEvidence, rules: RaisingRules, at: UtcTime, *, now: Seconds
) -> tuple[AlertBook, News]:
    """Judge one passage's evidence; `now` is the source's own clock, `at` is the time of day."""
    match = evidence.match
    if not match.similarity >= rules.threshold:  # (1)
        return book, Held(Hold.BELOW_THRESHOLD)
    if evidence.shots < rules.min_shots:  # (2)
        return book, Held(Hold.TOO_FEW_SHOTS)
    key = (evidence.passage, match.subject_id)
    before = book.raised.get(key)
    if before is not None:  # (3)
        book = _seen(book, match.subject_id, now)
        if not _clearly_better(before, evidence, rules, now):
            return book, Waiting()
        alert = _alert(before.alert.id, evidence, rules, before.alert.raised_at)
        return _told(book, alert, now, before.updates + 1), UpdateAlert(alert)
    last = book.last_evidence.get(match.subject_id)
    beside = last is not None and last > evidence.since
    if last is not None and not beside and now - last < rules.cooldown:  # (4)
        return book, Held(Hold.COOLDOWN)
    alert = _alert(_new_id(book, evidence), evidence, rules, at)  # (5)
    return _told(_seen(book, match.subject_id, now), alert, now, 0), RaiseAlert(alert)


def _clearly_better(
    before: _Raised, evidence: TrackEvidence, rules: RaisingRules, now: Seconds
) -> bool:
    gain = evidence.match.similarity - before.alert.similarity
    return (
        (gain >= rules.update_gain or (gain >= 0 and _tells_the_way(before, evidence)))
        and now - before.told_at >= rules.update_every
        and before.updates < rules.most_updates
    )


def _tells_the_way(before: _Raised, evidence: TrackEvidence) -> bool:
    return before.alert.heading is Heading.UNKNOWN is not evidence.heading


def _new_id(book: AlertBook, evidence: TrackEvidence) -> AlertId:
    """Number the alerts of a passage: the second is that of another person."""
    number = 1 + sum(passage == evidence.passage for passage, _ in book.raised)
    return AlertId(f"{book.run}-{evidence.passage}-{number}")


def _alert(number: AlertId, evidence: TrackEvidence, rules: RaisingRules, at: UtcTime) -> Alert:
    match = evidence.match
    margin = match.margin
    return Alert(
        id=number,
        passage=evidence.passage,
        camera=evidence.camera,
        captured_at=evidence.captured_at,
        raised_at=at,
        media_time=evidence.media_time,
        subject_id=match.subject_id,
        reference=match.reference,
        similarity=match.similarity,
        threshold=rules.threshold,
        list_size=evidence.list_size,
        shots=evidence.shots,
        second=match.second,
        second_similarity=match.second_similarity,
        ambiguous=margin is not None and margin < rules.ambiguous_margin,
        lookalikes=rules.lookalikes.get(match.subject_id, ()),
        heading=evidence.heading,
        evidence_took=_took(evidence),
    )


def _took(evidence: TrackEvidence) -> Seconds | None:
    if evidence.usable_at is None:
        return None
    return Seconds(evidence.media_time - evidence.usable_at)


def _told(book: AlertBook, alert: Alert, now: Seconds, updates: int) -> AlertBook:
    entry = _Raised(alert, now, updates)
    return replace(
        book,
        raised=MappingProxyType({**book.raised, (alert.passage, alert.subject_id): entry}),
    )


def _seen(book: AlertBook, subject: SubjectId, now: Seconds) -> AlertBook:
    return replace(book, last_evidence=MappingProxyType({**book.last_evidence, subject: now}))
