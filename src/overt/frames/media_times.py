"""The source's own clock, repaired: from 0, strictly growing, whatever the stream says.

Timestamps are missing at the start of streams, repeat in bad files, and start again where two
recordings were joined. Small steps back are held; a large one is taken as a new start, and the
clock goes on from where it was. Steps forward are believed up to a minute; one that is longer is
another clock (a recorder that was set, a counter that ran over), nobody waits an hour for it, and
the next frame comes so much later that nobody before it is taken for somebody after it.
"""

from typing import Final

from overt.units import Seconds

SMALLEST_STEP: Final = 0.001
NEW_START: Final = 0.5
"""A step back of more than this many seconds is a joined recording, not a disturbed frame."""
LONGEST_GAP: Final = 60.0
"""A step forward of more than this many seconds is another clock, not a pause."""
GAP_OF_A_NEW_CLOCK: Final = 2.0
"""Seconds that are taken to have gone by then: longer than any track waits for its face."""


class MediaTimes:
    def __init__(self, frame_duration: Seconds) -> None:
        self._frame_duration = frame_duration
        self._offset: float | None = None
        self._last: float | None = None
        self._earliest = 0.0
        self._expected = 0.0
        self._furthest = 0.0  # as stamped, before repair

    @property
    def last(self) -> Seconds:
        """Media time of the latest frame or silence, 0 before the first frame."""
        return Seconds(self._last or 0.0)

    def at(self, stamp: float | None) -> Seconds:
        """Media time of the next frame, given its timestamp in seconds if it has one."""
        placed = self._placed(stamp)
        self._furthest = max(self._furthest, placed)
        moment = max(placed, self._earliest)
        self._last = moment
        self._earliest = moment + SMALLEST_STEP
        self._expected = moment + self._frame_duration
        return Seconds(moment)

    def silent_until(self, moment: float) -> Seconds:
        """Time passes without a frame: later frames come after `moment`."""
        if self._last is not None and moment > self._last:
            self._last = moment
            self._earliest = moment + SMALLEST_STEP
            self._expected = max(self._expected, self._earliest)
        return self.last

    def start_again_at(self, moment: float) -> None:
        """Put the next frame at `moment`: the stream was opened again, its stamps are new."""
        self._offset = None
        self._expected = max(moment, self._earliest)

    def _placed(self, stamp: float | None) -> float:
        if stamp is None:
            return self._expected
        if self._offset is None or stamp + self._offset < self._furthest - NEW_START:
            self._offset = self._expected - stamp
        elif stamp + self._offset > max(self._furthest, self.last) + LONGEST_GAP:
            self._offset = self._expected + GAP_OF_A_NEW_CLOCK - stamp
        return stamp + self._offset
