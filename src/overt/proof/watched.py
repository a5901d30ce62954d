"""A process lets its memory be searched: it opens its own before it closes it, and hands that over.

It also waits at a moment that was agreed on, until it was searched there: so no search comes too
early or too late, however slow the machine. Only a process of the canary test does so, started by
it; nothing else in overt imports this.
"""

import ctypes
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Final

from overt.proof.moments import Moment
from overt.proof.search import open_memory

WHERE: Final = "OVERT_PROOF_SOCKET"
"""Names the socket of the test, in the environment of its processes."""
LONGEST: Final = 1000
_PR_SET_DUMPABLE: Final = 4
PATIENCE: Final = 240.0
"""Seconds that the slowest step may take."""


def hand_over_memory(role: str) -> None:
    """Give whoever runs the test the means to read this process's memory from now on."""
    # Forked from a process that nobody may read; what the memory holds is closed again in a moment.
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    opened = open_memory("self")
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(_door())
        socket.send_fds(line, [f"{role} {os.getpid()}".encode()], list(opened))
        line.recv(1)  # taken
    for handle in opened:
        os.close(handle)


def wait_for_search(moment: Moment) -> None:
    """Stay as it is until it was searched; go on where nobody searches in time, who then says so."""
    with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
        line.settimeout(PATIENCE)
        line.connect(_door())
        line.send(moment.value.encode())
        line.recv(1)  # searched


def _door() -> str:
    return str(Path(os.environ[WHERE]))
