"""Load modules without the garbage collector, which walks all of them again and again.

A command imports some nine hundred modules, and next to nothing of them is garbage: the collector
takes a sixth of the time. What was loaded stays until the end, so that later it is not walked.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """Import in its body; for the start of a program, before there is anything else in it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
