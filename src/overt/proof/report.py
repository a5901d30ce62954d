"""What an auditor reads of the canary test: what was planted, where it was looked for, what was found."""

import html
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

TITLE: Final = "What is left of a deployment: the canary test"


@dataclass(frozen=True, slots=True)
class Check:
    """One place that was searched, or one thing that was asked."""

    what: str
    searched: str
    found: tuple[str, ...]
    passed: bool
    control: bool = False
    """It shows that the search sees: here something has to be found."""


@dataclass(frozen=True, slots=True)
class Proof:
    deployment: str
    digest: str
    """Of the file that says under what the test ran."""
    made_at: str
    overt: str
    pack: str
    precision: str
    threshold: str
    """What it ran at, and what the deployment says."""
    watched: str
    """What came of the run: the flow was at work."""
    system: str
    memory: str
    """What keeps the process that holds a camera from swap and dumps, in its own words."""
    moments: str
    """How it was made sure that memory was searched when there was something to see, and when not."""
    planted: tuple[str, ...]
    why_beside: str
    checks: tuple[Check, ...]
    limits: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return all(check.passed for check in self.checks)

    @property
    def verdict(self) -> str:
        if self.passed:
            return "PASSED: what was planted was found where it had to be, and is left nowhere"
        failed = [check.what for check in self.checks if not check.passed]
        return f"FAILED: {'; '.join(failed)}"

    def facts(self) -> Mapping[str, Any]:
        return {"passed": self.passed, "verdict": self.verdict, **asdict(self)}


def as_json(proof: Proof) -> str:
    return json.dumps(proof.facts(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def as_html(proof: Proof) -> str:
    """One page that needs nothing else, for a screen or paper."""
    return "\n".join(_page(proof)) + "\n"


def _page(proof: Proof) -> Iterator[str]:
    say = html.escape
    yield '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    yield f"<title>{TITLE}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{TITLE}</h1><p class={'good' if proof.passed else 'bad'}>{say(proof.verdict)}</p>"
    yield "<table>"
    for name, value in (
        ("Deployment", proof.deployment),
        ("Its file", proof.digest),
        ("Made", proof.made_at),
        ("Program", proof.overt),
        ("Model pack", f"{proof.pack}, {proof.precision}"),
        ("Threshold", proof.threshold),
        ("Watched", proof.watched),
        ("System", proof.system),
        ("Memory", proof.memory),
        ("Moments", proof.moments),
    ):
        yield f"<tr><th>{say(name)}</th><td>{say(value)}</td></tr>"
    yield f"</table><p>{say(proof.why_beside)}</p>"
    yield f"<h2>What was planted</h2><p>{len(proof.planted)} things:</p>"
    yield f"<p>{say('; '.join(proof.planted))}</p>"
    yield "<h2>Where it was looked for</h2><table><tr><th>Question<th>Searched<th>Found<th></tr>"
    for check in proof.checks:
        word = "as it must be" if check.passed else "NOT AS IT MUST BE"
        found = "; ".join(check.found) or "nothing"
        yield (
            f"<tr><td>{say(check.what)}{' (control)' if check.control else ''}</td>"
            f"<td>{say(check.searched)}</td><td>{say(found)}</td><td>{word}</td></tr>"
        )
    yield "</table><h2>What this does not show</h2><ul>"
    yield from (f"<li>{say(each)}</li>" for each in proof.limits)
    yield "</ul></body></html>"


_STYLE: Final = (
    "body{font:16px/1.4 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}"
    "table{border-collapse:collapse}td,th{border:1px solid #777;padding:.3em .6em;text-align:left;"
    "vertical-align:top}.good{color:#0a5c2b;font-weight:bold}.bad{color:#a00000;font-weight:bold}"
)
