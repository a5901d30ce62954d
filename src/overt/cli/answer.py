"""How a command answers: sentences for people, or exactly one JSON object on one line."""

import json
import sys
from collections.abc import Iterable, Mapping


def answer(facts: Mapping[str, object], lines: Iterable[str], *, as_json: bool) -> None:
    """Put the answer on standard output."""
    if as_json:
        print(json.dumps(facts, ensure_ascii=False))
        return
    for line in lines:
        print(line)


def remark(message: str) -> None:
    """Say something beside the answer, on standard error."""
    print(message, file=sys.stderr)
