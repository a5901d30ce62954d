import numpy as np
import pytest
from tests.fakes.long_lists import codes_of, in_two_passes
from tests.fakes.own_memory import backwards, canary, copies_in_memory
from tests.fakes.templates import MODEL, drawn, template, unit

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.matches.gallery import Gallery, Reference, gallery_of, make_gallery
from overt.matches.search import search, search_all
from overt.templates.template import Template

ANNA, BEN, CARA = SubjectId("anna"), SubjectId("ben"), SubjectId("cara")


def gallery(*people: tuple[SubjectId, tuple[float, ...]]) -> Gallery:
    return make_gallery(MODEL, [Reference(name, template(*numbers)) for name, numbers in people])


def test_the_most_alike_person_is_named_with_the_cosine() -> None:
    match = search(template(3, 4), gallery((ANNA, (1.0, 0.0)), (BEN, (0.0, 1.0))))

    assert match is not None
    assert match.subject_id == BEN
    assert match.similarity == pytest.approx(0.8, abs=1e-6)


def test_the_best_of_a_persons_images_counts() -> None:
    match = search(template(0, 1), gallery((ANNA, (1.0,)), (BEN, (3.0, 4.0)), (ANNA, (0.1, 1.0))))

    assert match is not None
    assert (match.subject_id, match.reference) == (ANNA, 1)


@pytest.mark.requirement("R22")
def test_the_second_is_another_person_not_another_image_of_the_first() -> None:
    match = search(template(1), gallery((ANNA, (1.0, 0.1)), (ANNA, (1.0, 0.2)), (BEN, (3.0, 4.0))))

    assert match is not None
    assert (match.subject_id, match.second) == (ANNA, BEN)
    assert match.second_similarity == pytest.approx(0.6, abs=1e-6)


def test_on_a_list_of_one_there_is_no_second() -> None:
    match = search(template(1), gallery((ANNA, (1.0,))))

    assert match is not None
    assert (match.second, match.second_similarity, match.margin) == (None, None, None)


def test_an_empty_list_matches_nobody() -> None:
    assert search(template(1), make_gallery(MODEL, [])) is None


def test_of_two_equally_alike_the_first_on_the_list_is_named_and_the_other_is_second() -> None:
    match = search(template(1), gallery((CARA, (1.0,)), (ANNA, (1.0,)), (BEN, (1.0,))))

    assert match is not None
    assert (match.subject_id, match.second, match.margin) == (CARA, ANNA, 0.0)


def test_a_resemblance_below_zero_is_still_told() -> None:
    match = search(template(-1), gallery((ANNA, (1.0,))))

    assert match is not None
    assert match.similarity == -1.0


def test_templates_of_two_models_are_never_compared() -> None:
    other = ModelId("fake@sha256:00/bf16")
    with pytest.raises(ModelMismatch) as refusal:
        search(template(1, model=other), gallery((ANNA, (1.0,))))

    assert (refusal.value.probe, refusal.value.reference) == (other, MODEL)


def test_templates_of_two_models_are_not_compared_with_an_empty_list_either() -> None:
    with pytest.raises(ModelMismatch):
        search(template(1, model=ModelId("another")), make_gallery(MODEL, []))


@pytest.mark.parametrize("worth", [np.nan, np.inf, 0.0, 2.0])
def test_a_probe_that_is_no_template_is_not_called_a_stranger(worth: float) -> None:
    broken = np.full(8, worth, np.float32)
    with pytest.raises(ValueError, match="unit length"):
        search(Template(MODEL, broken), gallery((ANNA, (1.0,))))


def test_a_probe_of_another_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        search(Template(MODEL, unit(1, dimension=4)), gallery((ANNA, (1.0,))))


@pytest.mark.requirement("R50")
def test_no_copy_of_the_probe_stays_in_the_memory_of_the_process() -> None:
    people = [SubjectId(str(row)) for row in range(500)]
    listed = gallery_of(MODEL, people, drawn(500, dimension=256))
    probe = canary(seed=7)
    window = backwards(probe)

    search(Template(MODEL, probe), listed)
    probe.fill(0)

    assert copies_in_memory(window) == [0]


@pytest.mark.requirement("R50")
@pytest.mark.parametrize("probes", [1, 8, 32])
def test_no_copy_of_a_probe_stays_after_two_passes_neither_in_full_nor_in_bytes(
    probes: int,
) -> None:
    listed = in_two_passes(
        gallery_of(MODEL, [SubjectId(str(row)) for row in range(500)], drawn(500, dimension=256))
    )
    templates = [Template(MODEL, canary(seed=20 + probe)) for probe in range(probes)]
    windows = [backwards(templates[-1].vector), backwards(codes_of(templates[-1].vector))]

    search_all(templates, listed)
    for made in templates:
        made.forget()

    assert copies_in_memory(*windows) == [0, 0]


def test_the_search_of_memory_finds_copies_that_were_kept() -> None:
    probe = canary(seed=8)
    windows = [backwards(probe), backwards(codes_of(probe))]
    kept, kept_codes = probe.copy(), codes_of(probe)
    probe.fill(0)

    assert all(found >= 1 for found in copies_in_memory(*windows))
    kept.fill(0)
    kept_codes.fill(0)


@pytest.mark.requirement("R50")
@pytest.mark.parametrize("two_passes", [False, True])
def test_no_score_of_the_probe_stays_in_the_list(two_passes: bool) -> None:
    listed = gallery_of(MODEL, [SubjectId(str(row)) for row in range(500)], drawn(500))
    listed = in_two_passes(listed) if two_passes else listed

    search(template(1), listed)

    assert not listed.row_scores.any()
    assert not listed.room.probe.any()
    assert not listed.room.rows.any()


def test_several_probes_are_answered_in_their_order() -> None:
    listed = gallery((ANNA, (1.0, 0.0)), (BEN, (0.0, 1.0)))

    matches = search_all([template(0, 1), template(1), template(3, 4)], listed)

    assert [match.subject_id for match in matches if match] == [BEN, ANNA, BEN]


def test_several_probes_on_an_empty_list_match_nobody() -> None:
    assert search_all([template(1), template(2)], make_gallery(MODEL, [])) == [None, None]


def test_one_wrong_probe_among_several_is_not_passed_over() -> None:
    wrong = template(1, model=ModelId("another"))
    with pytest.raises(ModelMismatch):
        search_all([template(1), wrong], gallery((ANNA, (1.0,))))


def test_a_cosine_of_nothing_is_told_without_a_sign() -> None:
    match = search(template(-1), gallery((ANNA, (0.0, 1.0))))

    assert match is not None
    assert str(match.similarity) == "0.0"
