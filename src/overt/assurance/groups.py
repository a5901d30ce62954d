"""Errors by self-declared group: people tallied, groups and intersections formed.

Groups are what subjects (or those who collected the data) said; nothing is inferred from a face.
ISO/IEC 19795-10 speaks of demographic groups and of differential performance between them.
"""

from collections import Counter
from dataclasses import dataclass
from enum import Enum
from itertools import combinations

import numpy as np
import numpy.typing as npt

from overt.assurance.metrics import highest_non_mated, missed, reaching
from overt.assurance.scores import NO_MATE, Flags, ScoreTable
from overt.identifiers import SubjectId
from overt.rates.clustered import Counts
from overt.rates.counts import Rate
from overt.units import Similarity

LIVE_RANK = 1
MOST_VALUES = 30
"""A column of more values is no group (an age in years): band it."""


class Measure(Enum):
    FPIR = "fpir"
    FNIR = "fnir"


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Entry i of each is one person on one side of the test."""

    subjects: tuple[SubjectId, ...]
    errors: Counts
    trials: Counts


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """People who share one value of one column, or of two."""

    column: str
    value: str
    members: Flags
    """Of `People`."""


def people_of(table: ScoreTable, measure: Measure, threshold: Similarity) -> People:
    """Tally the wrong decisions of the live rule for every person."""
    mated = table.mates != NO_MATE
    side = mated if measure is Measure.FNIR else ~mated
    wrong = (
        missed(table, threshold, LIVE_RANK)
        if measure is Measure.FNIR
        else reaching(highest_non_mated(table), threshold)
    )
    owners = [table.probe_subjects[row] for row in np.flatnonzero(side)]
    trials = Counter(owners)
    errors = Counter(owner for owner, bad in zip(owners, wrong, strict=True) if bad)
    names = tuple(sorted(trials))
    return People(
        names,
        np.array([errors[name] for name in names], np.intp),
        np.array([trials[name] for name in names], np.intp),
    )


def usable_columns(table: ScoreTable) -> tuple[str, ...]:
    """Columns with two values or more among the subjects, and not too many."""
    return tuple(
        column for column, values in _values(table).items() if 2 <= len(values) <= MOST_VALUES
    )


def columns_left_out(table: ScoreTable) -> tuple[str, ...]:
    return tuple(
        column for column, values in _values(table).items() if not 2 <= len(values) <= MOST_VALUES
    )


def groups_of(table: ScoreTable, people: People) -> tuple[Group, ...]:
    """Every value of every column, then every pair of values of every two columns."""
    columns = usable_columns(table)
    found = []
    for names in [*((column,) for column in columns), *combinations(columns, 2)]:
        said = [_said(table, subject, names) for subject in people.subjects]
        for value in sorted({value for value in said if value}):
            members = np.array([each == value for each in said], np.bool_)
            found.append(Group(" and ".join(names), value, members))
    return tuple(found)


def rate_of(people: People, members: Flags) -> Rate:
    return Rate(int(people.errors[members].sum()), int(people.trials[members].sum()))


def stated(groups: tuple[Group, ...], column: str, people: People) -> npt.NDArray[np.bool_]:
    """Who said anything about the column."""
    flags = np.zeros(len(people.subjects), np.bool_)
    for group in groups:
        if group.column == column:
            flags |= group.members
    return flags


def _values(table: ScoreTable) -> dict[str, set[str]]:
    tested = set(table.probe_subjects)
    values: dict[str, set[str]] = {}
    for subject, said in table.groups.items():
        for column, value in said.items():
            if subject in tested and value:
                values.setdefault(column, set()).add(value)
    return dict(sorted(values.items()))


def _said(table: ScoreTable, subject: SubjectId, columns: tuple[str, ...]) -> str:
    """The values joined, "" unless all were given."""
    values = [table.groups.get(subject, {}).get(column, "") for column in columns]
    return " / ".join(values) if all(values) else ""
