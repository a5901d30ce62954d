"""After how many shots of a passage the matter is settled: what giving tracks up early loses.

    python -m benchmarks.shots [--cache build/shots] [--write]

makes templates of stills and of composed passages from OVERT_TEST_DATA (about an hour of one
core the first time; they stay in the cache) and prints how many listed passages giving up loses,
with exact intervals, and what strangers cost. With --write it also writes what
`overt.models.rise` reads: the cheapest lift and gain that lose no more than the stated share.
"""

import argparse
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final

import numpy as np
from benchmarks.passages import Passing, read
from benchmarks.passages import main as make_passages
from benchmarks.replay import Outcome, replay
from benchmarks.still_templates import Stills, stills
from scipy.stats import beta

from overt.identifiers import ModelId, SubjectId
from overt.matches.gallery import Gallery, gallery_of
from overt.models.library import shipped_manifests
from overt.models.manifest import Precision, model_id
from overt.models.rise import MeasuredRise
from overt.tracks.best_shots import ShotRules, rules_for
from overt.units import Similarity

LOSS: Final = 0.01
THRESHOLDS: Final = (0.44, 0.50, 0.56)
LIFTS: Final = (0.09, 0.105, 0.12, 0.135, 0.15)
GAINS: Final = (0.25, 0.35)
LISTS: Final = 10
"""The list of 1,000 in so many parts: a passage is held against the part that its person is on,
and as a stranger's against the next."""

STRANGERS: Final = 2
"""Every second passage is walked by a stranger too."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One rule at one threshold, on every passage."""

    found: np.ndarray
    """(n,) bool: alerted for the right person."""
    listed: list[Outcome]
    strangers: list[Outcome]

    @property
    def cost(self) -> float:
        return float(np.mean([outcome.encodes for outcome in self.strangers]))


@dataclass(frozen=True, slots=True)
class Stage:
    """Passages, and the lists that they are held against."""

    passages: list[Passing]
    parts: list[Gallery]

    def part_of(self, passing: Passing) -> int:
        return next(k for k, part in enumerate(self.parts) if passing.subject_id in part)

    def trial(self, rules: ShotRules) -> Trial:
        owns = [self.part_of(one) for one in self.passages]
        listed = [
            replay(one, self.parts[own], rules)
            for one, own in zip(self.passages, owns, strict=True)
        ]
        strangers = [
            replay(one, self.parts[(own + 1) % LISTS], rules)
            for one, own in zip(self.passages[::STRANGERS], owns[::STRANGERS], strict=True)
        ]
        right = [o.named == p.subject_id for o, p in zip(listed, self.passages, strict=True)]
        return Trial(np.array(right), listed, strangers)


def stage(cache: Path, pack: str, precision: str) -> Stage:
    known: Stills = stills(cache, pack, precision)
    rows = np.random.default_rng(3).permutation(known.listed(400))
    parts = [
        gallery_of(
            ModelId(f"{pack}/{precision}"),
            [SubjectId(str(name)) for name in known.subject[part]],
            known.vectors[part],
        )
        for part in (rows[first::LISTS] for first in range(LISTS))
    ]
    return Stage(read(cache / "passages", "mated_probe"), parts)


def interval(errors: int, among: int) -> str:
    """The exact two-sided 95 % interval (Clopper and Pearson), in per cent."""
    low = float(beta.ppf(0.025, errors, among - errors + 1)) if errors else 0.0
    high = float(beta.ppf(0.975, errors + 1, among - errors)) if errors < among else 1.0
    return (
        f"{errors} of {among}, {100 * errors / among:.2f} % ({100 * low:.2f} to {100 * high:.2f})"
    )


def tried(stage: Stage, model: ModelId) -> dict[tuple[float, float], dict[float, Trial]]:
    """Every lift and gain at every threshold."""
    return {
        (lift, gain): {
            threshold: stage.trial(rules_for(Similarity(threshold), 2, rise(model, lift, gain)))
            for threshold in THRESHOLDS
        }
        for lift, gain in product(LIFTS, GAINS)
    }


def rise(model: ModelId, lift: float, gain: float) -> MeasuredRise:
    return MeasuredRise(
        model=model, lift=lift, gain=gain, loss=LOSS, found=0, lost=0, subjects=0, thresholds=()
    )


def measure_rise(stage: Stage, model: ModelId) -> MeasuredRise:
    """Choose on half of the people, tell of the other half, and of all for what is chosen."""
    unlimited = {t: stage.trial(rules_for(Similarity(t), 2)) for t in THRESHOLDS}
    everything = tried(stage, model)
    subjects = sorted({one.subject_id for one in stage.passages})
    first_half = set(subjects[::2])
    half = np.array([one.subject_id in first_half for one in stage.passages])
    whole = np.ones(len(half), np.bool_)
    chosen = cheapest(unlimited, everything, half)
    print(f"chosen on one half of the people: lift, gain {chosen}; on the other half it loses")
    for threshold in THRESHOLDS:
        there = unlimited[threshold].found & ~half
        lost = there & ~everything[chosen][threshold].found
        print(f"  at {threshold}: {interval(int(lost.sum()), int(there.sum()))}")
    chosen = cheapest(unlimited, everything, whole)
    found, lost = losses(unlimited, everything[chosen], whole)
    print(f"on all: lift, gain {chosen}")
    for threshold in THRESHOLDS:
        _tell(threshold, unlimited[threshold], everything[chosen][threshold])
    return replace_counts(rise(model, *chosen), found, lost, len(subjects))


def cheapest(
    unlimited: dict[float, Trial],
    everything: dict[tuple[float, float], dict[float, Trial]],
    among: np.ndarray,
) -> tuple[float, float]:
    """Of the rules that lose no more than the stated share, the one that strangers cost least."""
    allowed = []
    for each, trials in everything.items():
        found, lost = losses(unlimited, trials, among)
        cost = float(np.mean([trial.cost for trial in trials.values()]))
        print(f"  lift, gain {each}: {lost} of {found} lost, {cost:.2f} looks a stranger")
        if lost <= LOSS * found:
            allowed.append((cost, each))
    return min(allowed)[1]


def losses(
    unlimited: dict[float, Trial], trials: dict[float, Trial], among: np.ndarray
) -> tuple[int, int]:
    found = sum(int((unlimited[t].found & among).sum()) for t in THRESHOLDS)
    lost = sum(int((unlimited[t].found & ~trials[t].found & among).sum()) for t in THRESHOLDS)
    return found, lost


def replace_counts(one: MeasuredRise, found: int, lost: int, subjects: int) -> MeasuredRise:
    return one.model_copy(
        update={"found": found, "lost": lost, "subjects": subjects, "thresholds": THRESHOLDS}
    )


def _tell(threshold: float, before: Trial, after: Trial) -> None:
    lost = int((before.found & ~after.found).sum())
    won = int((after.found & ~before.found).sum())
    waits = [o.after for o, f in zip(after.listed, after.found, strict=True) if f]
    wrong = sum(outcome.named is not None for outcome in after.strangers)
    print(
        f"  at {threshold}: {interval(lost, int(before.found.sum()))} lost, {won} won; "
        f"looks a stranger {before.cost:.2f} -> {after.cost:.2f}; "
        f"strangers alerted {sum(o.named is not None for o in before.strangers)} -> {wrong}; "
        f"alert after {np.median(waits):.2f} s (95 %: {np.quantile(waits, 0.95):.2f} s)"
    )


def written(one: MeasuredRise) -> str:
    lines = ["# Measured: python -m benchmarks.shots --write"]
    for name, value in one.model_dump().items():
        shown = f'"{value}"' if isinstance(value, str) else value
        lines.append(f"{name} = {list(shown) if isinstance(shown, tuple) else shown}")
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cache", type=Path, default=Path("build/shots"))
    options.add_argument("--pack", default="open")
    options.add_argument("--precision", default="f32")
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    make_passages([str(chosen.cache / "passages"), "--pack", chosen.pack, "--unlisted", "0"])
    here = stage(chosen.cache, chosen.pack, chosen.precision)
    manifest = {str(name): one for name, one in shipped_manifests().items()}[chosen.pack]
    model = model_id(manifest, Precision(chosen.precision))
    measured = measure_rise(here, model)
    if chosen.write:
        folder = Path("src/overt/models/packs") / chosen.pack
        (folder / f"rise-{chosen.precision}.toml").write_text(written(measured), "utf-8")


if __name__ == "__main__":
    main()
