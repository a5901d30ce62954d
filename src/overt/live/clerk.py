"""Does what the flow asks of the records beside it, one act after another in a thread of its own.

The flow goes on with the next frame while an alert is committed. What an act tells is taken up in
the flow, between two frames, so that nothing the flow decides with changes under its hands.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

MOST_WAITING: Final = 8
"""Acts; where the records are slower than the street, the flow waits for them."""

TakenUp = Callable[[], None]
"""What is to be done in the flow once the act is over."""


@dataclass(slots=True)
class Clerk:
    _acts: "deque[Future[TakenUp]]" = field(default_factory=deque)
    _thread: ThreadPoolExecutor | None = None

    def hand(self, act: Callable[[], TakenUp]) -> None:
        """Do this after everything that was handed over before it."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "overt-clerk")
        self._acts.append(self._thread.submit(act))

    def take_up(self, *, leaving: int = MOST_WAITING) -> None:
        """Take up every act that is over, and wait until no more than so many are not.

        What an act raised is raised here.
        """
        while self._acts and (len(self._acts) > leaving or self._acts[0].done()):
            self._acts.popleft().result()()

    def close(self) -> None:
        """Do what was handed over to its end: an alert that was decided on is committed."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None
