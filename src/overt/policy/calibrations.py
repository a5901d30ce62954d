"""From a target FPIR to the threshold that may be signed (R32).

The statistics are in rates/calibration.py. Here: a calibration counts only for the pack, digest
and precision that it was measured with; the pack's floor holds whatever it says; and where it
cannot carry a target, the refusal says what to do.
"""

from dataclasses import dataclass

from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.rates.calibration import Calibration, MeasuredThreshold, TooFew, threshold_for
from overt.rates.unit import OF_STILLS, Unit
from overt.units import Similarity


def require_fit(
    found: Calibration, pack: PackName, digest: Digest, precision: str, *, place: str
) -> Calibration:
    if (found.pack_name, found.pack, found.precision) != (pack, digest, precision):
        raise Refused(
            f"{place} is of {found.pack_name} {found.pack[:19]} {found.precision}, and the pack is "
            f"{pack} {digest[:19]} {precision}; measure again: overt assure calibrate"
        )
    return found


@dataclass(frozen=True, slots=True)
class CalibratedThreshold:
    threshold: Similarity
    measured: MeasuredThreshold

    def __str__(self) -> str:
        raised = self.threshold > self.measured.threshold
        floor_note = f"{self.threshold:g}, raised to the pack's floor; " if raised else ""
        unit_note = (
            f"; {OF_STILLS}: measure passages too (overt assure calibrate --truth)"
            if self.measured.unit is Unit.STILL
            else "; measured with passages, the unit of the live rule"
        )
        return f"{floor_note}{self.measured.says}{unit_note}"


def calibrated(
    calibration: Calibration, target_fpir: float, *, people: int, floor: Similarity
) -> CalibratedThreshold:
    """Refused, with what to do, where the calibration cannot carry the target."""
    found = threshold_for(calibration, target_fpir, people)
    if isinstance(found, TooFew):
        raise Refused(
            f"{found.says} with {calibration.pack_name} at {calibration.precision}; measure more "
            "people (overt assure calibrate), take a higher target, or write threshold = a raw "
            "cosine"
        )
    return CalibratedThreshold(Similarity(max(found.threshold, floor)), found)
