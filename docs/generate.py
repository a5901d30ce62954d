"""Write what comes from tables in the code: pages of docs/, and what the database file declares.

With --check, only compare.
"""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from overt.decisions.describe import states_in_words
from overt.policy.describe_roles import roles_in_words
from overt.policy.life_in_words import life_in_words
from overt.policy.profile_in_words import profiles_in_words
from overt.policy.retention_in_words import retention_in_words
from overt.records.declared import declared_in_words


def states() -> str:
    """The page of both tables: of a deployment, and of an alert."""
    return f"{life_in_words()}\n{states_in_words()}"


PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "roles.md": roles_in_words,
    "states.md": states,
    "profiles.md": profiles_in_words,
    "retention.md": retention_in_words,
    "../src/overt/records/declared.sql": declared_in_words,
}
FOLDER: Final = Path(__file__).parent


def _write() -> None:
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


def _stale() -> list[str]:
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != page()
    ]


def main() -> int:
    """Write the pages, or say which of them the code has outgrown."""
    if "--check" not in sys.argv[1:]:
        _write()
        return 0
    stale = _stale()
    for name in stale:
        print(f"docs/{name} differs from the code; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
