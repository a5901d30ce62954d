"""What a profile is: one legal regime as a frozen value, complete or refused.

Every rule of the program finds its numbers and vocabularies here. A profile that leaves one out,
or contradicts itself, cannot be made.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Final

from overt.config.canonical import Json, canonical_json, digest_of
from overt.identifiers import Digest
from overt.models.manifest import Use
from overt.policy.rule import Rule


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    exceptional: bool = False
    """Takes a senior officer's approval of its own."""
    may_be_suspect: bool = True
    """False: an entry may never carry the status of a suspect (R21)."""


@dataclass(frozen=True, slots=True)
class UrgentAuthority:
    """Authority without the usual forerun, for a ground that the regime names (R7, R70)."""

    grounds: frozenset[str]
    lasts: timedelta
    """The longest window that may be signed so."""
    record_due: timedelta
    """After the signature: when the written record, or the decision asked for, must be there."""
    spares: frozenset[Rule]
    """What need not be met first."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """The light and sharpness in which the networks were validated (R27); grey levels of 255."""

    darkest: float = 50.0
    lightest: float = 205.0
    flattest: float = 50.0
    least_detail: float = 12.0
    """As `overt camera check` judges them: each is where trouble was seen to begin."""


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    version: int
    """Grows by one with every change of this table."""
    title: str
    rests_on: str
    """The law and guidance that it writes down, for whoever reads it."""
    use: Use
    """What the model pack's licence must allow."""
    use_cases: frozenset[str]
    categories: Mapping[str, Category]
    documents: Mapping[Rule, str]
    """Which kind of document each rule asks for."""
    texts: tuple[str, ...]
    """Fields of the deployment that must not be blank, beside purpose and place."""
    zone_stated: bool
    """Whether each camera's zone must be written down; else a missing one is the whole frame."""
    list_age: timedelta
    """A list older than this may not be used (R17)."""
    list_cap: int
    """People (R18)."""
    recheck_before_start: timedelta
    """How long before the start every entry may at most have been looked up again (R17)."""
    notice_lead: timedelta
    """How long before the start the public must have been told (R59)."""
    heartbeat: timedelta
    """How long a check-in of the engagement team lasts (R10)."""
    officers: int
    """How many must be there."""
    signs_before_start: timedelta
    """How long before the start signs may at most have been photographed (R26)."""
    sensitive: frozenset[str]
    """Places and events that take a senior officer's approval (R8)."""
    adult_age: int
    """Whoever is younger takes an approval with a rationale (R19)."""
    most_false_alerts: float
    """Share of faces seen that may raise a false alert before it suspends itself (R33)."""
    evidence_lasts: timedelta
    """How long after it a test of equal accuracy may be gone live on (R62)."""
    groups_tested: frozenset[str]
    """Which groups, as people declared them, that test must tell apart (R64)."""
    perceived_groups: frozenset[str]
    """Into which groups people may count those who pass and those who were falsely alerted (R67);
    empty where nobody is counted so."""
    forecast_on_notice: bool
    """Whether the public is told how many false alerts to expect (R18)."""
    envelope: Envelope | None
    urgent: UrgentAuthority | None
    independent_authority: bool
    """A court or an independent body authorises, not an officer alone (R70)."""
    report_due: timedelta | None
    """After the end: when the report on the use must be there."""
    logs_kept: timedelta
    """At least."""
    waived: frozenset[Rule]
    banner: str
    """Shown and logged whenever a deployment under this profile is signed, checked or run."""

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise ValueError(f"profile {self.name or '?'}: {'; '.join(faults)}")

    @property
    def id(self) -> str:
        return f"{self.name}/{self.version}"

    @property
    def digest(self) -> Digest:
        """Over every field: no table changes unseen, whatever version it claims."""
        return digest_of(canonical_json(as_json(self)))

    @property
    def governs(self) -> str:
        """How a record names the profile that governed it."""
        return f"{self.id} {self.digest}"

    @property
    def by_itself(self) -> bool:
        """Whether submission and notice are made by the program, because nobody must be told."""
        return {Rule.SUBMITTED, Rule.NOTICED} <= self.waived


def as_json(profile: Profile) -> dict[str, Json]:
    """Every field, in words and numbers that a person can compare."""
    return {
        field.name: _plain(getattr(profile, field.name)) for field in dataclasses.fields(profile)
    }


def _plain(value: object) -> Json:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case timedelta():
            return _span(value)
        case Rule():
            return value.name.lower().replace("_", "-")
        case Enum():
            return str(value.value)
        case frozenset():
            return sorted(str(_plain(each)) for each in value)
        case tuple():
            return [_plain(each) for each in value]
        case Mapping():
            return {str(_plain(key)): _plain(each) for key, each in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no plain form")


_UNITS: Final = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def _span(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    size, unit = next(
        ((s, u) for s, u in _UNITS if seconds % s == 0 and seconds >= 3 * s), (1, "seconds")
    )
    return f"{seconds // size} {unit}"


def _faults(profile: Profile) -> Iterator[str]:
    """Everything that keeps a profile from being complete."""
    texts = {"name": profile.name, "title": profile.title, "rests_on": profile.rests_on}
    yield from (f"{name} is blank" for name, text in texts.items() if not text.strip())
    wanted = {"use_cases": profile.use_cases, "categories": profile.categories}
    yield from (f"{name} is empty" for name, found in wanted.items() if not found)
    if profile.version < 1:
        yield "versions begin at 1"
    yield from _numbers(profile)
    yield from _waivers(profile)


def _numbers(profile: Profile) -> Iterator[str]:
    spans = (
        "list_age", "recheck_before_start", "heartbeat", "signs_before_start", "logs_kept",
        "evidence_lasts",
    )  # fmt: skip
    for name in spans:
        if getattr(profile, name) <= timedelta():
            yield f"{name} is no length of time"
    if profile.notice_lead < timedelta():
        yield "notice_lead is before nothing"
    if profile.list_cap < 1 or profile.adult_age < 1:
        yield "a cap and an age are at least 1"
    if len(profile.perceived_groups) == 1:
        yield "one perceived group is compared with nobody"
    if not 0 < profile.most_false_alerts <= 1:
        yield "most_false_alerts is a share"
    if profile.logs_kept < timedelta(days=183):
        yield "logs are kept for six months at least"


def _waivers(profile: Profile) -> Iterator[str]:
    for rule in (Rule.DPIA, Rule.EQUALITY_IMPACT, Rule.APPROPRIATE_POLICY):
        if rule not in profile.waived and not profile.documents.get(rule):
            yield f"names no document for {rule.row}, {rule.says}"
    if Rule.EQUALITY_EVIDENCE not in profile.waived and not profile.groups_tested:
        yield "asks for a test of no groups"
    if Rule.CHECK_IN not in profile.waived and profile.officers < 1:
        yield "nobody need be there"
    if Rule.INDEPENDENT not in profile.waived and not profile.independent_authority:
        yield "asks for a decision that no body makes"
    if profile.waived and not profile.banner and Rule.NOTICED in profile.waived:
        yield "waives what protects the public and has no banner that says so"
    if unwaivable := sorted(rule.name for rule in profile.waived & NEVER_WAIVED):
        yield f"waives {', '.join(unwaivable)}, which no profile may"


NEVER_WAIVED: Final = frozenset(
    {
        Rule.PROFILE, Rule.USE_CASE, Rule.PURPOSE, Rule.PLACE, Rule.WINDOW, Rule.LIST_THERE,
        Rule.LIST_AGE, Rule.LIST_SIZE, Rule.CATEGORIES, Rule.REVIEW, Rule.APPROVALS, Rule.PACK,
        Rule.PRECISION, Rule.THRESHOLD, Rule.SIGNATURE, Rule.UNALTERED, Rule.SIGNED_LIST,
        Rule.SIGNED_PACK, Rule.SIGNED_PROFILE, Rule.NOT_CLOSED, Rule.NOT_REPLACED,
        Rule.NOT_SUSPENDED, Rule.CLOCK,
    }
)  # fmt: skip
"""No regime that this program serves may do without."""
