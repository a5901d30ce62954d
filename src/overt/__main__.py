"""The command `overt` from its first moment on: what must be so before anything else is imported.

An interrupt ends it with one line, also while modules are imported, which takes a second.
"""

import os
import signal
import sys

from overt.allocator import begin_anew

_INTERRUPTED = 130


def main() -> None:
    listens = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    # Held back where the process begins anew, and heard after that.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    begin_anew()
    if listens:  # a shell's background commands do not
        signal.signal(signal.SIGINT, _end)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    from overt.cli.main import main as run

    run(_listen if listens else lambda: None)


def _listen() -> None:
    """A command that was begun ends in its own way."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _end(_signal: int, _frame: object) -> None:
    """Nothing was begun that would have to be ended."""
    sys.stderr.write("interrupted\n")
    sys.stderr.flush()
    os._exit(_INTERRUPTED)


if __name__ == "__main__":
    main()
