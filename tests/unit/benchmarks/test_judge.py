from pathlib import Path

from benchmarks.judge import ClipAlert, ClipTruth, TruePassage, Verdict, judged

TRUTH = ClipTruth(
    Path("a.mp4"),
    Path("list.csv"),
    (
        TruePassage("anna", 1.0, 4.0),
        TruePassage(None, 2.0, 5.0),
        TruePassage("anna", 8.0, 11.0),
        TruePassage("ben", 9.0, 12.0),
    ),
)


def test_each_listed_passage_that_was_alerted_for_its_person_counts() -> None:
    alerts = [ClipAlert(3.0, "anna"), ClipAlert(11.5, "ben")]
    assert judged(TRUTH, alerts) == Verdict(listed=3, alerted=2, repeated=0, wrong=0, passages=4)


def test_naming_somebody_who_is_not_there_is_wrong_even_if_they_come_later() -> None:
    assert judged(TRUTH, [ClipAlert(6.0, "anna"), ClipAlert(3.0, "cara")]).wrong == 2


def test_a_second_alert_in_one_passage_is_a_repetition() -> None:
    assert judged(TRUTH, [ClipAlert(2.0, "anna"), ClipAlert(3.0, "anna")]).repeated == 1


def test_verdicts_of_clips_add_up() -> None:
    assert Verdict(1, 2, 3, 4, 5) + Verdict(1, 1, 1, 1, 1) == Verdict(2, 3, 4, 5, 6)
