"""The peer DeepFace: detector yunet, model Dlib, every face of every frame.

`represent` finds, aligns and encodes as its own `find` and `stream` do; the threshold is the one
that it has for Dlib and cosine. Its weight files are laid out beforehand (DEEPFACE_HOME), so that
nothing is fetched. `yunet_score_threshold` is set by the bench. Runs in build/peers/deepface.
"""

import csv
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from benchmarks.peers.video import Video
from benchmarks.program import Order, Told, Watched, serve
from deepface import DeepFace
from deepface.modules.verification import find_threshold


def faces(image: Any) -> list[dict[str, Any]]:
    """Whatever has no face gives one that fills the picture, which is left out."""
    found: list[dict[str, Any]] = DeepFace.represent(
        image, model_name="Dlib", detector_backend="yunet", enforce_detection=False
    )
    return [face for face in found if face["face_confidence"] > 0]


def unit(face: dict[str, Any]) -> Any:
    vector = np.asarray(face["embedding"], np.float32)
    return vector / np.linalg.norm(vector)


def known_faces(list_csv: Path) -> tuple[list[str], Any]:
    names, vectors = [], []
    with list_csv.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found = faces(cv2.imread(str(list_csv.parent / row["image"])))
            x, y, width, height = (int(edge) for edge in row["face_box"].split())
            if not found:
                continue
            areas = [face["facial_area"] for face in found]
            away = [
                np.hypot(a["x"] + a["w"] / 2 - x - width / 2, a["y"] + a["h"] / 2 - y - height / 2)
                for a in areas
            ]
            names.append(row["subject_id"])
            vectors.append(unit(found[int(np.argmin(away))]))
    return names, np.stack(vectors)


def main() -> None:
    names, known = known_faces(Path(sys.argv[sys.argv.index("--serve") + 1]))
    threshold = find_threshold("Dlib", "cosine")

    def watch(order: Order) -> Watched:
        result, video = Watched(), Video(order)
        for at, frame in video:
            for face in faces(frame):
                distance = 1 - known @ unit(face)
                best = int(distance.argmin())
                if distance[best] <= threshold:
                    result.told.append(Told(at, names[best], video.since))
                result.encodes += 1
            result.frames += 1
        result.seconds, result.dropped = video.since, video.dropped
        result.detections = result.frames
        return result

    serve({"version": f"deepface {version('deepface')}"}, watch)


if __name__ == "__main__":
    main()
