"""A process that imports a list and tells its progress, so that a test can kill it.

`python -m tests.fakes.importing FOLDER`: FOLDER has `models` (for OVERT_MODELS) and `list/list.csv`.
"""

import sys
from pathlib import Path

from tests.fakes.authority import Hands, a_force


def tell(done: int, of: int) -> None:
    print(done, of, flush=True)


def main(folder: Path) -> None:
    with a_force(folder, Hands()) as force:
        force.gate.import_watchlist(
            force.actor, force.order(folder / "list" / "list.csv"), progress=tell
        )
    print("done", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
