"""No alert below the threshold, one a person and passage, and ambiguity never suppresses."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from math import log2

from hypothesis import given
from hypothesis import strategies as st

from overt.alerts.raising import (
    MOST_DOUBLINGS,
    AlertBook,
    Held,
    News,
    RaiseAlert,
    RaisingRules,
    UpdateAlert,
    consider,
)
from overt.alerts.track_evidence import Hold, TrackEvidence
from overt.identifiers import CameraId, PassageId, RunId, SubjectId
from overt.matches.match import Match
from overt.units import Seconds, Similarity, UtcTime

NOON = UtcTime(datetime(2026, 11, 23, 12, tzinfo=UTC))
RULES = RaisingRules(threshold=Similarity(0.5))

PASSAGES = [PassageId(each) for each in ("n-1", "n-2", "n-3")]

Story = list[tuple[float, TrackEvidence]]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    now, story = 0.0, []
    for _ in range(draw(st.integers(1, 25))):
        now += draw(st.floats(0.0, 3.0))
        best, second = draw(st.permutations(["anna", "ben", "cara"]))[:2]
        similarity = draw(st.floats(-1, 1))
        story.append(
            (
                now,
                TrackEvidence(
                    passage=draw(st.sampled_from(PASSAGES)),
                    camera=CameraId("n"),
                    match=Match(
                        SubjectId(best),
                        Similarity(similarity),
                        0,
                        SubjectId(second),
                        Similarity(draw(st.floats(-1, similarity))),
                    ),
                    shots=draw(st.integers(1, 4)),
                    list_size=3,
                    since=Seconds(now - draw(st.floats(0.0, 3.0))),
                    beside=draw(st.frozensets(st.sampled_from(PASSAGES))),
                    captured_at=NOON,
                    media_time=Seconds(now),
                ),
            )
        )
    return story


def told(story: Story, rules: RaisingRules = RULES) -> list[News]:
    book, news = AlertBook(RunId("r")), []
    for now, evidence in story:
        book, one = consider(book, evidence, rules, NOON, now=Seconds(now))
        news.append(one)
    return news


@given(stories())
def test_nothing_below_the_threshold_or_on_one_shot_is_ever_alerted(story: Story) -> None:
    for (_, evidence), news in zip(story, told(story), strict=True):
        if isinstance(news, RaiseAlert | UpdateAlert):
            assert evidence.match.similarity >= RULES.threshold
            assert evidence.shots >= RULES.min_shots
            assert news.alert.similarity == evidence.match.similarity


@given(stories())
def test_a_person_is_alerted_at_most_once_a_passage(story: Story) -> None:
    raised = [news.alert for news in told(story) if isinstance(news, RaiseAlert)]
    assert max(Counter((a.passage, a.subject_id) for a in raised).values(), default=0) <= 1
    assert len({alert.id for alert in raised}) == len(raised)


@given(stories())
def test_an_update_belongs_to_an_alert_and_only_gets_better(story: Story) -> None:
    alerts = {}
    for news in told(story):
        if isinstance(news, RaiseAlert):
            alerts[news.alert.id] = news.alert
        elif isinstance(news, UpdateAlert):
            before = alerts[news.alert.id]
            assert news.alert.similarity > before.similarity
            assert news.alert.subject_id == before.subject_id
            alerts[news.alert.id] = news.alert


@given(stories(), st.floats(0, 2))
def test_what_counts_as_ambiguous_changes_no_decision(story: Story, margin: float) -> None:
    def decisions(news: list[News]) -> list[object]:
        return [one.reason if isinstance(one, Held) else type(one) for one in news]

    assert decisions(told(story)) == decisions(told(story, replace(RULES, ambiguous_margin=margin)))


@given(stories())
def test_without_a_cooldown_every_sufficient_passage_is_alerted(story: Story) -> None:
    news = told(story, replace(RULES, cooldown=Seconds(0.0)))
    alerted = {
        (one.alert.passage, one.alert.subject_id) for one in news if isinstance(one, RaiseAlert)
    }
    sufficient = {
        (evidence.passage, evidence.match.subject_id)
        for _, evidence in story
        if evidence.match.similarity >= RULES.threshold and evidence.shots >= RULES.min_shots
    }
    assert alerted == sufficient


@given(stories())
def test_whoever_is_in_one_picture_with_an_alerted_passage_is_never_held(story: Story) -> None:
    raised: set[tuple[PassageId, SubjectId]] = set()
    for (_, evidence), news in zip(story, told(story), strict=True):
        person = evidence.match.subject_id
        if any((passage, person) in raised for passage in evidence.beside):
            assert news != Held(Hold.COOLDOWN)
        if isinstance(news, RaiseAlert):
            raised.add((evidence.passage, person))


@given(st.lists(st.floats(0.01, 0.9), min_size=1, max_size=300))
def test_without_a_pause_or_company_alerts_for_one_person_grow_only_with_the_logarithm_of_time(
    steps: list[float],
) -> None:
    """Whatever pieces a passage is torn into."""
    at, story = 0.0, Story()
    for number, step in enumerate(steps):
        at += step
        match = Match(SubjectId("anna"), Similarity(0.9), 0, None, None)
        piece = PassageId(f"n-{number}")
        story.append(
            (at, TrackEvidence(piece, CameraId("n"), match, 2, 3, Seconds(at), NOON, Seconds(at)))
        )
    raised = sum(isinstance(news, RaiseAlert) for news in told(story))
    longest = RULES.cooldown * 2**MOST_DOUBLINGS
    assert raised <= 2 + log2(1 + at / RULES.cooldown) + at / longest


@given(stories())
def test_passages_of_different_people_do_not_depend_on_each_other(story: Story) -> None:
    for person in ("anna", "ben", "cara"):
        alone = [piece for piece in story if piece[1].match.subject_id == person]
        together = [
            news
            for (_, evidence), news in zip(story, told(story), strict=True)
            if evidence.match.subject_id == person
        ]
        assert _reasons(told(alone)) == _reasons(together)


def _reasons(news: list[News]) -> list[Hold | type[News]]:
    return [one.reason if isinstance(one, Held) else type(one) for one in news]
