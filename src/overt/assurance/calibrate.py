"""A calibration made with stills, as the file that a deployment's target is answered from."""

from typing import Final

from overt.assurance.stills import StillMeasurement
from overt.assurance.system import MeasuredSystem
from overt.assurance.thresholds import MeasuredWith, calibrate
from overt.errors import Refused
from overt.rates.calibration import Calibration, TooFew, threshold_for

WORTH_IT: Final = 0.1
"""A calibration that cannot carry even this target is none."""


def calibration_of(
    measured: StillMeasurement, system: MeasuredSystem, measured_on: str
) -> Calibration:
    """Refused where no target could be answered from it."""
    made = calibrate(
        measured.table,
        MeasuredWith(
            pack_name=system.pack.manifest.pack_name,
            pack=system.pack.digest,
            precision=system.networks.precision,
            measured_on=measured_on,
        ),
    )
    answer = threshold_for(made, WORTH_IT, made.list_size) if made.people else None
    if answer is None or isinstance(answer, TooFew):
        why = answer.says if answer else "nobody in the probes is missing from the list"
        raise Refused(f"{why}; bring more people who are not on the list")
    return made
