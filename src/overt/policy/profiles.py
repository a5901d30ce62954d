"""The rule sets by jurisdiction, as versioned data: what each allows, asks for and waives.

A signature covers the profile's name, version and digest. Change a table below and what was signed
under it must be signed again; a test holds each version to its digest, so that no table changes
under an old number.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from overt.errors import Refused
from overt.models.manifest import Use
from overt.policy.profile import Category, Envelope, Profile, UrgentAuthority
from overt.policy.rule import Rule


def _categories(*categories: Category) -> Mapping[str, Category]:
    return {category.name: category for category in categories}


_SENSITIVE: Final = frozenset(
    {
        "place-of-worship", "school", "hospital", "court", "polling-station",
        "protest-or-assembly", "political-meeting", "refuge-or-advice-centre",
    }
)  # fmt: skip
_STATED: Final = ("legal_basis", "necessity", "proportionality", "alternatives_considered")
_TESTED: Final = frozenset({"age", "ethnicity", "sex"})
_PERCEIVED: Final = frozenset({"asian", "black", "mixed", "other", "white"})
"""The broad groups of the census of England and Wales, as a person perceives them."""
_A_YEAR: Final = timedelta(days=365)
_SIX_YEARS: Final = timedelta(days=366 * 6)

UK_POLICE: Final = Profile(
    name="uk-police-2026",
    version=3,
    title="Overt live facial recognition by a police force in England and Wales",
    rests_on=(
        "Common law; DPA 2018 Part 3 (ss.35, 42, 62, 64); Equality Act 2010 s.149; Bridges [2020] "
        "EWCA Civ 1058; College of Policing APP on live facial recognition"
    ),
    use=Use.OPERATION,
    use_cases=frozenset({"hotspot", "protective-security", "sought-person"}),
    categories=_categories(
        Category("wanted-by-court"),
        Category("suspected-of-offence"),
        Category("subject-to-order"),
        Category("risk-of-harm-to-others"),
        Category("missing-or-at-risk", may_be_suspect=False),
        Category("victim-or-witness", exceptional=True, may_be_suspect=False),
    ),
    documents={
        Rule.DPIA: "dpia",
        Rule.EQUALITY_IMPACT: "equality-impact",
        Rule.APPROPRIATE_POLICY: "appropriate-policy",
    },
    texts=_STATED,
    zone_stated=True,
    list_age=timedelta(hours=24),
    list_cap=10_000,  # the largest list of the UK's operational test (NPL 2023)
    recheck_before_start=timedelta(hours=2),
    notice_lead=timedelta(hours=24),
    heartbeat=timedelta(minutes=10),
    officers=2,
    signs_before_start=timedelta(hours=4),
    sensitive=_SENSITIVE,
    adult_age=18,
    most_false_alerts=1 / 1000,  # R33
    evidence_lasts=_A_YEAR,
    groups_tested=_TESTED,
    perceived_groups=_PERCEIVED,
    forecast_on_notice=True,
    envelope=Envelope(),
    urgent=UrgentAuthority(
        grounds=frozenset({"critical-threat"}),
        lasts=timedelta(hours=24),
        record_due=timedelta(hours=4),
        spares=frozenset({Rule.NOTICE, Rule.NOTICED}),
    ),
    independent_authority=False,
    report_due=None,
    logs_kept=_SIX_YEARS,
    waived=frozenset({Rule.INDEPENDENT, Rule.REPORTS}),
    banner="",
)

EU_AI_ACT: Final = Profile(
    name="eu-ai-act",
    version=2,
    title="Real-time remote biometric identification for law enforcement in the European Union",
    rests_on=(
        "Regulation (EU) 2024/1689, Articles 5(1)(h), 5(2) to 5(4), 14(5), 26(6), 26(10), 27 and "
        "49; Directive (EU) 2016/680; the Member State's own law must permit the use"
    ),
    use=Use.OPERATION,
    use_cases=frozenset(  # Article 5(1)(h), the only three
        {"search-for-victim-or-missing", "threat-to-life-or-terrorism", "suspect-of-listed-offence"}
    ),
    categories=_categories(
        Category("victim-of-listed-crime", exceptional=True, may_be_suspect=False),
        Category("missing-or-at-risk", may_be_suspect=False),
        Category("source-of-imminent-threat"),
        Category("suspected-of-listed-offence"),
    ),
    documents={
        Rule.DPIA: "dpia",
        Rule.EQUALITY_IMPACT: "fundamental-rights-impact",
        Rule.APPROPRIATE_POLICY: "registration",
    },
    texts=_STATED,
    zone_stated=True,
    list_age=timedelta(hours=24),
    list_cap=1_000,  # "specifically targeted individuals": no figure is in the law
    recheck_before_start=timedelta(hours=2),
    notice_lead=timedelta(hours=24),
    heartbeat=timedelta(minutes=10),
    officers=2,
    signs_before_start=timedelta(hours=4),
    sensitive=_SENSITIVE,
    adult_age=18,
    most_false_alerts=1 / 1000,
    evidence_lasts=_A_YEAR,
    groups_tested=_TESTED,
    perceived_groups=_PERCEIVED,
    forecast_on_notice=True,
    envelope=Envelope(),
    urgent=UrgentAuthority(
        grounds=frozenset({"imminent-threat-to-life", "victim-in-immediate-danger"}),
        lasts=timedelta(hours=24),
        record_due=timedelta(hours=24),  # Article 5(3): the authorisation, within 24 hours
        spares=frozenset({Rule.NOTICE, Rule.NOTICED, Rule.INDEPENDENT}),
    ),
    independent_authority=True,
    report_due=timedelta(hours=48),
    logs_kept=_SIX_YEARS,  # Article 26(6) asks for six months
    waived=frozenset(),
    banner="",
)

CONSENT: Final = Profile(
    name="consent",
    version=3,
    title="Demonstrations, seeded walks and opt-in uses: everybody on the list has consented",
    rests_on="Consent of everybody on the list; no authority to look for anybody else",
    use=Use.DEMONSTRATION,
    use_cases=frozenset({"seeded-walk", "demonstration", "opt-in"}),
    categories=_categories(Category("consented", may_be_suspect=False)),
    documents={},
    texts=(),
    zone_stated=False,
    list_age=timedelta(days=31),
    list_cap=1_000_000,  # exact search holds up to here
    recheck_before_start=timedelta(days=31),
    notice_lead=timedelta(),
    heartbeat=timedelta(minutes=10),
    officers=0,
    signs_before_start=timedelta(days=31),
    sensitive=_SENSITIVE,
    adult_age=18,
    most_false_alerts=1.0,  # a seeded walk may be held to find out how many there are
    evidence_lasts=_A_YEAR,
    groups_tested=frozenset(),
    perceived_groups=frozenset(),
    forecast_on_notice=False,
    envelope=None,
    urgent=None,
    independent_authority=False,
    report_due=None,
    logs_kept=_SIX_YEARS,
    waived=frozenset(
        {
            Rule.NECESSITY, Rule.NOTICE, Rule.DPIA, Rule.EQUALITY_IMPACT,
            Rule.APPROPRIATE_POLICY, Rule.SEPARATION, Rule.SECOND_CHECK, Rule.CHECK_IN,
            Rule.SIGNS, Rule.EQUALITY_EVIDENCE, Rule.SUBMITTED, Rule.NOTICED, Rule.RECHECKED,
            Rule.FORECAST, Rule.SENSITIVE, Rule.INDEPENDENT, Rule.REPORTS,
        }
    ),
    banner=(
        "CONSENT PROFILE: everybody on the list has consented. Documents, submission, notice, "
        "second check, status recheck, forecast, separation of duties, senior and independent "
        "approval, check-in, signs, equality evidence and reports are waived; this is no "
        "authority to look for anybody else."
    ),
)  # fmt: skip

PROFILES: Final[Mapping[str, Profile]] = {p.name: p for p in (UK_POLICE, EU_AI_ACT, CONSENT)}


def profile_named(name: str) -> Profile:
    if name not in PROFILES:
        raise Refused(f"there is no profile {name!r}; take one of {', '.join(sorted(PROFILES))}")
    return PROFILES[name]


def named_profile(name: str) -> Mapping[str, str]:
    """What a line of the log says of a file's profile, before anything is on record of it."""
    return {"profile": PROFILES[name].governs} if name in PROFILES else {}


NONE_NAMED: Final = "none named yet"
"""What governs a list until a deployment is signed with it: the categories of every profile, and the
longest period of any."""


def governing(name: str | None) -> str:
    """How the record of a list names its profile."""
    return NONE_NAMED if name is None else profile_named(name).governs


def categories_of(profile: Profile | None) -> Mapping[str, Category]:
    """The profile's categories, or every profile's while a list is bound to none."""
    if profile is not None:
        return profile.categories
    return {name: c for each in PROFILES.values() for name, c in each.categories.items()}
