"""Evidence of equal accuracy as a file, and the report that it must be the sum of.

`overt assure` writes both. Whoever edits one of them alone is found: the evidence names the digest
of the report, and says nothing that the report does not say.
"""

import json
from collections.abc import Mapping
from datetime import date
from math import inf, isinf
from typing import Any, Final

from overt.config.canonical import Json, canonical_json, digest_of
from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.policy.equality_evidence import EqualityEvidence, Finding
from overt.rates.drift import Envelope
from overt.rates.measured_file import FileFormat
from overt.rates.unit import Unit
from overt.units import Similarity

EVIDENCE_FILE: Final = "equality.json"
REPORT_FILE: Final = "report.json"
FORMAT: Final = FileFormat(
    what="an evidence file",
    name="overt-equality-1",
    fields={
        "pack_name": (str,), "pack": (str,), "precision": (str,), "lowest": (float,),
        "highest": (float,), "unit": (str,), "list_size": (int,), "groups": (list,),
        "tested_on": (str,), "data": (str,), "finding": (str,), "worst_ratio": (float, type(None)),
        "sentence": (str,), "validated": (list,), "report": (str,),
    },
)  # fmt: skip
WORST_FIRST: Final = (Finding.GAP_SHOWN, Finding.TOO_FEW, Finding.NO_GAP_SHOWN)


def write_evidence(evidence: EqualityEvidence) -> bytes:
    told: dict[str, Json] = {
        "format": FORMAT.name,
        "pack_name": evidence.pack_name,
        "pack": evidence.pack,
        "precision": evidence.precision,
        "lowest": float(evidence.lowest),
        "highest": float(evidence.highest),
        "unit": evidence.unit.value,
        "list_size": evidence.list_size,
        "groups": list(evidence.groups),
        "tested_on": evidence.tested_on.isoformat(),
        "data": evidence.data,
        "finding": evidence.finding.value,
        "worst_ratio": evidence.worst_ratio,
        "sentence": evidence.sentence,
        "validated": [envelope_as_json(each) for each in evidence.validated],
        "report": evidence.report,
    }
    return canonical_json(told) + b"\n"


def read_evidence(content: bytes, name: str) -> EqualityEvidence:
    """Read an evidence file; `name` is what refusals call it."""
    told = FORMAT.read(content, name)
    try:
        return EqualityEvidence(
            pack_name=PackName(told["pack_name"]),
            pack=Digest(told["pack"]),
            precision=told["precision"],
            lowest=Similarity(float(told["lowest"])),
            highest=Similarity(float(told["highest"])),
            unit=Unit(told["unit"]),
            list_size=told["list_size"],
            groups=tuple(str(each) for each in told["groups"]),
            tested_on=date.fromisoformat(told["tested_on"]),
            data=told["data"],
            finding=Finding(told["finding"]),
            worst_ratio=None if told["worst_ratio"] is None else float(told["worst_ratio"]),
            sentence=told["sentence"],
            validated=tuple(map(_envelope, told["validated"])),
            report=Digest(told["report"]),
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused(f"{name}: not evidence that can be used: {problem}") from problem


def evidence_in(report: bytes, tested_on: date, name: str) -> EqualityEvidence:
    """What a report.json says of equality, summed up; `name` is what refusals call it."""
    try:
        told = json.loads(report)
        equality, system = told["equality"], told["system"]
        tests = equality["tested"]
        worst = min(tests, key=lambda test: WORST_FIRST.index(Finding(test["finding"])))
        return EqualityEvidence(
            pack_name=PackName(system["pack"]),
            pack=Digest(system["pack_digest"]),
            precision=system["precision"],
            lowest=Similarity(min(test["threshold"] for test in tests)),
            highest=Similarity(max(test["threshold"] for test in tests)),
            unit=Unit(told["unit"]),
            list_size=equality["list_size"],
            groups=_groups(equality),
            tested_on=tested_on,
            data=told["data"]["digest"],
            finding=Finding(worst["finding"]),
            worst_ratio=equality["worst_ratio"],
            sentence=worst["sentence"],
            validated=tuple(map(_envelope, told["validated"])),
            report=digest_of(report),
        )
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused(f"{name}: not a report of overt assure: {problem!r}") from problem


def require_same(evidence: EqualityEvidence, report: bytes, name: str) -> None:
    """Refuse evidence that says anything which its report does not."""
    if evidence.report != digest_of(report):
        raise Refused(f"{name} is not the report that the evidence sums up; measure again")
    if evidence != evidence_in(report, evidence.tested_on, name):
        raise Refused(f"the evidence says what {name} does not: one of them was edited")


def envelope_as_json(envelope: Envelope) -> dict[str, Json]:
    return {
        "measure": envelope.measure,
        "low": envelope.low,
        "high": None if isinf(envelope.high) else envelope.high,
        "looks": envelope.looks,
    }


def _envelope(told: Mapping[str, Any]) -> Envelope:
    high = inf if told["high"] is None else float(told["high"])
    return Envelope(str(told["measure"]), float(told["low"]), high, int(told["looks"]))


def _groups(equality: Mapping[str, Any]) -> tuple[str, ...]:
    """Columns for which both measures were told."""
    measures: dict[str, set[str]] = {}
    for each in equality["disparities"]:
        if not each["crossed"]:
            measures.setdefault(each["column"], set()).add(each["measure"])
    return tuple(sorted(column for column, told in measures.items() if len(told) > 1))
