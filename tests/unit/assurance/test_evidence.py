"""The evidence says what the report found, and with what."""

from datetime import date

import numpy as np
from tests.fakes.score_tables import random_table

from overt.assurance.equality import equality_of
from overt.assurance.evidence import evidence_of
from overt.assurance.thresholds import MeasuredWith
from overt.identifiers import Digest, PackName
from overt.policy.equality_evidence import Finding, read_evidence, write_evidence
from overt.rates.unit import Unit
from overt.units import Similarity


def test_a_report_without_groups_is_evidence_of_nothing() -> None:
    report = equality_of(random_table(1), Similarity(0.4), np.random.default_rng(1))
    evidence = evidence_of(
        report,
        MeasuredWith(PackName("open"), Digest("sha256:" + "0" * 64), "f32", "random scores"),
        Unit.STILL,
        tested_on=date(2026, 11, 23),
        report_digest=Digest("sha256:" + "1" * 64),
    )
    assert evidence.finding is Finding.TOO_FEW
    assert (evidence.threshold, evidence.list_size, evidence.worst_ratio) == (0.4, 120, None)
    assert read_evidence(write_evidence(evidence), "a file") == evidence
