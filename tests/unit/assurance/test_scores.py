"""A score table knows who is mated, who failed, and never has a subject on both sides."""

import numpy as np
import pytest
from tests.fakes.score_tables import table_of

from overt.assurance.scores import NO_MATE, ScoreTable
from overt.identifiers import SubjectId


def test_a_probe_is_mated_where_its_subject_was_submitted_even_if_not_enrolled() -> None:
    table = table_of(
        ["a", "b", "x"], ["b", "a"], [[0, 0.9], [0.8, 0], [0.1, 0.2]], not_enrolled=[0]
    )
    assert table.mates.tolist() == [1, 0, NO_MATE]
    assert table.mated.tolist() == [True, True, False]
    assert table.list_size == 2


def test_whoever_failed_resembles_nobody() -> None:
    table = table_of(
        ["a", "x", "x"],
        ["a", "b"],
        [[0.9, 0.1], [0.8, 0.7], [0.6, 0.5]],
        not_acquired=[1],
        not_enrolled=[1],
    )
    assert np.isneginf(table.scores[1]).all()
    assert np.isneginf(table.scores[:, 1]).all()
    assert table.scores[0, 0] == np.float32(0.9)


def test_a_shorter_list_leaves_out_the_probes_of_whoever_left_it() -> None:
    table = table_of(["a", "b", "x"], ["a", "b"], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.4]])
    shorter = table.against(np.array([1], np.intp))
    assert shorter.probe_subjects == ("b", "x")
    assert shorter.mated.tolist() == [True, False]
    assert shorter.scores.tolist() == [[pytest.approx(0.8)], [pytest.approx(0.4)]]


def test_suspects_can_be_set_aside() -> None:
    table = table_of(["a", "a", "x"], ["a", "b"], [[0.9, 0.1], [0.2, 0.8], [0.3, 0.4]])
    rest = table.without(probes={"probe 1"}, subjects={SubjectId("b")})
    assert rest.probe_ids == ("probe 0", "probe 2")
    assert rest.gallery_subjects == ("a",)


def test_groups_are_what_subjects_said_of_themselves() -> None:
    table = table_of(["a", "x"], ["a"], [[0.9], [0.1]], groups={"a": {"sex": "female"}})
    assert table.group_of(0, "sex") == "female"
    assert table.group_of(1, "sex") == ""


def test_scores_cannot_be_changed_afterwards() -> None:
    table = table_of(["a"], ["a"], [[0.9]])
    with pytest.raises(ValueError, match="read-only"):
        table.scores[0, 0] = 0


def _without_face_acquired() -> ScoreTable:
    table = table_of(["a"], ["b"], [[0.5]])
    return ScoreTable(
        unit=table.unit,
        probe_ids=table.probe_ids,
        probe_subjects=table.probe_subjects,
        gallery_subjects=table.gallery_subjects,
        scores=table.scores,
        not_detected=np.array([True]),
        not_acquired=np.array([False]),
        not_enrolled=np.array([False]),
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda: table_of(["a"], ["b", "b"], [[0, 0]]), "twice on the list"),
        (lambda: table_of(["a"], ["b"], [[float("nan")]]), "not a number"),
        (_without_face_acquired, "acquired"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object, says: str) -> None:
    assert callable(wrong)
    with pytest.raises(ValueError, match=says):
        wrong()
