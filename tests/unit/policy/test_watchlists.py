"""Who may be listed: the row rules, by their row of the requirements."""

from datetime import date

import pytest
from tests.fakes.lists import parsed, row

from overt.policy.profile import Profile
from overt.policy.profiles import CONSENT, UK_POLICE
from overt.policy.watchlists import (
    adults_unproven,
    age_on,
    image_warning,
    is_under_age,
    row_problems,
    subject_problems,
    takes_approval,
)

TODAY = date(2026, 11, 30)


def said(profile: Profile | None = None, **changes: str) -> list[str]:
    (read,) = parsed(row(**changes))
    return [str(problem) for problem in row_problems(read, profile=profile, today=TODAY)]


def test_a_good_row_has_no_problem() -> None:
    assert said() == []


@pytest.mark.requirement("R13")
@pytest.mark.parametrize("category", ["other", "intelligence", "wanted", "Consented"])
def test_a_category_outside_the_closed_list_is_refused(category: str) -> None:
    (problem,) = said(category=category)
    assert "row 2, column category" in problem
    assert "is no category of any profile" in problem


@pytest.mark.requirement("R13")
def test_with_a_profile_only_its_own_categories_count() -> None:
    assert said(CONSENT, category="wanted-by-court")
    assert said(UK_POLICE, category="wanted-by-court") == []
    assert said(None, category="wanted-by-court") == []


@pytest.mark.requirement("R19")
@pytest.mark.parametrize(
    ("category", "under_age", "takes"),
    [
        ("wanted-by-court", False, False),
        ("wanted-by-court", True, True),
        ("victim-or-witness", False, True),
    ],
)
def test_an_exceptional_entry_takes_an_approval(
    category: str, under_age: bool, takes: bool
) -> None:
    assert takes_approval(category, UK_POLICE, under_age=under_age) is takes


@pytest.mark.requirement("R19")
@pytest.mark.parametrize(
    ("born", "young"),
    [("2008-12-01", True), ("2008-11-30", False), ("1990-01-01", False)],
)
def test_under_age_is_under_eighteen(born: str, young: bool) -> None:
    assert said(date_of_birth=born) == []
    assert is_under_age(date.fromisoformat(born), TODAY) is young


def test_nobody_is_born_in_the_future_and_an_unknown_age_is_not_under_age() -> None:
    assert said(date_of_birth="2027-01-01")
    assert not is_under_age(None, TODAY)


def test_somebody_born_on_the_leap_day_is_older_from_the_first_of_march() -> None:
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age_on(date(2008, 2, 29), date(2026, 3, 1)) == 18


@pytest.mark.requirement("R23")
@pytest.mark.parametrize(("review_by", "refused"), [("2026-11-29", True), ("2026-11-30", False)])
def test_an_image_past_its_review_is_not_listed(review_by: str, refused: bool) -> None:
    assert bool(said(review_by=review_by)) is refused


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("category", ["missing-or-at-risk", "consented"])
@pytest.mark.parametrize("status", ["Suspect", "suspected of theft", "missing/wanted"])
def test_somebody_missing_or_willing_is_never_called_a_suspect(category: str, status: str) -> None:
    (problem,) = said(category=category, status=status)
    assert "cannot be said of" in problem
    assert said(category=category, status="missing") == []


def test_an_image_from_the_future_is_refused() -> None:
    assert said(image_date="2026-12-01")


@pytest.mark.requirement("R15")
def test_an_old_image_is_reported_and_not_refused() -> None:
    (old,) = parsed(row(image_date="2021-11-30"))
    (young,) = parsed(row(image_date="2021-12-01"))
    assert "5 years old" in image_warning(old, TODAY)
    assert image_warning(young, TODAY) == ""
    assert row_problems(old, profile=None, today=TODAY) == []


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("category", "wanted-by-court"),
        ("reason", "another"),
        ("review_by", "2027-01-01"),
        ("response_plan", "another"),
        ("date_of_birth", "1980-01-01"),
        ("status", "another"),
        ("lookalikes", "S9"),
    ],
)
def test_rows_of_one_person_must_agree_on_the_person(column: str, cell: str) -> None:
    rows = parsed(row(), row(image="other.jpg", **{column: cell}))
    (problem,) = subject_problems(rows)
    assert (problem.row, problem.column) == (3, column)


def test_rows_of_one_person_may_differ_in_their_images() -> None:
    rows = parsed(row(), row(image="b.jpg", image_source="passport", image_date="2025-01-01"))
    assert subject_problems(rows) == []


def test_one_file_cannot_be_two_people_unless_a_box_says_who() -> None:
    assert subject_problems(parsed(row(), row(subject_id="S2")))
    boxed = parsed(row(face_box="0 0 9 9"), row(subject_id="S2", face_box="9 0 9 9"))
    assert subject_problems(boxed) == []


@pytest.mark.requirement("R19")
def test_people_without_a_date_of_birth_are_counted() -> None:
    rows = parsed(
        row(), row(image="b.jpg"), row(subject_id="S2", image="c.jpg", date_of_birth="1980-01-01")
    )
    assert adults_unproven(rows) == 1
