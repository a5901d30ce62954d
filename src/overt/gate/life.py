"""A deployment's moves by people: submitted, told of, approved, suspended, closed, evaluated.

Each is one act with one line in the log, made by whoever the table (`policy/life.py`) permits, from
where the deployment stands. Signing and opening, which are moves too, are in modules of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from overt.audit.events import AuditEvent
from overt.config.canonical import Json
from overt.config.deployment import as_json
from overt.errors import Refused
from overt.gate.account_standing import standing_roles
from overt.gate.authority import (
    case_of,
    present,
    refusal_of,
    subject_of,
    with_calibrated_threshold,
)
from overt.gate.door import Door
from overt.gate.duties import done_to, require_duty
from overt.gate.forecasts import FALSE_ALERTS, ON_THE_NOTICE, forecast_in_words, foretold
from overt.gate.life_lines import Subject, facts_of, require_move, tell
from overt.gate.life_subject import deployment_as_signed, row_of, subject_named
from overt.gate.opening import close_for_good, require_closable
from overt.gate.proof_files import digest_of_file
from overt.gate.public_records import form_of
from overt.gate.walk_rows import is_walk
from overt.identifiers import DeploymentId, Digest
from overt.policy.access import Actor, Permission, Role
from overt.policy.case import Moment
from overt.policy.conflicts import Duty
from overt.policy.deployments import rules_met
from overt.policy.evaluation import figures_digest, is_form, require_answered
from overt.policy.life import ENDED, Move, Stage
from overt.policy.life_rules import place_digest
from overt.policy.rule import RuleResult, broken
from overt.policy.told import LifeFacts
from overt.records.work import UnitOfWork
from overt.units import UtcTime, iso

LONGEST_WORDS: Final = 4000
MOST_OFFICERS: Final = 1000


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """A notice as it was published, with what it told the public."""

    proof: Path
    """The page, poster or post as it was published."""
    published_at: UtcTime
    where: str
    from_: UtcTime | None = None
    """None: what it told is what was signed."""
    until: UtcTime | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class DecisionOrder:
    """What a court or an independent body decided, with its paper."""

    decision: Path
    body: str
    reference: str
    granted: bool
    valid_until: UtcTime


@dataclass(frozen=True, slots=True)
class Submitted:
    results: tuple[RuleResult, ...]
    forecast: str
    """How many false alerts are to be expected, or why nobody can tell."""


class LifeGate(Door):
    def submit_deployment(self, actor: Actor, path: Path) -> Submitted:
        """Put a deployment before an authorising officer, exactly as it stands."""
        self._permit(actor, Permission.DEPLOYMENT_SUBMIT)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_SUBMIT):
            presented = present(path, with_signature=False)
        with self._as(actor, Permission.DEPLOYMENT_SUBMIT) as work:
            case = case_of(work, with_calibrated_threshold(work, presented), Moment.SUBMITTING)
            results = rules_met(case)
            if wrong := broken(results):
                raise refusal_of(path.name, [str(result) for result in wrong])
            subject = subject_of(presented)
            require_move(work, subject, Move.SUBMIT)
            told = forecast_in_words(case)
            words: dict[str, Json] = {"deployment": as_json(presented.file), **told}
            tell(work, actor, subject, AuditEvent.DEPLOYMENT_SUBMITTED, words=words)
        return Submitted(tuple(results), told[FALSE_ALERTS])

    def record_notice(self, actor: Actor, deployment_id: DeploymentId, order: NoticeOrder) -> str:
        """Put on record what the public was told, when, and where (R59).

        Gives the sentences that the notice owes, on false alerts and on the rank of whoever
        authorised it; blank where it owes none.
        """
        self._permit(actor, Permission.DEPLOYMENT_NOTICE)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_NOTICE):
            proof = digest_of_file(order.proof, what="the notice")
        with self._as(actor, Permission.DEPLOYMENT_NOTICE) as work:
            subject = _named(work, deployment_id, Move.NOTICE)
            if order.published_at > work.now:
                raise Refused(f"{iso(order.published_at)} is in the future: publish it first")
            signed = deployment_as_signed(work, subject)
            rank = facts_of(work, subject).rank
            owed = " ".join(
                filter(None, [foretold(work, subject).get(ON_THE_NOTICE), _authorised_by(rank)])
            )
            tell(
                work, actor, subject, AuditEvent.DEPLOYMENT_NOTICED,
                words={
                    "where": required(order.where, "where it was published"),
                    **({"owes": owed} if owed else {}),
                },
                published_at=iso(order.published_at),
                **{"from": iso(order.from_) if order.from_ else str(signed["starts_at"])},
                until=iso(order.until) if order.until else str(signed["ends_at"]),
                place=place_digest(order.place or str(signed["place"])),
                proof=proof, rank=rank,
            )  # fmt: skip
            return owed

    def approve_deployment(
        self, actor: Actor, deployment_id: DeploymentId, *, rationale: str
    ) -> str:
        """Approve a sensitive place or event as a senior officer, who is not the one who signed.

        Gives the forecast of false alerts that they approve.
        """
        with self._as(actor, Permission.DEPLOYMENT_APPROVE) as work:
            subject = subject_named(work, deployment_id)
            _require_not_ended(facts_of(work, subject), subject)
            done = done_to(work, subject.id)
            require_duty(work, actor, Duty.APPROVE, done, profile=subject.profile.name)
            words = {"rationale": required(rationale, "a rationale")}
            tell(work, actor, subject, AuditEvent.DEPLOYMENT_APPROVED, words=words)
            return foretold(work, subject).get(FALSE_ALERTS, "")

    def record_decision(
        self, actor: Actor, deployment_id: DeploymentId, order: DecisionOrder
    ) -> None:
        """Put a court's or an independent body's decision on record (R70)."""
        self._permit(actor, Permission.DECISION_RECORD)
        with self._telling_refusals(actor, Permission.DECISION_RECORD):
            paper = digest_of_file(order.decision, what="the decision")
        with self._as(actor, Permission.DECISION_RECORD) as work:
            subject = subject_named(work, deployment_id)
            _require_not_ended(facts_of(work, subject), subject)
            words = {
                "body": required(order.body, "which body decided"),
                "reference": required(order.reference, "its reference"),
            }
            tell(
                work, actor, subject, AuditEvent.DECISION_RECORDED, words=words,
                decision="granted" if order.granted else "refused",
                valid_until=iso(order.valid_until), paper=paper,
            )  # fmt: skip

    def keep_written_record(self, actor: Actor, deployment_id: DeploymentId, record: Path) -> None:
        """Put on record the written account that urgent authority owes (R7)."""
        self._permit(actor, Permission.DEPLOYMENT_SIGN)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_SIGN):
            paper = digest_of_file(record, what="the written record")
        with self._as(actor, Permission.DEPLOYMENT_SIGN) as work:
            subject = subject_named(work, deployment_id)
            if facts_of(work, subject).urgent_since is None:
                raise Refused(f"{subject.id} was not signed under urgent authority")
            tell(work, actor, subject, AuditEvent.WRITTEN_RECORD_KEPT, paper=paper)

    def record_signs(
        self, actor: Actor, deployment_id: DeploymentId, photographs: Sequence[Path], *, where: str
    ) -> int:
        """Put signs on record by their photographs (R26); say how many there are."""
        self._permit(actor, Permission.SIGNS_RECORD)
        with self._telling_refusals(actor, Permission.SIGNS_RECORD):
            taken = [digest_of_file(photo, what="the photograph") for photo in photographs]
            _require_different(taken)
        with self._as(actor, Permission.SIGNS_RECORD) as work:
            subject = subject_named(work, deployment_id)
            _require_not_ended(facts_of(work, subject), subject)
            words = {"where": required(where, "where the signs stand"), "photographs": taken}
            tell(
                work, actor, subject, AuditEvent.SIGNS_RECORDED, words=words,
                photographs=len(taken),
            )  # fmt: skip
        return len(taken)

    def check_in(self, actor: Actor, deployment_id: DeploymentId, *, officers: int) -> UtcTime:
        """Say that the engagement team is there (R10); until when that holds."""
        with self._as(actor, Permission.CHECK_IN) as work:
            if not 1 <= officers <= MOST_OFFICERS:
                raise Refused(f"how many officers are there, 1 to {MOST_OFFICERS}: --officers N")
            subject = subject_named(work, deployment_id)
            _require_not_ended(facts_of(work, subject), subject)
            tell(work, actor, subject, AuditEvent.CHECKED_IN, officers=officers)
            return UtcTime(work.now + subject.profile.heartbeat)

    def suspend_deployment(self, actor: Actor, deployment_id: DeploymentId, *, reason: str) -> None:
        """Stop looking at anybody until an authorising officer lets it go on."""
        with self._as(actor, Permission.DEPLOYMENT_SUSPEND) as work:
            subject = _named(work, deployment_id, Move.SUSPEND)
            words = {"reason": required(reason, "a reason")}
            tell(
                work, actor, subject, AuditEvent.DEPLOYMENT_SUSPENDED, words=words,
                because=f"{actor.id} suspended it",
            )  # fmt: skip

    def resume_deployment(self, actor: Actor, deployment_id: DeploymentId, *, reason: str) -> None:
        """Let a suspended deployment go on, inside its window."""
        with self._as(actor, Permission.DEPLOYMENT_RESUME) as work:
            subject = _named(work, deployment_id, Move.RESUME)
            row = row_of(work, subject)
            if row is None or work.now >= row.closes_at:
                raise Refused(f"{subject.id}: its window is over; a new one takes a new signature")
            words = {"reason": required(reason, "a reason")}
            tell(work, actor, subject, AuditEvent.DEPLOYMENT_RESUMED, words=words)

    def close_deployment(self, actor: Actor, deployment_id: DeploymentId, *, reason: str) -> None:
        """End it for good before its window does; its list dies with it where it must."""
        with self._as(actor, Permission.DEPLOYMENT_CLOSE) as work:
            require_closable(work)
            subject = _named(work, deployment_id, Move.CLOSE)
            why = required(reason, "a reason")
            row = row_of(work, subject)
            if row is not None:
                close_for_good(work, row, why)
            else:
                words = {"reason": why}
                tell(work, actor, subject, AuditEvent.DEPLOYMENT_CLOSED, words=words)
        self._scrub()

    def evaluate_deployment(
        self, actor: Actor, deployment_id: DeploymentId, report: Path, *, conclusion: str
    ) -> None:
        """Put the evaluation of a purged deployment on record (R58).

        The line names the figures that the log has then; a report on the form has to have the same.
        """
        self._permit(actor, Permission.DEPLOYMENT_EVALUATE)
        with self._telling_refusals(actor, Permission.DEPLOYMENT_EVALUATE):
            paper = digest_of_file(report, what="the report")
            words_of_it = report.read_bytes().decode("utf-8", "replace")
        with self._as(actor, Permission.DEPLOYMENT_EVALUATE) as work:
            subject = _named(work, deployment_id, Move.EVALUATE)
            _require_no_part(work, actor, subject)
            words = {"conclusion": required(conclusion, "what came of it")}
            tell(
                work, actor, subject, AuditEvent.DEPLOYMENT_EVALUATED, words=words, report=paper,
                **_figures(work, subject, words_of_it),
            )  # fmt: skip


def _require_no_part(work: UnitOfWork, actor: Actor, subject: Subject) -> None:
    """Nobody evaluates what they took part in; an auditor not even what they tested."""
    auditor = Role.AUDITOR in standing_roles(work, actor.id)
    duty = Duty.AUDIT if auditor else Duty.EVALUATE
    require_duty(work, actor, duty, done_to(work, subject.id), profile=subject.profile.name)


def _authorised_by(rank: str) -> str:
    return f"It was authorised by an officer of the rank of {rank}." if rank else ""


def _named(work: UnitOfWork, deployment_id: DeploymentId, move: Move) -> Subject:
    subject = subject_named(work, deployment_id)
    require_move(work, subject, move)
    return subject


def _figures(work: UnitOfWork, subject: Subject, report: str) -> dict[str, str]:
    """Of a seeded walk there are none but its own report's (R25)."""
    if is_walk(work, subject.id):
        return {}
    form = form_of(work, subject)
    if is_form(report):
        require_answered(report, form)
    return {"figures": figures_digest(form)}


def _require_not_ended(life: LifeFacts, subject: Subject) -> None:
    if life.stage in ENDED:
        raise Refused(f"{subject.id} is {life.stage.value}; nothing is put on record of it now")
    if life.stage is Stage.DRAFTED:
        raise Refused(f"{subject.id} was never submitted; overt deployment submit")


def required(text: str, what: str) -> str:
    """Words that a person owes; blank ones are refused."""
    said = " ".join(text.split())
    if not said or len(said) > LONGEST_WORDS:
        raise Refused(f"say {what}, in 1 to {LONGEST_WORDS} characters")
    return said


def _require_different(taken: Sequence[Digest]) -> None:
    if not taken:
        raise Refused("a sign is proved by a photograph: --photo FILE, once for each")
    if len(set(taken)) != len(taken):
        raise Refused("two photographs are the same file; take one of each sign")
