"""An open deployment: the authority that a camera's process works under (the value lock).

Only the gate builds one, after every rule was asked. It holds no image, template or secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from overt.config.deployment import CameraEntry
from overt.errors import Refused
from overt.identifiers import (
    CameraId,
    DeploymentId,
    Digest,
    KeyId,
    ModelId,
    PackName,
    RunId,
    SubjectId,
    WatchlistName,
)
from overt.matches.gallery import Gallery
from overt.policy.access import Actor
from overt.rates.drift import Envelope
from overt.units import Similarity, UtcTime


@dataclass(frozen=True, slots=True)
class OpenDeployment:
    id: DeploymentId
    run: RunId
    digest: Digest
    """Of the canonical form that was signed."""
    profile: str
    banner: str
    """To be shown whenever it is not empty."""
    place: str
    cameras: tuple[CameraEntry, ...]
    """Their secrets are still placeholders; `gate.camera_address` fills them in, at use."""
    base: Path
    """The folder that relative sources are relative to."""
    watchlist: WatchlistName
    watchlist_id: str
    list_size: int
    threshold: Similarity
    pack: PackName
    model: ModelId
    precision: str
    key: KeyId
    """Of the officer who signed."""
    closes_at: UtcTime
    """The end of the window, or when the list is too old, whichever comes first."""
    actor: Actor
    """Whom a camera's process acts as: it may raise alerts and open its camera, nothing else."""
    governed_by: str
    """The profile's name, version and digest."""
    signed_line: int
    """Of the log: checks of the list that came after it take a new signature."""
    first_line: int
    """The first that tells of it: where to begin to read what has become of it."""
    validated: tuple[Envelope, ...]
    """How the faces looked with which it was tested; empty where nobody is held to it (R27)."""
    record_due: UtcTime | None
    """When urgent authority ends without its written record; None where it is not urgent."""

    def camera(self, camera_id: CameraId) -> CameraEntry:
        """Find a signed camera; any other is refused (R9)."""
        for camera in self.cameras:
            if camera.id == camera_id:
                return camera
        raise Refused(
            f"camera {camera_id[:64]!r} is not in the signed deployment {self.id}; "
            f"it names {', '.join(camera.id for camera in self.cameras)}"
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a running deployment asks the records every second. But for a pause, it only narrows."""

    closed_because: str | None
    """None while it may go on."""
    paused_because: str | None
    """Why nobody is to be looked at just now; this alone may pass."""
    stood_down: frozenset[SubjectId]
    """Who is not looked for any more; nobody ever leaves this set."""

    @property
    def revision(self) -> int:
        """Grows with every stand-down."""
        return len(self.stood_down)


@dataclass(frozen=True, slots=True, eq=False)
class LiveList:
    """What a camera's process compares with, in its memory only."""

    gallery: Gallery
    lookalikes: Mapping[SubjectId, tuple[SubjectId, ...]]
    """For each person, who on the list resembles them or was named as alike (R22)."""
