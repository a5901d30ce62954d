"""The evidence of equal accuracy that a deployment needs before it goes live (R62, R64).

`overt assure` writes it beside its report, an assessor puts it on record and answers for it. Here
it is a value, and the reasons why it does not cover a deployment. Bridges (2020) asks that a force
satisfy itself of no unacceptable bias: a test that shows a gap, or that could not have seen one,
says so and is not taken for an answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from overt.config.deployment import DeploymentFile
from overt.identifiers import ActorId, Digest, PackName
from overt.policy.profile import Profile
from overt.policy.span import in_words
from overt.rates.drift import Envelope
from overt.rates.unit import Unit
from overt.units import Similarity, UtcTime, iso

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
    lowest: Similarity
    """The thresholds that were tested, from here"""
    highest: Similarity
    """to here."""
    unit: Unit
    list_size: int
    groups: tuple[str, ...]
    """Of what people declared of themselves: `age`, `ethnicity`, `sex`."""
    tested_on: date
    data: str
    """The digest of pictures, labels and sides."""
    finding: Finding
    """The worst at any of the thresholds."""
    worst_ratio: float | None
    """Largest over geometric mean of the groups' false positive rates; None where it has none."""
    sentence: str
    validated: tuple[Envelope, ...]
    """The size, sharpness and light of the faces that were tested (R27)."""
    report: Digest
    """Of the report.json that it sums up."""

    def covers(self, threshold: Similarity) -> bool:
        return self.lowest - SAME_THRESHOLD <= threshold <= self.highest + SAME_THRESHOLD

    @property
    def thresholds(self) -> str:
        if self.lowest == self.highest:
            return f"threshold {self.lowest:.4f}"
        return f"thresholds {self.lowest:.4f} to {self.highest:.4f}"


@dataclass(frozen=True, slots=True)
class EvidenceOnRecord:
    """Evidence that somebody answers for."""

    tested: EqualityEvidence
    file: Digest
    by: ActorId
    valid_until: UtcTime | None
    """When the assessor wants it tested again, if before the profile does."""
    acceptable: bool
    """What the assessor concluded; False stops whatever an earlier test allowed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a deployment would run with."""

    pack: Digest
    precision: str
    threshold: Similarity
    list_size: int
    until: UtcTime
    """The end of its window."""
    lasts: timedelta
    """How long the profile takes a test for."""
    groups: frozenset[str]
    """Which groups the profile wants told apart."""


def wanted_by(
    file: DeploymentFile, profile: Profile, *, pack: Digest, people: int
) -> Wanted | None:
    """None while it has no threshold: gaps change with it."""
    if file.threshold is None:
        return None
    return Wanted(
        pack=pack,
        precision=file.precision,
        threshold=file.threshold,
        list_size=people,
        until=file.ends_at,
        lasts=profile.evidence_lasts,
        groups=profile.groups_tested,
    )


def that_decides(
    on_record: tuple[EvidenceOnRecord, ...], wanted: Wanted
) -> EvidenceOnRecord | None:
    """The newest test that covers the deployment; failing that, the one that comes nearest."""

    def near(each: EvidenceOnRecord) -> tuple[bool, bool, bool]:
        of_it = each.tested.pack == wanted.pack
        same = of_it and each.tested.precision == wanted.precision
        return same and each.tested.covers(wanted.threshold), same, of_it

    return max(reversed(on_record), key=near, default=None)


def what_is_wrong(evidence: EvidenceOnRecord, wanted: Wanted) -> tuple[str, ...]:
    """Every reason why the evidence does not cover the deployment; none if it does."""
    return (
        *_of_another(evidence.tested, wanted),
        *_out_of_date(evidence, wanted),
        *_found(evidence),
    )


def _of_another(tested: EqualityEvidence, wanted: Wanted) -> Iterator[str]:
    if tested.pack != wanted.pack:
        yield (
            f"it tested another model pack ({tested.pack_name}, {tested.pack[:19]}): test this one"
        )
    if tested.precision != wanted.precision:
        yield f"it tested precision {tested.precision}, not {wanted.precision}"
    if not tested.covers(wanted.threshold):
        yield (
            f"it tested {tested.thresholds}, not {wanted.threshold:.4f}: gaps change with the "
            "threshold"
        )
    if wanted.list_size > tested.list_size:
        yield f"it tested a list of {tested.list_size:,}, and this one has {wanted.list_size:,}"
    if missing := sorted(wanted.groups - set(tested.groups)):
        yield f"it tells nothing of {', '.join(missing)}"


def _out_of_date(evidence: EvidenceOnRecord, wanted: Wanted) -> Iterator[str]:
    age = wanted.until.date() - evidence.tested.tested_on
    if age > wanted.lasts:
        yield (
            f"it will be {in_words(age)} old at the end; the profile takes {in_words(wanted.lasts)}"
        )
    if evidence.valid_until is not None and evidence.valid_until < wanted.until:
        yield f"{evidence.by} wanted it tested again by {iso(evidence.valid_until)}"


def _found(evidence: EvidenceOnRecord) -> Iterator[str]:
    tested = evidence.tested
    if tested.finding is Finding.TOO_FEW:
        yield f"insufficient data: {tested.sentence}"
    if tested.finding is Finding.GAP_SHOWN:
        yield f"a gap was shown: {tested.sentence}"
    if not evidence.acceptable:
        yield f"{evidence.by} found the differences not acceptable"
