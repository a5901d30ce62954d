from typing import Any

from benchmarks.table import table

FIGURE: dict[str, Any] = {
    "clip": "1080p-20", "program": "overt", "precision": "f32", "fps": 40.0,
    "cpu_ms_per_frame": 30.0, "passages_per_s": 9.0, "peak_mib": 600.0, "dropped": 0,
    "listed": 12, "right": 11, "wrong": 0, "frames": 250, "live_dropped": 3, "live_frames": 250,
    "latency_ms": {"p50": 420.0, "p95": 480.0, "p99": 490.0},
}  # fmt: skip
FLOOR = {
    **FIGURE, "program": "floor", "fps": 44.0, "live_dropped": None,
    "latency_ms": {"p50": None, "p95": None, "p99": None},
}  # fmt: skip
FOUND: dict[str, Any] = {
    "headline": "1080p-20",
    "clips": {"1080p-20": {}},
    "figures": [FIGURE, FLOOR],
    "machine": {"processor": "A", "cores": 2, "load_before": 0.1, "load_after": 1.9},
    "bf16": {"reason": "this processor does not compute in bf16"},
    "peers": {"overt": {"reason": None}, "deepface": {"reason": "no wheel for this machine"}},
    "ratios": {"plain_loop": 4.2, "deepface": None, "floor": 1.1},
}


def test_every_program_has_a_row_with_its_figures() -> None:
    _, overt, floor, *_ = table(FOUND).splitlines()
    assert overt.split() == [
        "1080p-20", "overt", "40.00", "-", "30.0", "9.00", "420/480/490", "600", "3/250", "live",
        "11/12", "0", "250",
    ]  # fmt: skip
    assert floor.split()[-3:] == ["-", "-", "250"]  # the floor names nobody


def test_bf16_is_a_column_beside_float32() -> None:
    bf16 = {**FIGURE, "precision": "bf16", "fps": 70.0}
    _, overt, *_ = table({**FOUND, "figures": [FIGURE, bf16]}).splitlines()
    assert overt.split()[2:4] == ["40.00", "70.00"]


def test_what_could_not_run_is_told_with_its_reason() -> None:
    text = table(FOUND)
    assert "bf16: this processor does not compute in bf16." in text
    assert "deepface: no wheel for this machine" in text
    assert "over plain_loop 4.20, over deepface -, floor over overt 1.10" in text
