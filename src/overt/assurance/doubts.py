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
WRONG_LABELS: Final = frozenset({Kind.UNLIKE_ITS_SUBJECT, Kind.TWO_PEOPLE_ALIKE})


def doubts_about_people(table: ScoreTable, threshold: Similarity) -> Iterator[str]:
    """Of either side that has anybody; rates without people are told elsewhere."""
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
