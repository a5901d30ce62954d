"""OVERT_HOME as its first opening leaves it: copied, because making it takes a third of a second.

How a home is made is tested in `tests/unit/records`, `test_people` and the stories.
"""

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from overt.gate.gate import open_gate
from overt.records.postgres import postgres_named
from overt.units import Clock, UtcTime

BEGAN: Final = Clock().now()
"""When the tests began, for those that go by the machine's clock."""


def installed_home(home: Path, at: UtcTime) -> Path:
    """OVERT_HOME, installed at that time by this account, who is its founder; or as it stands.

    With its records on PostgreSQL there is nothing to copy: its first opening makes it.
    """
    if not home.exists() and postgres_named() is None:
        shutil.copytree(_template(at), home)
    return home


@cache
def _template(at: UtcTime) -> Path:
    home = kept_folder() / "home"
    with open_gate(home, Clock(wall=at.timestamp, monotonic=lambda: 0.0)) as gate:
        gate.whoami()
    return home


def kept_folder() -> Path:
    """A folder that is removed when the tests end."""
    folder = tempfile.TemporaryDirectory(prefix="overt-template-")
    _KEPT.append(folder)
    return Path(folder.name)


_KEPT: Final[list[tempfile.TemporaryDirectory[str]]] = []
