"""Smaller lists: who meets which, and what the rule makes of looks that were taken once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.networks import FAKE_MODEL
from tests.fakes.watched_clips import AT, LISTED, clip_of, double_of, face, listed, looks

from overt.assurance.listed import EnrolledList
from overt.assurance.measured_watch import rules_at, shot_rules_at
from overt.assurance.passage_growth import growth_of_passages
from overt.assurance.passage_rates import rates_at_targets, trial_of
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.assurance.rescore import rescored
from overt.assurance.scores import SEVERAL
from overt.assurance.smaller_lists import Dealer, SmallerLists, narrowed, nearest, sizes_of
from overt.identifiers import PassageId, SubjectId
from overt.units import Similarity


@pytest.fixture(scope="module")
def clip() -> WatchedClip:
    """Everybody on the list passes, and as many strangers: each is the double of one listed."""
    mated = [(number, face(number)) for number in range(LISTED)]
    doubles = [(None, double_of(number)) for number in range(LISTED)]
    return clip_of([*mated, *doubles], listed())


def smaller(clip: WatchedClip, size: int, seed: int = 1) -> SmallerLists:
    whole = passage_table([clip], alerts_only=False)
    dealer = Dealer([clip], whole, size, np.random.default_rng(seed))
    return SmallerLists(size, dealer.lists(), {float(AT): [clip]}, whole)


def test_everybody_meets_one_list_and_whoever_is_listed_their_own(clip: WatchedClip) -> None:
    told = smaller(clip, 40)
    rows = [row for drawn in told.drawn for row in drawn.rows]
    assert told.lists == 3
    assert sorted(rows) == list(range(2 * LISTED))  # nobody twice
    for drawn in told.drawn:
        mated = [row for row in drawn.rows if row < LISTED]
        assert {SubjectId(f"P{row}") for row in mated} == set(drawn.gallery.subject_ids)


def test_whoever_is_left_over_is_no_trial(clip: WatchedClip) -> None:
    trial = smaller(clip, 50).at(AT)
    assert len(trial.people) == 100
    assert len(trial.strangers) == LISTED


def test_a_double_is_mistaken_only_where_their_likeness_is_on_the_list(clip: WatchedClip) -> None:
    whole = passage_table([clip], alerts_only=False)
    everybody = trial_of(dict(enumerate(clip.outcome.passages)), whole)
    assert everybody.wrong.mean() == 1.0
    trial = smaller(clip, 30).at(AT)  # a quarter of the list each
    assert 0.1 < trial.wrong.mean() < 0.45
    assert not trial.lost.any()
    assert trial.first.all()


def test_a_threshold_is_found_that_keeps_the_target_at_every_size(clip: WatchedClip) -> None:
    tenth, *_ = rates_at_targets(smaller(clip, 30), AT, np.random.default_rng(1))
    assert tenth.list_size == 30
    assert tenth.lists == 4
    assert tenth.fpir.errors <= 0.1 * tenth.fpir.trials
    assert tenth.threshold is not None
    assert tenth.threshold > AT
    assert tenth.fnir_subjects == LISTED


def test_no_threshold_is_above_one_where_a_stranger_is_a_copy_of_somebody_listed() -> None:
    clip = clip_of([(1, face(1)), (None, face(2)), (None, face(3))], listed(4))
    tenth, *_ = rates_at_targets(smaller(clip, 4), AT, np.random.default_rng(1))
    assert tenth.threshold == 1.0
    assert tenth.fpir.errors == 2  # told as it is: the target is not kept


def test_the_deal_follows_from_the_seed(clip: WatchedClip) -> None:
    first, again, other = (smaller(clip, 40, seed) for seed in (1, 1, 2))
    assert [each.rows for each in first.drawn] == [each.rows for each in again.drawn]
    assert [each.rows for each in first.drawn] != [each.rows for each in other.drawn]


def test_whoever_could_not_be_enrolled_is_on_a_list_and_missed() -> None:
    of = listed(8)
    lame = EnrolledList(of.file, of.subjects, narrowed(of.gallery, of.subjects[:2]), {}, {})
    clip = clip_of([(number, face(number)) for number in range(8)], lame)
    trial = smaller(clip, 2).at(AT)
    assert len(trial.people) == 8
    assert int(trial.lost.sum()) == 6


def test_sizes_are_those_that_the_longest_list_fills_and_that_are_not_the_whole() -> None:
    assert sizes_of([listed(99)], 99) == ()
    assert sizes_of([listed(100)], 100) == ()
    assert sizes_of([listed(120), listed(100)], 220) == (100,)
    assert sizes_of([listed(260)], 260) == (100, 250)


def test_the_looks_of_the_nearest_run_are_gone_over() -> None:
    runs: Mapping[float, Sequence[WatchedClip]] = {0.4: [], 0.5: [], 0.7: []}
    assert nearest(runs, Similarity(0.45)) == 0.4
    assert nearest(runs, Similarity(0.9)) == 0.7


def test_one_look_is_no_alert_and_two_are() -> None:
    of = listed(3)
    for many, alerts in ((1, 0), (2, 1)):
        taken = looks("t", face(1), first=0.0, many=many)
        told = rescored(taken, of.gallery, rules_at(AT), shot_rules_at(AT, FAKE_MODEL))
        assert len(told[PassageId("t")].alerted) == alerts


def test_of_whom_two_passages_say_different_things_several_is_told() -> None:
    clip = clip_of([(1, face(1)), (1, face(1))], listed(3))
    older, younger = (
        replace(one, passage=replace(one.passage, groups={"age": age}))
        for one, age in zip(clip.outcome.passages, ("30-39", "40-49"), strict=True)
    )
    told = replace(clip, outcome=replace(clip.outcome, passages=(older, younger)))
    table = passage_table([told], alerts_only=False)
    assert table.groups[SubjectId("P1")] == {"age": SEVERAL}


def test_growth_counts_whom_else_a_passage_comes_near(clip: WatchedClip) -> None:
    rng = np.random.default_rng(1)
    told = growth_of_passages(lambda _: [clip], AT, (), rng=rng)["growth"]
    within = {each["list_size"]: each["fpir"] for each in told["within"]}
    assert within[LISTED] == 1.0  # every double resembles somebody, as the rule says too
    assert within[100] == pytest.approx(100 / LISTED, abs=0.02)
    assert told["insufficient_data"] is False
    several = [clip, replace(clip, listed=listed(3))]
    of_several = growth_of_passages(lambda _: several, AT, (), rng=rng)
    assert of_several == {"growth": None, "growth_at_targets": None}
