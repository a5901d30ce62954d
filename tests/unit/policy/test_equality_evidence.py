"""Evidence covers what was tested, and nothing else; a gap, or too few to see one, is no answer."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.fakes.evidence import TESTED_ON, report_of

from overt.identifiers import ActorId, Digest
from overt.policy.equality_evidence import (
    EvidenceOnRecord,
    Finding,
    Wanted,
    that_decides,
    what_is_wrong,
)
from overt.policy.evidence_file import evidence_in
from overt.units import Similarity, UtcTime

PACK = Digest("sha256:" + "1" * 64)
END = UtcTime(datetime(2026, 11, 23, 14, tzinfo=UTC))
WANTED = Wanted(
    pack=PACK,
    precision="f32",
    threshold=Similarity(0.55),
    list_size=800,
    until=END,
    lasts=timedelta(days=365),
    groups=frozenset({"age", "ethnicity", "sex"}),
)


def on_record(pack: Digest = PACK, **changes: Any) -> EvidenceOnRecord:
    tested = evidence_in(json.dumps(report_of(pack, **changes)).encode(), TESTED_ON, "it")
    return EvidenceOnRecord(tested, Digest("sha256:" + "2" * 64), ActorId("ass"), None, True)


@pytest.mark.requirement("R62")
def test_a_test_of_the_same_pack_precision_and_threshold_covers_it() -> None:
    assert what_is_wrong(on_record(lowest=0.5, highest=0.6), WANTED) == ()


@pytest.mark.requirement("R62")
@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (on_record(Digest("sha256:" + "3" * 64)), "another model pack (open, sha256:333333333333)"),
        (on_record(precision="bf16"), "precision bf16, not f32"),
        (on_record(highest=0.54), "thresholds 0.3000 to 0.5400, not 0.5500"),
        (on_record(lowest=0.6, highest=0.6), "threshold 0.6000, not 0.5500"),
        (on_record(list_size=799), "list of 799, and this one has 800"),
        (on_record(groups=("age", "sex")), "nothing of ethnicity"),
    ],
)
def test_another_deployment_is_not_covered(evidence: EvidenceOnRecord, says: str) -> None:
    (reason,) = what_is_wrong(evidence, WANTED)
    assert says in reason


@pytest.mark.requirement("R62")
def test_a_test_is_out_of_date_after_what_the_profile_takes_or_the_assessor_wanted() -> None:
    found = on_record()
    late = replace(WANTED, until=UtcTime(datetime(2027, 11, 2, 14, tzinfo=UTC)))
    assert what_is_wrong(found, replace(late, until=UtcTime(late.until - timedelta(days=1)))) == ()
    (old,) = what_is_wrong(found, late)
    assert old == "it will be 366 d old at the end; the profile takes 365 d"
    early = replace(found, valid_until=UtcTime(END - timedelta(minutes=1)))
    (again,) = what_is_wrong(early, WANTED)
    assert "ass wanted it tested again by 2026-11-23T13:59" in again


@pytest.mark.requirement("R66")
@pytest.mark.parametrize(
    ("finding", "says"),
    [(Finding.GAP_SHOWN, "a gap was shown: It"), (Finding.TOO_FEW, "insufficient data: It")],
)
def test_a_gap_and_a_test_that_saw_nothing_are_no_answer(finding: Finding, says: str) -> None:
    (reason,) = what_is_wrong(on_record(finding=finding.value), WANTED)
    assert reason.startswith(says)


def test_the_newest_test_that_covers_it_decides() -> None:
    allowed, elsewhere = on_record(), on_record(lowest=0.1, highest=0.2)
    forbidden = replace(on_record(), acceptable=False)
    assert that_decides((forbidden, allowed, elsewhere), WANTED) is allowed
    decided = that_decides((allowed, forbidden, elsewhere), WANTED)
    assert decided is forbidden
    assert what_is_wrong(forbidden, WANTED) == ("ass found the differences not acceptable",)
    other = on_record(Digest("sha256:" + "3" * 64))
    assert that_decides((elsewhere, other), WANTED) is elsewhere
    assert that_decides((), WANTED) is None


def test_the_worst_finding_at_any_threshold_is_the_finding() -> None:
    told = report_of(PACK)
    told["equality"]["tested"][1].update(finding="gap shown", sentence="They differ.")
    found = evidence_in(json.dumps(told).encode(), date(2026, 11, 1), "it")
    assert (found.finding, found.sentence) == (Finding.GAP_SHOWN, "They differ.")
