"""Recordings as they were watched, of people who are directions in space: no picture, no network."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import numpy as np
from tests.fakes.networks import FAKE_MODEL

from overt.assurance.listed import EnrolledList
from overt.assurance.measured_watch import rules_at, shot_rules_at
from overt.assurance.passage_scores import WatchedClip
from overt.assurance.passages import ClipOutcome, PassageOutcome
from overt.assurance.rescore import TakenLook, rescored
from overt.assurance.truth import NO_CAMERA, TruePassage
from overt.identifiers import PassageId, SubjectId
from overt.matches.gallery import gallery_of
from overt.units import Float32, Seconds, Similarity, UtcTime

D = 64
NOON = UtcTime(datetime(2026, 11, 23, 12, tzinfo=UTC))
LISTED = 120
AT = Similarity(0.6)


def face(number: int) -> Float32:
    """Strangers of random directions resemble each other little."""
    vector = np.random.default_rng(number).normal(size=D).astype(np.float32)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def double_of(number: int) -> Float32:
    """Somebody else who resembles them: more or less, as people do."""
    near = face(number) + (0.2 + 0.6 * (number % 10) / 10) * face(1_000 + number)
    return np.asarray(near / np.linalg.norm(near), np.float32)


def looks(track: str, vector: Float32, *, first: float, many: int = 3) -> list[TakenLook]:
    return [
        TakenLook(
            track=PassageId(track),
            since=Seconds(first),
            at=Seconds(first + 0.5 * nth),
            captured_at=NOON,
            eye_distance=40.0,
            worth=0.8,
            vector=vector.copy(),
        )
        for nth in range(many)
    ]


def listed(count: int = LISTED) -> EnrolledList:
    names = tuple(SubjectId(f"P{number}") for number in range(count))
    vectors = np.stack([face(number) for number in range(count)])
    return EnrolledList("list.csv", names, gallery_of(FAKE_MODEL, names, vectors), {}, {})


def passing(number: int | None, nth: int, groups: Mapping[str, str] | None = None) -> TruePassage:
    subject = None if number is None else SubjectId(f"P{number}")
    return TruePassage(
        subject, Seconds(10.0 * nth), Seconds(10.0 * nth + 3), NO_CAMERA, groups or {}
    )


def clip_of(passed: Sequence[tuple[int | None, Float32]], of: EnrolledList) -> WatchedClip:
    """One track a passage, told against the whole list."""
    taken = [
        look
        for nth, (_, vector) in enumerate(passed)
        for look in looks(f"t-{nth}", vector, first=10.0 * nth)
    ]
    told = rescored(taken, of.gallery, rules_at(AT), shot_rules_at(AT, FAKE_MODEL))
    outcomes = [
        PassageOutcome(
            passing(number, nth), (PassageId(f"t-{nth}"),),
            told[PassageId(f"t-{nth}")].best, told[PassageId(f"t-{nth}")].alerted, None,
        )
        for nth, (number, _) in enumerate(passed)
    ]  # fmt: skip
    return WatchedClip(1, of, ClipOutcome(tuple(outcomes), 0, 0), (), tuple(taken))
