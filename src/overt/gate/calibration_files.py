"""Where the calibration of a pack is found: beside its files, else the one that ships.

The unit of the live rule is the passage, so a calibration of passages comes before one of stills,
wherever either lies; of one unit the one beside the pack's files comes before the one that ships.
"""

from collections.abc import Sequence
from importlib.resources import files as package_files

from overt.errors import Refused
from overt.models.library import Pack
from overt.policy.calibrations import require_fit
from overt.rates.calibration import Calibration
from overt.rates.calibration_file import read_calibration
from overt.rates.unit import Unit


def calibration_file(precision: str) -> str:
    """Its name where one of either unit lies alone."""
    return f"calibration-{precision}.json"


def passages_file(precision: str) -> str:
    """The name of one of passages that may lie beside one of stills."""
    return f"calibration-passages-{precision}.json"


def find_calibration(pack: Pack, precision: str) -> Calibration | None:
    """None if there is none.

    Refused where one that lies beside the pack's files, or the only one there is, is of other
    networks.
    """
    own = _beside(pack, precision)
    if any(each.unit is Unit.PASSAGE for each in own):
        return _best(own)
    try:
        shipped = _shipped(pack, precision)
    except Refused:
        if not own:
            raise
        shipped = []  # for other networks of that name, which are not these
    return _best([*own, *shipped])


def _best(found: Sequence[Calibration]) -> Calibration | None:
    """The first of passages, else the first."""
    of_passages = (each for each in found if each.unit is Unit.PASSAGE)
    return next(of_passages, found[0] if found else None)


def _beside(pack: Pack, precision: str) -> list[Calibration]:
    found = []
    for file in (passages_file(precision), calibration_file(precision)):
        own = pack.found_in / file
        try:
            content = own.read_bytes() if own.is_file() else None
        except OSError as error:
            raise Refused(f"{own}: cannot be read: {error.strerror}") from error
        if content is not None:
            found.append(_fitting(content, pack, precision, place=str(own)))
    return found


def _shipped(pack: Pack, precision: str) -> list[Calibration]:
    name = pack.manifest.pack_name
    folder = package_files("overt.models").joinpath("packs", name)
    return [
        _fitting(
            folder.joinpath(file).read_bytes(), pack, precision,
            place=f"the calibration that ships for {name}",
        )
        for file in (passages_file(precision), calibration_file(precision))
        if folder.joinpath(file).is_file()
    ]  # fmt: skip


def _fitting(content: bytes, pack: Pack, precision: str, *, place: str) -> Calibration:
    found = read_calibration(content, place)
    return require_fit(found, pack.manifest.pack_name, pack.digest, precision, place=place)
