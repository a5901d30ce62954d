"""Who may be listed and with what: the row rules of a watchlist (R13-R23).

Pure. What a cell must look like is decided before (`config/list_csv`); whether the image will
do is decided after, by the import.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from overt.config.list_csv import SUBJECT_FIELDS, ListRow, RowProblem
from overt.identifiers import SubjectId
from overt.policy.profile import Profile
from overt.policy.profiles import categories_of
from overt.units import Similarity

ADULT: Final = 18
"""In every profile so far: under it an entry takes an approval with a rationale (R19)."""
OLD_IMAGE_YEARS: Final = 5
"""Faces change: an image older than this is reported, not refused (R15)."""
OF_SUSPECTS: Final = frozenset(
    {"suspect", "suspected", "charged", "convicted", "wanted", "offender"}
)


def row_problems(row: ListRow, *, profile: Profile | None, today: date) -> list[RowProblem]:
    """Everything for which this row may not be listed."""
    findings = (
        ("category", _category(row, profile)),
        ("status", _status(row, profile)),
        ("image_date", _in_future(row.image_date, today)),
        ("review_by", _review(row, today)),
        ("date_of_birth", _age(row, today)),
    )
    return [RowProblem(row.number, column, found) for column, found in findings if found]


def _category(row: ListRow, profile: Profile | None) -> str:
    known = categories_of(profile)
    where = f"of the profile {profile.name}" if profile else "of any profile"
    if row.category not in known:
        close = difflib.get_close_matches(row.category, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"take one of {', '.join(sorted(known))}"
        return f"{row.category[:60]!r} is no category {where}; {hint}"
    return ""


def _status(row: ListRow, profile: Profile | None) -> str:
    category = categories_of(profile).get(row.category)
    said = set(re.findall(r"[^\W\d_]+", row.status.lower()))
    if category and not category.may_be_suspect and said & OF_SUSPECTS:
        # R21: somebody who is missing, at risk or a volunteer is never shown as a suspect.
        return f"{row.status!r} cannot be said of somebody listed as {row.category}"
    return ""


def _review(row: ListRow, today: date) -> str:
    if row.review_by < today:
        return f"{row.review_by} is past; review whether the image may still be held"
    return ""


def _in_future(day: date, today: date) -> str:
    return f"{day} is in the future" if day > today else ""


def _age(row: ListRow, today: date) -> str:
    born = row.date_of_birth
    if born is None:
        return ""
    if born > today:
        return _in_future(born, today)
    return ""


def is_under_age(born: date | None, today: date) -> bool:
    """Whether an entry takes an approval for the person's age; an unknown one does not."""
    return born is not None and age_on(born, today) < ADULT


def takes_approval(category: str, profile: Profile, *, under_age: bool) -> bool:
    """Whether an officer must approve the entry, with a rationale, before anybody looks (R19)."""
    known = profile.categories.get(category)
    return under_age or (known is not None and known.exceptional)


def age_on(born: date, today: date) -> int:
    """Full years; somebody born on 29 February is a year older on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def subject_problems(rows: Sequence[ListRow]) -> list[RowProblem]:
    """Rows of one person must agree on the person, and bring different images."""
    first: dict[SubjectId, ListRow] = {}
    images: dict[str, int] = {}
    problems: list[RowProblem] = []
    for row in rows:
        leader = first.setdefault(row.subject_id, row)
        problems += [
            RowProblem(row.number, name, f"differs from row {leader.number} of {row.subject_id}")
            for name, field in SUBJECT_FIELDS.items()
            if field(row) != field(leader)
        ]
        if (before := images.setdefault(row.image, row.number)) != row.number and not row.face_box:
            problems.append(RowProblem(row.number, "image", f"the same file as row {before}"))
    return problems


def image_warning(row: ListRow, today: date) -> str:
    """R15: the latest suitable image."""
    if age_on(row.image_date, today) >= OLD_IMAGE_YEARS:
        years = age_on(row.image_date, today)
        return f"row {row.number}: the image of {row.subject_id} is {years} years old; find a later one"
    return ""


def adults_unproven(rows: Iterable[ListRow]) -> int:
    """How many people came without a date of birth (R19: reported, for the officer to ask)."""
    return len({row.subject_id for row in rows if row.date_of_birth is None})


def lookalike_bound(floor: Similarity) -> Similarity:
    """From where on two people on a list are reported as alike (R22).

    No deployment may alert below the pack's floor, so a pair that stays below it by more than a
    face's own scatter is never mistaken for one another by the program.
    """
    return floor
