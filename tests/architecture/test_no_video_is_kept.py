"""R53: overt keeps no video of a street, because nothing in it can write any.

Recordings of a camera system are that system's, with its store, its term and its holds. What overt
keeps of a street are the two still pictures of an alert, sealed under the alert's key.
"""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from overt.records.columns import EvidenceKind

SOURCE: Final = Path(__file__).parents[2] / "src" / "overt"
DRAWN: Final = "demo/street.py"
"""Draws the demonstration's street from two public-domain portraits; it has never seen a camera."""
WRITERS: Final = {
    "VideoWriter", "VideoWriter_fourcc", "add_stream", "add_stream_from_template", "mux",
    "mux_one", "start_encoding", "imwritemulti",
}  # fmt: skip
"""What makes a video file with the libraries that overt has."""
PROGRAMS: Final = {"ffmpeg", "gst-launch-1.0", "mencoder", "x264", "vlc"}

pytestmark = pytest.mark.requirement("R53")


def writes_video(source: str) -> list[str]:
    """Every call that could write moving pictures, as it stands in the source."""
    return [ast.unparse(node) for node in ast.walk(ast.parse(source)) if _writes(node)]


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return node.value in PROGRAMS
    if isinstance(node, ast.Attribute):
        return node.attr in WRITERS
    return isinstance(node, ast.Call) and _opens_av(node.func) and "r" not in _mode(node)


def _opens_av(function: ast.expr) -> bool:
    opens = isinstance(function, ast.Attribute) and function.attr == "open"
    return opens and ast.unparse(function) in {"av.open", "av.container.open"}


def _mode(call: ast.Call) -> str:
    given = {word.arg: word.value for word in call.keywords}
    mode = given.get("mode", call.args[1] if len(call.args) > 1 else ast.Constant("r"))
    return str(mode.value) if isinstance(mode, ast.Constant) else "not known"


def modules() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), path.read_text(encoding="utf-8")


def test_nothing_that_sees_a_camera_can_write_a_video() -> None:
    found = {name for name, source in modules() if writes_video(source)}
    assert found == {DRAWN}


def test_nothing_but_the_demonstration_draws_a_street() -> None:
    named = {name for name, source in modules() if "overt.demo.street" in source}
    assert all(name.startswith(("demo/", "proof/")) for name in named)


@pytest.mark.parametrize(
    "line",
    [
        'av.open(path, "w")',
        'av.open(path, mode="w", format="mp4")',
        "av.open(path, how)",
        "cv2.VideoWriter(name, code, 25, size)",
        "container.add_stream('h264')",
        "subprocess.run(['ffmpeg', '-i', address, name])",
    ],
)
def test_a_line_that_would_write_one_is_found(line: str) -> None:
    assert writes_video(line)


def test_opening_a_recording_to_read_it_is_none() -> None:
    assert not writes_video("av.open(path); av.open(path, 'r'); av.open(path, options={})")


def test_what_is_kept_of_a_street_are_still_pictures_of_alerts() -> None:
    assert {kind.value for kind in EvidenceKind} == {
        "probe",
        "scene",
        "reference",
        "second",
        "card",
    }
