from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from overt.alerts.raising import (
    AlertBook,
    Held,
    News,
    RaiseAlert,
    RaisingRules,
    UpdateAlert,
    Waiting,
    consider,
    margin_for,
)
from overt.alerts.track_evidence import Hold, TrackEvidence
from overt.identifiers import CameraId, PassageId, RunId, SubjectId
from overt.matches.match import Match
from overt.tracks.heading import Heading
from overt.units import Seconds, Similarity, UtcTime

NOON = UtcTime(datetime(2026, 11, 23, 12, tzinfo=UTC))
RULES = RaisingRules(threshold=Similarity(0.5))
ANNA, BEN = SubjectId("anna"), SubjectId("ben")


def evidence(
    similarity: float = 0.6,
    *,
    passage: str = "north-1",
    subject: SubjectId = ANNA,
    second: float | None = 0.2,
    shots: int = 3,
    since: float = 100.0,
    beside: frozenset[str] = frozenset(),
) -> TrackEvidence:
    return TrackEvidence(
        passage=PassageId(passage),
        camera=CameraId("north"),
        match=Match(
            subject,
            Similarity(similarity),
            reference=0,
            second=None if second is None else BEN if subject == ANNA else ANNA,
            second_similarity=None if second is None else Similarity(second),
        ),
        shots=shots,
        list_size=100,
        since=Seconds(since),
        captured_at=NOON,
        media_time=Seconds(1.5),
        beside=frozenset(PassageId(each) for each in beside),
    )


def told(*story: tuple[float, TrackEvidence], rules: RaisingRules = RULES) -> list[News]:
    book, news = AlertBook(RunId("r1")), []
    for now, piece in story:
        book, one = consider(book, piece, rules, NOON, now=Seconds(now))
        news.append(one)
    return news


def kinds(news: list[News]) -> list[object]:
    return [one.reason if isinstance(one, Held) else type(one) for one in news]


def test_a_resemblance_at_the_threshold_is_alerted() -> None:
    assert kinds(told((1.0, evidence(0.5)))) == [RaiseAlert]


def test_a_resemblance_below_the_threshold_is_not() -> None:
    assert kinds(told((1.0, evidence(0.499999)))) == [Hold.BELOW_THRESHOLD]


def test_a_similarity_that_is_no_number_is_not_alerted() -> None:
    assert kinds(told((1.0, evidence(float("nan"))))) == [Hold.BELOW_THRESHOLD]


def test_one_shot_is_not_enough() -> None:
    assert kinds(told((1.0, evidence(0.9, shots=1)))) == [Hold.TOO_FEW_SHOTS]


def test_a_person_is_alerted_once_a_passage() -> None:
    assert kinds(told((1.0, evidence()), (1.2, evidence()), (9.0, evidence()))) == [
        RaiseAlert,
        Waiting,
        Waiting,
    ]


def test_a_clearly_better_shot_updates_the_alert_by_its_id() -> None:
    first, second = told((1.0, evidence(0.55)), (2.5, evidence(0.7, shots=5)))

    assert isinstance(first, RaiseAlert)
    assert isinstance(second, UpdateAlert)
    assert second.alert.id == first.alert.id
    assert (second.alert.similarity, second.alert.shots) == (0.7, 5)


def test_a_better_shot_waits_until_the_operator_can_follow() -> None:
    story = [(1.0, evidence(0.55)), (1.3, evidence(0.6)), (2.0, evidence(0.6))]
    assert kinds(told(*story)) == [RaiseAlert, Waiting, UpdateAlert]


@pytest.mark.requirement("R40")
def test_an_alert_is_updated_once_when_it_can_be_told_which_way_the_person_walks() -> None:
    left, right = (replace(evidence(), heading=each) for each in (Heading.LEFT, Heading.RIGHT))
    story = [(1.0, evidence()), (1.5, left), (2.0, left), (3.0, right)]
    assert kinds(told(*story)) == [RaiseAlert, Waiting, UpdateAlert, Waiting]
    weaker = replace(evidence(0.59), heading=Heading.LEFT)
    assert kinds(told((1.0, evidence()), (2.0, weaker))) == [RaiseAlert, Waiting]


def test_an_alert_is_updated_a_bounded_number_of_times() -> None:
    story = [(2.0 * k, evidence(0.5 + 0.03 * k)) for k in range(10)]
    assert kinds(told(*story)).count(UpdateAlert) == RULES.most_updates


def test_another_passage_just_after_is_held_until_the_cooldown_is_over() -> None:
    story = [
        (1.0, evidence()),
        (2.0, evidence(passage="north-2")),
        (2.9, evidence(passage="north-2")),
        (3.0, evidence(passage="north-2")),
    ]
    assert kinds(told(*story)) == [RaiseAlert, Hold.COOLDOWN, Hold.COOLDOWN, RaiseAlert]


def test_the_cooldown_counts_from_the_last_evidence_of_the_alerted_passage() -> None:
    story = [(1.0, evidence()), (4.0, evidence()), (5.0, evidence(passage="north-2"))]
    assert kinds(told(*story)) == [RaiseAlert, Waiting, Hold.COOLDOWN]


def test_two_who_are_in_one_picture_and_resemble_one_person_are_both_alerted() -> None:
    story = [
        (1.0, evidence(since=0.5)),
        (1.2, evidence(passage="north-2", since=1.1, beside=frozenset({"north-9"}))),
        (1.4, evidence(passage="north-2", since=1.1, beside=frozenset({"north-1"}))),
    ]
    assert kinds(told(*story)) == [RaiseAlert, Hold.COOLDOWN, RaiseAlert]


def test_a_face_that_jumps_to_and_fro_is_one_person() -> None:
    """Its two tracks go on side by side, and are never seen in one picture."""
    story = []
    for k in range(40):
        here, there = (1.0 + 0.8 * k, evidence(since=1.0)), 1.4 + 0.8 * k
        story += [here, (there, evidence(passage="north-2", since=1.4))]
    assert kinds(told(*story)).count(RaiseAlert) == 1


def test_pieces_of_one_passage_are_alerted_less_and_less_often() -> None:
    story = [
        (at, evidence(passage=f"north-{int(at / 1.2)}", since=1.2 * int(at / 1.2)))
        for at in np.arange(0.0, 90.0, 0.4).tolist()
    ]
    alerted = [
        at for (at, _), one in zip(story, told(*story), strict=True) if type(one) is RaiseAlert
    ]
    assert 4 <= len(alerted) <= 7
    assert np.all(np.diff(np.diff(alerted)) > 0)


def test_somebody_who_comes_back_after_a_pause_is_alerted_each_time() -> None:
    story = [(3.5 * k, evidence(passage=f"north-{k}", since=3.5 * k)) for k in range(20)]
    assert kinds(told(*story)) == [RaiseAlert] * 20


def test_after_a_pause_nobody_waits_longer_than_at_first() -> None:
    pieces = [(1.2 * k, evidence(passage=f"north-{k}", since=1.2 * k)) for k in range(50)]
    later = (63.0, evidence(passage="later", since=63.0))
    again = [(63.5 + d, evidence(passage="again", since=63.5)) for d in (0.0, 1.4, 1.5)]
    assert kinds(told(*pieces, later, *again))[-4:] == [
        RaiseAlert, Hold.COOLDOWN, Hold.COOLDOWN, RaiseAlert,
    ]  # fmt: skip


def test_the_cooldown_of_one_person_holds_nobody_else() -> None:
    story = [(1.0, evidence()), (1.1, evidence(passage="north-2", subject=BEN))]
    assert kinds(told(*story)) == [RaiseAlert, RaiseAlert]


@pytest.mark.requirement("R22")
def test_a_small_margin_names_both_and_suppresses_nothing() -> None:
    (news,) = told((1.0, evidence(0.6, second=0.58)))

    assert isinstance(news, RaiseAlert)
    assert news.alert.ambiguous
    fields = news.alert.event_fields()
    assert (fields["subject_id"], fields["second_subject_id"]) == (ANNA, BEN)


def test_a_wide_margin_is_not_ambiguous() -> None:
    (news,) = told((1.0, evidence(0.6, second=0.54)))
    assert isinstance(news, RaiseAlert)
    assert not news.alert.ambiguous


def test_on_a_list_of_one_nothing_is_ambiguous() -> None:
    (news,) = told((1.0, evidence(0.6, second=None)))

    assert isinstance(news, RaiseAlert)
    assert (news.alert.ambiguous, news.alert.margin) == (False, None)


@pytest.mark.requirement("R22")
def test_two_people_resembled_in_one_passage_are_both_alerted() -> None:
    first, second = told((1.0, evidence()), (1.5, evidence(subject=BEN)))

    assert isinstance(first, RaiseAlert)
    assert isinstance(second, RaiseAlert)
    assert first.alert.id != second.alert.id


@pytest.mark.requirement("R22")
def test_known_lookalikes_travel_with_the_alert() -> None:
    (news,) = told((1.0, evidence()), rules=replace(RULES, lookalikes={ANNA: (BEN,)}))

    assert isinstance(news, RaiseAlert)
    assert news.alert.event_fields()["lookalikes"] == [BEN]


def test_an_alert_says_what_it_rests_on() -> None:
    (news,) = told((1.0, evidence(0.61234567, second=0.2)))

    assert isinstance(news, RaiseAlert)
    assert news.alert.event_fields() == {
        "id": "r1-north-1-1",
        "passage": "north-1",
        "camera": "north",
        "captured_at": "2026-11-23T12:00:00.000Z",
        "raised_at": "2026-11-23T12:00:00.000Z",
        "media_time": 1.5,
        "subject_id": "anna",
        "similarity": 0.6123,
        "threshold": 0.5,
        "list_size": 100,
        "margin": 0.4123,
        "ambiguous": False,
        "shots": 3,
        "heading": "not in view for long enough to tell",
    }


def test_an_alert_that_was_refused_may_be_raised_again() -> None:
    book, news = consider(AlertBook(RunId("r1")), evidence(), RULES, NOON, now=Seconds(1.0))

    assert isinstance(news, RaiseAlert)
    assert book.raised
    assert not book.never_raised(news.alert).raised


@pytest.mark.parametrize(("threshold", "margin"), [(0.5, 0.05), (0.92, 0.008)])
def test_what_a_small_margin_is_follows_the_models_scale(threshold: float, margin: float) -> None:
    assert margin_for(Similarity(threshold)) == pytest.approx(margin)


@pytest.mark.parametrize("threshold", [float("nan"), 1.01, -2.0])
def test_a_threshold_that_is_no_cosine_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="no cosine"):
        RaisingRules(threshold=Similarity(threshold))


def test_an_alert_rests_on_at_least_one_shot() -> None:
    with pytest.raises(ValueError, match="at least one shot"):
        replace(RULES, min_shots=0)
