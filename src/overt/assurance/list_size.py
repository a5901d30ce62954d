"""Error rates against lists of several sizes, drawn from the people submitted.

For each size the people are dealt at random into as many disjoint lists of that size as they
fill. Every mated probe is searched in the one list that holds its subject; those whose subject is
left over are not used, and never count as non-mated. Every non-mated person is searched in one
list, dealt out evenly. So each probe is one trial, all lists of a size share one threshold, and
the counts are whole numbers with exact intervals. The full list is drawn once, and not at random.
The same is done again with other deals, to show how much hangs on who was drawn.
"""

from dataclasses import dataclass

import numpy as np

from overt.assurance.bootstrap import Bootstrap, BothSides, bootstrap_fnir_at, bootstrap_rate
from overt.assurance.metrics import (
    LOWEST,
    highest_non_mated,
    lowest_threshold,
    mate_ranks,
    mate_scores,
    reaching,
    share,
)
from overt.assurance.scores import NO_MATE, Columns, Flags, ScoreTable
from overt.identifiers import SubjectId
from overt.rates.carrying import (
    carries_misses,
    carries_target,
    subjects_for_misses,
    subjects_for_target,
)
from overt.rates.counts import Rate
from overt.units import Float32, Similarity

TARGETS = (0.1, 0.01, 0.001)
SIZES = (100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
DEALS = 10
"""One that is reported, and nine more for the spread."""
LIVE_RANK = 1
"""An alert names whom the passage resembles most."""


@dataclass(frozen=True, slots=True)
class Spread:
    """FNIR at the target over several deals: how much hangs on who was drawn."""

    deals: int
    mean: float
    low: float
    high: float

    def as_json(self) -> dict[str, float | int]:
        return {"deals": self.deals, "mean": self.mean, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class ListSizeRates:
    """What is found at one FPIR target against lists of one size."""

    list_size: int
    lists: int
    fpir_target: float
    threshold: Similarity | None
    """None where there is no non-mated probe."""
    fpir: Rate
    fnir: Rate
    """The subject is not at rank one at or above the threshold: the live rule."""
    fnir_any_rank: Rate
    """The subject is below the threshold, whoever is resembled more."""
    rank1: Rate
    fpir_subjects: int
    fpir_compared: int
    """Of these subjects the ones with a face that was compared: what the target rests on."""
    fnir_subjects: int
    fpir_bootstrap: Bootstrap | None
    fnir_bootstrap: Bootstrap | None
    fnir_spread: Spread | None

    @property
    def lets_every_face_through(self) -> bool:
        """The target is kept by the probes without a face alone: no score decided it."""
        return self.threshold is not None and self.threshold <= LOWEST

    @property
    def carries_its_target(self) -> bool:
        enough = carries_target(self.fpir_target, self.fpir_compared)
        return enough and not self.lets_every_face_through

    @property
    def lacks(self) -> tuple[str, ...]:
        """What the data cannot carry, and how many more people it would take."""
        wanted = []
        need = subjects_for_target(self.fpir_target)
        if not carries_target(self.fpir_target, self.fpir_compared):
            compared = "compared " if self.fpir_compared < self.fpir_subjects else ""
            wanted.append(
                f"FPIR {self.fpir_target:g} needs {need:,} non-mated people, "
                f"{need - self.fpir_compared:,} more than the {self.fpir_compared:,} {compared}here"
            )
        elif self.lets_every_face_through:
            wanted.append(
                f"FPIR {self.fpir_target:g} is kept by probes without a usable face alone; bring "
                "pictures of non-mated people that can be compared"
            )
        if not carries_misses(self.fnir_subjects):
            need = subjects_for_misses()
            wanted.append(
                f"FNIR needs {need:,} mated people, "
                f"{need - self.fnir_subjects:,} more than the {self.fnir_subjects:,} here"
            )
        return tuple(wanted)

    def as_json(self) -> dict[str, object]:
        """Every key, always. What is not carried says so beside its figures."""
        target_lacks = not self.carries_its_target
        misses_lack = target_lacks or not carries_misses(self.fnir_subjects)
        return {
            "list_size": self.list_size,
            "lists": self.lists,
            "threshold": self.threshold,
            "fpir_target": self.fpir_target,
            "fpir": {
                **self.fpir.as_json(),
                "insufficient_data": target_lacks,
                "subjects": self.fpir_subjects,
                "subjects_compared": self.fpir_compared,
                "bootstrap": self.fpir_bootstrap and self.fpir_bootstrap.as_json(),
            },
            "fnir": {
                **self.fnir.as_json(),
                "insufficient_data": misses_lack,
                "subjects": self.fnir_subjects,
                "bootstrap": self.fnir_bootstrap and self.fnir_bootstrap.as_json(),
                "rank": LIVE_RANK,
                "over_lists": self.fnir_spread and self.fnir_spread.as_json(),
            },
            "fnir_any_rank": {**self.fnir_any_rank.as_json(), "insufficient_data": misses_lack},
            "rank1": self.rank1.rate,
            "rank1_counts": {
                **self.rank1.as_json(),
                "insufficient_data": not carries_misses(self.fnir_subjects),
            },
            "insufficient_data": bool(self.lacks),
            "lacks": list(self.lacks),
        }


def sizes_for(full: int) -> tuple[int, ...]:
    """The usual sizes that the data allow, and the full list."""
    return (*(size for size in SIZES if size < full), full)


def rates_by_list_size(
    table: ScoreTable,
    rng: np.random.Generator,
    *,
    sizes: tuple[int, ...] | None = None,
    targets: tuple[float, ...] = TARGETS,
    deals: int = DEALS,
) -> tuple[ListSizeRates, ...]:
    """One entry for every size and target, sizes ascending."""
    entries = []
    for size in sizes or sizes_for(table.list_size):
        times = 1 if size == table.list_size else deals
        trials = [deal(table, size, rng) for _ in range(times)]
        entries += [_rates(trials, target, rng) for target in targets]
    return tuple(entries)


@dataclass(frozen=True, slots=True, eq=False)
class Deal:
    """Every probe once, against one list of the size."""

    list_size: int
    lists: int
    sides: BothSides
    own: Float32
    """For each mated probe the score of its subject, at whatever rank."""
    own_is_first: Flags
    """For each mated probe, whether its subject is at rank one, whatever the score."""


def deal(table: ScoreTable, size: int, rng: np.random.Generator) -> Deal:
    """Deal the people submitted into disjoint lists, and the probes onto them."""
    if not 1 <= size <= table.list_size:
        raise ValueError(f"a list of {size} cannot be drawn from {table.list_size} people")
    if size == table.list_size:
        return _one_deal([_on_list(table)], size)
    lists = table.list_size // size
    in_order = np.argsort(np.array(table.gallery_subjects), kind="stable")
    columns = in_order[rng.permutation(table.list_size)[: lists * size]].reshape(lists, size)
    list_of = _list_of_each_stranger(table, lists, rng)
    parts = []
    for index, drawn in enumerate(columns):
        whole = table.part(_rows_for(table, drawn, list_of == index), np.sort(drawn))
        parts.append(_on_list(whole))
    return _one_deal(parts, size)


def _on_list(table: ScoreTable) -> Deal:
    own = mate_scores(table)
    ranks_first = (mate_ranks(table) <= LIVE_RANK) & np.isfinite(own)
    strangers = tuple(
        subject
        for subject, mate in zip(table.probe_subjects, table.mates, strict=True)
        if mate == NO_MATE
    )
    mated = tuple(
        subject
        for subject, mate in zip(table.probe_subjects, table.mates, strict=True)
        if mate != NO_MATE
    )
    found = np.where(ranks_first, own, np.float32(-np.inf)).astype(np.float32)
    sides = BothSides(highest_non_mated(table), strangers, found, mated)
    return Deal(table.list_size, 1, sides, own, ranks_first)


def _one_deal(parts: list[Deal], size: int) -> Deal:
    return Deal(
        list_size=size,
        lists=len(parts),
        sides=BothSides(
            np.concatenate([part.sides.tops for part in parts]),
            tuple(subject for part in parts for subject in part.sides.non_mated),
            np.concatenate([part.sides.own for part in parts]),
            tuple(subject for part in parts for subject in part.sides.mated),
        ),
        own=np.concatenate([part.own for part in parts]),
        own_is_first=np.concatenate([part.own_is_first for part in parts]),
    )


def _list_of_each_stranger(table: ScoreTable, lists: int, rng: np.random.Generator) -> Columns:
    """For each probe the list it is searched in, NO_MATE for those with a mate.

    People are dealt, not probes; their order does not follow that of the probes.
    """
    strangers = sorted(
        {
            subject
            for subject, mate in zip(table.probe_subjects, table.mates, strict=True)
            if mate == NO_MATE
        }
    )
    hands = rng.permutation(len(strangers)) % lists
    hand_of: dict[SubjectId, int] = dict(zip(strangers, hands.tolist(), strict=True))
    return np.array([hand_of.get(subject, NO_MATE) for subject in table.probe_subjects], np.intp)


def _rows_for(table: ScoreTable, drawn: Columns, strangers: Flags) -> Columns:
    return np.flatnonzero(np.isin(table.mates, drawn) | strangers)


def _rates(trials: list[Deal], target: float, rng: np.random.Generator) -> ListSizeRates:
    told = trials[0]
    threshold = _threshold(told, target)
    wrong = _false_positives(told, threshold)
    return ListSizeRates(
        list_size=told.list_size,
        lists=told.lists,
        fpir_target=target,
        threshold=threshold,
        fpir=share(wrong),
        fnir=_fnir(told.sides.own, threshold),
        fnir_any_rank=_fnir(told.own, threshold),
        rank1=share(told.own_is_first),
        fpir_subjects=len(set(told.sides.non_mated)),
        fpir_compared=_compared(told),
        fnir_subjects=len(set(told.sides.mated)),
        fpir_bootstrap=bootstrap_rate(wrong, told.sides.non_mated, rng),
        fnir_bootstrap=bootstrap_fnir_at(told.sides, target, rng),
        fnir_spread=_spread(trials, target),
    )


def _compared(trial: Deal) -> int:
    """How many strangers resembled anybody at all."""
    sides = zip(trial.sides.non_mated, trial.sides.tops, strict=True)
    return len({subject for subject, top in sides if np.isfinite(top)})


def _threshold(trial: Deal, target: float) -> Similarity | None:
    return lowest_threshold(trial.sides.tops, target) if len(trial.sides.tops) else None


def _false_positives(trial: Deal, threshold: Similarity | None) -> Flags:
    if threshold is None:
        return np.zeros(0, np.bool_)
    return reaching(trial.sides.tops, threshold)


def _fnir(own: Float32, threshold: Similarity | None) -> Rate:
    """Without a threshold nothing was tried: no trials, rather than no misses."""
    return Rate(0, 0) if threshold is None else share(~reaching(own, threshold))


def _spread(trials: list[Deal], target: float) -> Spread | None:
    rates = [_fnir(trial.sides.own, _threshold(trial, target)).rate for trial in trials]
    known: Float32 = np.array([rate for rate in rates if rate is not None], np.float32)
    if len(trials) < 2 or not len(known):
        return None
    return Spread(len(known), float(known.mean()), float(known.min()), float(known.max()))
