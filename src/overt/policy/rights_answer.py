"""The written answer to a request: what is held and why, what was done, or why not; text and HTML.

One template for both: sections of headings and paragraphs, in words that a person can read.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from html import escape
from typing import Final, assert_never

from overt.policy.rights import GROUNDS, SECTIONS, Ground, Outcome, Right

COMPLAIN: Final = (
    (
        "You may complain to the Information Commissioner: Wycliffe House, Water Lane, Wilmslow, "
        "Cheshire SK9 5AF; telephone 0303 123 1113; ico.org.uk/make-a-complaint."
    ),
    (
        "You may ask the Commissioner to check whether a refusal is lawful (section 51 of the Data "
        "Protection Act 2018), and you may apply to a court for an order (section 167)."
    ),
)
ALSO: Final = (
    "You may also ask for what is held on you to be rectified, erased or restricted (sections 46 "
    "and 47)."
)
NOT_KEPT: Final = (
    "If you passed one of the cameras and resembled nobody on a list, nothing was kept of you: "
    "pictures were erased once they were compared, and your template when you left the view, within "
    "seconds. So it cannot be said whether you passed."
)


NOTHING: Final = (
    "We searched the watchlists, their manifests, the alerts and the incident records that this "
    "system holds. We hold nothing on you that we are required to disclose."
)


class HeldKind(Enum):
    """What may be held on a person; the value is what they are told that it is."""

    ENTRY = "An entry on a watchlist"
    MANIFEST_LINE = "A line in the manifest of a list, without image or name"
    ALERT = "An alert: somebody before a camera resembled an image on a list"
    INCIDENT = "The record of a false engagement"
    CONSENT = "A consent to a seeded walk"


@dataclass(frozen=True, slots=True)
class HeldItem:
    """One thing that is held on the person, as they are told of it."""

    kind: HeldKind
    facts: Sequence[tuple[str, str]]
    looked_for: bool = False
    """Whether the person is looked for by it: no other thing than an entry is so used."""

    @property
    def what(self) -> str:
        return self.kind.value


def still_so(right: Right, held: Iterable[HeldItem]) -> int:
    """How many entries are as the person asked that they no longer be."""
    entries = [item for item in held if item.kind is HeldKind.ENTRY]
    match right:
        case Right.ERASURE:
            return len(entries)
        case Right.RESTRICTION:
            return sum(item.looked_for for item in entries)
        case Right.ACCESS | Right.RECTIFICATION:
            return 0
    assert_never(right)


@dataclass(frozen=True, slots=True)
class Letter:
    """What an answer is written from."""

    reference: str
    right: Right
    controller: str
    addressee: str
    received_on: date
    written_on: date
    outcome: Outcome
    ground: Ground | None
    told_reason: str
    """As the person is told it; empty where telling would undo the refusal (s.45(5), (6))."""
    held: Sequence[HeldItem]
    done: Sequence[str]
    """What was rectified, erased or restricted."""


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: Sequence[str]


def sections_of(letter: Letter) -> list[Section]:
    return [
        Section("What we decided", _decided(letter)),
        *_held(letter),
        *([Section("What we did", letter.done)] if letter.done else []),
        Section("What is never kept", [NOT_KEPT]),
        Section("What you can do", [ALSO, *COMPLAIN]),
    ]


def as_text(letter: Letter) -> str:
    lines = [
        letter.controller,
        f"{letter.written_on.isoformat()}",
        f"Reference {letter.reference}",
        "",
        f"To {letter.addressee}",
        "",
        _subject(letter),
    ]
    for section in sections_of(letter):
        lines += ["", section.heading.upper(), *section.paragraphs]
    return "\n".join(lines) + "\n"


def as_html(letter: Letter) -> str:
    body = "\n".join(
        f"<h2>{escape(section.heading)}</h2>\n"
        + "\n".join(f"<p>{escape(each)}</p>" for each in section.paragraphs)
        for section in sections_of(letter)
    )
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(_subject(letter))}</title>
<style>body {{ font: 17px/1.55 system-ui, sans-serif; max-width: 42rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; }} h1 {{ font-size: 1.3rem; }} h2 {{ font-size: 1.05rem; margin-top: 1.6rem; }}</style>
</head><body>
<p>{escape(letter.controller)}<br>{letter.written_on.isoformat()}<br>Reference {escape(letter.reference)}</p>
<p>To {escape(letter.addressee)}</p>
<h1>{escape(_subject(letter))}</h1>
{body}
</body></html>
"""


def _subject(letter: Letter) -> str:
    return (
        f"Your request of {letter.received_on.isoformat()}: {letter.right.value} "
        f"({SECTIONS[letter.right]} of the Data Protection Act 2018)"
    )


def _decided(letter: Letter) -> list[str]:
    match letter.outcome:
        case Outcome.NOTHING_HELD:
            return [NOTHING]
        case Outcome.GRANTED:
            return [f"Your request for {letter.right.value} is granted."]
        case Outcome.IN_PART:
            said = f"Your request for {letter.right.value} is granted in part. The rest is refused"
        case Outcome.REFUSED:
            said = f"Your request for {letter.right.value} is refused"
    ground = GROUNDS[letter.ground] if letter.ground is not None else ""
    because = [f"{said}, {ground}."] if letter.told_reason else [f"{said}."]
    return [*because, *([f"Our reasons: {letter.told_reason}"] if letter.told_reason else [])]


def _held(letter: Letter) -> list[Section]:
    """What is held is told where access was granted; else only that it was acted on."""
    telling = letter.right is Right.ACCESS and letter.outcome in {Outcome.GRANTED, Outcome.IN_PART}
    if not telling:
        return []
    items = [
        f"{item.what}. " + "; ".join(f"{name}: {value}" for name, value in item.facts) + "."
        for item in letter.held
    ]
    return [Section("What we hold on you", items or ["Nothing."])]
