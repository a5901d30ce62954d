"""How FPIR goes on to grow with lists longer than the data: a model, its fit and its error shown.

People differ: some passers-by resemble many on a list, most nobody. With one chance p of a false
match in every comparison, FPIR(N, T) = 1 - (1 - p)^N. Here p differs between people as a beta
distribution does, so FPIR(N, T) = 1 - B(a, b + N) / B(a, b): the beta-binomial model, fitted by
maximum likelihood to how many people on the list each probe reaches. Whether it holds is shown by
fitting it to each half and to each quarter of the list and predicting the full one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import betaln

from overt.assurance.list_size import ListSizeRates
from overt.assurance.metrics import fpir, reaching
from overt.assurance.scores import ScoreTable
from overt.rates.calibration import NO_SCORE, share_of_lists
from overt.rates.counts import Rate
from overt.units import Similarity

Counts = npt.NDArray[np.intp]
GROWN_TO = (100, 250, 500, 1_000, 2_500, 5_000, 10_000)
"""Lists for which false alarms are told at each threshold; the longer are extrapolated."""
SHARES_HELD_OUT = (0.5, 0.25)
FEWEST_ALERTS = 8
"""With fewer probes above the threshold no model is fitted."""
MODEL = "beta-binomial: each probe has its own chance of a false match, 1 - B(a, b+N)/B(a, b)"


@dataclass(frozen=True, slots=True)
class BetaBinomial:
    """How the chance of a false match per comparison is spread over people."""

    a: float
    b: float

    def fpir(self, list_size: int) -> float:
        return float(-np.expm1(betaln(self.a, self.b + list_size) - betaln(self.a, self.b)))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What the model said of the full list from parts of it that have nobody in common."""

    fitted_on: int
    parts: tuple[float, ...]
    """What it said from each; one part alone hangs on who is in it."""
    predicted_at: int
    observed: Rate

    @property
    def predicted(self) -> float:
        return float(np.mean(self.parts))

    @property
    def relative_error(self) -> float | None:
        rate = self.observed.rate
        return self.predicted / rate - 1 if rate else None

    def as_json(self) -> dict[str, object]:
        return {
            "fitted_on": self.fitted_on,
            "predicted_at": self.predicted_at,
            "parts": len(self.parts),
            "predicted": self.predicted,
            "predicted_low": min(self.parts),
            "predicted_high": max(self.parts),
            "observed": self.observed.as_json(),
            "relative_error": self.relative_error,
            "within_interval": self._within,
        }

    @property
    def _within(self) -> bool:
        low, high = self.observed.interval()
        return low <= self.predicted <= high


@dataclass(frozen=True, slots=True)
class Growth:
    """FPIR at one threshold as the list grows."""

    threshold: Similarity
    observed_to: int
    within: tuple[tuple[int, float], ...]
    """List size, and FPIR on average over all lists of that size: counted, not drawn."""
    model: BetaBinomial | None
    """None where too few probes reach the threshold to fit it."""
    beyond: tuple[tuple[int, float], ...]
    at_most: tuple[tuple[int, float], ...]
    """FPIR of the full list in proportion to the size: it cannot grow faster."""
    held_out: tuple[HeldOut, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "threshold": self.threshold,
            "observed_to": self.observed_to,
            "within": [{"list_size": size, "fpir": rate} for size, rate in self.within],
            "model": MODEL,
            "parameters": self.model and {"a": self.model.a, "b": self.model.b},
            "insufficient_data": self.model is None,
            "beyond": [{"list_size": size, "fpir": rate} for size, rate in self.beyond],
            "at_most": [{"list_size": size, "fpir": rate} for size, rate in self.at_most],
            "held_out": [each.as_json() for each in self.held_out],
        }


def sizes_grown_to(full: int) -> tuple[int, ...]:
    """The usual sizes, and the full list."""
    return tuple(sorted({*GROWN_TO, full}))


def growth(
    table: ScoreTable,
    threshold: Similarity,
    sizes: tuple[int, ...],
    rng: np.random.Generator,
) -> Growth:
    """Sizes up to the list are counted, longer ones extrapolated."""
    hits = reaching(table.scores[~table.mated], threshold)
    counts = _counts(hits)
    full = table.list_size
    model = fit(counts, full)
    whole = fpir(table, threshold)
    beyond = tuple(size for size in sizes if size > full)
    return Growth(
        threshold=threshold,
        observed_to=full,
        within=tuple(
            (size, float(share_of_lists(counts, full, size).mean()))
            for size in sizes
            if size <= full and len(counts)
        ),
        model=model,
        beyond=tuple((size, model.fpir(size)) for size in beyond) if model else (),
        at_most=tuple((size, min(1.0, (whole.rate or 0.0) * size / full)) for size in beyond)
        if whole.errors
        else (),
        held_out=_held_out(hits, whole, rng),
    )


def growth_at_target(
    table: ScoreTable, rates: ListSizeRates, sizes: tuple[int, ...], rng: np.random.Generator
) -> Mapping[str, Any]:
    """The same at the threshold that an FPIR target took on the whole list; every key, always."""
    # Without a threshold there was no stranger, and nothing grows.
    at = rates.threshold if rates.threshold is not None else NO_SCORE
    return {
        **growth(table, at, sizes, rng).as_json(),
        "threshold": rates.threshold,
        "fpir_target": rates.fpir_target,
        "strangers_needed": ceil(FEWEST_ALERTS / rates.fpir_target),
    }


def fit(counts: Counts, list_size: int) -> BetaBinomial | None:
    """Maximum likelihood, from how many of the list each probe reaches."""
    if np.count_nonzero(counts) < FEWEST_ALERTS:
        return None
    values, times = np.unique(counts, return_counts=True)
    mean = float(counts.mean()) / list_size

    def surprise(parameters: npt.NDArray[np.float64]) -> float:
        a, b = np.exp(np.clip(parameters, -20, 25))
        logs = betaln(values + a, list_size - values + b) - betaln(a, b)
        return float(-(times * logs).sum())

    start = np.log([0.5, 0.5 * (1 - mean) / mean]) if mean < 1 else np.zeros(2)
    found = minimize(surprise, start, method="Nelder-Mead", options={"maxiter": 4_000})
    a, b = np.exp(np.clip(found.x, -20, 25))
    return BetaBinomial(float(a), float(b))


def _counts(hits: npt.NDArray[np.bool_]) -> Counts:
    return np.asarray(hits.sum(axis=1), np.intp)


def _held_out(
    hits: npt.NDArray[np.bool_], whole: Rate, rng: np.random.Generator
) -> tuple[HeldOut, ...]:
    full = hits.shape[1]
    order = rng.permutation(full)
    shown = []
    for share_kept in SHARES_HELD_OUT:
        kept = int(full * share_kept)
        parts = [order[first : first + kept] for first in range(0, full - kept + 1, max(kept, 1))]
        models = [fit(_counts(hits[:, part]), kept) for part in parts if kept]
        told = tuple(model.fpir(full) for model in models if model)
        if told and len(told) == len(models):
            shown.append(HeldOut(kept, told, full, whole))
    return tuple(shown)
