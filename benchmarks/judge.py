"""Hold alerts against the truth of composed clips: who was alerted, who should have been."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SLACK: Final = 1.0
"""Seconds after a passage in which its alert still belongs to it."""


@dataclass(frozen=True, slots=True)
class TruePassage:
    subject_id: str | None
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class ClipTruth:
    video: Path
    watchlist: Path
    passages: tuple[TruePassage, ...]


@dataclass(frozen=True, slots=True)
class ClipAlert:
    """Somebody was named at this time of the clip."""

    at: float
    subject_id: str


@dataclass(frozen=True, slots=True)
class Verdict:
    listed: int
    """Passages of people on the list."""
    alerted: int
    """Of those, how many were alerted for the right person."""
    repeated: int
    """Alerts beyond the first for the right person in one passage."""
    wrong: int
    """Alerts that name somebody who was not there."""
    passages: int

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.listed + other.listed,
            self.alerted + other.alerted,
            self.repeated + other.repeated,
            self.wrong + other.wrong,
            self.passages + other.passages,
        )


def read_truth(path: Path) -> list[ClipTruth]:
    return [
        ClipTruth(
            path.parent / clip["video"],
            path.parent / clip["watchlist"],
            tuple(TruePassage(p["subject_id"], p["from"], p["to"]) for p in clip["passages"]),
        )
        for clip in json.loads(path.read_text())["clips"]
    ]


def judged(truth: ClipTruth, alerts: Sequence[ClipAlert]) -> Verdict:
    """Give each alert to the first passage of its person that was going on."""
    given = [0] * len(truth.passages)
    wrong = 0
    for alert in alerts:
        fits = [
            number
            for number, passage in enumerate(truth.passages)
            if passage.subject_id == alert.subject_id
            and passage.start <= alert.at <= passage.end + SLACK
        ]
        if fits:
            given[fits[0]] += 1
        else:
            wrong += 1
    listed = [n for n, p in zip(given, truth.passages, strict=True) if p.subject_id is not None]
    return Verdict(
        listed=len(listed),
        alerted=sum(n > 0 for n in listed),
        repeated=sum(max(n - 1, 0) for n in listed),
        wrong=wrong,
        passages=len(given),
    )
