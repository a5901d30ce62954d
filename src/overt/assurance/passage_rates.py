"""Error rates of passages at the threshold for each FPIR target, against lists of one size.

How a size is tried, by watching the recordings or by going over their looks again, is for a
`Trials`; here the threshold is found and the counts are made, alike for every size.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Protocol

import numpy as np

from overt.assurance.bootstrap import bootstrap_rate
from overt.assurance.list_size import TARGETS, ListSizeRates
from overt.assurance.metrics import lowest_threshold, share
from overt.assurance.passages import PassageOutcome
from overt.assurance.scores import Flags, ScoreTable
from overt.identifiers import SubjectId
from overt.rates.counts import Rate
from overt.units import Float32, Similarity

MOST_TRIES = 8
RAISED_BY = 1e-4
"""At least, where the rule let more through than the evidence of another run showed."""
FASTER = 4.0
"""Times as much at each further try: a stranger whom the rule looks at harder each time must not
outrun the threshold, or a rate would stand above its target."""


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Every passage once, at one threshold."""

    strangers: tuple[SubjectId, ...]
    tops: Float32
    """For each passage of a stranger the strongest evidence for anybody."""
    wrong: Flags
    """...and whether it raised an alert."""
    compared: Flags
    """...and whether at least one look of it was compared with the list."""
    people: tuple[SubjectId, ...]
    lost: Flags
    """For each passage of somebody listed, whether no alert named them."""
    first: Flags
    """...and whether they were whom it resembled most, whatever the threshold."""


class Trials(Protocol):
    """Lists of one size, tried at any threshold."""

    @property
    def list_size(self) -> int: ...
    @property
    def lists(self) -> int: ...
    def at(self, threshold: Similarity) -> Trial: ...


def trial_of(outcomes: Mapping[int, PassageOutcome], whole: ScoreTable) -> Trial:
    """These rows of the table of all passages, as they were told against one list."""
    strangers = [(row, told) for row, told in outcomes.items() if not whole.mated[row]]
    people = [(row, told) for row, told in outcomes.items() if whole.mated[row]]
    return Trial(
        strangers=tuple(whole.probe_subjects[row] for row, _ in strangers),
        tops=np.array([max(told.best.values(), default=-inf) for _, told in strangers], np.float32),
        wrong=np.array([bool(told.alerted) for _, told in strangers], np.bool_),
        compared=np.array([told.failure is None for _, told in strangers], np.bool_),
        people=tuple(whole.probe_subjects[row] for row, _ in people),
        lost=np.array([not _names(told.alerted, told) for _, told in people], np.bool_),
        first=np.array([_most_alike(told) for _, told in people], np.bool_),
    )


def _names(named: Mapping[SubjectId, float], told: PassageOutcome) -> bool:
    return told.passage.subject_id in named


def _most_alike(told: PassageOutcome) -> bool:
    """Whether the passage resembled its own person most; a tie counts against them."""
    own = {name: alike for name, alike in told.best.items() if name == told.passage.subject_id}
    others = [alike for name, alike in told.best.items() if name not in own]
    return bool(own) and max(own.values()) > max(others, default=-inf)


def together(trials: Sequence[Trial]) -> Trial:
    """Disjoint lists of one size as one trial."""
    return Trial(
        strangers=tuple(each for trial in trials for each in trial.strangers),
        tops=np.concatenate([trial.tops for trial in trials]),
        wrong=np.concatenate([trial.wrong for trial in trials]),
        compared=np.concatenate([trial.compared for trial in trials]),
        people=tuple(each for trial in trials for each in trial.people),
        lost=np.concatenate([trial.lost for trial in trials]),
        first=np.concatenate([trial.first for trial in trials]),
    )


def rates_at_targets(
    trials: Trials, operating: Similarity, rng: np.random.Generator
) -> Iterator[ListSizeRates]:
    """One entry for every target; nothing may be deployed below `operating`."""
    told = trials.at(operating)
    for target in TARGETS:
        yield _rates(trials, told, target, operating, rng)


def _rates(
    trials: Trials, told: Trial, target: float, floor: Similarity, rng: np.random.Generator
) -> ListSizeRates:
    threshold = _threshold(trials, told, target, floor)
    trial = told if threshold is None else trials.at(threshold)
    lost = Rate(0, 0) if threshold is None else share(trial.lost)
    return ListSizeRates(
        list_size=trials.list_size,
        lists=trials.lists,
        fpir_target=target,
        threshold=threshold,
        fpir=share(trial.wrong),
        fnir=lost,
        fnir_any_rank=lost,
        rank1=share(told.first),
        fpir_subjects=len(set(trial.strangers)),
        fpir_compared=len(
            {each for each, was in zip(trial.strangers, trial.compared, strict=True) if was}
        ),
        fnir_subjects=len(set(trial.people)),
        fpir_bootstrap=bootstrap_rate(trial.wrong, trial.strangers, rng),
        fnir_bootstrap=None if threshold is None else bootstrap_rate(trial.lost, trial.people, rng),
        fnir_spread=None,
    )


def _threshold(trials: Trials, told: Trial, target: float, floor: Similarity) -> Similarity | None:
    """The lowest that keeps the target, None where no stranger passed.

    Found on the evidence of one trial, then asked of the rule itself; where the rule lets more
    through, because it looked harder, the next evidence is kept out too.
    """
    if not len(told.tops):
        return None
    threshold = _between(lowest_threshold(told.tops, target), floor)
    allowed = int(target * len(told.tops) + 1e-9)
    for tried in range(MOST_TRIES):
        again = trials.at(threshold)
        if np.count_nonzero(again.wrong) <= allowed:
            break
        raised = threshold + RAISED_BY * FASTER**tried
        threshold = _between(lowest_threshold(again.tops, target), raised)
    return threshold


def _between(threshold: Similarity, lowest: float) -> Similarity:
    """No rule can be run above a cosine of one: a copy of a picture on the list reaches it."""
    return Similarity(min(max(threshold, lowest), 1.0))
