"""What whoever reads a figure must know first: too few people, one who outweighs them, wrong labels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from unicodedata import normalize

import numpy as np

from overt.assurance.duplicates import Kind, Suspicion
from overt.assurance.metrics import highest_non_mated, missed
from overt.assurance.scores import ScoreTable
from overt.identifiers import SubjectId
from overt.rates.carrying import MISS_RATE_TO_SHOW, subjects_for_misses, subjects_for_target
from overt.rates.clustered import FEWEST_PEOPLE, clustered_interval
from overt.rates.how_many import how_many
from overt.rates.how_many import people as people_of
from overt.units import Similarity

LAXEST: Final = 0.1
"""The FPIR target that takes the fewest people."""
MOST_UNSEEN: Final = 0.2
"""A share of people who were never compared that is told before any figure."""
WRONG_LABELS: Final = frozenset({Kind.UNLIKE_ITS_SUBJECT, Kind.TWO_PEOPLE_ALIKE})


def doubts_about_people(table: ScoreTable, threshold: Similarity) -> Iterator[str]:
    """Of either side that has anybody; rates without people are told elsewhere."""
    yield from doubts_about_comparisons(table)
    wrong = highest_non_mated(table) >= threshold
    sides = (
        ("not on the list", ~table.mated, wrong, subjects_for_target(LAXEST),
         f"no threshold for an FPIR, not even {LAXEST:g}"),
        ("on the list", table.mated, missed(table, threshold), subjects_for_misses(),
         f"no miss rate, not even one of {MISS_RATE_TO_SHOW:g}"),
    )  # fmt: skip
    for whom, rows, errors, needed, what in sides:
        subjects = [s for s, is_of_it in zip(table.probe_subjects, rows, strict=True) if is_of_it]
        people = Counter(subjects)
        if 0 < len(people) < needed:
            yield (
                f"Insufficient data: people {whom} who were measured: {len(people):,}. They carry "
                f"{what}; it takes {needed}."
            )
        if people and (heaviest := max(people.values())) > max(1, len(subjects) / FEWEST_PEOPLE):
            low, high = _over_people(subjects, errors.tolist())
            yield (
                f"One person has {heaviest:,} of the {how_many(len(subjects), table.unit.value)} of people "
                f"{whom}: the intervals beside the counts take every one for a witness and are too "
                f"narrow. Over {people_of(len(people))} the interval is {low:.2%} to {high:.2%}."
            )


def doubts_about_names(subjects: Iterable[SubjectId]) -> Iterator[str]:
    """Tell of ids that differ only in case, spaces or how letters are coded: one person, perhaps."""
    alike: dict[str, set[SubjectId]] = defaultdict(set)
    for subject in subjects:
        alike["".join(normalize("NFKC", subject).casefold().split())].add(subject)
    doubtful = sorted(sorted(each) for each in alike.values() if len(each) > 1)
    if doubtful:
        first = " and ".join(repr(str(each)) for each in doubtful[0])
        yield (
            f"Ids that differ only in case, spaces or how letters are coded: {len(doubtful):,} "
            f"({first}). They count as different people, so a person under two of them is scored "
            "as a stranger to themselves. Mend the ids if they are one, and measure again."
        )


def doubts_about_comparisons(table: ScoreTable) -> Iterator[str]:
    """Where so many were never compared that rates tell of the pictures more than of the faces."""
    subjects = np.array(table.probe_subjects, object)
    for whom, rows in (("not on the list", ~table.mated), ("on the list", table.mated)):
        everybody = set(subjects[rows].tolist())
        never = len(everybody - set(subjects[rows & table.compared].tolist()))
        if everybody and never == len(everybody):
            yield (
                f"Insufficient data: of {people_of(len(everybody))} {whom} nobody was compared, for want of "
                "a usable face before the camera or on the list: there is no curve and no rate of "
                "theirs that says anything of faces."
            )
        elif never > MOST_UNSEEN * len(everybody):
            yield (
                f"Of {people_of(len(everybody))} {whom} {never:,} had no face that could be compared. They stay "
                "trials of every rate, and raise no alert: false alerts are understated, and misses "
                "are those of the pictures. No target rests on them."
            )
    unenrolled = int(np.count_nonzero(table.not_enrolled))
    if unenrolled > MOST_UNSEEN * table.list_size:
        yield (
            f"Of {people_of(table.list_size)} on the list {unenrolled:,} could not be enrolled, and nobody was "
            "compared with them: false alerts are understated for a list of this length."
        )


def doubts_about_labels(suspects: Sequence[Suspicion], of: str = "picture") -> Iterator[str]:
    count = sum(each.kind in WRONG_LABELS for each in suspects)
    if count:
        yield (
            f"{how_many(count, of)} suspected of a wrong label, or of one person under two names; "
            "named below, and scored as labelled. Mend the labels and measure again: every rate "
            "here is wrong by as much as they are."
        )
    copies = sum(each.kind is Kind.ALMOST_SAME_PICTURE for each in suspects)
    if copies:
        yield (
            f"{how_many(copies, of)} of people on the list, almost the very picture of the list, "
            "saved or cut again. Named below, and scored: recognising a copy says nothing, "
            "and misses are understated by as much. Take other pictures, and measure again."
        )


def _over_people(subjects: Sequence[str], errors: Sequence[bool]) -> tuple[float, float]:
    order = {subject: number for number, subject in enumerate(dict.fromkeys(subjects))}
    owners = [order[subject] for subject in subjects]
    wrong = np.bincount(owners, weights=errors, minlength=len(order)).astype(np.intp)
    return clustered_interval(wrong, np.bincount(owners, minlength=len(order)))
