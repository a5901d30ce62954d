"""Giving a track up early: never in doubt, never sooner on a weaker ground, at the stated loss."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import (
    NO_SHOTS,
    ShotRules,
    Shots,
    choose,
    hopeful,
    independent,
    rules_for,
)
from overt.units import Seconds, Similarity

cosines = st.floats(-0.2, 0.9)
worths = st.floats(0.02, 1.0)
rises = st.builds(
    lambda lift, gain: MeasuredRise(
        model="", lift=lift, gain=gain, loss=0.01, found=1, lost=0, subjects=1, thresholds=(0.5,)
    ),
    lift=st.floats(0.01, 0.3),
    gain=st.floats(0.05, 0.6),
)


def track(hope: float, worth: float, looks: int, rules: ShotRules) -> Shots:
    shots = NO_SHOTS
    for slot in range(looks):
        shots = shots.with_shot(slot, Seconds(0.5 * slot), worth, rules)
    return shots.compared([hope] * looks, hope)


def taken(hope: float, worth: float, rules: ShotRules) -> bool:
    """Whether this look is encoded half a second after two others of the worth 0.4."""
    return choose(track(hope, 0.4, 2, rules), Seconds(1.0), worth, rules) is not None


@given(rises, st.floats(0.0, 1.0), st.integers(1, 8), st.floats(1.0, 2.0), st.floats(0, 2))
def test_nobody_in_doubt_is_given_up(
    rise: MeasuredRise, doubt: float, looks: int, better: float, after: float
) -> None:
    rules = rules_for(Similarity(0.5), 2, rise)
    hope = min(max(0.5 - doubt * rise.lift, rules.hopeful_from + 1e-9), 0.5 - 1e-9)
    shots = track(hope, 0.4, looks, rules)
    at = Seconds(0.5 * (looks - 1) + after)
    assert choose(shots, at, 0.4 * better, rules) is not None


@given(rises, st.floats(0.2, 0.8), cosines, cosines, worths)
def test_whoever_resembles_more_is_not_given_up_sooner(
    rise: MeasuredRise, threshold: float, hope: float, other: float, worth: float
) -> None:
    rules = rules_for(Similarity(threshold), 2, rise)
    assert taken(min(hope, other), worth, rules) <= taken(max(hope, other), worth, rules)


@given(rises, st.floats(0.2, 0.8), cosines, worths, worths)
def test_a_better_look_is_taken_where_a_poorer_one_is(
    rise: MeasuredRise, threshold: float, hope: float, worth: float, other: float
) -> None:
    rules = rules_for(Similarity(threshold), 2, rise)
    assert taken(hope, min(worth, other), rules) <= taken(hope, max(worth, other), rules)


@given(rises, st.floats(0.2, 0.8), st.floats(0.2, 0.8), cosines, worths)
def test_a_lower_threshold_does_not_give_up_sooner(
    rise: MeasuredRise, threshold: float, other: float, hope: float, worth: float
) -> None:
    low, high = sorted((threshold, other))
    assert taken(hope, worth, rules_for(Similarity(high), 2, rise)) <= taken(
        hope, worth, rules_for(Similarity(low), 2, rise)
    )


# --- the stated loss, on tracks that are drawn: what a look is like hangs on the person, on the
#     passage and on how well it was seen, and the looks of one passage hang together


@dataclass(frozen=True, slots=True)
class Drawn:
    worth: list[float]
    likeness: list[float]


def drawn(count: int, seed: int, *, spread: float, together: float) -> Iterator[Drawn]:
    rng = np.random.default_rng(seed)
    for _ in range(count):
        frames = int(rng.integers(25, 75))
        worth = rng.uniform(0.15, 0.4) * np.linspace(1, rng.uniform(1.2, 3.0), frames)
        noise = rng.normal(0, spread, frames)
        for frame in range(1, frames):
            noise[frame] = together * noise[frame - 1] + math.sqrt(1 - together**2) * noise[frame]
        likeness = rng.normal(0.52, 0.08) + 0.12 * np.log(worth / 0.5) + noise
        yield Drawn(worth.tolist(), likeness.tolist())


def alerted(one: Drawn, rules: ShotRules) -> tuple[bool, int]:
    """Tell whether the two most alike looks reach the threshold, and after how many encoded."""
    shots, encoded = NO_SHOTS, 0
    slots = [-1.0] * rules.slots
    for frame, (worth, likeness) in enumerate(zip(one.worth, one.likeness, strict=True)):
        if frame % 2 and not hopeful(shots, rules):
            continue
        slot = choose(shots, Seconds(frame / 25), worth, rules)
        if slot is None:
            continue
        shots, encoded = shots.with_shot(slot, Seconds(frame / 25), worth, rules), encoded + 1
        slots[slot] = likeness
        best = sorted(slots)[-2:] if len(shots.kept) > 1 else [likeness]
        shots = shots.compared(slots, sum(best) / len(best))
        if shots.hope >= rules.threshold and independent(shots.kept, rules) > 1:
            return True, encoded
    return False, encoded


def lost(tracks: list[Drawn], lift: float) -> tuple[int, int, float]:
    """Count who is alerted without giving up, who of these is not with it, and the looks saved."""
    unlimited = rules_for(Similarity(0.5), 2)
    rise = MeasuredRise(
        model="", lift=lift, gain=0.3, loss=0.01, found=1, lost=0, subjects=1, thresholds=(0.5,)
    )
    # Without giving up every look within the lift is taken too: only giving up differs.
    rules = rules_for(Similarity(0.5), 2, rise)
    before = [alerted(one, replace(unlimited, hopeful_from=rules.hopeful_from)) for one in tracks]
    after = [alerted(one, rules) for one in tracks]
    found = sum(was for was, _ in before)
    missed = sum(was and not now for (was, _), (now, _) in zip(before, after, strict=True))
    return found, missed, sum(n for _, n in before) / max(sum(n for _, n in after), 1)


@pytest.mark.parametrize(("spread", "together"), [(0.02, 0.0), (0.02, 0.9), (0.04, 0.6)])
def test_a_lift_measured_on_some_tracks_loses_no_more_than_stated_on_others(
    spread: float, together: float
) -> None:
    some = list(drawn(400, 1, spread=spread, together=together))
    others = list(drawn(800, 2, spread=spread, together=together))
    for lift in (0.04, 0.06, 0.08, 0.10, 0.12, 0.15, 0.20):
        found, missed, _ = lost(some, lift)
        if missed <= 0.01 * found:
            break
    found, missed, _ = lost(others, lift)
    assert found > 300
    assert missed <= 0.01 * found + 3 * math.sqrt(0.01 * found)


def test_strangers_cost_less_than_without_giving_up() -> None:
    strangers = [
        Drawn(one.worth, [likeness - 0.25 for likeness in one.likeness])
        for one in drawn(200, 3, spread=0.02, together=0.5)
    ]
    assert lost(strangers, 0.1)[2] > 1.2  # with a look each half second at those given up
