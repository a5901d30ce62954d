"""A whole deployment under the full rules of uk-police-2026, with test documents and test people.

Every step is the gate's own use case, done by whoever may do it: nothing is skipped and no rule is
bent. Two public-domain portraits cross a composed street before the real pipeline. One is alerted on
rightly and engaged; the other's alert is judged wrong, which trips the ceiling on false alerts and
suspends the deployment until the officer lets it go on. Then it is closed, purged, evaluated and its
record for the public is written, marked as a drill in every name.

All of it lies in an OVERT_HOME of its own, whose first two hours are in the past, because a notice
is on record before the start. A purge waits a day for alerts to pass their date; the drill's clock
is set forward by that day, in that home alone.
"""

import base64
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import cv2

from overt.decisions.engagement import IdentityMethod, Outcome
from overt.decisions.states import FINAL, Judgement
from overt.demo.drill_papers import deployment_toml, equality_test, paper
from overt.demo.portraits import Sitter, head_and_shoulders
from overt.demo.street import write_clip
from overt.demo.street_papers import CLIP, THRESHOLDS, write_list
from overt.errors import Fault
from overt.gate.credentials import Enrolment
from overt.gate.engagements import Ending
from overt.gate.evidence import EvidenceOrder
from overt.gate.gate import Gate, open_gate
from overt.gate.life import NoticeOrder
from overt.gate.people import SESSION
from overt.gate.session_standing import Way
from overt.gate.watchlist_orders import ImportOrder
from overt.identifiers import ActorId, AlertId, DeploymentId, SubjectId, WatchlistName
from overt.live.run import Run, run_deployment
from overt.live.supervise import Event
from overt.models.library import Pack, default_pack
from overt.policy.access import Actor, Role
from overt.policy.evaluation import BLANK
from overt.policy.life import Stage
from overt.policy.public_record import DRILL, as_csv, as_json
from overt.policy.totp import code_of, step_at
from overt.policy.training import needs_training
from overt.units import Clock, UtcTime

LIST: Final = WatchlistName("drill")
SOUGHT: Final = SubjectId("drill-collins")
MISTAKEN: Final = SubjectId("drill-hopper")
OF_SITTER: Final = {Sitter.COLLINS: SOUGHT, Sitter.HOPPER: MISTAKEN}
STAFF: Final[Mapping[str, Role]] = {
    "drill-builder": Role.LIST_BUILDER,
    "drill-silver": Role.AUTHORISING_OFFICER,
    "drill-gold": Role.AUTHORISING_OFFICER,
    "drill-operator": Role.OPERATOR,
    "drill-second": Role.OPERATOR,
    "drill-officer": Role.ENGAGEMENT_OFFICER,
    "drill-assessor": Role.ASSESSOR,
    "drill-auditor": Role.AUDITOR,
}
BEFORE: Final = timedelta(hours=2)
"""The papers are made two hours before the street: a notice comes before the start."""
A_DAY_LATER: Final = timedelta(hours=25)
HEARTBEAT: Final = timedelta(minutes=4)
"""The team checks in again long before its last word lapses, also where the machine is slow."""
WHY: Final = "drill: what a person would write here"


def staff(name: str) -> Actor:
    """One of the drill's people, with their one role."""
    account = f"drill-{name}"
    return Actor(ActorId(account), frozenset({STAFF[account]}))


@dataclass(frozen=True, slots=True)
class Drilled:
    """What the drill came to."""

    stages: tuple[str, ...]
    record: Mapping[str, object]
    columns: Mapping[str, str]
    table: str
    log: bytes
    key: str
    alerts: Mapping[str, int]


@dataclass(slots=True)
class Drill:
    folder: Path
    models: tuple[Path, ...]
    tell: Callable[[str], None]
    show: Callable[[Event], None]
    stages: list[str] = field(default_factory=list)
    alerts: dict[str, int] = field(default_factory=dict)
    _password: str = field(default="", repr=False)
    _secret: bytes = field(default=b"", repr=False)

    @property
    def home(self) -> Path:
        return self.folder / "home"

    @property
    def toml(self) -> Path:
        return self.folder / "deployment.toml"

    @property
    def key(self) -> Path:
        return self.folder / "keys" / "officer.key"

    def walk(self, clock: Clock) -> Drilled:
        """Draft to evaluation."""
        self.tell(f"{DRILL}: in {self.folder}")
        deployment = DeploymentId(f"drill-{clock.now():%Y-%m-%d-%H%M%S}")
        early = Clock(wall=(clock.now() - BEFORE).timestamp)
        with open_gate(self.home, early) as gate:
            self._employ(gate, early)
            self._prepare(gate, deployment, early.now())
        with open_gate(self.home, clock) as gate:
            until = gate.check_in(staff("officer"), deployment, officers=2)
            self.tell(f"two officers are there until {until:%H:%M}")
            with self._signed_in(gate, clock):
                self._run_and_judge(gate, deployment, clock)
            self._close(gate, deployment)
        later = Clock(wall=(clock.now() + A_DAY_LATER).timestamp)
        self.tell("The drill's clock is set forward by 25 hours, for the purge.")
        with open_gate(self.home, later) as gate:
            return self._purge_and_evaluate(gate, deployment)

    # --- before the street

    def _employ(self, gate: Gate, clock: Clock) -> None:
        founder = gate.whoami()
        until = UtcTime(clock.now() + timedelta(days=90))
        for name, role in STAFF.items():
            gate.add_user(founder, ActorId(name))
            gate.grant_roles(founder, ActorId(name), frozenset({role}))
            if needs_training(role):
                gate.record_training(founder, ActorId(name), frozenset({role}), until=until)
        gate.new_officer_key(
            founder, "Drill silver", self.key.parent, rank="superintendent (drill)"
        )
        self._enrol(gate, founder)
        gate.hand_over(founder)
        self.tell(f"accounts: {', '.join(STAFF)}; the founder handed over")

    def _enrol(self, gate: Gate, founder: Actor) -> None:
        self._holds(gate.set_credentials(founder, ActorId("drill-operator")))

    def _holds(self, made: Enrolment) -> None:
        (secret,) = parse_qs(urlsplit(made.authenticator).query)["secret"]
        self._password = made.password
        self._secret = base64.b32decode(secret + "=" * (-len(secret) % 8))

    def _prepare(self, gate: Gate, deployment: DeploymentId, now: UtcTime) -> None:
        pack = default_pack(search=self.models)
        threshold = THRESHOLDS.get(pack.manifest.name, 0.5)
        write_clip(self.folder / CLIP)
        self._list(gate, pack, now)
        evidence = equality_test(self.folder / "equality", pack, threshold, now.date())
        gate.record_evidence(
            staff("assessor"),
            EvidenceOrder(evidence, acceptable=True, conclusion=f"{DRILL}: made up"),
        )
        deployment_toml(
            self.folder,
            deployment=deployment,
            pack=pack.manifest.name,
            threshold=threshold,
            now=now,
        )
        self._stage(gate, deployment, "drafted")
        gate.submit_deployment(staff("builder"), self.toml)
        self._stage(gate, deployment)
        gate.sign_deployment(staff("silver"), self.toml, self.key)
        self._stage(gate, deployment)
        notice = NoticeOrder(
            paper(self.folder, "notice.html"), UtcTime(now - timedelta(days=2)), f"nowhere: {DRILL}"
        )
        gate.record_notice(staff("operator"), deployment, notice)
        self._stage(gate, deployment)
        gate.recheck_list(staff("operator"), LIST, source="the drill's own list", current=None)
        photos = [paper(self.folder, "sign-north.jpg"), paper(self.folder, "sign-south.jpg")]
        gate.record_signs(staff("officer"), deployment, photos, where="both ends of the street")
        self.tell("signs are up")

    def _list(self, gate: Gate, pack: Pack, now: UtcTime) -> None:
        rows = []
        for sitter, subject in OF_SITTER.items():
            done, png = cv2.imencode(".png", head_and_shoulders(sitter))
            assert done
            (self.folder / f"{subject}.png").write_bytes(bytes(png))
            rows.append(
                (
                    subject, f"{subject}.png", "wanted-by-court", f"{DRILL}: nobody is wanted",
                    "public domain, inside a PyPI package", "public domain",
                    now.date().isoformat(), (now + timedelta(days=30)).date().isoformat(),
                    f"{DRILL}: nobody is approached",
                )
            )  # fmt: skip
        write_list(self.folder / "list.csv", rows)
        order = ImportOrder(
            self.folder / "list.csv", LIST, profile="uk-police-2026", pack=pack.manifest.name
        )
        gate.import_watchlist(staff("builder"), order)
        checked = gate.verify_entries(staff("gold"), LIST, None)
        self.tell(f"the list has {checked.checked} people; a second person checked them")

    # --- the street

    @contextmanager
    def _signed_in(self, gate: Gate, clock: Clock) -> Iterator[None]:
        """The camera's process acts as whoever signed in on this command line: the operator."""
        code = code_of(self._secret, step_at(clock.now()))
        session = gate.sign_in(
            ActorId("drill-operator"), password=self._password, code=code, way=Way.COMMAND_LINE
        )
        if session.renewed is not None:
            self._holds(session.renewed.own)
        before = os.environ.get(SESSION)
        os.environ[SESSION] = session.token
        try:
            yield
        finally:
            os.environ.pop(SESSION)
            if before is not None:
                os.environ[SESSION] = before

    def _run_and_judge(self, gate: Gate, deployment: DeploymentId, clock: Clock) -> None:
        """Run until a wrong alert trips the ceiling, let it go on, and run to the end."""
        self._run(gate, deployment, clock)
        self._stage(gate, deployment)
        if gate.deployment(staff("silver"), deployment).line.stage is not Stage.SUSPENDED:
            raise Fault("the drill went wrong: a false alert in three faces tripped no ceiling")
        gate.stand_down(
            staff("silver"), LIST, MISTAKEN, reason="drill: the entry raised a false alert"
        )
        gate.resume_deployment(staff("silver"), deployment, reason=WHY)
        self._stage(gate, deployment)
        gate.check_in(staff("officer"), deployment, officers=2)
        self._run(gate, deployment, clock)
        if not self.alerts.get("confirmed-true"):
            raise Fault("the drill went wrong: nobody on the list was found; run overt doctor")

    def _run(self, gate: Gate, deployment: DeploymentId, clock: Clock) -> None:
        raised: list[Event] = []
        there_until = clock.now() + HEARTBEAT

        def show(event: Event) -> None:
            nonlocal there_until
            self.show(event)
            if event["event"] == "stats" and clock.now() >= there_until:
                gate.check_in(staff("officer"), deployment, officers=2)
                there_until = clock.now() + HEARTBEAT
            if event["event"] == "alert":
                raised.append(event)
                if event["subject_id"] == MISTAKEN:  # at once: the ceiling is held while it runs
                    self._settle(gate, event)

        run_deployment(
            gate,
            staff("operator"),
            clock,
            Run(deployment=self.toml, home=self.home, models=self.models, show=show, fast=True),
        )
        for event in raised:
            self._settle(gate, event)

    def _settle(self, gate: Gate, event: Event) -> None:
        """Bring an alert to its end, as people would."""
        alert = AlertId(event["id"])
        operator, second, officer = staff("operator"), staff("second"), staff("officer")
        case, _ = gate.examine_alert(operator, alert)
        if case.review.state in FINAL:
            return
        if event["subject_id"] == MISTAKEN:
            ended = gate.decide(operator, alert, Judgement.NOT_THE_PERSON, reason=WHY)
        else:
            gate.decide(operator, alert, Judgement.POSSIBLE_MATCH, reason=WHY)
            gate.examine_alert(second, alert)
            gate.decide(second, alert, Judgement.POSSIBLE_MATCH, reason=WHY)
            gate.dispatch(operator, alert, recipients=("drill-officer",), reason=WHY)
            gate.open_sent_alert(officer, alert)
            gate.confirm_same_person(officer, alert, reason=WHY)
            gate.engage(officer, alert, reason=WHY)
            ending = Ending(Outcome.TRUE, WHY, IdentityMethod.DOCUMENT)
            ended = gate.end_alert(officer, alert, ending)
        state = ended.review.state.value
        self.alerts[state] = self.alerts.get(state, 0) + 1
        self.tell(f"alert {alert}: {state}")

    # --- after the street

    def _close(self, gate: Gate, deployment: DeploymentId) -> None:
        left = gate.unfinished_alerts(staff("silver"), deployment)
        if left:
            raise Fault(f"the drill went wrong: {len(left)} alerts have no end")
        gate.close_deployment(staff("silver"), deployment, reason=WHY)
        self._stage(gate, deployment)

    def _purge_and_evaluate(self, gate: Gate, deployment: DeploymentId) -> Drilled:
        assessor, auditor = staff("assessor"), staff("auditor")
        gate.expire(staff("operator"))
        self._stage(gate, deployment)
        record = gate.public_record(assessor, deployment)
        told = as_json(record, drill=True)
        report = paper(self.folder, "evaluation.md")
        form = gate.evaluation_form(assessor, deployment)
        answered = form.replace(BLANK, f"{DRILL}: nobody was watched.")
        report.write_text(f"{DRILL}\n\n{answered}", "utf-8")
        gate.evaluate_deployment(assessor, deployment, report, conclusion=f"{DRILL}: as it should")
        self._stage(gate, deployment)
        log = self.folder / "log.jsonl"
        gate.export_audit(auditor, log)
        key = gate.audit_key(auditor)
        return Drilled(
            tuple(self.stages), told, record.columns(drill=True), as_csv([record], drill=True),
            log.read_bytes(), str(key), dict(self.alerts),
        )  # fmt: skip

    def _stage(self, gate: Gate, deployment: DeploymentId, known: str = "") -> None:
        stage = known or gate.deployment(staff("silver"), deployment).line.stage.value
        self.stages.append(stage)
        self.tell(f"{deployment}: {stage}")


def results_as_files(drilled: Drilled) -> dict[str, Any]:
    """The files that a drill leaves, each named for what it is."""
    return {
        "DRILL-record.csv": drilled.table.encode(),
        "DRILL-record.json": (
            json.dumps(drilled.record, indent=1, ensure_ascii=False) + "\n"
        ).encode(),
        "DRILL-log.jsonl": drilled.log,
        "DRILL-log.key": f"{drilled.key}\n".encode(),
    }
