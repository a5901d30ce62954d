"""A profile in words, and where two of them differ, for whoever reads law and not programs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from overt.config.canonical import Json
from overt.policy.profile import Profile, as_json
from overt.policy.profiles import PROFILES
from overt.policy.rule import Rule

SAYS: Final[Mapping[str, str]] = {
    "name": "Name",
    "version": "Version",
    "title": "What it is for",
    "rests_on": "Rests on",
    "use": "The networks' licence must allow",
    "use_cases": "Use cases, and no other",
    "categories": "Who may be listed, and nobody else",
    "documents": "Documents in force for the whole window",
    "texts": "Statements that must not be blank, beside purpose and place",
    "zone_stated": "Each camera's zone must be written down",
    "list_age": "A list may be used for",
    "list_cap": "People on a list, at most",
    "recheck_before_start": "Every entry is looked up again, at most this long before the start",
    "notice_lead": "The public is told at least this long before the start",
    "heartbeat": "The engagement team's check-in holds for",
    "officers": "Officers who must be there",
    "signs_before_start": "Signs are photographed at most this long before the start",
    "sensitive": "Places and events that take a senior officer's approval",
    "adult_age": "Under this age an entry takes an approval with a rationale",
    "most_false_alerts": "False alerts for each face seen, at most, or it suspends itself",
    "evidence_lasts": "A test of equal accuracy may be gone live on for",
    "groups_tested": "Groups that it must tell apart, as people declared them",
    "perceived_groups": "Groups in which passers-by and false alerts are counted, as perceived",
    "forecast_on_notice": "The notice tells how many false alerts to expect",
    "envelope": "Light and sharpness outside which nobody is compared",
    "urgent": "Urgent authority",
    "independent_authority": "A court or an independent body authorises each use",
    "report_due": "The report on a use is due after",
    "logs_kept": "Logs are kept for at least",
    "waived": "Waived",
    "banner": "Shown whenever it is used",
}
"""What each field means, in words. A field without a line here fails a test."""


@dataclass(frozen=True, slots=True)
class Difference:
    what: str
    first: str
    second: str

    def lines(self, first: str, second: str) -> Iterator[str]:
        yield f"{self.what}:"
        yield f"  {first}: {self.first}"
        yield f"  {second}: {self.second}"


def in_words(profile: Profile) -> Iterator[str]:
    for name, value in as_json(profile).items():
        yield f"{SAYS[name]}: {_said(name, value)}"
    yield f"Digest of all this: {profile.digest}"


_PAGE: Final = """\
# The profiles

Generated from `src/overt/policy/profiles.py` by `make docs`; `make check` compares. Not legal
advice: the law is moving, and whoever runs a deployment answers for the profile that it chooses.
`overt profile diff A B` shows where two of them differ.
"""


def profiles_in_words() -> str:
    """Give the page docs/profiles.md."""
    parts = [
        "\n".join([f"## {profile.id}", "", *(f"- {line}" for line in in_words(profile)), ""])
        for profile in PROFILES.values()
    ]
    return "\n".join([_PAGE, *parts])


def differences(first: Profile, second: Profile) -> Iterator[Difference]:
    one, other = as_json(first), as_json(second)
    for name, value in one.items():
        if value != other[name]:
            yield Difference(SAYS[name], _said(name, value), _said(name, other[name]))


def _said(name: str, value: Json) -> str:
    if name == "waived" and isinstance(value, Sequence):
        return "; ".join(_rule(str(each)) for each in value) or "nothing"
    if name == "urgent" and isinstance(value, Mapping):
        spared = value["spares"]
        assert isinstance(spared, Sequence)
        return _plain({**value, "spares": "; ".join(_rule(str(each)) for each in spared)})
    if name == "documents" and isinstance(value, Mapping):
        return ", ".join(str(each) for each in value.values()) or "none"
    if name == "categories" and isinstance(value, Mapping):
        return "; ".join(_category(each) for each in value.values())
    if name == "most_false_alerts" and isinstance(value, float):
        return "no ceiling" if value >= 1 else f"1 in {1 / value:,.0f}"
    return _plain(value)


def _plain(value: Json) -> str:
    match value:
        case None:
            return "none"
        case str() | Mapping() | Sequence() if not value:
            return "none"
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case Mapping():
            return "; ".join(f"{name.replace('_', ' ')}: {_plain(v)}" for name, v in value.items())
        case _:
            return ", ".join(map(_plain, value))


def _rule(name: str) -> str:
    found = next((rule for rule in Rule if rule.name.lower().replace("_", "-") == name), None)
    return f"{found.row} {found.says}" if found else name


def _category(category: Json) -> str:
    assert isinstance(category, Mapping)
    notes = [
        *(["approved one by one"] if category["exceptional"] else []),
        *([] if category["may_be_suspect"] else ["never shown as a suspect"]),
    ]
    return f"{category['name']}" + (f" ({', '.join(notes)})" if notes else "")
