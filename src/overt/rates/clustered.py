"""Exact intervals where several trials are of one person and err together.

Korn and Graubard's form of Clopper-Pearson (Survey Methodology 24, 1998), as official statistics
use it: the number of trials shrinks by how much more people differ than independent trials would.
Where there are no errors, or only errors, or one person has more than a tenth of all trials, too
little shows that difference: then people count and not trials, unequal ones for less (Kish).
"""

import numpy as np
import numpy.typing as npt

from overt.rates.counts import CONFIDENCE, exact_interval

Counts = npt.NDArray[np.intp]
FEWEST_PEOPLE = 10
"""The differences between people are not learnt from fewer, nor where one outweighs as many."""


def effective_trials(errors: Counts, trials: Counts) -> float:
    """One entry a person, each with at least one trial."""
    people, total = len(trials), float(trials.sum())
    rate = float(errors.sum()) / total if total else 0.0
    if people == total:
        return total
    if rate in (0.0, 1.0):
        return _people(trials)
    residual = errors - rate * trials
    between = people / max(people - 1, 1) * float((residual**2).sum()) / total**2
    shown = min(rate * (1 - rate) / between, total) if between else total
    return min(shown, _people(trials)) if trials.max() > total / FEWEST_PEOPLE else shown


def _people(trials: Counts) -> float:
    """As many people with equal trials would be as good witnesses."""
    return float(trials.sum()) ** 2 / float((trials.astype(np.float64) ** 2).sum())


def clustered_interval(
    errors: Counts, trials: Counts, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Two-sided; without trials, 0 to 1."""
    if not len(trials):
        return 0.0, 1.0
    effective = effective_trials(errors, trials)
    rate = float(errors.sum()) / float(trials.sum())
    return exact_interval(rate * effective, effective, confidence)
