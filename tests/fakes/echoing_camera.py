"""A camera's process that tells what it was given, and then does as it is told."""

import os
import sys
from pathlib import Path


def main() -> None:
    threads = len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))
    os.write(1, f"{sys.argv[1:]} {os.getpid()} {os.getppid()} {threads}\n".encode())
    sys.exit(len(os.read(0, 10)))
