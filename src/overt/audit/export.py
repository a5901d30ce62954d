"""Write the log for an auditor: the leaves, one a line, then the checkpoint that covers them.

Lines that were sealed are gone; before the others stands one that has the edges of their tree.
"""

import base64
from collections.abc import Iterable, Iterator
from typing import Any

import rfc8785

from overt.audit.tree import CompactRange
from overt.audit.verify import NOTHING_SEALED


def exported(
    leaves: Iterable[bytes], checkpoint: str, sealed: CompactRange = NOTHING_SEALED
) -> Iterator[bytes]:
    """Yield the lines of the file that `overt.audit.verify` reads."""
    if sealed.size:
        edges = [base64.b64encode(edge).decode() for edge in sealed.edges]
        yield _written({"sealed": {"edges": edges, "size": sealed.size}})
    for leaf in leaves:
        yield leaf + b"\n"
    yield _written({"checkpoint": checkpoint})


def _written(told: dict[str, Any]) -> bytes:
    line: bytes = rfc8785.dumps(told)
    return line + b"\n"
