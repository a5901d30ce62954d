"""Names of things, each with a type of its own, so that one cannot pass for another."""

from typing import NewType

DeploymentId = NewType("DeploymentId", str)
RunId = NewType("RunId", str)
CameraId = NewType("CameraId", str)
WatchlistName = NewType("WatchlistName", str)
SubjectId = NewType("SubjectId", str)
AlertId = NewType("AlertId", str)
PassageId = NewType("PassageId", str)
"""One person crossing one camera's zone once: `camera-number`, or `camera-restart.number` after its
process died; never reused in a run."""
TrackId = NewType("TrackId", int)
ActorId = NewType("ActorId", str)
KeyId = NewType("KeyId", str)
"""A data key in the vault, or the fingerprint of an officer's public key."""
PackName = NewType("PackName", str)
Digest = NewType("Digest", str)
"""`sha256:` or `sha384:` and lower-case hexadecimal."""
ModelId = NewType("ModelId", str)
"""`pack@digest/precision`: templates compare only where all three are equal (design §4)."""
