"""What a person needs to see beside an alert: the face, and the scene with everybody else hidden.

Whoever raises the alert pixelates the others before these bytes exist (R44); nothing here can
undo it.
"""

from dataclasses import dataclass, field

from overt.errors import Refused


@dataclass(frozen=True, slots=True)
class SceneBox:
    """Where the face is in the scene, as shares of its width and height."""

    left: float
    top: float
    right: float
    bottom: float

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"{self} is no box within the scene")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Two JPEG images of one shot; neither is ever printed."""

    probe: bytes = field(repr=False)
    """The face with some of its surroundings, at the size at which it was seen."""
    scene: bytes = field(repr=False)
    """The whole picture, with every face but this one pixelated."""
    box: SceneBox | None = None

    def __post_init__(self) -> None:
        for name, image in (("probe", self.probe), ("scene", self.scene)):
            if not image.startswith(b"\xff\xd8"):
                raise Refused(f"the {name} of an alert is no JPEG image")
