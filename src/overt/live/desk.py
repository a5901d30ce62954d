"""What leaves the flow: alerts through the gate, and news and counts to the supervisor.

It also asks, every second, whether the deployment may go on and who was stood down, which only
ever narrows (R17).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from overt.alerts.evidence import Evidence
from overt.alerts.raising import (
    AlertBook,
    Held,
    RaiseAlert,
    RaisingRules,
    UpdateAlert,
    Waiting,
    consider,
)  # fmt: skip
from overt.alerts.track_evidence import TrackEvidence
from overt.errors import Refused
from overt.faces.faces import Faces
from overt.frames.frame import CameraBack, CameraLost, Frame, Sight, SourceCounts
from overt.gate.gate import Gate
from overt.gate.open_deployment import OpenDeployment
from overt.identifiers import CameraId
from overt.live.counts import CameraCounts
from overt.live.crowd import Crowd, Look
from overt.live.pictures import evidence_of
from overt.live.wire import Counted, News, Told
from overt.units import Clock, iso

ASK_EVERY: Final = 1.0
COUNT_EVERY: Final = 0.5


@dataclass(slots=True)
class Desk:
    gate: Gate
    deployment: OpenDeployment
    camera: CameraId
    rules: RaisingRules
    clock: Clock
    source: SourceCounts
    say: Callable[[Told], None]
    """Tells the supervisor."""
    book: AlertBook = field(init=False)
    stopped: bool = False
    """Set from another thread when the supervisor says stop."""
    _asked_at: float = float("-inf")
    _counted_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.book = AlertBook(self.deployment.run)

    def open(self, crowd: Crowd) -> bool:
        """Whether the flow may go on; narrows the list to those who are still looked for."""
        if self.stopped or self.clock.now() >= self.deployment.closes_at:
            return False
        if time.monotonic() - self._asked_at < ASK_EVERY:
            return True
        return self._ask(crowd)

    def consider(
        self, evidence: TrackEvidence, look: Look, frame: Frame, faces: Faces, crowd: Crowd
    ) -> None:
        """Raise or update an alert if the rules say so; remember why not, if they do not."""
        person = crowd.person(look.track)
        book, news = consider(
            self.book, evidence, self.rules, self.clock.now(), now=frame.media_time
        )
        match news:
            case Held(reason):
                person.hold = reason
            case RaiseAlert(alert) | UpdateAlert(alert):
                pictures = evidence_of(
                    frame.picture.bgr(), look.face.box, crowd.hidden_boxes(look.row, faces)
                )
                try:
                    self._commit(news, pictures, crowd, since=person.usable_since)
                except Refused:
                    # Closed, or stood down, since we last asked: ask again. If it may go on, the
                    # next shot is judged against the narrowed list.
                    if self._ask(crowd) and alert.subject_id in crowd.gallery:
                        raise
                    return
                person.alerted = True
                person.shots = person.shots.alerted()
            case Waiting():
                pass
        self.book = book

    def _ask(self, crowd: Crowd) -> bool:
        self._asked_at = time.monotonic()
        standing = self.gate.standing(self.deployment.actor, self.deployment)
        for subject in standing.stood_down:
            crowd.gallery = crowd.gallery.without(subject)
        self.stopped = self.stopped or standing.closed_because is not None
        return not self.stopped

    def _commit(
        self,
        news: RaiseAlert | UpdateAlert,
        pictures: Evidence,
        crowd: Crowd,
        *,
        since: float | None,
    ) -> None:
        """Commit first, then tell: what anybody has seen is in the records."""
        told = news.alert.event_fields()
        match news:
            case RaiseAlert(alert):
                self.gate.raise_alert(self.deployment.actor, self.deployment, alert, pictures)
                crowd.counts.alerts += 1
                self.say(News({"event": "alert", **told}, usable_since=since))
            case UpdateAlert(alert):
                if self.gate.update_alert(self.deployment.actor, self.deployment, alert, pictures):
                    crowd.counts.alert_updates += 1
                    self.say(News({"event": "alert_update", **told}))

    def tell_of_camera(self, news: CameraLost | CameraBack) -> None:
        told: dict[str, Any] = {
            "event": "camera",
            "camera": self.camera,
            "at": iso(self.clock.now()),
        }
        match news:
            case CameraLost(reason):
                told |= {"state": "lost", "reason": reason}
            case CameraBack(after):
                told |= {"state": "back", "after_seconds": round(after, 3)}
        self.say(News(told))

    def count(self, sight: Sight, crowd: Crowd, *, at_once: bool = False) -> None:
        """Count a sight, and tell the counts now and then."""
        counts, now = crowd.counts, time.monotonic()
        if isinstance(sight, Frame):
            counts.frames += 1
            counts.media_time = sight.media_time
            counts.first_frame = counts.first_frame or sight.arrived
            counts.last_frame = now
        if at_once or now - self._counted_at >= COUNT_EVERY:
            self._counted_at = now
            self.tell_counts(counts)

    def tell_counts(self, counts: CameraCounts) -> None:
        counts.dropped = self.source.dropped
        counts.corrupt = self.source.corrupt
        counts.reconnects = self.source.reconnects
        self.say(Counted(counts))
