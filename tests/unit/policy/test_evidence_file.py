"""An evidence file is read back as written, and only beside the report that it sums up."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.evidence import write_test

from overt.errors import Refused
from overt.identifiers import Digest
from overt.policy.equality_evidence import EqualityEvidence, Finding
from overt.policy.evidence_file import read_evidence, require_same, write_evidence

PACK = Digest("sha256:" + "1" * 64)
LIGHT = {"measure": "brightness", "low": 60.0, "high": None, "looks": 200}


@pytest.fixture
def evidence(tmp_path: Path) -> EqualityEvidence:
    return write_test(tmp_path, PACK, validated=(LIGHT,))


@pytest.mark.parametrize("ratio", [None, 1.25])
def test_a_file_gives_the_evidence_back(evidence: EqualityEvidence, ratio: float | None) -> None:
    told = replace(evidence, worst_ratio=ratio)
    assert read_evidence(write_evidence(told), "a file") == told


@pytest.mark.requirement("R62")
def test_what_one_of_two_files_says_alone_is_refused(
    evidence: EqualityEvidence, tmp_path: Path
) -> None:
    report = (tmp_path / "report.json").read_bytes()
    require_same(evidence, report, "report.json")
    with pytest.raises(Refused, match="not the report that the evidence sums up"):
        require_same(evidence, report + b" ", "report.json")
    for edited in (
        replace(evidence, finding=Finding.GAP_SHOWN),
        replace(evidence, groups=("age", "sex")),
        replace(evidence, validated=()),
    ):
        with pytest.raises(Refused, match="one of them was edited"):
            require_same(edited, report, "report.json")


@pytest.mark.parametrize("report", [b"", b"[]", b'{"equality": {}}', b"\xff"])
def test_what_is_no_report_is_refused(evidence: EqualityEvidence, report: bytes) -> None:
    with pytest.raises(Refused, match=r"report\.json"):
        require_same(evidence, report, "report.json")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "x"), ("lowest", "0.5"), ("lowest", True), ("finding", "no bias"),
        ("tested_on", "yesterday"), ("unit", "frame"), ("validated", [3]), ("extra", 1),
    ],
)  # fmt: skip
def test_a_damaged_file_is_refused(evidence: EqualityEvidence, field: str, value: object) -> None:
    told = json.loads(write_evidence(evidence))
    with pytest.raises(Refused, match="a file"):
        read_evidence(json.dumps({**told, field: value}).encode(), "a file")


@pytest.mark.parametrize("content", [b"", b"\xff", b"3", b'{"format": NaN}'])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="a file: not an evidence file"):
        read_evidence(content, "a file")
