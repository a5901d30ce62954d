"""The events file: one JSON object a line, written before anybody relies on it (design §6).

An alert line is on the disk before it is printed, and in the records before it is here.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from overt.errors import Fault, Refused


class EventLog:
    """Appends events to a file, or to nothing where none was asked for."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._descriptor: int | None = None

    def __enter__(self) -> Self:
        if self._path is not None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            try:
                self._descriptor = os.open(self._path, flags, 0o600)
            except OSError as error:
                raise Refused(
                    f"events cannot be written to {self._path}: {error.strerror}; "
                    "name a file in a folder that you may write to"
                ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, event: Mapping[str, Any]) -> None:
        """Append one line and, for an alert, wait for the disk."""
        if self._descriptor is None:
            return
        line = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        try:
            _append(self._descriptor, line)
            if event.get("event") in {"alert", "alert_update", "summary"}:
                os.fsync(self._descriptor)
        except OSError as error:
            raise Fault(
                f"events cannot be written to {self._path}: {error.strerror}; matching stops"
            ) from error


def _append(descriptor: int, line: bytes) -> None:
    while line:
        line = line[os.write(descriptor, line) :]
