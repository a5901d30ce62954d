"""When evidence becomes an alert, an update of one, or nothing.

The rule, in the order of the marks in the code; each is asked only if those before it pass:
(1) Below the threshold there is no alert, whatever else speaks for it.
(2) One shot is a coincidence: the evidence must rest on several independent ones.
(3) One alert a person and passage: more evidence for it can only update it, when it is clearly
    better or tells for the first time which way the person walks, and not more often than an
    operator can follow.
(4) A person whose last alerted passage is hardly over is not alerted again: it is most likely
    the same passage, torn apart. This delays; the same evidence counts once the time is over. It
    counts at once where an alerted passage is seen in the same picture as this one: then two
    people are in view who both resemble the person, and each is shown. Where passages follow one
    upon the other without a pause, as they do where faces jump or the camera shakes, each that is
    alerted all the same doubles the time to the next, so that nobody is drowned in them.
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
PAUSE: Final = Seconds(1.0)
"""Without evidence: as long as a track outlives its face. What comes sooner may be torn off."""
MOST_DOUBLINGS: Final = 5
"""64 s: somebody who stays is told of again within an operator's memory."""


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
class _Resembled:
    """When somebody last resembled a person who was alerted."""

    alerted_at: Seconds
    """In a passage that was alerted."""
    newest: tuple[tuple[PassageId, Seconds], ...]
    """The last two passages, alerted or not, and when they last did."""
    torn: int = 0
    """Passages that were alerted though they followed upon others without a pause."""

    def seen_in(self, passage: PassageId, now: Seconds) -> "_Resembled":
        others = tuple(each for each in self.newest if each[0] != passage)
        return replace(self, newest=(*others[-1:], (passage, now)))

    def follows(self, passage: PassageId, since: Seconds) -> bool:
        """Whether a passage that began then came upon another without a pause."""
        return any(since - at < PAUSE for other, at in self.newest if other != passage)


@dataclass(frozen=True, slots=True)
class AlertBook:
    """What has been raised in one run at one camera."""

    run: RunId
    raised: Mapping[tuple[PassageId, SubjectId], _Raised] = field(
        default_factory=lambda: MappingProxyType({})
    )
    resembled: Mapping[SubjectId, "_Resembled"] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Of each alerted person."""

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
        book = _seen(book, key, now)
        if not _clearly_better(before, evidence, rules, now):
            return book, Waiting()
        alert = _alert(before.alert.id, evidence, rules, before.alert.raised_at)
        return _told(book, alert, now, before.updates + 1), UpdateAlert(alert)
    last = book.resembled.get(match.subject_id)
    torn = 0
    if last is not None and not _is_beside(book, evidence):  # (4)
        torn = last.torn + 1 if last.follows(evidence.passage, evidence.since) else 0
        if now - last.alerted_at < rules.cooldown * 2 ** min(max(torn - 1, 0), MOST_DOUBLINGS):
            held = last.seen_in(evidence.passage, now)
            return _with(book, match.subject_id, held), Held(Hold.COOLDOWN)
    alert = _alert(_new_id(book, evidence), evidence, rules, at)  # (5)
    book = _seen(book, key, now, torn=torn)
    return _told(book, alert, now, 0), RaiseAlert(alert)


def _is_beside(book: AlertBook, evidence: TrackEvidence) -> bool:
    """Whether a passage alerted for the same person is seen in the same picture."""
    subject = evidence.match.subject_id
    return any((passage, subject) in book.raised for passage in evidence.beside)


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


def _seen(
    book: AlertBook, key: tuple[PassageId, SubjectId], now: Seconds, *, torn: int | None = None
) -> AlertBook:
    """Enter evidence of an alerted passage."""
    passage, subject = key
    last = book.resembled.get(subject, _Resembled(now, ())).seen_in(passage, now)
    torn = last.torn if torn is None else torn
    return _with(book, subject, replace(last, alerted_at=now, torn=torn))


def _with(book: AlertBook, subject: SubjectId, last: _Resembled) -> AlertBook:
    return replace(book, resembled=MappingProxyType({**book.resembled, subject: last}))
