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
from overt.faces.image_conditions import Conditions
from overt.frames.frame import CameraBack, CameraLost, Frame, SourceCounts
from overt.frames.view_measures import measure_light
from overt.gate.gate import Gate
from overt.gate.open_deployment import OpenDeployment
from overt.identifiers import CameraId
from overt.live.counts import Stage
from overt.live.crowd import Crowd, Look
from overt.live.glances import Glance
from overt.live.pictures import evidence_of
from overt.live.scene import Scene
from overt.live.wire import Counted, News, Told
from overt.units import Clock, iso

ASK_EVERY: Final = 1.0
COUNT_EVERY: Final = 0.5
WEIGH_EVERY: Final = 1.0
LIGHT_AT: Final = 640
"""Pixels' width at which light and detail are measured."""


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
    conditions: Conditions | None = None
    """Of this camera's pictures; None where the profile validates none."""
    held: str | None = None
    """Why the gate says that nobody is to be looked at just now."""
    stopped: bool = False
    """Set from another thread when the supervisor says stop."""
    _asked_at: float = float("-inf")
    _counted_at: float = float("-inf")
    _weighed_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.book = AlertBook(self.deployment.run)

    def open(self, crowd: Crowd) -> bool:
        """Whether the flow may go on; narrows the list to those who are still looked for."""
        if self.stopped or self.clock.now() >= self.deployment.closes_at:
            return False
        if time.monotonic() - self._asked_at < ASK_EVERY:
            return True
        return self._ask(crowd)

    def consider(self, evidence: TrackEvidence, look: Look, scene: Scene, crowd: Crowd) -> None:
        """Raise or update an alert if the rules say so; remember why not, if they do not."""
        person = crowd.person(look.track)
        book, news = consider(
            self.book, evidence, self.rules, self.clock.now(), now=scene.frame.media_time
        )
        match news:
            case Held(reason):
                person.hold = reason
            case RaiseAlert(alert) | UpdateAlert(alert):
                try:
                    with crowd.counts.timing(Stage.RAISING):
                        pictures = evidence_of(
                            scene.frame.picture, look.face.box, scene.hidden_boxes(look.row)
                        )
                        self._commit(news, pictures, crowd, since=person.usable_since)
                except Refused:
                    # Closed, or stood down, since we last asked: ask again. If it may go on, the
                    # next shot is judged against the narrowed list.
                    goes_on = self._ask(crowd) and not self.paused
                    if goes_on and alert.subject_id in crowd.gallery:
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
        self._hold(standing.paused_because, crowd)
        return not self.stopped

    def passes_over(self, frame: Frame, crowd: Crowd) -> bool:
        """Whether nobody is to be looked for in this frame; its light is weighed all the same."""
        self._weigh(frame, crowd)
        return self.paused

    def _weigh(self, frame: Frame, crowd: Crowd) -> None:
        """Judge the picture as a picture, once a second; a change is logged and told (R27)."""
        conditions = self.conditions
        if conditions is None or time.monotonic() - self._weighed_at < WEIGH_EVERY:
            return
        self._weighed_at = time.monotonic()
        picture = frame.picture
        small = picture.scaled_bgr(
            LIGHT_AT, max(1, round(LIGHT_AT * picture.height / picture.width))
        )
        if not conditions.take(measure_light(small)):
            return
        if conditions.outside is not None:
            crowd.disperse()
        self.gate.tell_conditions(
            self.deployment.actor, self.deployment, self.camera, outside=conditions.outside
        )
        told = {"camera": self.camera, "at": iso(self.clock.now())}
        if conditions.outside is None:
            self.say(News({"event": "went_on", **told}))
        else:
            self.say(News({"event": "paused", **told, "reason": conditions.outside}))

    @property
    def paused(self) -> bool:
        """Whether nobody is looked at just now."""
        return self.held is not None or (
            self.conditions is not None and self.conditions.outside is not None
        )

    def _hold(self, why: str | None, crowd: Crowd) -> None:
        """Forget everybody in view when a pause begins: nobody is looked at while it lasts."""
        if why is not None and self.held is None:
            crowd.disperse()
        self.held = why

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

    def count(self, glance: Glance, crowd: Crowd) -> None:
        """Count what the camera gave, and tell the counts now and then."""
        counts, now, sight = crowd.counts, time.monotonic(), glance.sight
        if glance.faces is not None:
            counts.took(Stage.DETECTION, glance.seconds)
        if isinstance(sight, Frame):
            counts.frames += 1
            counts.paused_frames += self.paused
            counts.media_time = sight.media_time
            counts.first_frame = counts.first_frame or sight.arrived
            counts.last_frame = now
            counts.newest_frame_age = now - sight.arrived
        if now - self._counted_at >= COUNT_EVERY:
            self._counted_at = now
            self._hold_to_envelope(crowd)  # first: what has tripped is not handed on
            self.tell_counts(crowd)

    def _hold_to_envelope(self, crowd: Crowd) -> None:
        """Suspend the deployment where faces have left what was tested, and look at nobody (R27)."""
        drift = crowd.envelope.drift()
        if drift is not None:
            self.gate.hold_to_envelope(self.deployment.actor, self.deployment, self.camera, drift)
            self._ask(crowd)

    def tell_counts(self, crowd: Crowd) -> None:
        counts = crowd.counts
        counts.dropped = self.source.dropped
        counts.waiting = self.source.waiting
        counts.corrupt = self.source.corrupt
        counts.reconnects = self.source.reconnects
        self.say(Counted(counts, crowd.envelope.so_far()))
