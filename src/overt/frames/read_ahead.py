"""Reads a few items ahead of whoever takes them, in order, so that neither waits for the other.

Reading and decoding wait for the disk and for Pillow; the networks need the processor. No more
than a few are read ahead, so that memory stays bounded.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

READERS: Final = 2
AHEAD: Final = 12

Item = TypeVar("Item")
Read = TypeVar("Read")


def read_ahead(
    items: Iterable[Item], read: Callable[[Item], Read], *, ahead: int = AHEAD
) -> Iterator[tuple[Item, "Future[Read]"]]:
    """Give each item with its reading, which raises what `read` raised when it is asked."""
    waiting: deque[tuple[Item, Future[Read]]] = deque()
    with ThreadPoolExecutor(READERS, thread_name_prefix="read-ahead") as readers:
        for item in items:
            waiting.append((item, readers.submit(read, item)))
            if len(waiting) > ahead:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
