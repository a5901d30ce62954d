"""Where the calibration of a pack is found: beside its files, else the one that ships."""

from importlib.resources import files as package_files

from overt.errors import Refused
from overt.models.library import Pack
from overt.policy.calibrations import require_fit
from overt.rates.calibration import Calibration
from overt.rates.calibration_file import read_calibration


def calibration_file(precision: str) -> str:
    return f"calibration-{precision}.json"


def find_calibration(pack: Pack, precision: str) -> Calibration | None:
    """None if there is none; refused where there is one and it is not of this pack."""
    name, file = pack.manifest.pack_name, calibration_file(precision)
    own = pack.found_in / file
    shipped = package_files("overt.models").joinpath("packs", name, file)
    try:
        if own.is_file():
            content, place = own.read_bytes(), str(own)
        elif shipped.is_file():
            content, place = shipped.read_bytes(), f"the calibration that ships for {name}"
        else:
            return None
    except OSError as error:
        raise Refused(f"{own}: cannot be read: {error.strerror}") from error
    found = read_calibration(content, place)
    return require_fit(found, name, pack.digest, precision, place=place)
