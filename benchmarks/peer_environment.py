"""An environment of its own for each peer: build/peers/NAME, from locked and hashed requirements.

They are never shipped with overt; whatever keeps one from being installed is told, not hidden.
"""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

PEERS: Final[Mapping[str, Mapping[str, str]]] = {
    "face_recognition": {"licence": "MIT", "version": "1.3.0"},
    "deepface": {"licence": "MIT", "version": "0.0.103"},
}
FOLDER: Final = Path("build/peers")
PATIENCE: Final = 600


class Unavailable(Exception):  # noqa: N818  it is news for the bench, which reports it
    """A peer cannot run here; the message says why."""


def python_of(name: str, folder: Path = FOLDER) -> Path:
    """Return its interpreter, after installing what its locked requirements name."""
    wanted = Path(__file__).parent / "peers" / f"{name}.txt"
    here = folder / name
    stamp, digest = here / "installed", hashlib.sha256(wanted.read_bytes()).hexdigest()
    python = here / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != digest:
        _run(f"{name}: its environment", [sys.executable, "-m", "venv", "--clear", str(here)])
        _run(
            f"{name}: its requirements",
            [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--retries", "1", "--timeout", "15", "--require-hashes", "--no-deps", "-r", str(wanted)],
        )  # fmt: skip
        stamp.write_text(digest)
    return python.absolute()


def weights_of_deepface(weights: Mapping[str, Path], folder: Path = FOLDER) -> Path:
    """Lay weight files out where DeepFace looks before it fetches any; its home."""
    home = folder / "deepface" / "home"
    there = home / ".deepface" / "weights"
    there.mkdir(parents=True, exist_ok=True)
    for name, path in weights.items():
        shutil.copyfile(path, there / name)
    return home.absolute()


def _run(what: str, command: list[str]) -> None:
    try:
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired) as trouble:
        raise Unavailable(f"{what} could not be made: {trouble}") from trouble
    if ran.returncode:
        last = [line for line in ran.stderr.splitlines() if "error" in line.lower()][-1:]
        raise Unavailable(f"{what} could not be installed: {' '.join(last) or ran.returncode}")
