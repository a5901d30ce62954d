"""A camera's process leaves no dump behind and overwrites what it frees."""

import os
import subprocess
import sys

import pytest

from overt.allocator import telling

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
APPLY = "from overt.memory import keep_memory_private; missing = keep_memory_private();"


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", APPLY + code],
        check=True,
        capture_output=True,
        text=True,
        env=telling(os.environ),
    ).stdout


@LINUX
def test_every_measure_is_offered_by_linux_with_glibc() -> None:
    assert run("print(missing)") == "()\n"


@LINUX
@pytest.mark.requirement("R50")
def test_a_core_dump_is_impossible() -> None:
    code = (
        "import resource, ctypes; print(resource.getrlimit(resource.RLIMIT_CORE),"
        " ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    assert run(code) == "(0, 0) 0\n"


@LINUX
@pytest.mark.requirement("R50")
@pytest.mark.parametrize("size", [512, 1024, 49152])
def test_freed_memory_no_longer_holds_what_it_held(size: int) -> None:
    code = f"""
import ctypes
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
libc.free.argtypes = [ctypes.c_void_p]
seen = ctypes.create_string_buffer({size})
block = libc.malloc({size})
guard = libc.malloc({size})
ctypes.memset(block, ord("Q"), {size})
libc.free(block)
ctypes.memmove(seen, block, {size})
print(b"Q" * 64 in seen.raw)
"""
    assert run("\n" + code) == "False\n"
