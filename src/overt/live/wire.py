"""What a camera's process tells its supervisor: one JSON object a line, on its standard output.

Alerts, counts and news cross this line; frames, templates and anybody who matched nobody do not.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from overt.errors import Fault
from overt.live.counts import CameraCounts
from overt.live.envelope_watch import SoFar


@dataclass(frozen=True, slots=True)
class Ready:
    """Networks are loaded and the camera is about to be opened."""

    pack: str
    precision: str
    engine: str
    memory: str
    """Which measures keep what the process holds from disk and from others, in words."""


@dataclass(frozen=True, slots=True)
class News:
    """An event of design §6, already committed to the records where it is an alert."""

    event: Mapping[str, Any]
    usable_since: float | None = None
    """`time.monotonic()` when the first usable frame of the passage was decoded (latency)."""


@dataclass(frozen=True, slots=True)
class Counted:
    counts: CameraCounts
    envelope: SoFar = field(default_factory=dict)
    """What the next process goes on from, if this one dies."""


@dataclass(frozen=True, slots=True)
class Done:
    """The source ended or was stopped, every track is closed and its buffers overwritten."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The process cannot go on; `refused` when it is a person's move, else a fault."""

    message: str
    refused: bool


Told = Ready | News | Counted | Done | Failed
KINDS: Final[Mapping[str, type]] = {
    "ready": Ready, "news": News, "counted": Counted, "done": Done, "failed": Failed,
}  # fmt: skip
STOP: Final = b"stop\n"
"""The one thing a supervisor says; the end of its pipe says the same."""


def to_line(told: Told) -> bytes:
    kind = next(name for name, cls in KINDS.items() if isinstance(told, cls))
    content = asdict(told)
    return json.dumps({"tell": kind, **content}, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> Told:
    """Read one line; anything else on that pipe is a Fault, never guessed at."""
    try:
        content = json.loads(line)
        cls = KINDS[content.pop("tell")]
        if cls is Counted:
            known = {f.name for f in fields(CameraCounts)}
            counts = {k: v for k, v in content["counts"].items() if k in known}
            return Counted(CameraCounts(**counts), _so_far(content["envelope"]))
        told: Told = cls(**content)
    except (ValueError, KeyError, TypeError, AttributeError) as broken:
        raise Fault("a camera's process said something that cannot be read") from broken
    return told


def _so_far(told: Mapping[str, Any]) -> SoFar:
    return {
        name: (tuple(map(float, sums)), int(passages), int(outside))
        for name, (sums, passages, outside) in told.items()
    }


def envelope_to_text(so_far: SoFar) -> str:
    """As it is handed to the next process, among its arguments."""
    return json.dumps(so_far, separators=(",", ":"))


def envelope_from_text(text: str) -> SoFar:
    return _so_far(json.loads(text))
