"""A camera's process that writes down when and where it looked at a face, and when it encoded one.

The real one, listened to: what overt counts of itself is not asked. Only for composed clips. A
line a look goes to CAMERA.looks in the folder that LOOKS names: `captured_at`, whether it was
encoded, and the middle of the face as shares of the picture.
"""

import atexit
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from overt.faces.faces import Faces
from overt.frames.frame import Frame
from overt.live import camera
from overt.live.crowd import Crowd, UnderWay
from overt.live.scene import Scene
from overt.units import Float32

WHERE: Final = "LOOKS"


@dataclass(slots=True)
class Notebook:
    name: str = ""
    lines: list[tuple[float, bool, float, float]] = field(default_factory=list)

    def enter(self, frame: Frame, box: Float32, *, encoded: bool) -> None:
        x, y = (float(box[0] + box[2]) / 2, float(box[1] + box[3]) / 2)
        wide, high = frame.picture.width, frame.picture.height
        self.lines.append((frame.captured_at.timestamp(), encoded, x / wide, y / high))

    def write(self) -> None:
        path = Path(os.environ[WHERE]) / f"{self.name}.looks"
        with path.open("a") as file:
            file.writelines(json.dumps(line) + "\n" for line in self.lines)


def listen(notes: Notebook) -> None:
    follow, enter = Crowd.follow, Crowd.enter

    def noted_follow(self: Crowd, frame: Frame, faces: Faces) -> Scene:
        notes.name = self.camera
        for box in faces.boxes:
            notes.enter(frame, box, encoded=False)
        return follow(self, frame, faces)

    def noted_enter(self: Crowd, one: UnderWay) -> None:
        for look in one.looks:
            if look.closer:  # the same look by other points is no other shot
                notes.enter(one.scene.frame, look.face.box, encoded=True)
        enter(self, one)

    for name, listener in (("follow", noted_follow), ("enter", noted_enter)):
        setattr(Crowd, name, listener)


def main() -> None:
    notes = Notebook()
    listen(notes)
    atexit.register(notes.write)
    camera.main()


if __name__ == "__main__":
    main()
