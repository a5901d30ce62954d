"""A home is made, opened and removed where this is imported: what a first opening loads is loaded.

For a fork server, whose children then begin with the opening and not with a hundred imports.
"""

import tempfile
from pathlib import Path

from overt.gate.gate import open_gate
from overt.units import Clock

with tempfile.TemporaryDirectory(prefix="overt-opened-before-") as folder:
    for _ in range(2):
        with open_gate(Path(folder) / "home", Clock()) as gate:
            gate.whoami()
