"""Two reports over the same probes: which misses less, and whether that is more than chance.

Each report is taken at its own threshold for one FPIR target, found on the non-mated probes that
both have; the difference of misses is paired (comparison.py).
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from overt.assurance.comparison import paired
from overt.assurance.groups import Measure
from overt.assurance.list_size import TARGETS
from overt.assurance.metrics import lowest_threshold, reaching
from overt.errors import Refused
from overt.frames.stills import still_contents
from overt.identifiers import SubjectId
from overt.rates.carrying import carries_misses, carries_target
from overt.rates.counts import Rate
from overt.units import Float32, Similarity

Flags = npt.NDArray[np.bool_]
Key = tuple[str, str, int]
Scores = tuple[bool, float, float]
ROW: Final = re.compile(r"^row \d+: ")
"""How a report tells where in its file a still stood."""
COLUMNS: Final = frozenset({"probe", "subject", "mated", "own", "own_rank", "top"})


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One report, as far as it is compared; minus infinity where nothing was compared."""

    name: str
    system: Mapping[str, Any]
    list_size: int
    unit: str
    data: str
    """The digest of what was measured."""
    probes: Mapping[Key, Scores]
    """By probe, subject and how many the same came before: mated, own score at rank one, top score."""


def read_side(path: Path) -> Side:
    """Read a report's folder, or its report.json."""
    folder = path.parent if path.name == "report.json" else path
    try:
        report = json.loads(still_contents(folder / "report.json", str(folder / "report.json")))
        rows = _rows(
            csv.DictReader(
                still_contents(folder / "probes.csv", str(folder / "probes.csv"))
                .decode("utf-8")
                .splitlines()
            )
        )
        return Side(
            name=str(path),
            system=report["system"],
            list_size=int(report["operating"]["list_size"]),
            unit=str(report["unit"]),
            data=str(report["data"]["digest"]),
            probes=_by_picture(rows, report["unit"]),
        )
    except (ValueError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise Refused(f"{path}: no report of overt assure: {error}; measure again") from error


def _by_picture(rows: Sequence[Mapping[str, str]], unit: str) -> Mapping[Key, Scores]:
    """By picture and subject, wherever in its file a probe stood.

    One that stands twice is told apart by how often it came before.
    """
    found: dict[Key, Scores] = {}
    came: Counter[tuple[str, str]] = Counter()
    for row in rows:
        named = (ROW.sub("", row["probe"]), row["subject"])
        found[*named, came[named]] = _scores(row, unit)
        came[named] += 1
    return found


def _rows(table: "csv.DictReader[str]") -> list[dict[str, str]]:
    """Refused where it is no table of probes: one that lost its head compares as nobody."""
    if missing := sorted(COLUMNS - set(table.fieldnames or ())):
        raise ValueError(f"probes.csv lacks the columns {', '.join(missing)}")
    return list(table)


def _scores(row: Mapping[str, str], unit: str) -> tuple[bool, float, float]:
    own = float(row["own"]) if row["own"] else -np.inf
    if unit == "still" and row["own_rank"] not in ("", "1"):
        own = -np.inf  # not at rank one: an alert would have named somebody else
    return row["mated"] == "true", own, float(row["top"]) if row["top"] else -np.inf


def compared(a: Side, b: Side, *, seed: int) -> Mapping[str, Any]:
    """Both at each FPIR target; refused where they did not measure the same probes."""
    if a.unit != b.unit:
        raise Refused(f"{a.name} counts {a.unit}s and {b.name} {b.unit}s; compare like with like")
    if a.list_size != b.list_size:
        raise Refused(
            f"{a.name} has a list of {a.list_size:,} and {b.name} of {b.list_size:,}; measure both "
            "against the same people"
        )
    shared = sorted(set(a.probes) & set(b.probes))
    if any(a.probes[key][0] != b.probes[key][0] for key in shared):
        raise Refused(f"{a.name} and {b.name} were measured against lists of other people")
    mated = [key for key in shared if a.probes[key][0]]
    strangers = [key for key in shared if not a.probes[key][0]]
    if not mated or not strangers:
        raise Refused(
            f"{a.name} and {b.name} share {len(mated)} mated and {len(strangers)} non-mated "
            "probes; it takes both: measure the same probes file with both packs"
        )
    rng = np.random.default_rng(seed)
    return {
        "a": _named(a), "b": _named(b), "same_data": a.data == b.data, "unit": a.unit, "list_size": a.list_size, "seed": seed,
        "probes": {"mated": len(mated), "non_mated": len(strangers),
                   "only_in_a": len(a.probes) - len(shared),
                   "only_in_b": len(b.probes) - len(shared)},
        "differences": [
            _difference(_Paired(a, b, mated, strangers), target, rng) for target in TARGETS
        ],
    }  # fmt: skip


def _named(side: Side) -> Mapping[str, Any]:
    keys = ("pack", "pack_digest", "precision", "engine", "overt")
    return {"report": side.name, **{key: side.system.get(key) for key in keys}}


@dataclass(frozen=True, slots=True)
class _Paired:
    a: Side
    b: Side
    mated: Sequence[Key]
    strangers: Sequence[Key]

    def at(self, side: Side, target: float) -> tuple[Similarity, Flags, Rate]:
        """The threshold for the target, who is missed there, and what it lets through."""
        tops = self._column(side, self.strangers, 2)
        threshold = lowest_threshold(tops, target)
        missed = ~reaching(self._column(side, self.mated, 1), threshold)
        return threshold, missed, Rate(int(reaching(tops, threshold).sum()), len(tops))

    @staticmethod
    def _column(side: Side, keys: Sequence[Key], column: int) -> Float32:
        return np.array([side.probes[key][column] for key in keys], np.float32)


def _difference(sides: _Paired, target: float, rng: np.random.Generator) -> Mapping[str, Any]:
    of_a, missed_a, fpir_a = sides.at(sides.a, target)
    of_b, missed_b, fpir_b = sides.at(sides.b, target)
    who = tuple(SubjectId(subject) for _, subject, _ in sides.mated)
    people = len({subject for _, subject, _ in sides.strangers})
    return {
        "fpir_target": target,
        "a": {"threshold": of_a, "fpir": fpir_a.as_json(), "fnir": _fnir(missed_a)},
        "b": {"threshold": of_b, "fpir": fpir_b.as_json(), "fnir": _fnir(missed_b)},
        "fnir": paired(Measure.FNIR, missed_a, missed_b, who, rng).as_json(),
        "insufficient_data": not (carries_target(target, people) and carries_misses(len(set(who)))),
    }


def _fnir(missed: Flags) -> Mapping[str, Any]:
    return Rate(int(missed.sum()), len(missed)).as_json()
