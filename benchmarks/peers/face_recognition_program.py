"""The peer face_recognition: the calls of its own facerec_from_webcam.py, on a clip.

Full size, every frame: find faces, encode each, compare each with everybody, take the nearest if
it matches. Tolerance and detector are the library's own. Runs in build/peers/face_recognition.
"""

import csv
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import face_recognition
import numpy as np
from benchmarks.peers.video import Video
from benchmarks.program import Order, Told, Watched, serve


def known_faces(list_csv: Path) -> tuple[list[str], list[Any]]:
    names, encodings = [], []
    with list_csv.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            image = face_recognition.load_image_file(list_csv.parent / row["image"])
            x, y, width, height = (int(edge) for edge in row["face_box"].split())
            # The face that the list names: (top, right, bottom, left).
            found = face_recognition.face_encodings(image, [(y, x + width, y + height, x)])
            names.append(row["subject_id"])
            encodings.append(found[0])
    return names, encodings


def main() -> None:
    names, known = known_faces(Path(sys.argv[sys.argv.index("--serve") + 1]))

    def watch(order: Order) -> Watched:
        result, video = Watched(), Video(order)
        for at, frame in video:
            rgb_frame = np.ascontiguousarray(frame[:, :, ::-1])
            locations = face_recognition.face_locations(rgb_frame)
            encodings = face_recognition.face_encodings(rgb_frame, locations)
            for encoding in encodings:
                matches = face_recognition.compare_faces(known, encoding)
                best = int(np.argmin(face_recognition.face_distance(known, encoding)))
                if matches[best]:
                    result.told.append(Told(at, names[best], video.since))
            result.frames += 1
            result.encodes += len(encodings)
        result.seconds, result.dropped = video.since, video.dropped
        result.detections = result.frames
        return result

    serve({"version": f"face_recognition {version('face_recognition')}"}, watch)


if __name__ == "__main__":
    main()
