from dataclasses import replace

import numpy as np
import pytest
from tests.fakes.own_memory import backwards, canary, copies_in_memory
from tests.fakes.templates import DIMENSION, MODEL, drawn, template, unit

from overt.identifiers import SubjectId
from overt.matches.gallery import Gallery, Reference, gallery_of, make_gallery
from overt.matches.match import Match
from overt.matches.resemblance import KeptTemplates, Resemblance, likeness_to, resemblance
from overt.templates.template import Template
from overt.tracks.best_shots import NO_SHOTS, ShotRules, Shots
from overt.units import Float32, Seconds

ANNA, BEN = SubjectId("anna"), SubjectId("ben")
RULES = ShotRules(slots=4, evidence_apart=Seconds(0.2))


@pytest.fixture
def gallery() -> Gallery:
    return make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(BEN, template(0, 1))])


def passage(*looks: tuple[float, Float32]) -> tuple[Shots, KeptTemplates]:
    """Make a track of these looks (time, template), each of the worth 0.5."""
    vectors, weights = np.zeros((4, DIMENSION), np.float32), np.zeros(4, np.float32)
    shots = NO_SHOTS
    for slot, (at, vector) in enumerate(looks):
        shots = shots.with_shot(slot, Seconds(at), 0.5)
        vectors[slot], weights[slot] = vector, 0.5
    return shots, KeptTemplates(vectors, weights)


def found(
    looks: tuple[Shots, KeptTemplates], gallery: Gallery, *, few: int = 2
) -> Resemblance | None:
    fused = Template(MODEL, np.zeros(DIMENSION, np.float32))
    return resemblance(*looks, fused, gallery, replace(RULES, few=few))


def matched(told: Resemblance) -> Match:
    assert told.match is not None
    return told.match


def test_equal_shots_count_all_together(gallery: Gallery) -> None:
    look = unit(3, 0, 4)
    told = found(passage((0.0, look), (0.3, look), (0.6, look)), gallery)

    assert told is not None
    assert (matched(told).subject_id, told.shots) == (ANNA, 3)
    assert matched(told).similarity == pytest.approx(0.6, abs=1e-6)


def test_two_good_shots_are_not_diluted_by_a_poor_one(gallery: Gallery) -> None:
    good, poor = unit(3, 0, 4), unit(0, 0, 0, 1)
    told = found(passage((0.0, good), (0.3, poor), (0.6, good)), gallery)

    assert told is not None
    assert (matched(told).subject_id, told.shots) == (ANNA, 2)
    assert matched(told).similarity == pytest.approx(0.6, abs=1e-6)


def test_one_shot_is_told_as_one(gallery: Gallery) -> None:
    told = found(passage((0.0, unit(1))), gallery)
    assert told is not None
    assert (matched(told).similarity, told.shots) == (1.0, 1)


def test_two_shots_of_one_moment_are_one_piece_of_evidence(gallery: Gallery) -> None:
    told = found(passage((0.0, unit(1)), (0.1, unit(1))), gallery)
    assert told is not None
    assert told.shots == 1


def test_where_more_shots_are_asked_for_two_do_not_do(gallery: Gallery) -> None:
    good, poor = unit(3, 0, 4), unit(0, 0, 0, 1)
    told = found(passage((0.0, good), (0.3, poor), (0.6, good)), gallery, few=3)
    assert told is not None
    assert told.shots == 3
    assert matched(told).similarity < 0.6


def test_what_each_shot_is_like_is_learnt(gallery: Gallery) -> None:
    told = found(passage((0.0, unit(3, 0, 4)), (0.3, unit(4, 0, 3))), gallery)
    assert told is not None
    assert [round(shot.likeness, 4) for shot in told.compared.kept] == [0.6, 0.8]
    assert told.compared.hope == pytest.approx(0.8)  # a second like the newest would settle it


def test_whoever_follows_a_stranger_in_a_track_is_found_by_their_own_shots(
    gallery: Gallery,
) -> None:
    stranger, anna = unit(0, 0, 0, 1), unit(3, 0, 4)
    looks = [(0.0, stranger), (0.3, stranger), (0.6, anna), (0.9, anna)]
    told = found(passage(*looks), gallery)
    assert told is not None
    assert (matched(told).subject_id, told.shots) == (ANNA, 2)
    assert matched(told).similarity == pytest.approx(0.6, abs=1e-6)


def test_as_many_shots_are_taken_together_as_help(gallery: Gallery) -> None:
    looks = [(0.3 * k, unit(3, 0, *(4 if i == k else 0 for i in range(3)))) for k in range(3)]
    told = found(passage(*looks, (0.9, unit(0, 0, 0, 0, 0, 0, 1))), gallery)
    assert told is not None
    assert told.shots == 3  # what is wrong with each is another thing
    assert matched(told).similarity > 0.75


def test_shots_of_one_moment_do_not_corroborate_each_other(gallery: Gallery) -> None:
    good, poor = unit(3, 0, 4), unit(0, 0, 0, 1)
    told = found(passage((0.0, good), (0.1, good), (0.3, poor)), gallery)
    assert told is not None
    assert matched(told).similarity < 0.6


def test_two_templates_of_one_look_count_as_one_shot_and_help_all_the_same(
    gallery: Gallery,
) -> None:
    """The flaws of each are its own: aligned by other points, or seen at another moment."""
    one, other, third = (unit(3, 0, *(4 if i == k else 0 for i in range(3))) for k in range(3))
    told = found(passage((0.0, one), (0.0, other), (0.3, third)), gallery)
    assert told is not None
    assert told.shots == 2
    assert matched(told).similarity > 0.75


def test_two_templates_of_one_look_alone_are_one_shot(gallery: Gallery) -> None:
    good = unit(3, 0, 4)
    told = found(passage((0.0, good), (0.0, good)), gallery)
    assert told is not None
    assert told.shots == 1


def test_what_nobody_is_told_is_not_found_out_exactly(gallery: Gallery) -> None:
    looks, fused = passage((0.0, unit(3, 0, 4))), Template(MODEL, np.zeros(DIMENSION, np.float32))
    told = resemblance(*looks, fused, gallery, replace(RULES, told_from=0.7))
    assert told is not None
    assert told.match is None
    assert told.compared.hope == pytest.approx(0.6)


def test_with_nobody_on_the_list_there_is_no_resemblance(gallery: Gallery) -> None:
    nobody = gallery.without(ANNA).without(BEN)
    assert found(passage((0.0, unit(1))), nobody) is None


def test_somebody_stood_down_is_resembled_no_more(gallery: Gallery) -> None:
    told = found(passage((0.0, unit(4, 3)), (0.3, unit(4, 3))), gallery.without(ANNA))
    assert told is not None
    assert matched(told).subject_id == BEN


@pytest.mark.requirement("R50")
def test_no_copy_of_a_template_stays_behind() -> None:
    listed = gallery_of(MODEL, [SubjectId(str(row)) for row in range(300)], drawn(300, 256))
    vectors, weights = np.zeros((4, 256), np.float32), np.full(4, 0.5, np.float32)
    shots = NO_SHOTS
    for slot in range(4):
        drawn_in_place = canary(seed=slot)
        vectors[slot] = drawn_in_place
        drawn_in_place.fill(0)
        shots = shots.with_shot(slot, Seconds(0.3 * slot), 0.5)
    fused = Template(MODEL, np.zeros(256, np.float32))

    resemblance(shots, KeptTemplates(vectors, weights), fused, listed, RULES)
    windows = [backwards(vector) for vector in (*vectors, fused.vector)]
    vectors.fill(0)
    fused.forget()

    assert copies_in_memory(*windows) == [0] * 5


def test_likeness_is_that_to_the_most_alike_reference() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(ANNA, template(0, 1))])
    vectors = drawn(5)
    expected = np.maximum(vectors[:, 0], vectors[:, 1])
    assert np.allclose(likeness_to(ANNA, vectors, gallery), expected, atol=1e-6)
