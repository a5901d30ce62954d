"""The first pass of one list: its codes, and the scans over them that searches asked for.

Which lists and how many probes at once it pays for was measured (docs/performance.md).
"""

from dataclasses import dataclass, field
from typing import Any, Final

import numpy.typing as npt

from overt.matches.codes import Codes
from overt.matches.scan import WIDTHS, Scan, scan_of

SMALLEST: Final = 2**21
"""Numbers in all references, as of 8,192 of 256 dimensions: below, reading the references
themselves is as fast for any number of probes."""
SMALLEST_ALONE: Final = 2**23
"""Numbers: below, it is as fast for a single probe."""


@dataclass(slots=True, eq=False)
class FirstPass:
    """Made by `first_pass_for`."""

    codes: Codes
    threads: int
    several_from: int = SMALLEST
    alone_from: int = SMALLEST_ALONE
    _scans: dict[int, Scan] = field(default_factory=dict)

    def pays(self, rows: int, probes: int) -> bool:
        """Whether a search for so many probes in so many rows is faster with it."""
        numbers: int = rows * self.codes.numbers.shape[1]
        return numbers >= (self.alone_from if probes == 1 else self.several_from)

    def scan(self, probes: int) -> Scan:
        """Prepare for at least one probe and at most WIDTHS[-1]; made once and kept."""
        width = next(width for width in WIDTHS if width >= probes)
        if width not in self._scans:
            self._scans[width] = scan_of(self.codes, width, self.threads)
        return self._scans[width]

    def blocks(self) -> tuple[npt.NDArray[Any], ...]:
        """Where codes of references lie; the networks' own copies of them are not ours to lock."""
        return self.codes.numbers, self.codes.steps, self.codes.offsets

    def scrub_inside(self) -> None:
        for scan in self._scans.values():
            scan.scrub_inside()
