"""The processes that hold a camera, below one that supervises them."""

from pathlib import Path

from overt.proof.search import processes_below


def camera_pids(supervisor: int) -> list[int]:
    """By the name that each gives itself, once it knows its camera."""
    return [
        pid
        for pid in processes_below(supervisor)
        if Path(f"/proc/{pid}/comm").read_text().startswith("overt ")
    ]
