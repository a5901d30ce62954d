from dataclasses import replace

import pytest

from overt.tracks.best_shots import (
    NO_SHOTS,
    Shot,
    ShotRules,
    Shots,
    choose,
    due,
    hopeful,
    independent,
    second_slot,
)
from overt.units import Seconds

RULES = ShotRules(
    slots=3,
    apart=Seconds(0.2),
    leap=1.3,
    better=1.1,
    evidence_apart=Seconds(0.4),
)


def taken(*looks: tuple[float, float], rules: ShotRules = RULES) -> Shots:
    """Offer these looks (time, worth) and enter those that are worth it."""
    shots = NO_SHOTS
    for at, worth in looks:
        slot = choose(shots, Seconds(at), worth, rules)
        if slot is not None:
            shots = shots.with_shot(slot, Seconds(at), worth)
    return shots


def times(shots: Shots) -> list[float]:
    return sorted(shot.at for shot in shots.kept)


def test_the_first_look_is_taken() -> None:
    assert times(taken((0.0, 0.1))) == [0.0]


def test_a_look_just_after_another_is_not_worth_a_template() -> None:
    assert times(taken((0.0, 0.5), (0.1, 0.55), (0.2, 0.5))) == [0.0, 0.2]


def test_a_look_that_is_clearly_better_than_all_before_is_taken_at_once() -> None:
    assert times(taken((0.0, 0.5), (0.04, 0.65))) == [0.0, 0.04]


def test_a_full_track_gives_its_worst_shot_for_a_better_one() -> None:
    shots = taken((0.0, 0.5), (1.0, 0.3), (2.0, 0.6), (3.0, 0.5))
    assert [(shot.slot, shot.at) for shot in shots.kept] == [(0, 0.0), (1, 3.0), (2, 2.0)]


def test_a_full_track_takes_nothing_that_is_hardly_better_than_its_worst() -> None:
    assert times(taken((0.0, 0.5), (1.0, 0.5), (2.0, 0.5), (3.0, 0.54))) == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("worth", [0.0, -1.0, float("nan")])
def test_a_look_without_worth_is_never_taken(worth: float) -> None:
    assert choose(NO_SHOTS, Seconds(0.0), worth, RULES) is None


def test_somebody_who_stands_still_for_an_hour_costs_a_few_templates() -> None:
    shots, encoded = NO_SHOTS, 0
    for frame in range(3600 * 10):
        worth = 0.5 + 0.05 * (frame * 7919 % 100) / 100
        slot = choose(shots, Seconds(frame / 10), worth, RULES)
        if slot is not None:
            shots, encoded = shots.with_shot(slot, Seconds(frame / 10), worth), encoded + 1

    assert encoded < 12


def test_two_shots_too_near_in_time_are_one_piece_of_evidence() -> None:
    shots = taken((0.0, 0.5), (0.2, 0.5), (0.4, 0.5))
    assert (len(shots.kept), independent(shots.kept, RULES)) == (3, 2)


def test_two_templates_of_one_look_are_one_piece_of_evidence() -> None:
    shots = [Shot(0, Seconds(0.0), 0.5), Shot(1, Seconds(0.0), 0.5), Shot(2, Seconds(0.4), 0.5)]
    assert independent(shots, RULES) == 2


def test_the_second_template_of_a_look_has_a_slot_of_its_own() -> None:
    assert second_slot(taken((0.0, 0.5)), 1, RULES) == 2


def test_where_every_slot_is_taken_the_second_goes_where_the_least_alike_was() -> None:
    rules = replace(RULES, slots=3)
    full = taken((0.0, 0.5), (0.4, 0.5), (0.8, 0.5)).compared([0.1, 0.3, 0.2], hope=0.3)
    assert second_slot(full, 0, rules) == 2


def test_no_shots_are_no_evidence() -> None:
    assert independent((), RULES) == 0


def test_the_best_shot_is_the_latest_of_the_most_worthy() -> None:
    assert taken((0.0, 0.5), (1.0, 0.6), (2.0, 0.6)).best.at == 2.0


def test_the_slots_never_exceed_their_number() -> None:
    rules = replace(RULES, slots=2)
    shots = taken(*((0.5 * k, 0.1 * 1.2**k) for k in range(10)), rules=rules)
    assert [shot.slot for shot in shots.kept] == [0, 1]


HOPEFUL = replace(RULES, hopeful_from=0.4, most_hopeful=4)


def compared(shots: Shots, *likeness: float, hope: float = 0.45) -> Shots:
    return shots.compared(likeness, hope)


def test_while_a_track_nearly_resembles_somebody_every_look_is_taken() -> None:
    shots = compared(taken((0.0, 0.5)), 0.45)
    assert due(shots, Seconds(0.04), HOPEFUL)
    assert choose(shots, Seconds(0.04), 0.5, HOPEFUL) == 1


def test_a_track_that_resembles_nobody_gives_no_hope() -> None:
    shots = compared(taken((0.0, 0.5)), 0.3, hope=0.39)
    assert not due(shots, Seconds(0.04), HOPEFUL)
    assert choose(shots, Seconds(0.04), 0.5, HOPEFUL) is None


def test_without_a_threshold_to_hope_for_nothing_is_hopeful() -> None:
    assert not hopeful(compared(taken((0.0, 0.5)), 1.0, hope=1.0), RULES)


def test_in_hope_the_least_alike_shot_goes_whatever_comes() -> None:
    shots = compared(taken((0.0, 0.5), (0.5, 0.6), (1.0, 0.4)), 0.45, 0.41, 0.48)
    assert choose(shots, Seconds(1.04), 0.1, HOPEFUL) == 1


def test_a_shot_that_was_not_compared_yet_is_the_first_to_go() -> None:
    shots = compared(taken((0.0, 0.5), (0.5, 0.6), (1.0, 0.4)), 0.45, 0.41, 0.48)
    shots = shots.with_shot(2, Seconds(1.04), 0.9)
    assert choose(shots, Seconds(1.08), 0.1, HOPEFUL) == 2


def test_once_alerted_looks_are_taken_at_leisure_again() -> None:
    shots = compared(taken((0.0, 0.5)), 0.6, hope=0.6).alerted()
    assert not due(shots, Seconds(0.04), HOPEFUL)


def test_hope_does_not_last_for_ever() -> None:
    shots, encoded = compared(taken((0.0, 0.5)), 0.45), 0
    for frame in range(1, 1000):
        at = Seconds(frame / 25)
        slot = choose(shots, at, 0.5, HOPEFUL)
        if slot is not None:
            shots = shots.with_shot(slot, at, 0.5, HOPEFUL).compared([0.45] * 3, 0.45)
            encoded += 1

    assert encoded <= HOPEFUL.most_hopeful + HOPEFUL.slots
