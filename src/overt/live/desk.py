"""What leaves the flow: alerts through the gate, and news and counts to the supervisor.

It also asks, every second, whether the deployment may go on and who was stood down, which only
ever narrows (R17). Whatever takes the records happens beside the flow, in order, and is told once
it is committed (live/clerk.py).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

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
from overt.gate.open_deployment import OpenDeployment, Standing
from overt.identifiers import CameraId
from overt.live.clerk import Clerk, TakenUp
from overt.live.counts import Stage
from overt.live.crowd import Crowd, Look, Person
from overt.live.glances import Glance
from overt.live.pictures import Shown, shown_of
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
    """Tells the supervisor; called beside the flow."""
    book: AlertBook = field(init=False)
    conditions: Conditions | None = None
    """Of this camera's pictures; None where the profile validates none."""
    held: str | None = None
    """Why the gate says that nobody is to be looked at just now."""
    stopped: bool = False
    """Set from another thread when the supervisor says stop."""
    _clerk: Clerk = field(default_factory=Clerk)
    _asked_at: float = float("-inf")
    _asking: bool = False
    """What was asked last has not been answered."""
    _counted_at: float = float("-inf")
    _weighed_at: float = float("-inf")

    def __post_init__(self) -> None:
        self.book = AlertBook(self.deployment.run)

    def open(self, crowd: Crowd) -> bool:
        """Whether the flow may go on; narrows the list to those who are still looked for.

        The answer is at most as old as two questions are apart: without it nobody is looked at.
        """
        if self.stopped or self.clock.now() >= self.deployment.closes_at:
            return False
        self._clerk.take_up()
        if time.monotonic() - self._asked_at >= ASK_EVERY:
            first = self._asked_at == float("-inf")
            if self._asking:
                self._clerk.take_up(leaving=0)
            self._ask(crowd)
            if first:
                self._clerk.take_up(leaving=0)
        return not self.stopped

    def consider(self, evidence: TrackEvidence, look: Look, scene: Scene, crowd: Crowd) -> None:
        """Raise or update an alert if the rules say so; remember why not, if they do not."""
        person = crowd.person(look.track)
        self.book, news = consider(
            self.book, evidence, self.rules, self.clock.now(), now=scene.frame.media_time
        )
        match news:
            case Held(reason):
                person.hold = reason
            case RaiseAlert() | UpdateAlert():
                with crowd.counts.timing(Stage.RAISING):
                    shown = shown_of(
                        scene.frame.picture, look.face.box, scene.hidden_boxes(look.row)
                    )
                person.alerted = True
                person.shots = person.shots.alerted()
                self._clerk.hand(lambda: self._commit(news, shown, person, crowd))
            case Waiting():
                pass

    def _ask(self, crowd: Crowd) -> None:
        self._asked_at, self._asking = time.monotonic(), True

        def ask() -> TakenUp:
            standing = self._standing()
            return lambda: self._answered(standing, crowd)

        self._clerk.hand(ask)

    def _standing(self) -> Standing:
        return self.gate.standing(self.deployment.actor, self.deployment)

    def _answered(self, standing: Standing, crowd: Crowd) -> None:
        self._asking = False
        for subject in standing.stood_down:
            crowd.gallery = crowd.gallery.without(subject)
        self.stopped = self.stopped or standing.closed_because is not None
        self._hold(standing.paused_because, crowd)

    def settle(self) -> None:
        """See everything that was decided on committed and told."""
        self._clerk.take_up(leaving=0)
        self._clerk.close()
        self._asked_at = float("-inf")

    def close(self) -> None:
        """End what was begun, where the flow itself cannot go on."""
        self._clerk.close()

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
        outside = conditions.outside
        if outside is not None:
            crowd.disperse()

        def tell() -> TakenUp:
            self.gate.tell_conditions(
                self.deployment.actor, self.deployment, self.camera, outside=outside
            )
            told = {"camera": self.camera, "at": iso(self.clock.now())}
            if outside is None:
                self.say(News({"event": "went_on", **told}))
            else:
                self.say(News({"event": "paused", **told, "reason": outside}))
            return nothing_more

        self._clerk.hand(tell)

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
        self, news: RaiseAlert | UpdateAlert, shown: Shown, person: Person, crowd: Crowd
    ) -> TakenUp:
        """Commit first, then tell: what anybody has seen is in the records."""
        began = time.perf_counter()
        try:
            kept = self._keep(news, shown, since=person.usable_since)
        except Refused as refusal:
            # Closed, paused or stood down since we last asked: ask again.
            standing, why = self._standing(), refusal
            return lambda: self._refused(why, standing, news, person, crowd)
        seconds = time.perf_counter() - began

        def count() -> None:
            counts = crowd.counts
            counts.took(Stage.RAISING, seconds)
            if isinstance(news, RaiseAlert):
                crowd.count_passage(person)
            counts.alerts += kept and isinstance(news, RaiseAlert)
            counts.alert_updates += kept and isinstance(news, UpdateAlert)

        return count

    def _keep(self, news: RaiseAlert | UpdateAlert, shown: Shown, *, since: float | None) -> bool:
        """False where nobody wants a better shot any more."""
        actor, told = self.deployment.actor, news.alert.event_fields()
        match news:
            case RaiseAlert(alert):
                self.gate.raise_alert(actor, self.deployment, alert, shown.coded())
                self.say(News({"event": "alert", **told}, usable_since=since))
            case UpdateAlert(alert):
                if not self.gate.update_alert(actor, self.deployment, alert, shown.coded()):
                    return False
                self.say(News({"event": "alert_update", **told}))
        return True

    def _refused(
        self,
        refusal: Refused,
        standing: Standing,
        news: RaiseAlert | UpdateAlert,
        person: Person,
        crowd: Crowd,
    ) -> None:
        """Take a refused alert back; what is seen next is judged against the narrowed list.

        It is a fault of ours where the records say that everything is as it was.
        """
        alert = news.alert
        if isinstance(news, RaiseAlert):
            self.book = self.book.never_raised(alert)
            person.alerted = False
            person.shots = person.shots.not_alerted()
        self._answered(standing, crowd)
        if not self.stopped and not self.paused and alert.subject_id in crowd.gallery:
            raise refusal

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
        self._tell(News(told))

    def count(self, glance: Glance, crowd: Crowd) -> None:
        """Count what the camera gave, and tell the counts now and then."""
        counts, now, sight = crowd.counts, time.monotonic(), glance.sight
        if glance.faces is not None:
            counts.took(Stage.DETECTION, glance.seconds)
        if isinstance(sight, Frame):
            counts.frames += 1
            counts.paused_frames += self.paused
            counts.media_time = sight.media_time
            counts.seen_until = sight.captured_at.timestamp()
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

            def hold() -> TakenUp:
                self.gate.hold_to_envelope(
                    self.deployment.actor, self.deployment, self.camera, drift
                )
                standing = self._standing()
                return lambda: self._answered(standing, crowd)

            self._clerk.hand(hold)
            self._clerk.take_up(leaving=0)

    def tell_counts(self, crowd: Crowd) -> None:
        """Tell what was counted by now, once the alerts of that time are in the records.

        A recording is taken up again where its counts end: nothing before that may be lost.
        """
        counts = crowd.counts
        counts.dropped = self.source.dropped
        counts.waiting = self.source.waiting
        counts.corrupt = self.source.corrupt
        counts.missing_seconds = self.source.missing_seconds
        counts.reconnects = self.source.reconnects
        self._tell(Counted(counts.as_of_now(), crowd.envelope.so_far()))

    def _tell(self, told: Told) -> None:
        def tell() -> TakenUp:
            self.say(told)
            return nothing_more

        self._clerk.hand(tell)


def nothing_more() -> None:
    """What is left to do in the flow of an act that told all there was."""
