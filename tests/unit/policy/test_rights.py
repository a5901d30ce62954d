"""The time for an answer, the grounds of a refusal, and the letter."""

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from overt.errors import Refused
from overt.policy.rights import (
    GROUNDS_OF,
    Clocked,
    Ground,
    Outcome,
    Right,
    months_later,
    require_extendable,
    require_ground,
)
from overt.policy.rights_answer import HeldItem, HeldKind, Letter, as_html, as_text

pytestmark = pytest.mark.requirement("R69")

LETTER: Final = Letter(
    reference="r-1", right=Right.ACCESS, controller="A force", addressee="Ada <Lovelace>",
    received_on=date(2026, 11, 2), written_on=date(2026, 11, 20), outcome=Outcome.GRANTED,
    ground=None, told_reason="", held=[HeldItem(HeldKind.ENTRY, [("list", "oxford")])],
    done=[],
)  # fmt: skip


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 23), 1, date(2026, 12, 23)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2026, 12, 31), 3, date(2027, 3, 31)),
    ],
)
def test_a_month_ends_on_the_same_day_or_the_last(start: date, months: int, end: date) -> None:
    assert months_later(start, months) == end


def test_the_month_starts_anew_when_the_person_told_who_they_are() -> None:
    asked = Clocked(date(2026, 11, 2), asked_on=date(2026, 11, 5))
    assert not asked.is_overdue(date(2027, 3, 1))  # the person has the move
    told = replace(asked, told_on=date(2026, 11, 20))
    assert told.due_on == date(2026, 12, 20)
    assert not told.is_overdue(date(2026, 12, 20))
    assert told.is_overdue(date(2026, 12, 21))


def test_an_extension_is_two_months_once_and_before_the_end() -> None:
    clock = Clocked(date(2026, 11, 2))
    require_extendable(clock, date(2026, 12, 2))
    with pytest.raises(Refused, match="before it ends"):
        require_extendable(clock, date(2026, 12, 3))
    extended = replace(clock, extended=True)
    assert extended.due_on == date(2027, 2, 2)
    with pytest.raises(Refused, match="once only"):
        require_extendable(extended, date(2026, 12, 2))


@pytest.mark.parametrize("right", Right)
def test_a_refusal_takes_a_ground_of_the_law_and_a_reason(right: Right) -> None:
    for ground in Ground:
        if ground in GROUNDS_OF[right]:
            require_ground(right, Outcome.REFUSED, ground, "an inquiry goes on")
            with pytest.raises(Refused, match="its reason"):
                require_ground(right, Outcome.REFUSED, ground, " ")
        else:
            with pytest.raises(Refused, match="one of these grounds"):
                require_ground(right, Outcome.REFUSED, ground, "x")
    with pytest.raises(Refused, match="one of these grounds"):
        require_ground(right, Outcome.IN_PART, None, "x")
    with pytest.raises(Refused, match="takes no ground"):
        require_ground(right, Outcome.GRANTED, Ground.CRIME, "x")


def test_an_answer_tells_what_is_held_and_whom_to_complain_to() -> None:
    for page in (as_text(LETTER), as_html(LETTER)):
        assert "list: oxford" in page
        assert "Information Commissioner" in page
        assert "section 167" in page
    assert "Ada &lt;Lovelace&gt;" in as_html(LETTER)


def test_a_refusal_tells_no_more_than_it_may() -> None:
    told = replace(LETTER, outcome=Outcome.REFUSED, ground=Ground.CRIME, told_reason="It goes on.")
    untold = replace(told, told_reason="")
    assert "criminal offences" in as_text(told)
    assert "It goes on." in as_text(told)
    assert "criminal" not in as_text(untold)
    for refused in (told, untold):
        assert "list: oxford" not in as_text(refused)
        assert "Information Commissioner" in as_text(refused)
