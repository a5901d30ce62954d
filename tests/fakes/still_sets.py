"""Labelled stills for the pack `mine`, which finds a face in every bright picture."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

SIDE: Final = 256


def portrait(person: int, shot: int, *, noise: float = 6.0, light: int = 180) -> bytes:
    """A picture of coarse blocks that are the person's, and grain that is the shot's."""
    whose, grain = np.random.default_rng(person), np.random.default_rng([person, shot])
    blocks = np.kron(whose.integers(-60, 60, (16, 16, 3)), np.ones((16, 16, 1)))
    moved = grain.normal(0, 1, (16, 16, 3)) * noise
    pixels = blocks + np.kron(moved, np.ones((16, 16, 1))) + grain.normal(0, 4, (SIDE, SIDE, 3))
    shown = np.clip(pixels + light, 0, 255).astype(np.uint8)
    done, encoded = cv2.imencode(".png", shown)
    assert done
    return encoded.tobytes()


def darkness() -> bytes:
    """No face in it."""
    done, encoded = cv2.imencode(".png", np.zeros((SIDE, SIDE, 3), np.uint8))
    assert done
    return encoded.tobytes()


def write_set(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write the CSV; every row has the columns of the first."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_people(folder: Path, *, listed: int, strangers: int, shots: int = 2) -> tuple[Path, Path]:
    """Some people on the list, their other shots and strangers among the probes."""
    folder.mkdir(parents=True, exist_ok=True)
    gallery: list[dict[str, str]] = []
    probes: list[dict[str, str]] = []
    for person in range(1, listed + strangers + 1):
        on_list = person <= listed
        for shot in range(0 if on_list else 1, shots + 1 if on_list else 2):
            name = f"p{person}-{shot}.png"
            (folder / name).write_bytes(portrait(person, shot))
            row = {"subject_id": f"P{person}", "image": name, "sex": "fm"[person % 2]}
            (probes if shot else gallery).append(row)
    return write_set(folder / "gallery.csv", gallery), write_set(folder / "probes.csv", probes)
