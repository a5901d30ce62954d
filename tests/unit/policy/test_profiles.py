"""Profiles are complete, versioned, and readable; a table that changed without its number is found."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from overt.policy.profile import NEVER_WAIVED, Profile, as_json
from overt.policy.profile_in_words import SAYS, differences, in_words
from overt.policy.profiles import CONSENT, EU_AI_ACT, PROFILES, UK_POLICE
from overt.policy.rule import Rule

DIGESTS = {
    "uk-police-2026/3": "sha256:2876a3fddf655c66",
    "eu-ai-act/2": "sha256:a139dfe34f70deae",
    "consent/3": "sha256:3a32a9649a6aec1a",
}
"""Change a table, and its version, and this: then whoever signed under it has to sign again."""


def test_each_version_of_a_profile_is_the_table_that_it_was() -> None:
    assert {p.id: p.digest[: len("sha256:") + 16] for p in PROFILES.values()} == DIGESTS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "title is blank"),
        ({"use_cases": frozenset()}, "use_cases is empty"),
        ({"categories": {}}, "categories is empty"),
        ({"version": 0}, "versions begin at 1"),
        ({"documents": {}}, "names no document for R5"),
        ({"list_age": timedelta()}, "list_age is no length of time"),
        ({"heartbeat": timedelta()}, "heartbeat is no length of time"),
        ({"officers": 0}, "nobody need be there"),
        ({"evidence_lasts": timedelta()}, "evidence_lasts is no length of time"),
        ({"groups_tested": frozenset()}, "asks for a test of no groups"),
        ({"perceived_groups": frozenset({"a"})}, "one perceived group is compared with nobody"),
        ({"list_cap": 0}, "a cap and an age are at least 1"),
        ({"most_false_alerts": 0.0}, "most_false_alerts is a share"),
        ({"logs_kept": timedelta(days=100)}, "six months at least"),
        ({"waived": frozenset({Rule.SIGNATURE})}, "waives SIGNATURE, which no profile may"),
        ({"waived": UK_POLICE.waived - {Rule.INDEPENDENT}}, "a decision that no body makes"),
        ({"waived": UK_POLICE.waived | {Rule.NOTICED}}, "has no banner that says so"),
    ],
)
def test_an_incomplete_profile_cannot_be_made(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(UK_POLICE, **changes)


@pytest.mark.requirement("R70")
def test_the_union_has_three_purposes_a_judge_a_day_two_days_and_half_a_year() -> None:
    assert len(EU_AI_ACT.use_cases) == 3
    assert EU_AI_ACT.independent_authority
    assert Rule.INDEPENDENT not in EU_AI_ACT.waived
    assert EU_AI_ACT.urgent is not None
    assert EU_AI_ACT.urgent.record_due == timedelta(hours=24)
    assert EU_AI_ACT.report_due == timedelta(hours=48)
    assert EU_AI_ACT.logs_kept >= timedelta(days=183)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: str(profile.name))
def test_no_profile_waives_what_protects_everybody(profile: Profile) -> None:
    assert not profile.waived & NEVER_WAIVED


def test_every_field_has_its_words() -> None:
    assert SAYS.keys() == as_json(UK_POLICE).keys()


def test_a_difference_is_told_in_words() -> None:
    told = {each.what: (each.first, each.second) for each in differences(UK_POLICE, EU_AI_ACT)}
    assert told["A court or an independent body authorises each use"] == ("no", "yes")
    assert told["The report on a use is due after"] == ("none", "48 hours")
    assert "Sharpness" not in told
    assert list(differences(CONSENT, CONSENT)) == []


def test_a_profile_is_told_whole() -> None:
    told = "\n".join(in_words(UK_POLICE))
    assert "False alerts for each face seen, at most, or it suspends itself: 1 in 1,000" in told
    assert "victim-or-witness (approved one by one, never shown as a suspect)" in told
    assert "record due: 4 hours" in told
    assert "darkest: 50" in told
