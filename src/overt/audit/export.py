"""Write the log for an auditor: the leaves, one a line, then the checkpoint that covers them."""

from collections.abc import Iterable, Iterator

import rfc8785


def exported(leaves: Iterable[bytes], checkpoint: str) -> Iterator[bytes]:
    """Yield the lines of the file that `overt.audit.verify` reads."""
    for leaf in leaves:
        yield leaf + b"\n"
    closing: bytes = rfc8785.dumps({"checkpoint": checkpoint})
    yield closing + b"\n"
