"""A calibration, as the file that a deployment's target is answered from, and what it can answer.

Made of a score table, of stills or of passages. What is wrong with the data is told beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from overt.assurance.doubts import doubts_about_comparisons, doubts_about_labels
from overt.assurance.duplicates import Suspicion
from overt.assurance.identify import suspects_of
from overt.assurance.list_size import TARGETS
from overt.assurance.scores import ScoreTable
from overt.assurance.stills import StillMeasurement
from overt.assurance.system import MeasuredSystem
from overt.assurance.thresholds import MeasuredWith, calibrate
from overt.errors import Refused
from overt.rates.calibration import Calibration, TooFew, threshold_for
from overt.rates.how_many import how_many

WORTH_IT: Final = 0.1
"""A calibration that cannot carry even this target is none."""


@dataclass(frozen=True, slots=True)
class MadeCalibration:
    calibration: Calibration
    doubts: tuple[str, ...]
    suspects: tuple[Suspicion, ...]
    watched: tuple[Mapping[str, Any], ...] = ()
    """With passages: what the live rule itself let through at each threshold that was watched."""


def calibration_of_stills(
    measured: StillMeasurement, system: MeasuredSystem, measured_on: str
) -> MadeCalibration:
    made = calibration_of(measured.table, system, measured_on)
    suspects = suspects_of(measured)
    doubts = (*doubts_about_comparisons(measured.table), *doubts_about_labels(suspects))
    return MadeCalibration(made, doubts, tuple(suspects))


def calibration_of(table: ScoreTable, system: MeasuredSystem, measured_on: str) -> Calibration:
    """Refused where no target could be answered from it."""
    require_told(measured_on)
    made = calibrate(
        table,
        MeasuredWith(
            pack_name=system.pack.manifest.pack_name,
            pack=system.pack.digest,
            precision=system.networks.precision,
            measured_on=measured_on,
        ),
    )
    if table.mated.all():
        why = f"nobody in the {_probes(table)} is missing from the list"
        raise Refused(f"{why}; bring more people who are not on the list")
    answer = threshold_for(made, WORTH_IT, made.list_size)
    if isinstance(answer, TooFew):
        unseen = how_many(made.not_compared, made.unit.value)
        but = (
            f" ({unseen} of strangers had no face that could be compared)"
            if made.not_compared
            else ""
        )
        raise Refused(f"{answer.says}{but}; bring more people who are not on the list")
    return made


def require_told(measured_on: str) -> None:
    if not measured_on.strip():
        raise Refused("--data: say in words what the data are; whoever signs reads it")


def answers_of(made: Calibration) -> Sequence[Mapping[str, Any]]:
    """What it says at each target for the whole list; every key, always."""
    return [_answer(made, target) for target in TARGETS]


def _answer(made: Calibration, target: float) -> Mapping[str, Any]:
    found = threshold_for(made, target, made.list_size)
    lacking = isinstance(found, TooFew)
    told: dict[str, Any] = {
        "fpir_target": target,
        "list_size": made.list_size,
        "people": made.people,
        "insufficient_data": lacking,
        "more_people_needed": found.more if isinstance(found, TooFew) else 0,
        "says": found.says,
    }
    if isinstance(found, TooFew):
        none = dict.fromkeys(("threshold", "false_positives", "rate", "low", "high", "upper"))
        return {**told, **none}
    low, high = made.fpir_interval(found.threshold, made.list_size)
    return {
        **told,
        "threshold": found.threshold,
        "false_positives": made.false_positives(found.threshold, made.list_size),
        "rate": found.expected_fpir,
        "low": low,
        "high": high,
        "upper": found.upper_fpir,
    }


def _probes(table: ScoreTable) -> str:
    return "probes" if table.unit.value == "still" else f"{table.unit.value}s of the truth"
