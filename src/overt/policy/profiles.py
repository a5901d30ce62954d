"""The rule sets by jurisdiction, as versioned data: what each allows, asks for and waives.

A signature covers the profile's name and version. Change a table below and its version
changes with it; what was signed under the old version must then be signed again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from overt.errors import Refused
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
class Profile:
    name: str
    version: int
    """Grows by one with every change of this table."""
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
    waived: frozenset[Rule]
    by_hand: frozenset[Rule]
    banner: str
    """Shown and logged whenever a deployment under this profile is signed, checked or run."""

    @property
    def id(self) -> str:
        return f"{self.name}/{self.version}"


def _categories(*categories: Category) -> Mapping[str, Category]:
    return {category.name: category for category in categories}


UK_POLICE: Final = Profile(
    name="uk-police-2026",
    version=1,
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
    texts=("legal_basis", "necessity", "proportionality", "alternatives_considered"),
    zone_stated=True,
    list_age=timedelta(hours=24),
    list_cap=10_000,  # the largest list of the UK's operational test (NPL 2023)
    waived=frozenset(),
    by_hand=frozenset(
        {Rule.SEPARATION, Rule.SECOND_CHECK, Rule.CHECK_IN, Rule.SIGNS, Rule.EQUALITY_EVIDENCE}
    ),
    banner="",
)

CONSENT: Final = Profile(
    name="consent",
    version=1,
    use=Use.DEMONSTRATION,
    use_cases=frozenset({"seeded-walk", "demonstration", "opt-in"}),
    categories=_categories(Category("consented", may_be_suspect=False)),
    documents={},
    texts=(),
    zone_stated=False,
    list_age=timedelta(days=31),
    list_cap=1_000_000,  # exact search holds up to here
    waived=frozenset(
        {
            Rule.NECESSITY, Rule.NOTICE, Rule.DPIA, Rule.EQUALITY_IMPACT,
            Rule.APPROPRIATE_POLICY, Rule.SEPARATION, Rule.SECOND_CHECK, Rule.CHECK_IN,
            Rule.SIGNS, Rule.EQUALITY_EVIDENCE,
        }
    ),
    by_hand=frozenset(),
    banner=(
        "CONSENT PROFILE: everybody on the list has consented. Documents, notice, second check, "
        "separation of duties, check-in, signs and equality evidence are waived; this is no "
        "authority to look for anybody else."
    ),
)  # fmt: skip

PROFILES: Final[Mapping[str, Profile]] = {p.name: p for p in (UK_POLICE, CONSENT)}


def profile_named(name: str) -> Profile:
    if name not in PROFILES:
        raise Refused(f"there is no profile {name!r}; take one of {', '.join(sorted(PROFILES))}")
    return PROFILES[name]


def categories_of(profile: Profile | None) -> Mapping[str, Category]:
    """The profile's categories, or every profile's while a list is bound to none."""
    if profile is not None:
        return profile.categories
    return {name: c for each in PROFILES.values() for name, c in each.categories.items()}
