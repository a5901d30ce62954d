"""What a report says, as one JSON object: the same bytes whenever the same is measured again.

No time of day and no duration is in it. HTML, CSV and PDF say the same (report_files.py).
"""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from overt.assurance.det import det_curve
from overt.assurance.equality import equality_of, sweep
from overt.assurance.metrics import (
    failures,
    fnir,
    fpir,
    highest_non_mated,
    mate_ranks,
    mate_scores,
    rank1,
)
from overt.assurance.plain_words import sentence
from overt.assurance.scores import ScoreTable
from overt.rates.how_many import how_many
from overt.rates.unit import Unit
from overt.units import Similarity

FORMAT: Final = "overt assurance report 1"
Section = Mapping[str, object]
LIMITS: Final = (
    (
        "These rates hold for these pictures of these people. Another camera, light, crowd or list "
        "gives other rates: measure your own before you rely on any."
    ),
    (
        "An interval covers chance alone: who happened to be in the data. It does not cover data that "
        "are unlike the street, labels that are wrong, or people who were never asked."
    ),
    "A difference that is not significant is not shown to be absent.",
    "Groups are what people declared of themselves; this program infers none.",
)
OF_STILLS: Final = (
    (
        "The unit is one still picture. Passages before a camera are another unit: their rates are "
        "measured by `overt assure video`."
    ),
    (
        "In a still the face is the one in face_box, else the one nearest the centre. Faces beside it "
        "are ignored."
    ),
    (
        "Pictures of the list are judged by the quality rules of enrolment, probes by those of the "
        "live flow. What they turn away is counted as a failure, never dropped."
    ),
    (
        "A person is as alike as the most alike of their pictures; scores are exact cosines, at six "
        "decimals."
    ),
)
OF_PASSAGES: Final = (
    "The unit is the passage: somebody who crossed a camera's view once, as the truth file says.",
    (
        "Recordings are watched by the live flow itself, with its tracks, its best shots and its rule "
        "for raising an alert; for every threshold told they are watched again at that threshold."
    ),
    (
        "Smaller lists are not watched one by one. The looks of all runs, each encoded once, are gone "
        "over by the flow's own rules against every list drawn; where the rule would have looked "
        "oftener, it has no more to go by, and finds fewer. How far that is off is shown for the whole "
        "list: each run beside what the looks of the other runs tell of its threshold."
    ),
    (
        "A passage is a false positive if it raised at least one alert and its person is not on the "
        "list; it is a miss if it raised none for the right person, whatever the reason."
    ),
    (
        "The truth says when people passed, not where in the picture. Where several passed at once, a "
        "track that raised an alert for somebody who was passing is counted as theirs, and the others "
        "are paired by their times."
    ),
)
METHOD: Final = (
    (
        "Terms and metrics are those of ISO/IEC 19795-1 and 30137-1: FPIR(N, T) is the share of "
        "non-mated probes with a candidate at or above T on a list of N; FNIR(N, R, T) the share of "
        "mated probes whose subject is not within rank R at or above T; TPIR is 1 - FNIR."
    ),
    (
        "list_size counts everybody submitted; whoever could not be enrolled is a miss. Probes "
        "without a usable face are trials that raise no alert."
    ),
    (
        "Every interval is a two-sided 95 % Clopper-Pearson interval of the counts beside it. "
        "Bootstrap intervals draw people, not pictures, with replacement."
    ),
    (
        "Smaller lists are drawn at random, disjoint, from the people submitted; a probe whose "
        "subject is not on its list is not used, so nobody stands on both sides of one test."
    ),
)


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was asked for, to be asked for again."""

    command: Sequence[str]
    seed: int
    threshold: Similarity
    highest: Similarity | None = None
    """Up to which threshold equality is tested too."""

    @property
    def line(self) -> str:
        return shlex.join(self.command)


def failures_section(table: ScoreTable) -> Section:
    told = failures(table)
    return {
        "to_detect": told.to_detect.as_json(),
        "to_acquire": told.to_acquire.as_json(),
        "to_enrol": told.to_enrol.as_json(),
    }


def operating_section(table: ScoreTable, threshold: Similarity) -> Section:
    """The rates at one threshold, against the full list."""
    rank = 1 if table.unit is Unit.STILL else None
    missed = fnir(table, threshold, rank)
    return {
        "list_size": table.list_met,
        "threshold": threshold,
        "rank": rank,
        "fpir": fpir(table, threshold).as_json(),
        "fnir": missed.as_json(),
        "tpir": missed.complement.as_json(),
        "rank1": rank1(table).as_json(),
    }


SWEPT: Final = 6


MOST_DIGITS: Final = 8
"""Of percentage points."""
STEP: Final = 0.01
"""Between two thresholds at which equality is tested, where a range is to be deployed at."""


def thresholds_tested(lowest: Similarity, highest: Similarity | None) -> list[Similarity]:
    """The threshold, or a range of them in steps, both ends among them."""
    if highest is None or highest <= lowest:
        return [lowest]
    steps = max(int(np.ceil((highest - lowest) / STEP - 1e-9)), 1)
    return [Similarity(float(at)) for at in np.round(np.linspace(lowest, highest, steps + 1), 6)]


def equality_section(
    tables: Sequence[tuple[Similarity, ScoreTable]], rng: np.random.Generator
) -> Section:
    """Error rates by self-declared group, tested at every threshold with what was measured there.

    The tables told are of the first; how gaps grow as it falls is told beside them.
    """
    threshold, table = tables[0]
    tests = [equality_of(measured, at, rng) for at, measured in tables]
    told = tests[0]
    tops = highest_non_mated(table)
    reached = tops[np.isfinite(tops)]
    lowest = float(np.quantile(reached, 0.5)) if len(reached) else threshold
    swept = np.round(np.linspace(min(lowest, threshold), max(threshold, lowest), SWEPT), 4)
    return {
        **told.as_json(),
        "sentence": sentence(told),
        "tested": [
            {"threshold": each.threshold, "finding": each.finding.value, "sentence": sentence(each)}
            for each in tests
        ],
        "sweep": [
            {
                "threshold": float(at),
                "disparities": [
                    {
                        "column": each.column,
                        "measure": each.measure.value,
                        "overall": each.overall.rate,
                        "worst_group": each.worst.value,
                        "worst": each.worst.rate.rate,
                        "max_over_geometric_mean": each.ratio,
                    }
                    for each in disparities
                    if not each.crossed
                ],
            }
            for at, disparities in sweep(table, [Similarity(float(at)) for at in np.unique(swept)])
        ],
    }


def det_section(table: ScoreTable, threshold: Similarity) -> Section:
    rank = 1 if table.unit is Unit.STILL else None
    told = det_curve(table, rank, kept=threshold)
    if not (told.non_mated and told.mated and told.fpir.any()):
        return {"list_size": table.list_met, "insufficient_data": True}
    return {"list_size": table.list_met, "insufficient_data": False, **_rounded(told.as_json())}


def _rounded(section: Mapping[str, object]) -> dict[str, object]:
    return {
        key: [round(each, 6) for each in value] if isinstance(value, list) else value
        for key, value in section.items()
    }


@dataclass(frozen=True, slots=True)
class ProbeLine:
    """One probe against the full list, for whoever checks or compares."""

    probe: str
    subject: str
    mated: bool
    acquired: bool
    own: float | None
    """How much it resembles its own subject; None where it cannot."""
    own_rank: int | None
    top: float | None
    top_subject: str


def probe_lines(table: ScoreTable) -> list[ProbeLine]:
    own, ranks = mate_scores(table), mate_ranks(table)
    nth = np.cumsum(table.mated) - 1
    lines = []
    for row, probe in enumerate(table.probe_ids):
        best = int(np.argmax(table.scores[row]))
        top = _told(table.scores[row, best])
        mated = bool(table.mated[row])
        mine = _told(own[nth[row]]) if mated else None
        lines.append(
            ProbeLine(
                probe=probe,
                subject=table.probe_subjects[row],
                mated=mated,
                acquired=not table.not_acquired[row],
                own=mine,
                own_rank=int(ranks[nth[row]]) if mine is not None else None,
                top=top,
                top_subject=table.gallery_subjects[best] if top is not None else "",
            )
        )
    return lines


def _told(score: np.float32) -> float | None:
    return round(float(score), 6) if np.isfinite(score) else None


def in_words(rate: Mapping[str, object], *, of: str) -> str:
    """`12 of 1,600 strangers (0.75 %; 95 % interval 0.39 % to 1.3 %)`."""
    errors, trials = rate["errors"], rate["trials"]
    share, low, high = (percent(rate[key]) for key in ("rate", "low", "high"))
    plural, _, rest = of.partition(" ")
    assert isinstance(trials, int)
    return f"{errors:,} of {how_many(trials, plural.removesuffix('s'))} {rest} ({share}; 95 % interval {low} to {high})"


def told_of(rate: Mapping[str, object], *, of: str, what: str) -> str:
    """A sentence about a rate, or that there is none."""
    if not rate["trials"]:
        return f"There are no {of} among the data, so nothing can be said of them."
    return f"{in_words(rate, of=of)} {what}."


def in_points(differences: Sequence[float]) -> list[str]:
    """Percentage points, with as many digits as tell each from the others and from nought."""
    # What is left of nought after sums in floating point is nought.
    values = [round(100 * each, MOST_DIGITS) + 0.0 for each in differences]
    apart = len({*values, 0.0})
    digits = next(
        (n for n in range(2, MOST_DIGITS) if len({*(round(v, n) for v in values), 0.0}) == apart),
        MOST_DIGITS,
    )
    return [f"{round(each, digits) + 0.0:+.{digits}f}" for each in values]


def percent(value: object) -> str:
    if not isinstance(value, int | float):
        return "not known"
    hundred = 100 * value
    if hundred == 0:
        return "0 %"
    return f"{hundred:.3g} %" if hundred < 99.95 else f"{hundred:.4g} %"
