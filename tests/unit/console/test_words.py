"""Numbers, times and categories on the pages."""

from datetime import timedelta

import pytest
from tests.fakes.planted_alerts import NOON

from overt.console.words import CHOICES, DONE, bound, cosine, moment, span
from overt.decisions.states import AlertState, Judgement, Move
from overt.decisions.wording import CATEGORIES, NEXT, STATES, Tone
from overt.policy.profiles import PROFILES
from overt.units import Seconds, Similarity, UtcTime


def test_a_similarity_is_a_cosine_to_four_decimals() -> None:
    assert (cosine(0.62314), cosine(-0.05)) == ("0.6231", "−0.0500")


@pytest.mark.parametrize(
    ("threshold", "written"), [(0.55, "0.55"), (0.5, "0.50"), (0.555, "0.555")]
)
def test_a_threshold_stands_as_it_was_signed(threshold: float, written: str) -> None:
    assert bound(Similarity(threshold)) == written


def test_times_say_that_they_are_utc() -> None:
    assert moment(UtcTime(NOON + timedelta(seconds=5))) == "30 November 2026, 12:00:05 UTC"


@pytest.mark.parametrize(("seconds", "written"), [(8, "8 s"), (300, "5 min"), (7200, "2 h")])
def test_a_span_is_as_exact_as_it_is_useful(seconds: float, written: str) -> None:
    assert span(Seconds(seconds)) == written


def test_every_state_and_move_has_words() -> None:
    assert STATES.keys() == NEXT.keys() == set(AlertState)
    assert DONE.keys() == set(Move)


def test_every_judgement_is_offered() -> None:
    assert {value for value, _, _ in CHOICES} == {judgement.value for judgement in Judgement}


@pytest.mark.requirement("R21")
def test_every_category_of_every_profile_has_words() -> None:
    named = {category for profile in PROFILES.values() for category in profile.categories}
    assert named == set(CATEGORIES)


@pytest.mark.requirement("R21")
def test_whoever_may_not_be_a_suspect_is_never_marked_as_one() -> None:
    spared = {
        name
        for profile in PROFILES.values()
        for name, category in profile.categories.items()
        if not category.may_be_suspect
    }
    assert {CATEGORIES[name].tone for name in spared} <= {Tone.CONCERN, Tone.NEUTRAL}
    words = " ".join(CATEGORIES[name].name + CATEGORIES[name].notice for name in spared).lower()
    assert not any(word in words for word in ("suspect", "offen", "wanted", "danger"))
