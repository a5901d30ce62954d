"""The search that other proofs rest on: it finds what is planted, and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.proof.search import (
    AT_ONCE,
    READ,
    WINDOW,
    Search,
    may_read_memory,
    processes_below,
    snapshot,
)
from overt.units import UInt8

READABLE = pytest.mark.skipif(
    not may_read_memory(of_a_child=True), reason="this system closes a child's memory"
)
SECRET = np.random.default_rng(5).bytes(5_000)
SEARCH = Search({"secret": SECRET})


def noise(size: int, seed: int = 6) -> UInt8:
    return np.random.default_rng(seed).integers(0, 256, size, np.uint8)


def planted(content: UInt8, at: int, window: bytes) -> UInt8:
    content[at : at + len(window)] = np.frombuffer(window, np.uint8)
    return content


@given(st.integers(0, len(SECRET) - WINDOW), st.integers(0, 1_000 - WINDOW))
def test_any_window_is_found_at_any_address(begins: int, at: int) -> None:
    content = planted(noise(1_000), at, SECRET[begins : begins + WINDOW])
    (hit,) = SEARCH.in_bytes(content, "here")
    assert (hit.secret, hit.place) == ("secret", "here")
    assert hit.length >= WINDOW


@pytest.mark.parametrize("at", range(AT_ONCE - WINDOW - 1, AT_ONCE + 2))
def test_a_window_is_found_where_two_parts_meet(at: int) -> None:
    content = planted(noise(AT_ONCE + 500), at, SECRET[77 : 77 + WINDOW])
    assert SEARCH.in_bytes(content, "here")


def test_less_than_a_window_is_no_hit() -> None:
    content = noise(1_000)
    planted(content, 100, SECRET[77 : 77 + WINDOW - 1])
    content[99] = SECRET[76] ^ 1
    content[100 + WINDOW - 1] = SECRET[77 + WINDOW - 1] ^ 1
    assert SEARCH.in_bytes(content, "here") == []


def test_noise_is_no_hit() -> None:
    assert SEARCH.in_bytes(noise(3_000_000), "here") == []


@pytest.mark.parametrize("byte", [0, 0x5A, 255])
def test_a_uniform_run_in_a_secret_is_found_nowhere(byte: int) -> None:
    flat = Search({"a wall": bytes([byte]) * 4_000 + SECRET})
    assert flat.in_bytes(np.full(100_000, byte, np.uint8), "here") == []


def test_one_colour_repeated_is_no_hit() -> None:
    wall = np.tile(np.array([10, 20, 30], np.uint8), 5_000)
    assert Search({"a wall": wall.tobytes()}).in_bytes(wall, "here") == []


def test_a_run_is_told_at_its_full_length() -> None:
    content = planted(noise(9_000), 1_003, SECRET)
    assert [hit.length for hit in SEARCH.in_bytes(content, "here")] == [len(SECRET)]


def test_each_secret_is_told_by_its_own_name() -> None:
    others = {f"number {n}": np.random.default_rng(100 + n).bytes(1_024) for n in range(20)}
    content = planted(noise(9_000), 5, others["number 7"][:WINDOW])
    planted(content, 4_001, others["number 13"][100 : 100 + WINDOW])
    hits = Search(others).in_bytes(content, "here")
    assert [hit.secret for hit in hits] == ["number 7", "number 13"]


def test_the_same_window_in_two_secrets_is_told_of_both() -> None:
    both = Search({"one": SECRET[:200], "other": SECRET[100:300]})
    hits = both.in_bytes(planted(noise(900), 8, SECRET[110:190]), "here")
    assert [hit.secret for hit in hits] == ["one", "other"]


def test_what_lies_in_a_file_is_found_with_the_files_name(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "log.txt").write_bytes(b"a line\n" + SECRET[3:90] + b"\n")
    (tmp_path / "other.txt").write_bytes(b"a line\n")
    assert [hit.place for hit in SEARCH.in_files(tmp_path)] == ["below/log.txt"]


def test_a_file_that_is_gone_by_now_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "log.txt").write_bytes(SECRET[3:90])
    files = [tmp_path / "gone.txt", tmp_path / "log.txt"]
    assert [hit.place for hit in SEARCH.in_paths(files, tmp_path)] == ["log.txt"]


HOLDS = """
import sys
import numpy as np
held = bytearray(100_000)
secret = np.random.default_rng(5).bytes(5_000)
held[{at}:{at} + {length}] = secret[1001 : 1001 + {length}]
del secret
print("ready", flush=True)
sys.stdin.read()
"""


def held_by_a_child(at: int, length: int) -> list[str]:
    """The places at which a process that keeps this much of the secret is found to hold it."""
    # The secret's own memory is overwritten as it is freed, as in a camera's process.
    environment = {**os.environ, "MALLOC_PERTURB_": "165"}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS.format(at=at, length=length)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        child.stdout.readline()
        assert child.pid in processes_below(os.getpid())
        hits = SEARCH.in_snapshot(snapshot(child.pid))
        child.stdin.close()
    assert child.returncode == 0
    return [hit.place for hit in hits]


@READABLE
@pytest.mark.parametrize("at", [4_096, 4_097, 50_003])
def test_a_window_in_another_process_is_found(at: int) -> None:
    assert held_by_a_child(at, WINDOW)


@READABLE
def test_a_process_that_holds_nothing_is_clean() -> None:
    assert held_by_a_child(4_097, 0) == []


def test_memory_is_read_in_parts_that_keep_addresses_aligned() -> None:
    assert READ % 16 == 0
    assert AT_ONCE % 16 == 0


@pytest.mark.parametrize("at", range(16))
def test_a_key_is_found_at_any_address_though_it_is_shorter_than_a_window(at: int) -> None:
    key = SECRET[:32]
    content = planted(noise(400), 100 + at, key)
    assert [hit.length for hit in Search({"key": key}).in_bytes(content, "here")] == [32]


def test_half_a_key_is_not_the_key() -> None:
    content = planted(noise(400), 160, SECRET[:24])
    assert Search({"key": SECRET[:32]}).in_bytes(content, "here") == []
