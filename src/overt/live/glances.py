"""Looks for faces in the next frame while the people in the last one are compared.

The thread beside the flow is a fixed number of frames ahead, never more: what it looks at next is
decided when a glance is taken, by what the comparisons before that told. So a recording gives the
same glances whatever the machine does; of a live camera it is one frame, the newest.
"""

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from overt.faces.faces import Detector, Faces
from overt.frames.frame import Frame, Sight
from overt.live.rhythm import Rhythm


def always() -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Glance:
    """What the camera gave, and the faces in it."""

    sight: Sight
    faces: Faces | None = None
    """None where nobody looked: between two looks, and where there is no picture."""
    seconds: float = 0.0
    """Spent in looking for them."""

    def forget(self) -> None:
        """Overwrite what was converted of the picture (R50)."""
        if isinstance(self.sight, Frame):
            self.sight.picture.forget()


def glances(
    sights: Iterable[Sight],
    detector: Detector,
    hopeful: Callable[[], bool],
    may_look: Callable[[], bool] = always,
    *,
    ahead: int = 1,
) -> Generator[Glance, None, None]:
    """Every sight, with its faces where it was due; `hopeful` asks for a look at every frame.

    Where `may_look` says no, as in a pause, no face is looked for.

    Whoever takes a glance forgets it. Close this, and the one that is on its way is forgotten.
    """
    rhythm, upcoming = Rhythm(), iter(sights)

    def look(*, eager: bool, may: bool) -> Glance | None:
        sight = next(upcoming, None)
        if may and isinstance(sight, Frame) and rhythm.due(sight.media_time, eager=eager):
            began = time.perf_counter()
            faces = detector.find(sight.picture)
            return Glance(sight, faces, time.perf_counter() - began)
        return None if sight is None else Glance(sight)

    with ThreadPoolExecutor(1, "overt-look") as beside:
        first = [beside.submit(look, eager=False, may=may_look()) for _ in range(ahead)]
        coming = deque(first)
        try:
            eager = False
            while (glance := coming.popleft().result()) is not None:
                if isinstance(glance.sight, Frame):  # a silence more or less changes nothing
                    eager = hopeful()
                coming.append(beside.submit(look, eager=eager, may=may_look()))
                yield glance
        except GeneratorExit:
            for each in coming:
                if (left := each.result()) is not None:
                    left.forget()
