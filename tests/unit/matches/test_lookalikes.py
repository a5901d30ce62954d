import numpy as np
import pytest
from tests.fakes.templates import MODEL, drawn, template

from overt.identifiers import SubjectId
from overt.matches import lookalikes as module
from overt.matches.gallery import Reference, gallery_of, make_gallery
from overt.matches.lookalikes import Lookalikes, by_subject, lookalikes
from overt.units import Similarity

ANNA, BEN, CARA = SubjectId("anna"), SubjectId("ben"), SubjectId("cara")


@pytest.mark.requirement("R22")
def test_two_brothers_on_the_list_are_told() -> None:
    gallery = make_gallery(
        MODEL,
        [
            Reference(ANNA, template(0, 1)),
            Reference(BEN, template(1)),
            Reference(CARA, template(4, 3)),
        ],
    )

    assert lookalikes(gallery, Similarity(0.7)) == (Lookalikes(BEN, CARA, Similarity(0.8)),)


def test_two_images_of_one_person_are_no_lookalikes() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(ANNA, template(1))])

    assert lookalikes(gallery, Similarity(0.5)) == ()


def test_a_pair_at_the_bound_is_told_once_with_its_most_alike_images() -> None:
    gallery = make_gallery(
        MODEL,
        [
            Reference(ANNA, template(1)),
            Reference(BEN, template(3, 4)),
            Reference(BEN, template(4, 3)),
        ],
    )

    assert lookalikes(gallery, Similarity(0.59)) == (Lookalikes(ANNA, BEN, Similarity(0.8)),)


def test_somebody_stood_down_is_nobodys_lookalike() -> None:
    gallery = make_gallery(MODEL, [Reference(ANNA, template(1)), Reference(BEN, template(1))])

    assert lookalikes(gallery.without(BEN), Similarity(0.0)) == ()


def test_an_empty_list_has_no_lookalikes() -> None:
    assert lookalikes(make_gallery(MODEL, []), Similarity(0.0)) == ()


def test_comparing_in_blocks_finds_what_comparing_all_at_once_finds() -> None:
    rows = 2 * module.BLOCK_ROWS + 7
    vectors = drawn(rows)
    gallery = gallery_of(MODEL, [SubjectId(str(row)) for row in range(rows)], vectors)
    whole = np.triu(vectors @ vectors.T, 1)

    told = lookalikes(gallery, Similarity(0.9))

    assert len(told) == np.count_nonzero(whole >= np.float32(0.9)) > 0
    assert told[0].similarity == pytest.approx(float(whole.max()), abs=1e-6)


def test_each_person_is_given_all_who_resemble_them() -> None:
    pairs = (Lookalikes(ANNA, BEN, Similarity(0.9)), Lookalikes(ANNA, CARA, Similarity(0.8)))

    assert by_subject(pairs) == {ANNA: (BEN, CARA), BEN: (ANNA,), CARA: (ANNA,)}
