import numpy as np
import pytest
from tests.fakes.templates import MODEL, drawn, template

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.matches.gallery import Reference, gallery_of, make_gallery
from overt.matches.search import search
from overt.templates.template import Template

ANNA, BEN = SubjectId("anna"), SubjectId("ben")


def test_a_person_stood_down_is_not_found_any_more() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(BEN, template(3, 4))])

    match = search(template(1), gallery.without(ANNA))

    assert match is not None
    assert (match.subject_id, match.second) == (BEN, None)


def test_a_list_whose_last_person_is_stood_down_matches_nobody() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1))]).without(ANNA)

    assert (gallery.size, search(template(1), gallery)) == (0, None)


def test_standing_down_shares_the_matrix_and_overwrites_the_persons_rows() -> None:
    vectors = drawn(5)
    names = [SubjectId(name) for name in "aabbc"]
    gallery = gallery_of(MODEL, names, vectors)

    narrowed = gallery.without(SubjectId("b"))

    assert narrowed.vectors is vectors
    assert not vectors[2:4].any()
    assert vectors[[0, 1, 4]].any(axis=1).all()


def test_standing_down_somebody_who_is_not_listed_changes_nothing() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1))])

    assert gallery.without(BEN) is gallery


def test_the_list_keeps_its_order_and_gathers_each_persons_images() -> None:
    vectors = drawn(4)
    gallery = gallery_of(MODEL, [SubjectId(name) for name in "baab"], vectors)

    assert gallery.subject_ids == ("b", "a")
    assert np.array_equal(gallery.vectors, vectors[[0, 3, 1, 2]])


def test_it_knows_who_is_on_the_list() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(BEN, template(1))])

    assert ANNA in gallery
    assert ANNA not in gallery.without(ANNA)
    assert SubjectId("cara") not in gallery


def test_a_reference_of_another_model_is_refused() -> None:
    with pytest.raises(ModelMismatch):
        make_gallery(MODEL, [Reference(ANNA, template(1, model=ModelId("other")))])


@pytest.mark.parametrize("worth", [np.nan, np.inf, 0.0, 0.9])
def test_a_reference_that_is_no_unit_vector_is_refused(worth: float) -> None:
    broken = Template(MODEL, np.full(8, worth, np.float32))
    with pytest.raises(ValueError, match="reference 0 is not of unit length"):
        make_gallery(MODEL, [Reference(ANNA, broken)])


def test_a_gallery_never_prints_its_templates() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1))])

    assert "array" not in repr(gallery)
