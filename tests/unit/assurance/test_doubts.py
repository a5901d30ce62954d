"""Too few people, one who outweighs them and wrong labels are said before any figure is read."""

import pytest
from tests.fakes.score_tables import table_of

from overt.assurance.doubts import doubts_about_labels, doubts_about_names, doubts_about_people
from overt.assurance.duplicates import Kind, Picture, Side, Suspicion
from overt.assurance.scores import ScoreTable
from overt.identifiers import SubjectId
from overt.units import Similarity

AT = Similarity(0.5)


def table(strangers: list[str], listed: list[str]) -> ScoreTable:
    gallery = sorted(set(listed)) or ["P"]
    scores = [[0.1] * len(gallery) for _ in strangers] + [
        [0.9 if other == person else 0.0 for other in gallery] for person in listed
    ]
    return table_of([*strangers, *listed], gallery, scores)


@pytest.mark.requirement("R66")
def test_a_tiny_set_is_said_to_carry_nothing() -> None:
    told = list(doubts_about_people(table(["a", "b", "c"], ["P", "Q"]), AT))
    assert told == [
        (
            "Insufficient data: people not on the list who were measured: 3. They carry no threshold "
            "for an FPIR, not even 0.1; it takes 65."
        ),
        (
            "Insufficient data: people on the list who were measured: 2. They carry no miss rate, "
            "not even one of 0.1; it takes 29."
        ),
    ]


@pytest.mark.requirement("R66")
def test_one_person_with_most_pictures_is_no_crowd_of_witnesses() -> None:
    many = [*(["one"] * 500), *(f"s{i}" for i in range(70))]
    (told,) = doubts_about_people(table(many, [f"P{i}" for i in range(30)]), AT)
    assert told.startswith("One person has 500 of the 570 stills of people not on the list")
    assert "Over 71 people the interval is 0.00% to" in told


def test_enough_people_with_a_few_pictures_each_raise_no_doubt() -> None:
    strangers = [f"s{i}" for i in range(70) for _ in range(3)]
    assert list(doubts_about_people(table(strangers, [f"P{i}" for i in range(30)]), AT)) == []
    assert list(doubts_about_people(table(strangers, []), AT)) == []


def test_suspected_labels_and_copies_are_said() -> None:
    one, other = (Picture(name, SubjectId(name), Side.PROBE, None) for name in ("a", "b"))
    wrong = Suspicion(Kind.UNLIKE_ITS_SUBJECT, one, other, 0.1, 0.2)
    copy = Suspicion(Kind.ALMOST_SAME_PICTURE, one, other, 1.0, None)
    of_labels, of_copies = doubts_about_labels([wrong, copy], "passage")
    assert of_labels.startswith("1 passage suspected of a wrong label")
    assert "almost the very picture of the list" in of_copies
    assert list(doubts_about_labels([])) == []


@pytest.mark.requirement("R66")
@pytest.mark.parametrize("written", ["anna", "ANNA", " Anna", "Ａnna"])
def test_ids_that_differ_only_in_how_they_are_written_are_doubted(written: str) -> None:
    (told,) = doubts_about_names(map(SubjectId, ["Anna", "Bert", written, "Anna"]))
    assert "1 ('" in told
    assert "a stranger to themselves" in told


def test_ids_that_differ_otherwise_are_not_doubted() -> None:
    assert not list(doubts_about_names(map(SubjectId, ["Anna", "Anne", "Bert", "Bert"])))
