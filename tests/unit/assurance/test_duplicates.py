"""Planted label errors are found; a clean collection raises little suspicion."""

import numpy as np
import pytest

from overt.assurance.duplicates import (
    Kind,
    Picture,
    Side,
    Suspicion,
    alike_and_unlike,
    same_files,
)
from overt.identifiers import Digest, SubjectId
from overt.units import Float32


def collection(seed: int, people: int) -> tuple[list[Picture], Float32]:
    """Two pictures a person, one on the list and one probe; cosine about 0.7 within a person."""
    rng = np.random.default_rng(seed)
    means = rng.normal(size=(people, 64))
    pictures, vectors = [], []
    for side in Side:
        for person in range(people):
            pictures.append(Picture(f"{side.value} {person}", SubjectId(f"s{person}"), side, None))
            vectors.append(means[person] + rng.normal(scale=0.65, size=64))
    array = np.array(vectors)
    return pictures, (array / np.linalg.norm(array, axis=1, keepdims=True)).astype(np.float32)


def kinds(found: tuple[Suspicion, ...]) -> list[Kind]:
    return [each.kind for each in found]


def test_a_clean_collection_is_not_suspected() -> None:
    assert alike_and_unlike(*collection(1, 150)) == ()


def test_one_person_under_two_subjects_is_found() -> None:
    pictures, vectors = collection(2, 150)
    vectors[7] = vectors[158]  # s7's picture on the list is of s8
    found = alike_and_unlike(pictures, vectors)
    pairs = {
        frozenset((each.picture.subject, each.other.subject))
        for each in found
        if each.kind is Kind.TWO_PEOPLE_ALIKE
    }
    assert pairs == {frozenset(("s7", "s8"))}
    unlike = [each for each in found if each.kind is Kind.UNLIKE_ITS_SUBJECT]
    assert ("list 7", "s8") in {(each.picture.name, each.rather) for each in unlike}


def test_a_stranger_under_a_subject_is_unlike_it() -> None:
    pictures, vectors = collection(3, 100)
    rng = np.random.default_rng(9)
    stranger = rng.normal(size=64)
    vectors[104] = stranger / np.linalg.norm(stranger)
    unlike = [
        each for each in alike_and_unlike(pictures, vectors) if each.kind is Kind.UNLIKE_ITS_SUBJECT
    ]
    assert {each.picture.subject for each in unlike} == {"s4"}
    assert all(each.rather is None for each in unlike)


def test_a_copy_of_the_picture_on_the_list_is_found() -> None:
    pictures, vectors = collection(4, 60)
    vectors[63] = vectors[3]
    (found,) = alike_and_unlike(pictures, vectors)
    assert found.kind is Kind.ALMOST_SAME_PICTURE
    assert (found.picture.name, found.other.name) == ("list 3", "probe 3")
    assert found.as_json()["similarity"] == pytest.approx(1.0)


def test_the_same_file_twice_is_found_by_its_digest() -> None:
    def picture(name: str, subject: str, side: Side) -> Picture:
        return Picture(name, SubjectId(subject), side, Digest(f"sha256:{name[0]}"))

    found = same_files(
        [
            picture("a1", "anna", Side.LIST),
            picture("a2", "anna", Side.PROBE),
            picture("b1", "ben", Side.LIST),
            picture("b2", "cara", Side.LIST),
            picture("c1", "dora", Side.PROBE),
            picture("c2", "dora", Side.PROBE),  # the same probe twice is only one probe more
        ]
    )
    assert kinds(found) == [Kind.SAME_FILE_BOTH_SIDES, Kind.SAME_FILE_TWO_PEOPLE]


def test_more_pictures_than_a_block_are_compared_across_blocks() -> None:
    pictures, vectors = collection(5, 400)
    vectors[1] = vectors[702]
    found = alike_and_unlike(pictures, vectors)
    assert Kind.TWO_PEOPLE_ALIKE in kinds(found)


@pytest.mark.parametrize("people", [1, 3])
def test_a_handful_of_pictures_shows_nothing_of_strangers(people: int) -> None:
    pictures, vectors = collection(6, people)
    assert alike_and_unlike(pictures, vectors) == ()


def test_without_pictures_there_is_nothing_to_suspect() -> None:
    assert alike_and_unlike([], np.zeros((0, 64), np.float32)) == ()
    assert same_files([]) == ()


def test_every_picture_needs_its_template() -> None:
    pictures, vectors = collection(7, 5)
    with pytest.raises(ValueError, match="10 pictures and 9"):
        alike_and_unlike(pictures, vectors[:9])
