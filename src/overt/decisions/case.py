"""A case: one alert, what the list says of the person, and what people have decided so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from overt.alerts.alert import Alert
from overt.decisions.review import Act, Review
from overt.identifiers import DeploymentId, SubjectId, WatchlistName
from overt.units import UtcTime, iso

SCORES: Final = ("similarity", "margin")
"""Not told to somebody who has yet to judge: a figure sways whoever compares faces (R42)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What the watchlist said of a person when the alert was raised (R20, R21)."""

    subject_id: SubjectId
    category: str
    status: str
    reason: str
    response_plan: str
    image_source: str
    image_date: str
    stood_down: str | None = None
    """Why the entry no longer stands, where it does not."""


@dataclass(frozen=True, slots=True)
class Case:
    alert: Alert
    revision: int
    """0 when raised; each better shot adds one."""
    deployment: DeploymentId
    profile: str
    place: str
    watchlist: WatchlistName
    closes_at: UtcTime
    delete_after: UtcTime
    listed: Listed
    second: Listed | None
    review: Review
    blind: bool = False
    """Whoever reads it has yet to judge: no score is shown, and nobody else's judgement."""

    @property
    def mark(self) -> int:
        """Grows with every change of the case, so that a page can tell that it is no longer so."""
        return self.revision + len(self.review.acts)

    def fields(self) -> Mapping[str, object]:
        """The case as JSON gives it; no image and no template."""
        told = {
            **self.alert.event_fields(),
            "state": self.review.state.value,
            "revision": self.revision,
            "deployment": self.deployment,
            "place": self.place,
            "watchlist": self.watchlist,
            "listed": _listed_fields(self.listed),
            "second": self.second and _listed_fields(self.second),
            "acts": [_act_fields(act) for act in self.review.acts],
            "time_to_judge": self.review.time_to_judge,
            "delete_after": iso(self.delete_after),
            "score_hidden": self.blind,
        }
        return told | dict.fromkeys(SCORES) if self.blind else told


def _listed_fields(listed: Listed) -> dict[str, object]:
    return {
        "subject_id": listed.subject_id,
        "category": listed.category,
        "status": listed.status,
        "response_plan": listed.response_plan,
        "stood_down": listed.stood_down,
    }


def _act_fields(act: Act) -> dict[str, object]:
    return {
        "move": act.move.name.lower().replace("_", "-"),
        "by": act.by,
        "at": iso(act.at),
        "reason": act.reason,
        "recipients": list(act.recipients),
        "method": act.method.value if act.method else None,
        "because": act.because.value if act.because else None,
    }
