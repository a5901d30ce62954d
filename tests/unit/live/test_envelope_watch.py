"""Faces that leave what was tested trip a stop, by measure; those within do not (R27)."""

from collections.abc import Iterator
from dataclasses import replace
from math import inf

import numpy as np
import pytest
from scipy.stats import binom

from overt.faces.quality import Quality, Rejection
from overt.live.envelope_watch import EnvelopeWatch
from overt.rates.drift import Envelope

pytestmark = pytest.mark.requirement("R27")
LIGHT = Envelope("brightness", 60.0, 200.0, 500)
SIZE = Envelope("eye_distance_px", 30.0, inf, 500)
USUAL = Quality(
    score=0.8, reasons=frozenset(), eye_distance=50.0, yaw=0.0, pitch=0.0, roll=0.0,
    sharpness=0.5, brightness=120.0, contrast=40.0,
)  # fmt: skip
DARK = replace(USUAL, brightness=40.0)
SMALL = replace(USUAL, eye_distance=25.0)


def watch() -> EnvelopeWatch:
    return EnvelopeWatch((LIGHT, SIZE))


def test_dusk_after_good_light_is_told_once_and_watched_anew() -> None:
    held = watch()
    for _ in range(1_000):
        held.take(USUAL, ())
    assert held.drift() is None
    for _ in range(60):
        held.take(DARK, ())
    drift = held.drift()
    assert str(drift) == ("60 of 1060 passages outside what was tested (brightness from 60 to 200)")
    assert held.drift() is None
    held.take(DARK, ())
    assert held.drift() is None
    assert held.outside == {"brightness": 61, "eye_distance_px": 0}


def test_larger_faces_do_no_harm_and_smaller_ones_do() -> None:
    held = watch()
    for _ in range(200):
        held.take(replace(USUAL, eye_distance=400.0), ())
    assert held.drift() is None
    for _ in range(60):
        held.take(SMALL, ())
    drift = held.drift()
    assert drift is not None
    assert drift.envelope is SIZE


def test_without_a_good_look_what_was_wrong_with_it_was_outside() -> None:
    held = watch()
    for _ in range(60):
        held.take(None, [Rejection.TOO_DARK, Rejection.TURNED_AWAY])
    drift = held.drift()
    assert drift is not None
    assert drift.envelope is LIGHT
    assert held.outside == {"brightness": 60}


def test_nothing_is_watched_where_nothing_was_tested() -> None:
    held = EnvelopeWatch()
    for _ in range(100):
        held.take(DARK, ())
    assert (held.drift(), held.outside) == (None, {})


def test_a_process_that_died_halfway_does_not_delay_the_stop() -> None:
    whole, first, second = watch(), watch(), watch()
    for _ in range(25):
        whole.take(DARK, ())
        first.take(DARK, ())
    second.go_on_from(first.so_far())
    after = 0
    while (drift := second.drift()) is None:
        assert whole.drift() is None
        whole.take(DARK, ())
        second.take(DARK, ())
        after += 1
    assert str(drift) == str(whole.drift())
    assert drift.passages == 25 + after


def test_what_has_tripped_is_not_handed_on() -> None:
    held = watch()
    for _ in range(60):
        held.take(DARK, ())
    assert held.drift() is not None
    assert "brightness 60.0 200.0" not in held.so_far()


def test_under_another_test_of_accuracy_it_is_watched_anew() -> None:
    before = watch()
    for _ in range(60):
        before.take(DARK, ())
    newer = EnvelopeWatch((replace(LIGHT, low=50.0), SIZE))
    newer.go_on_from(before.so_far())
    assert newer.drift() is None


def looks(outside: float, seed: int) -> Iterator[Quality]:
    rng = np.random.default_rng(seed)
    while True:
        yield DARK if rng.random() < outside else USUAL


def trips(outside: float, passages: int, runs: int) -> int:
    count = 0
    for seed in range(runs):
        held = watch()
        for _, look in zip(range(passages), looks(outside, seed), strict=False):
            held.take(look, ())
        count += held.drift() is not None
    return count


def test_a_tenth_outside_as_when_it_was_tested_does_not_trip_at_the_stated_rate() -> None:
    passages, runs = 400, 40
    stated = 2 * passages / 1_000_000  # two measures
    assert trips(0.1, passages, runs) <= binom.ppf(1 - 1e-6, runs, stated)


def test_half_outside_trips() -> None:
    runs = 40
    assert trips(0.5, 150, runs) >= binom.ppf(1e-6, runs, 0.95)
