"""The record of a deployment for the public (R60), worked out from the log's lines alone (R58).

The first columns are those that the Home Office publishes, in its words and order; then what this
system can add. A deployment without an alert has a record too. What the program does not know, such
as arrests, it says it does not know.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from overt.policy.told import Told
from overt.rates.counts import Rate
from overt.units import UtcTime, iso, utc

DRILL: Final = "DRILL - NOT A REAL DEPLOYMENT"
NOT_RECORDED: Final = "not recorded by this system"
OPENED: Final = "deployment-opened"
ENDED: Final = "run-ended"
RAISED: Final = "alert-raised"
NOTICED: Final = "deployment-noticed"
SIGNED: Final = "deployment-signed"
MOVED: Final = frozenset(
    {
        "alert-decided", "alert-engaged", "alert-ended", "alert-dispatched", "alert-stopped",
        "alert-lapsed",
    }
)  # fmt: skip
EVENTS: Final = frozenset({OPENED, ENDED, RAISED, NOTICED, SIGNED, *MOVED})


@dataclass(frozen=True, slots=True)
class PublicRecord:
    deployment: str
    place: str
    use_case: str
    profile: str
    rank: str
    """Of the officer who authorised it; blank where it was not registered with the key."""
    starts_at: UtcTime
    runs: int
    seconds: int
    cameras: int
    people: int
    threshold: float
    model: str
    notice_hours: float | None
    alerts: int
    positive: int
    """Found to be the person, or judged a possible match and not found otherwise."""
    positive_interventions: int
    incorrect: int
    """Judged by a person not to be the one listed, or found so."""
    incorrect_interventions: int
    unresolved: int
    """Neither: unsure, stopped, lapsed, or somebody who went unidentified."""
    faces: int
    """Seen: as the cameras counted them, and no fewer than were alerted on."""
    mistaken_faces: int
    """Those with an incorrect alert: two on one face are one face."""

    @property
    def rate(self) -> Rate:
        """Incorrect alerts among the faces seen."""
        return Rate(self.mistaken_faces, self.faces)

    @property
    def rate_among_alerts(self) -> Rate:
        """Incorrect alerts among all alerts: one ratio without the other flatters (R61)."""
        return Rate(self.incorrect, self.alerts)

    def columns(self, *, drill: bool) -> Mapping[str, str]:
        """One row, as a table for the public has it."""
        name = f"{DRILL}: {self.deployment}" if drill else self.deployment
        told: Mapping[str, object] = {
            "Deployment": name,
            "Date": self.starts_at.date().isoformat(),
            "Deployment type": f"{DRILL}: {self.use_case}" if drill else self.use_case,
            "Duration of deployment": f"{self.seconds // 3600}:{self.seconds // 60 % 60:02d}",
            "Number of cameras": self.cameras,
            "Watchlist number": self.people,
            "Threshold settings": self.threshold,
            "Total alerts": self.alerts,
            "Positive alerts": self.positive,
            "Positive interventions": self.positive_interventions,
            "Incorrect alerts": self.incorrect,
            "Incorrect interventions": self.incorrect_interventions,
            "Arrests or disposals": NOT_RECORDED,
            "Faces seen": self.faces,
            "Incorrect alert rate": _share(self.rate.rate, of="faces"),
            "Incorrect alert rate, 95 % interval": _interval(self.rate, of="faces"),
            "Incorrect alerts among all alerts": _share(self.rate_among_alerts.rate, of="alerts"),
            "Incorrect alerts among all alerts, 95 % interval": _interval(
                self.rate_among_alerts, of="alerts"
            ),
            "Unresolved alerts": self.unresolved,
            "Place": f"{DRILL}: {self.place}" if drill else self.place,
            "Notice lead time (hours)": "" if self.notice_hours is None else self.notice_hours,
            "Model and precision": self.model,
            "Rules": self.profile,
            "Authorising officer's rank": self.rank or NOT_RECORDED,
            "Drill": "yes: a drill with test documents; nobody was watched" if drill else "no",
        }
        return {column: str(value) for column, value in told.items()}


def public_record(
    signed: Mapping[str, Any], governed_by: str, told: Iterable[Told]
) -> PublicRecord:
    """Count what the log tells of a deployment; `signed` is what the officer signed."""
    lines = [line for line in told if line.event in EVENTS]
    name = str(signed["id"])
    opened = _of(lines, OPENED, name)
    ended = _of(lines, ENDED, name)
    raised = _of(lines, RAISED, name)
    moves = _moves(lines, {line.text("alert") for line in raised})
    incorrect = {alert for alert, each in moves.items() if _incorrect(each)}
    return PublicRecord(
        deployment=name,
        place=" ".join(str(signed["place"]).split()),
        use_case=str(signed["use_case"]),
        profile=governed_by.partition(" ")[0],
        rank=next((line.text("rank") for line in reversed(_of(lines, SIGNED, name))), ""),
        starts_at=utc(datetime.fromisoformat(str(signed["starts_at"]))),
        runs=len(opened),
        seconds=_seconds(opened, ended),
        cameras=len(signed["cameras"]),
        people=max((line.count("people") for line in opened), default=0),
        threshold=float(signed["threshold"]),
        model=next((line.text("model") for line in opened), ""),
        notice_hours=_notice_hours(signed, _of(lines, NOTICED, name)),
        alerts=len(moves),
        positive=sum(_positive(each) for each in moves.values()),
        positive_interventions=sum("find-true" in each for each in moves.values()),
        incorrect=len(incorrect),
        incorrect_interventions=sum("find-false" in each for each in moves.values()),
        unresolved=sum(not _positive(each) and not _incorrect(each) for each in moves.values()),
        faces=_faces(ended, raised),
        mistaken_faces=len({_face(line) for line in raised if line.text("alert") in incorrect}),
    )


def as_csv(records: Sequence[PublicRecord], *, drill: bool = False) -> str:
    """A table with one row a deployment; without any, its header."""
    out = io.StringIO(newline="")
    rows = [record.columns(drill=drill) for record in records]
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["Deployment"])
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_json(record: PublicRecord, *, drill: bool = False) -> dict[str, object]:
    return {
        "drill": drill,
        "notice": DRILL if drill else "",
        "record": dict(record.columns(drill=drill)),
        "incorrect_alert_rate": record.rate.as_json(),
        "incorrect_among_alerts": record.rate_among_alerts.as_json(),
        "starts_at": iso(record.starts_at),
    }


def _of(lines: Iterable[Told], event: str, name: str) -> list[Told]:
    return [line for line in lines if line.event == event and line.deployment == name]


def _moves(lines: Iterable[Told], alerts: set[str]) -> dict[str, set[str]]:
    moves: dict[str, set[str]] = {alert: set() for alert in alerts}
    for line in lines:
        if line.event in MOVED and line.text("alert") in moves:
            moves[line.text("alert")].add(line.text("move"))
    return moves


def _face(raised: Told) -> tuple[str, str]:
    """Of which run and passage an alert is."""
    return raised.text("run"), raised.text("passage") or raised.text("alert")


def _faces(ended: Iterable[Told], raised: Iterable[Told]) -> int:
    """Of each run what it counted; of one that was killed at least those that were alerted on."""
    alerted = {_face(line) for line in raised}
    seen = Counter(run for run, _ in alerted if run)
    for line in ended:
        run = line.text("run")
        seen[run] = max(seen[run], line.count("faces"))
    return max(seen.total(), len(alerted))


def _incorrect(moves: set[str]) -> bool:
    return bool(moves & {"judge-not-the-person", "find-false"})


def _positive(moves: set[str]) -> bool:
    ended_otherwise = {"judge-unsure", "stop", "lapse", "let-go", "refrain", "miss"}
    return not _incorrect(moves) and (
        "find-true" in moves or ("judge-possible-match" in moves and not moves & ended_otherwise)
    )


def _seconds(opened: Iterable[Told], ended: Iterable[Told]) -> int:
    began = {line.text("run"): line.at for line in opened}
    return sum(
        int((line.at - began[line.text("run")]).total_seconds())
        for line in ended
        if line.text("run") in began
    )


def _notice_hours(signed: Mapping[str, Any], noticed: Sequence[Told]) -> float | None:
    published = noticed[-1].time("published_at") if noticed else None
    if published is None:
        return None
    starts = utc(datetime.fromisoformat(str(signed["starts_at"])))
    return round((starts - published).total_seconds() / 3600, 1)


def _share(value: float | None, *, of: str) -> str:
    return f"no {of}" if value is None else f"{value:.5%}"


def _interval(rate: Rate, *, of: str) -> str:
    """Exact (Clopper-Pearson); none is made up where nothing was tried."""
    if not rate.trials:
        return f"no {of}"
    low, high = rate.interval()
    return f"{_share(low, of=of)} to {_share(high, of=of)}"
