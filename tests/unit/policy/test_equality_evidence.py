"""Evidence covers what was tested, and nothing else; a gap, or too few to see one, is no answer."""

import json
from dataclasses import replace
from datetime import date

import pytest

from overt.errors import Refused
from overt.identifiers import Digest, PackName
from overt.policy.equality_evidence import (
    EqualityEvidence,
    Finding,
    Wanted,
    read_evidence,
    what_is_wrong,
    write_evidence,
)
from overt.rates.unit import Unit
from overt.units import Similarity

EVIDENCE = EqualityEvidence(
    pack_name=PackName("open"),
    pack=Digest("sha256:" + "1" * 64),
    precision="f32",
    threshold=Similarity(0.55),
    unit=Unit.STILL,
    list_size=1_000,
    tested_on=date(2026, 11, 1),
    measured_on="a cohort",
    finding=Finding.NO_GAP_SHOWN,
    worst_ratio=1.4,
    sentence="It does not follow that there is none.",
    report=Digest("sha256:" + "2" * 64),
)
ON = date(2026, 11, 23)
WANTED = Wanted(EVIDENCE.pack, "f32", Similarity(0.55), 800, ON, 365)


@pytest.mark.requirement("R62")
def test_evidence_of_the_same_pack_precision_and_threshold_covers_it() -> None:
    assert what_is_wrong(EVIDENCE, WANTED) == ()


@pytest.mark.requirement("R62")
@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (replace(WANTED, pack=Digest("sha256:" + "3" * 64)), "another model pack"),
        (replace(WANTED, precision="bf16"), "precision f32, not bf16"),
        (
            Wanted(EVIDENCE.pack, "f32", Similarity(0.54), 800, ON, 365),
            "threshold 0.5500, not 0.5400",
        ),
        (Wanted(EVIDENCE.pack, "f32", Similarity(0.55), 1_001, ON, 365), "list of 1,000"),
        (replace(WANTED, on=date(2027, 11, 2)), "366 days old"),
        (replace(WANTED, on=date(2026, 10, 31)), "in the future"),
    ],
)
def test_another_deployment_is_not_covered(wanted: Wanted, says: str) -> None:
    (reason,) = what_is_wrong(EVIDENCE, wanted)
    assert says in reason


@pytest.mark.requirement("R66")
@pytest.mark.parametrize("finding", [Finding.GAP_SHOWN, Finding.TOO_FEW])
def test_a_gap_and_a_test_that_saw_nothing_are_no_answer(finding: Finding) -> None:
    (reason,) = what_is_wrong(replace(EVIDENCE, finding=finding), WANTED)
    assert finding.value in reason


@pytest.mark.parametrize("ratio", [None, 1.25])
def test_a_file_gives_the_evidence_back(ratio: float | None) -> None:
    evidence = replace(EVIDENCE, worst_ratio=ratio)
    content = write_evidence(evidence)
    assert read_evidence(content, "a file") == evidence
    assert write_evidence(read_evidence(content, "a file")) == content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("format", "x"),
        ("threshold", "0.5"),
        ("threshold", True),
        ("finding", "no bias"),
        ("tested_on", "yesterday"),
        ("unit", "frame"),
        ("extra", 1),
    ],
)
def test_a_damaged_file_is_refused(field: str, value: object) -> None:
    told = json.loads(write_evidence(EVIDENCE))
    with pytest.raises(Refused, match="a file"):
        read_evidence(json.dumps({**told, field: value}).encode(), "a file")


@pytest.mark.parametrize("content", [b"", b"\xff", b"3", b'{"format": NaN}'])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match="a file: not an evidence file"):
        read_evidence(content, "a file")
