import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.templates import MODEL, drawn, template

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.matches.enrolment import Enrolment, enrol
from overt.matches.first_pass import SMALLEST
from overt.matches.gallery import gallery_of
from overt.matches.search import search, search_all
from overt.templates.template import Template

ANNA, BEN, CARA = SubjectId("anna"), SubjectId("ben"), SubjectId("cara")


def begun(room: int = 8) -> Enrolment:
    return enrol(MODEL, dimension=8, room=room)


def test_people_enrolled_one_by_one_are_found_with_their_image() -> None:
    building = begun()
    building.add(ANNA, [template(1)])
    building.add(BEN, [template(0, 1), template(3, 4)])

    match = search(template(3, 4), building.gallery())

    assert match is not None
    assert (match.subject_id, match.reference, match.second) == (BEN, 1, ANNA)


def test_the_gallery_lies_in_the_memory_of_the_enrolment() -> None:
    building = begun()
    building.add(ANNA, [template(1)])

    gallery = building.gallery()

    assert np.shares_memory(gallery.vectors, building.vectors)
    assert np.shares_memory(gallery.owners, building.owners)


@pytest.mark.requirement("R17")
def test_a_list_in_use_takes_nobody_any_more() -> None:
    building = begun()
    building.add(ANNA, [template(1)])
    building.gallery()

    with pytest.raises(ValueError, match="new list and signature"):
        building.add(BEN, [template(0, 1)])


def test_a_list_in_use_is_not_handed_out_twice() -> None:
    building = begun()
    building.gallery()

    with pytest.raises(ValueError, match="in use"):
        building.gallery()


def test_removal_overwrites_the_references() -> None:
    building = begun()
    building.add(ANNA, [template(1), template(2, 1)])
    building.add(BEN, [template(0, 1)])

    building.remove(ANNA)

    assert not building.vectors[:2].any()
    assert building.vectors[2].any()


def test_somebody_removed_is_not_on_the_list() -> None:
    building = begun()
    building.add(ANNA, [template(1)])
    building.add(BEN, [template(0, 1)])
    building.remove(ANNA)

    gallery = building.gallery()
    match = search(template(1), gallery)

    assert match is not None
    assert (match.subject_id, match.second, gallery.size) == (BEN, None, 1)
    assert ANNA not in gallery


def test_rows_that_were_vacated_are_used_again() -> None:
    building = begun(room=3)
    building.add(ANNA, [template(1), template(2, 1)])
    building.add(BEN, [template(0, 1)])
    building.remove(ANNA)

    building.add(CARA, [template(0, 0, 1)])
    building.add(ANNA, [template(1)])

    match = search(template(1), building.gallery())
    assert match is not None
    assert (match.subject_id, match.reference) == (ANNA, 0)


def test_the_order_of_the_list_is_that_of_enrolment_wherever_rows_lie() -> None:
    building = begun(room=2)
    building.add(ANNA, [template(1)])
    building.add(BEN, [template(1)])
    building.remove(ANNA)
    building.add(CARA, [template(1)])  # in the row that was Anna's, before Ben's

    match = search(template(1), building.gallery())

    assert match is not None
    assert (match.subject_id, match.second) == (BEN, CARA)


def test_a_full_list_says_how_much_room_it_has() -> None:
    building = begun(room=1)
    building.add(ANNA, [template(1)])

    with pytest.raises(ValueError, match="room for 1 reference"):
        building.add(BEN, [template(1)])


def test_nobody_is_enrolled_twice() -> None:
    building = begun()
    building.add(ANNA, [template(1)])

    with pytest.raises(ValueError, match="anna is on the list already"):
        building.add(ANNA, [template(1)])


def test_a_template_of_another_model_is_refused() -> None:
    with pytest.raises(ModelMismatch):
        begun().add(ANNA, [template(1, model=ModelId("another"))])


@pytest.mark.parametrize("worth", [np.nan, np.inf, 0.0, 0.9])
def test_a_template_that_is_no_unit_vector_is_refused_and_leaves_nothing(worth: float) -> None:
    building = begun()
    with pytest.raises(ValueError, match="not of unit length"):
        building.add(ANNA, [Template(MODEL, np.full(8, worth, np.float32))])

    assert building.gallery().size == 0


def test_rooms_that_several_people_leave_side_by_side_take_one_with_as_many_images() -> None:
    building = begun(room=4)
    for number, name in enumerate((ANNA, BEN, CARA)):
        building.add(name, [template(1, number)])
    building.add(SubjectId("dora"), [template(0, 1)])
    for name in (ANNA, CARA, BEN):
        building.remove(name)

    building.add(BEN, [template(1), template(0, 0, 1), template(1, 1)])

    match = search(template(0, 0, 1), building.gallery())
    assert match is not None
    assert (match.subject_id, match.reference) == (BEN, 1)


@pytest.mark.requirement("R50")
def test_of_somebody_removed_not_even_the_name_is_kept() -> None:
    building = begun()
    building.add(ANNA, [template(1)])
    building.add(BEN, [template(0, 1)])
    building.remove(ANNA)
    assert ANNA not in building.subject_ids

    gallery = building.gallery()

    assert gallery.subject_ids == (BEN,)
    assert dict(gallery.positions) == {BEN: 0}


def test_people_who_come_and_go_do_not_make_a_list_longer() -> None:
    building = begun(room=2)
    building.add(BEN, [template(0, 1)])
    for number in range(500):
        building.add(SubjectId(str(number)), [template(1)])
        building.remove(SubjectId(str(number)))

    assert len(building.subject_ids) < 100
    match = search(template(0, 1), building.gallery())
    assert match is not None
    assert match.subject_id == BEN


def test_adding_and_removing_copies_no_list() -> None:
    building = enrol(MODEL, dimension=256, room=20_000)
    vectors = drawn(4_000, dimension=256)
    for row, vector in enumerate(vectors):
        building.add(SubjectId(str(row)), [Template(MODEL, vector)])

    tracemalloc.start()
    building.remove(SubjectId("7"))
    building.add(ANNA, [Template(MODEL, vectors[3])])
    gallery = building.gallery().without(SubjectId("9"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert gallery.size == 3_999
    assert peak < vectors.nbytes / 4


def test_standing_down_clears_the_codes_of_a_long_list_too() -> None:
    building = enrol(MODEL, dimension=8, room=SMALLEST // 8)
    building.add(ANNA, [template(1)])
    building.add(BEN, [template(0, 1)])
    assert building.first_pass is not None

    building.gallery().without(ANNA)

    codes = building.first_pass.codes
    assert not codes.numbers[0].any()
    assert codes.slacks[0, 0] < -1
    assert codes.numbers[1].any()


Steps = list[tuple[bool, int, int]]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 12), st.integers(1, 4)), max_size=40),
    st.integers(0, 2**32 - 1),
)
def test_a_list_is_the_same_however_it_came_about(steps: Steps, seed: int) -> None:
    chance = np.random.default_rng(seed)
    building = enrol(MODEL, dimension=8, room=200)
    held: dict[SubjectId, np.ndarray[tuple[int, int], np.dtype[np.float32]]] = {}
    for adding, number, images in steps:
        name = SubjectId(str(number))
        if adding and name not in held:
            held[name] = drawn(images, seed=int(chance.integers(2**32)))
            building.add(name, [Template(MODEL, vector) for vector in held[name]])
        elif not adding and held.pop(name, None) is not None:
            building.remove(name)
    probes = [Template(MODEL, vector) for vector in drawn(5, seed=seed)]
    at_once = gallery_of(
        MODEL,
        [name for name, vectors in held.items() for _ in vectors],
        np.concatenate([np.empty((0, 8), np.float32), *held.values()]),
    )

    assert search_all(probes, building.gallery()) == search_all(probes, at_once)
