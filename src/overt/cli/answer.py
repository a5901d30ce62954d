"""How a command answers: sentences for people, or exactly one JSON object on one line."""

import json
import sys
from collections.abc import Iterable, Mapping


def answer(facts: Mapping[str, object], lines: Iterable[str], *, as_json: bool) -> None:
    """Put the answer on standard output."""
    if as_json:
        # A path may hold half characters, which no JSON text has.
        print(json.dumps(facts, ensure_ascii=False).encode(errors="replace").decode())
        return
    for line in lines:
        print(printable(line))


def remark(message: str) -> None:
    """Say something beside the answer, on standard error."""
    print(printable(message), file=sys.stderr)


def printable(text: str, *, keep: str = "\n\t") -> str:
    """Spell out invisible characters: what somebody wrote must not steer a reader's terminal."""
    return "".join(
        each if each.isprintable() or each in keep else each.encode("unicode_escape").decode()
        for each in text
    )
