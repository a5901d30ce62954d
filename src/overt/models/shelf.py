"""Where networks lie that this machine has compiled, so that the next start need not.

Engine and processor check that one fits them before it is taken; a shelf sees to it that what it
gives is what was put there.
"""

from typing import Protocol


class Shelf(Protocol):
    def taken(self, name: str) -> bytes | None:
        """What was put there under this name; None where nothing was, or not this."""
        ...

    def put(self, name: str, compiled: bytes) -> None:
        """Keep it for the next start, if there is room: nothing depends on it."""
        ...


class NoShelf:
    """Everything is compiled at every start."""

    def taken(self, name: str) -> bytes | None:  # noqa: ARG002  there is none of any name
        return None

    def put(self, name: str, compiled: bytes) -> None:
        """Keep nothing."""
