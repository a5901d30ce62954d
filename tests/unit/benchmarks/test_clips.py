"""The same scene gives the same clip, to the byte: whoever measures again measures the same."""

from pathlib import Path

from benchmarks.clips import _write, bench_scene


def test_a_clip_is_the_same_when_it_is_made_again(tmp_path: Path) -> None:
    for name in ("once.mp4", "again.mp4"):
        _write(tmp_path / name, bench_scene(720, 0, 1.0), [])
    assert (tmp_path / "once.mp4").read_bytes() == (tmp_path / "again.mp4").read_bytes()
