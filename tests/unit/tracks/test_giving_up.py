from dataclasses import replace

import pytest

from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import (
    NO_SHOTS,
    ShotRules,
    Shots,
    choose,
    could_settle,
    due,
    hopeful,
    rules_for,
)
from overt.units import Seconds, Similarity

RISE = MeasuredRise(
    model="open@sha256:0/f32",
    lift=0.10,
    gain=0.30,
    loss=0.01,
    found=400,
    lost=3,
    subjects=200,
    thresholds=(0.5,),
)
RULES = rules_for(Similarity(0.5), 2, RISE)


def seen(*looks: tuple[float, float], hope: float, rules: ShotRules = RULES) -> Shots:
    """Make a track of these encoded looks (time, worth) that resembles somebody so much."""
    shots = NO_SHOTS
    for slot, (at, worth) in enumerate(looks):
        shots = shots.with_shot(slot, Seconds(at), worth, rules)
    return shots.compared([hope] * len(looks), hope)


def test_whoever_resembles_nobody_is_looked_at_again_only_after_a_while() -> None:
    stranger = seen((0.0, 0.4), hope=0.3)
    assert not due(stranger, Seconds(0.75), RULES)
    assert due(stranger, Seconds(0.8), RULES)  # the track may have gone over to somebody else
    assert choose(stranger, Seconds(0.75), 0.45, RULES) is None


def test_somebody_given_up_is_looked_at_again_when_clearly_better_seen() -> None:
    stranger = seen((0.0, 0.4), hope=0.3)
    assert choose(stranger, Seconds(0.4), 0.5, RULES) is None
    assert choose(stranger, Seconds(0.4), 0.6, RULES) == 1


def test_the_less_somebody_resembles_the_better_a_look_must_be() -> None:
    assert choose(seen((0.0, 0.3), hope=0.35), Seconds(0.4), 0.4, RULES) == 1
    assert choose(seen((0.0, 0.3), hope=0.25), Seconds(0.4), 0.4, RULES) is None


def test_of_those_in_doubt_every_look_is_taken() -> None:
    doubtful = seen((0.0, 0.4), hope=0.42)
    assert choose(doubtful, Seconds(0.04), 0.4, RULES) == 1


def test_every_frame_is_asked_for_only_where_the_next_one_may_settle_it() -> None:
    assert not hopeful(seen((0.0, 0.4), hope=0.45), RULES)
    assert hopeful(seen((0.0, 0.4), hope=0.47), RULES)
    assert not hopeful(seen((0.0, 0.4), hope=0.55), RULES)  # the second look comes in its time


def test_a_poorer_look_must_be_within_the_lift_too() -> None:
    assert choose(seen((0.0, 0.4), hope=0.42), Seconds(0.04), 0.3, RULES) is None


def test_over_the_threshold_the_second_look_waits_until_it_is_evidence() -> None:
    first = seen((0.0, 0.4), hope=0.55)
    assert choose(first, Seconds(0.14), 0.6, RULES) is None
    assert choose(first, Seconds(0.15), 0.1, RULES) == 1


def test_somebody_in_doubt_for_long_is_looked_at_at_leisure() -> None:
    rules = replace(RULES, most_hopeful=3)
    doubtful = seen(*((0.04 * k, 0.4) for k in range(4)), hope=0.47, rules=rules)
    assert not hopeful(doubtful, rules)
    assert choose(doubtful, Seconds(0.16), 0.4, rules) is None
    assert choose(doubtful, Seconds(0.44), 0.4, rules) == 4


def test_an_alerted_track_is_looked_at_once_a_second_or_when_clearly_better_seen() -> None:
    alerted = seen((0.0, 0.4), (0.2, 0.4), hope=0.6).alerted()
    assert choose(alerted, Seconds(0.9), 0.4, RULES) is None
    assert choose(alerted, Seconds(1.2), 0.4, RULES) == 2
    assert choose(alerted, Seconds(0.3), 0.53, RULES) == 2


def test_a_higher_threshold_gives_up_sooner() -> None:
    track = seen((0.0, 0.4), hope=0.42)
    assert could_settle(track, 1.0, RULES)
    assert not could_settle(track, 1.0, rules_for(Similarity(0.55), 2, RISE))


@pytest.mark.parametrize("hope", [-1.0, 0.0, 0.3])
def test_where_nothing_was_measured_nobody_is_given_up(hope: float) -> None:
    rules = rules_for(Similarity(0.5), 2)
    track = seen((0.0, 0.4), hope=hope, rules=rules)
    assert due(track, Seconds(0.3), rules)
    assert choose(track, Seconds(0.3), 0.1, rules) == 1


def test_a_stranger_who_stands_still_costs_two_templates_a_second() -> None:
    shots, encoded = NO_SHOTS, 0
    for frame in range(3600 * 10):
        worth = 0.5 + 0.05 * (frame * 7919 % 100) / 100
        slot = choose(shots, Seconds(frame / 10), worth, RULES)
        if slot is not None:
            shots = shots.with_shot(slot, Seconds(frame / 10), worth, RULES)
            shots, encoded = shots.compared([0.35] * 16, 0.35), encoded + 1
    assert encoded <= 2 * 3600
