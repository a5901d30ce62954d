"""What glibc must be told before a process begins, so that whatever it frees is overwritten (R50).

`overt.memory` asks for that while a process runs, but glibc's caches of each thread keep blocks of
up to a kilobyte, the size of a template or an entry of a list, as they were. Only the environment
turns them off, and only for processes that start with it.
"""

import os
import sys
from collections.abc import Mapping
from typing import Final

_NAME: Final = "GLIBC_TUNABLES"
_NO_CACHES: Final = "glibc.malloc.tcache_count=0"


def told(environment: Mapping[str, str]) -> bool:
    return _NO_CACHES in environment.get(_NAME, "").split(":")


def telling(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of a process that overwrites what it frees."""
    if told(environment):
        return dict(environment)
    others = [each for each in [environment.get(_NAME)] if each]
    return {**environment, _NAME: ":".join([*others, _NO_CACHES])}


def begin_anew() -> None:
    """Become this very command once more, told; nothing happens where it was, or is no use."""
    arguments = sys.orig_argv[1:]
    if sys.platform == "linux" and arguments and not told(os.environ):
        os.execve(sys.executable, [sys.executable, *arguments], telling(os.environ))  # noqa: S606  our own interpreter and arguments
