"""Memory that must not reach swap is locked where the account may, and it is said where it may not."""

import os
import resource
import secrets
import subprocess
import sys

import numpy as np
import pytest

from overt.memory import Kept, Swap, lock_arrays, swap_state, wipe

pytestmark = [
    pytest.mark.requirement("R50"),
    pytest.mark.skipif(sys.platform != "linux", reason="asks Linux"),
]
LOCKED = "next(line for line in open('/proc/self/status') if line.startswith('VmLck'))"


def run(code: str, *, limit: int | None = None) -> str:
    """In a process of its own, without the right to lock beyond its limit where one is given."""
    drop = (
        "import ctypes, resource, struct\n"
        f"resource.setrlimit(resource.RLIMIT_MEMLOCK, ({limit}, {limit}))\n"
        "libc = ctypes.CDLL(None)\n"
        "header = ctypes.create_string_buffer(struct.pack('Ii', 0x20080522, 0))\n"
        "assert libc.syscall(126, header, ctypes.create_string_buffer(24)) == 0\n"
        if limit is not None
        else ""
    )
    return subprocess.run(
        [sys.executable, "-c", drop + code], check=True, capture_output=True, text=True
    ).stdout.strip()


HIGHEST = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
LIMIT = 8 << 20 if HIGHEST == resource.RLIM_INFINITY else min(8 << 20, HIGHEST)
NO_MORE = "from overt.memory import lock_memory; print(lock_memory())"


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="names a system call by its number")
def test_an_account_with_a_limit_does_not_lock_everything_and_it_is_said() -> None:
    assert run(NO_MORE, limit=LIMIT) == "False"
    words = Kept((), swap_state(everything=False, what_matters=True)).in_words
    assert "other memory can be swapped out" in words


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="names a system call by its number")
def test_under_a_limit_templates_are_locked_all_the_same() -> None:
    code = (
        "import numpy as np; from overt.memory import lock_arrays\n"
        f"made = np.zeros({LIMIT // 8}, np.uint8); print(lock_arrays([made]), {LOCKED}.split()[1])"
    )
    done, kilobytes = run(code, limit=LIMIT).split()
    assert done == "True"
    assert int(kilobytes) >= LIMIT // 8 // 1024


@pytest.mark.skipif(os.uname().machine != "x86_64", reason="names a system call by its number")
def test_an_account_that_may_lock_nothing_hears_of_it() -> None:
    code = (
        "import numpy as np; from overt.memory import lock_arrays\n"
        "print(lock_arrays([np.zeros(99999)]))"
    )
    assert run(code, limit=0) == "False"
    assert "may lock no memory" in swap_state(everything=False, what_matters=False).value


MAY_LOCK = """
import ctypes, mmap, resource as r
try: r.setrlimit(r.RLIMIT_MEMLOCK, (r.RLIM_INFINITY, r.RLIM_INFINITY))
except (ValueError, OSError): pass
libc, limit = ctypes.CDLL(None), r.getrlimit(r.RLIMIT_MEMLOCK)[0]
if limit == r.RLIM_INFINITY:
    may = libc.mlockall(1) == 0
else:  # may it lock more than its limit, without touching it?
    size = limit + mmap.PAGESIZE
    area = mmap.mmap(-1, size)
    at = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(area)))
    may = libc.mlock2(at, ctypes.c_size_t(size), 1) == 0
    libc.munlock(at, ctypes.c_size_t(size))
libc.munlockall()
"""
"""What the system itself lets this account do, its limit lifted where it may lift it."""


def test_everything_is_locked_exactly_where_the_account_may() -> None:
    asked = f"from overt.memory import lock_memory; print(may, lock_memory(), {LOCKED}.split()[1])"
    may, done, kilobytes = run(MAY_LOCK + asked).split()
    assert done == may
    assert (done == "True") == (int(kilobytes) > 1000)


def test_nothing_to_lock_is_no_failure() -> None:
    assert lock_arrays([np.zeros(0)])


def test_a_secret_that_is_wiped_is_gone_from_where_it_lay() -> None:
    secret = secrets.token_bytes(32)
    assert any(secret)
    wipe(secret)
    assert secret == bytes(32)


def test_every_state_of_swap_is_a_sentence() -> None:
    assert len({each.value for each in Swap}) == len(Swap)
    assert Kept(("core dumps off",), Swap.ANYTHING).in_words.startswith("this system does not")
