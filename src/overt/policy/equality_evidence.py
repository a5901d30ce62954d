"""The evidence of equal accuracy that a deployment needs before it goes live (R62, R64).

A test made with `overt assure` writes it; here it is a value, its file, and the reasons why it does
not cover a deployment. Bridges (2020) asks that a force satisfy itself of no unacceptable bias: a
test that shows a gap, or that could not have seen one, says so and is not taken for an answer.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, Final

from overt.config.canonical import Json, canonical_json, digest_of
from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.rates.unit import Unit
from overt.units import Similarity

FORMAT = "overt-equality-1"
SAME_THRESHOLD = 5e-5
"""A threshold is the tested one to four decimals, as alerts print cosines."""


class Finding(Enum):
    """What a test of equality came to; none of them says that there is no bias."""

    GAP_SHOWN = "gap shown"
    NO_GAP_SHOWN = "no gap shown"
    """Down to the size of gap that the test states it could have seen."""
    TOO_FEW = "too few"
    """The test could not have seen even a large gap."""


@dataclass(frozen=True, slots=True)
class EqualityEvidence:
    """What was tested, with what, and what came of it."""

    pack_name: PackName
    pack: Digest
    precision: str
    threshold: Similarity
    unit: Unit
    list_size: int
    tested_on: date
    measured_on: str
    """The data, for a reader."""
    finding: Finding
    worst_ratio: float | None
    """Largest over geometric mean of the groups' false positive rates; None where it has none."""
    sentence: str
    report: Digest
    """Of the report.json that it sums up."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a deployment would run with."""

    pack: Digest
    precision: str
    threshold: Similarity
    list_size: int
    on: date
    valid_days: int


FIELDS: Final[Mapping[str, tuple[type, ...]]] = {
    "format": (str,),
    "pack_name": (str,),
    "pack": (str,),
    "precision": (str,),
    "threshold": (float, int),
    "unit": (str,),
    "list_size": (int,),
    "tested_on": (str,),
    "measured_on": (str,),
    "finding": (str,),
    "worst_ratio": (float, int, type(None)),
    "sentence": (str,),
    "report": (str,),
}


def what_is_wrong(evidence: EqualityEvidence, wanted: Wanted) -> tuple[str, ...]:
    """Every reason why the evidence does not cover the deployment; none if it does."""
    wrong = []
    if evidence.pack != wanted.pack:
        wrong.append("it tested another model pack: test this one (a change means a new test)")
    if evidence.precision != wanted.precision:
        wrong.append(f"it tested precision {evidence.precision}, not {wanted.precision}")
    if abs(evidence.threshold - wanted.threshold) > SAME_THRESHOLD:
        wrong.append(
            f"it tested threshold {evidence.threshold:.4f}, not {wanted.threshold:.4f}: "
            "gaps change with the threshold"
        )
    if wanted.list_size > evidence.list_size:
        wrong.append(
            f"it tested a list of {evidence.list_size:,}, and this one has {wanted.list_size:,}"
        )
    age = (wanted.on - evidence.tested_on).days
    if age < 0:
        wrong.append(f"it is dated {evidence.tested_on.isoformat()}, in the future")
    if age > wanted.valid_days:
        wrong.append(f"it is {age} days old; the profile takes {wanted.valid_days}")
    if evidence.finding is not Finding.NO_GAP_SHOWN:
        wrong.append(f"its finding is: {evidence.finding.value}. {evidence.sentence}")
    return tuple(wrong)


def write_evidence(evidence: EqualityEvidence) -> bytes:
    told: dict[str, Json] = {
        "format": FORMAT,
        "pack_name": evidence.pack_name,
        "pack": evidence.pack,
        "precision": evidence.precision,
        "threshold": float(evidence.threshold),
        "unit": evidence.unit.value,
        "list_size": evidence.list_size,
        "tested_on": evidence.tested_on.isoformat(),
        "measured_on": evidence.measured_on,
        "finding": evidence.finding.value,
        "worst_ratio": evidence.worst_ratio,
        "sentence": evidence.sentence,
        "report": evidence.report,
    }
    return canonical_json(told) + b"\n"


def evidence_digest(content: bytes) -> Digest:
    return digest_of(content)


def read_evidence(content: bytes, name: str) -> EqualityEvidence:
    """Read an evidence file; `name` is what refusals call it."""
    told = _object(content, name)
    try:
        return EqualityEvidence(
            pack_name=PackName(told["pack_name"]),
            pack=Digest(told["pack"]),
            precision=told["precision"],
            threshold=Similarity(float(told["threshold"])),
            unit=Unit(told["unit"]),
            list_size=told["list_size"],
            tested_on=date.fromisoformat(told["tested_on"]),
            measured_on=told["measured_on"],
            finding=Finding(told["finding"]),
            worst_ratio=None if told["worst_ratio"] is None else float(told["worst_ratio"]),
            sentence=told["sentence"],
            report=Digest(told["report"]),
        )
    except ValueError as problem:
        raise Refused(f"{name}: not evidence that can be used: {problem}") from problem


def _object(content: bytes, name: str) -> dict[str, Any]:
    try:
        told = json.loads(content, parse_constant=_no_constant)
    except ValueError as problem:
        raise Refused(f"{name}: not an evidence file ({problem})") from problem
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise Refused(f"{name}: not an evidence file: its format is not {FORMAT!r}")
    if set(told) != set(FIELDS):
        wrong = ", ".join(sorted(set(told) ^ set(FIELDS)))
        raise Refused(f"{name}: fields missing or unknown: {wrong}")
    for field, kinds in FIELDS.items():
        if isinstance(told[field], bool) or not isinstance(told[field], kinds):
            raise Refused(f"{name}: {field} is {told[field]!r:.40}")
    return told


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")
