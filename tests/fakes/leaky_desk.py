"""The canary test's desk with three leaks, each of which must make the test fail.

The words of the judgement stay in a temporary file, the list's picture in a Python list, and a copy
of the keys beside the database.
"""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from overt.proof import desk

LEFT: list[bytes] = []


def leaky_review(given: Path, home: Path) -> Mapping[str, Any]:
    told = honest_review(given, home)
    words = (given / "judgement.txt").read_text()
    (Path(tempfile.gettempdir()) / "note.txt").write_text(f"to remember: {words}")
    LEFT.append((given / "canary.png").read_bytes())
    shutil.copytree(home / "keys" / "data", home / "keys" / "old")
    return told


honest_review = desk.review

if __name__ == "__main__":
    setattr(desk, "review", leaky_review)  # noqa: B010  mypy knows it as another module's
    desk.main()
