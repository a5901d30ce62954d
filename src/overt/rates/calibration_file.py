"""A calibration as a file: canonical JSON, read with every rule checked, and its digest."""

from typing import Final

from overt.config.canonical import Json, canonical_json, digest_of
from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.rates.calibration import Calibration, Tail
from overt.rates.measured_file import FileFormat
from overt.rates.unit import Unit
from overt.units import Similarity

FORMAT: Final = FileFormat(
    what="a calibration file",
    name="overt-calibration-1",
    fields={
        "pack_name": (str,), "pack": (str,), "precision": (str,), "unit": (str,),
        "measured_on": (str,), "list_size": (int,), "people": (int,), "probes": (int,),
        "tail_floor": (float,), "tails": (list,),
    },
    optional={"not_compared": (int,)},
)  # fmt: skip


def write_calibration(calibration: Calibration) -> bytes:
    """One line; the digest of the file is the digest of these bytes."""
    told: dict[str, Json] = {
        "format": FORMAT.name,
        "pack_name": calibration.pack_name,
        "pack": calibration.pack,
        "precision": calibration.precision,
        "unit": calibration.unit.value,
        "measured_on": calibration.measured_on,
        "list_size": calibration.list_size,
        "people": calibration.people,
        "probes": calibration.probes,
        "tail_floor": float(calibration.tail_floor),
        "tails": [[tail.probes_of_person, *tail.scores] for tail in calibration.tails],
    }
    if calibration.not_compared:
        told["not_compared"] = calibration.not_compared
    return canonical_json(told) + b"\n"


def calibration_digest(content: bytes) -> Digest:
    return digest_of(content)


def read_calibration(content: bytes, name: str) -> Calibration:
    """Read a calibration file; `name` is what refusals call it."""
    told = FORMAT.read(content, name)
    try:
        return Calibration(
            pack_name=PackName(told["pack_name"]),
            pack=Digest(told["pack"]),
            precision=told["precision"],
            unit=Unit(told["unit"]),
            measured_on=told["measured_on"],
            list_size=told["list_size"],
            people=told["people"],
            probes=told["probes"],
            tail_floor=Similarity(float(told["tail_floor"])),
            tails=tuple(_tail(row) for row in told["tails"]),
            not_compared=told.get("not_compared", 0),
        )
    except ValueError as problem:
        raise Refused(f"{name}: not a calibration that can be used: {problem}") from problem


def _tail(row: object) -> Tail:
    if not isinstance(row, list) or len(row) < 2 or not isinstance(row[0], int):
        raise ValueError(f"a tail is {row!r:.40}")
    if not all(isinstance(score, (int, float)) and -1 <= score <= 1.001 for score in row[1:]):
        raise ValueError(f"a tail's scores are {row[1:]!r:.40}")
    return Tail(row[0], tuple(float(score) for score in row[1:]))
