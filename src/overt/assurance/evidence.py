"""Sum a test of equality up as the evidence that a deployment is held against."""

from datetime import date

from overt.assurance.equality import EqualityReport
from overt.assurance.plain_words import sentence
from overt.assurance.thresholds import MeasuredWith
from overt.identifiers import Digest
from overt.policy.equality_evidence import EqualityEvidence
from overt.rates.unit import Unit


def evidence_of(
    report: EqualityReport,
    measured_with: MeasuredWith,
    unit: Unit,
    *,
    tested_on: date,
    report_digest: Digest,
) -> EqualityEvidence:
    """What `overt.policy.equality_evidence` writes, reads and judges."""
    return EqualityEvidence(
        pack_name=measured_with.pack_name,
        pack=measured_with.pack,
        precision=measured_with.precision,
        threshold=report.threshold,
        unit=unit,
        list_size=report.list_size,
        tested_on=tested_on,
        measured_on=measured_with.measured_on,
        finding=report.finding,
        worst_ratio=report.worst_ratio,
        sentence=sentence(report),
        report=report_digest,
    )
