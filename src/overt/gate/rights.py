"""Requests of named persons, from receipt to the written answer (R69).

The log names requests and ids, never a person; name, contact and words are sealed under a key of the
request's own. Nothing is searched, told or changed before whoever asks was identified.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.config.canonical import digest_of
from overt.errors import Refused
from overt.gate.door import Door
from overt.gate.entry_correction import correct_entries
from overt.gate.entry_erasure import Erased, erase_alerts, erase_people, lists_naming
from overt.gate.life import required
from overt.gate.restrictions import restricted
from overt.gate.rights_rows import (
    REQUESTS,
    Request,
    Told,
    alerts_of,
    clock_of,
    keep_told,
    place_of_request,
    request_of,
    sealable,
    subjects_of,
    told_of_request,
)
from overt.gate.rights_search import found_by_name, held_on
from overt.identifiers import AlertId, SubjectId, WatchlistName
from overt.policy.access import Actor, Permission
from overt.policy.retention import RecordKind, delete_after
from overt.policy.rights import (
    Ground,
    Outcome,
    Right,
    require_extendable,
    require_ground,
)
from overt.policy.rights_answer import HeldItem, Letter, as_html, as_text, still_so
from overt.rates.how_many import how_many
from overt.records.rights_schema import RightsRequestRow
from overt.records.schema import AlertRow
from overt.records.vault import KeyKind
from overt.records.work import UnitOfWork, fresh_id

MAY: Final = Permission.RIGHTS_ANSWER


@dataclass(frozen=True, slots=True)
class RequestOrder:
    right: Right
    received_on: date
    name: str
    contact: str
    words: str


@dataclass(frozen=True, slots=True)
class SearchOrder:
    """Under what a person is looked for; what earlier searches found stays found."""

    subjects: Sequence[SubjectId] = ()
    alerts: Sequence[AlertId] = ()
    not_theirs: Sequence[str] = ()
    """Ids and alerts of an earlier search that are another person's after all,"""
    because: str = ""
    """and how that is known."""


@dataclass(frozen=True, slots=True)
class Search:
    held: tuple[HeldItem, ...]
    perhaps: tuple[tuple[WatchlistName, SubjectId], ...]
    """Entries whose words hold the person's name, by list and id: for a person to look into."""


@dataclass(frozen=True, slots=True)
class AnswerOrder:
    outcome: Outcome
    controller: str
    ground: Ground | None = None
    reason: str = ""
    """Put on record, for the Commissioner."""
    told_reason: str = ""
    """Told to the person; empty where that would undo the refusal."""


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    html: str


class RightsGate(Door):
    def receive_request(self, actor: Actor, order: RequestOrder) -> Request:
        """Put a request on record; the time for its answer runs."""
        with self._as(actor, MAY) as work:
            if order.received_on > work.now.date():
                raise Refused(f"{order.received_on.isoformat()} is still to come")
            told = Told(
                required(order.name, "who asks"),
                required(order.contact, "where the answer goes"),
                required(order.words, "what they ask for"),
            )
            request_id = fresh_id()[:12]
            line = work.audit(
                AuditEvent.REQUEST_RECEIVED,
                request=request_id, right=order.right.value,
                received_on=order.received_on.isoformat(),
            )  # fmt: skip
            key = work.new_data_key(KeyKind.RIGHTS, line)
            row = RightsRequestRow(
                id=request_id, right=order.right.value, received_on=order.received_on,
                asked_on=None, told_on=None, extended=False, received_by=actor.id,
                answered_at=None, answered_by=None, outcome=None, ground=None,
                sealed=key.seal(sealable(told), place_of_request(request_id)),
                data_key_id=key.id, audit_id=line,
                delete_after=delete_after(RecordKind.RIGHTS_REQUEST, None, work.now),
            )  # fmt: skip
            work.keep(row)
            return request_of(work, row)

    def requests(self, actor: Actor) -> tuple[Request, ...]:
        """Read every request, the oldest first."""
        with self._as(actor, MAY) as work:
            REQUESTS.require_unaltered(work)
            rows = work.session.scalars(
                select(RightsRequestRow).order_by(RightsRequestRow.received_on, RightsRequestRow.id)
            ).all()
            work.audit(AuditEvent.REQUEST_READ, requests=len(rows), justification="to answer them")
            return tuple(request_of(work, row) for row in rows)

    def request(self, actor: Actor, request_id: str) -> Request:
        with self._as(actor, MAY) as work:
            row = REQUESTS.row(work, request_id)
            work.audit(AuditEvent.REQUEST_READ, request=row.id, justification="to answer it")
            return request_of(work, row)

    def ask_identity(self, actor: Actor, request_id: str) -> Request:
        """Record that the person was asked who they are; meanwhile no time runs."""
        with self._as(actor, MAY) as work:
            row = REQUESTS.open_row(work, request_id)
            if row.told_on is not None or row.asked_on is not None:
                raise Refused(f"the person of {row.id} was asked before")
            row.asked_on = work.now.date()
            work.audit(AuditEvent.REQUEST_IDENTITY, request=row.id, asked=True)
            return request_of(work, row)

    def identify_requester(
        self, actor: Actor, request_id: str, *, how: str, told_on: date
    ) -> Request:
        """Record how it is known who asks; the time runs from when they told it, if asked."""
        with self._as(actor, MAY) as work:
            row = REQUESTS.open_row(work, request_id)
            if not row.received_on <= told_on <= work.now.date():
                raise Refused("they told who they are between the request and today")
            said = required(how, "how it is known who asks")
            # Where nobody had to ask, the time has run since the request came.
            row.told_on = told_on if row.asked_on is not None else row.received_on
            work.audit(AuditEvent.REQUEST_IDENTITY, request=row.id, asked=False)
            keep_told(work, row, identified_by=said)
            return request_of(work, row)

    def extend_request(self, actor: Actor, request_id: str, *, reason: str) -> Request:
        """Two further months, once, before the time ends, for a reason that the person is told."""
        with self._as(actor, MAY) as work:
            row = REQUESTS.open_row(work, request_id)
            require_extendable(clock_of(row), work.now.date())
            said = required(reason, "why it takes longer")
            row.extended = True
            work.audit(AuditEvent.REQUEST_EXTENDED, request=row.id)
            keep_told(work, row, extended_because=said)
            return request_of(work, row)

    def search_request(self, actor: Actor, request_id: str, order: SearchOrder) -> Search:
        """Find what is held under these ids and those before, and whose words hold the name."""
        with self._as(actor, MAY) as work:
            row = _identified(work, request_id)
            for alert in order.alerts:
                if work.session.get(AlertRow, alert) is None:
                    raise Refused(f"there is no alert {alert[:80]!r}, or not any more")
            told = _also_found(work, row, order)
            held = tuple(held_on(work, told))
            perhaps = found_by_name(work, told.name)
            work.audit(
                AuditEvent.REQUEST_SEARCHED,
                request=row.id, subjects=len(told.subjects), held=len(held),
                not_theirs=len(order.not_theirs),
                justification=f"request {row.id}",
            )  # fmt: skip
            return Search(held, tuple(each for each in perhaps if each[1] not in told.subjects))

    def restrict_person(self, actor: Actor, request_id: str) -> tuple[SubjectId, ...]:
        """Look for the person on no list any more, while what is held is kept."""
        with self._as(actor, MAY) as work:
            row = _identified(work, request_id)
            told = _found(work, row)
            before = restricted(work)
            new = tuple(each for each in subjects_of(told) if each not in before)
            for subject in new:
                work.audit(AuditEvent.PROCESSING_RESTRICTED, request=row.id, subject=subject)
            if not new:
                raise Refused("everybody who was found is restricted already")
            keep_told(
                work, row, done=(*told.done, f"Restricted: {', '.join(new)} is not looked for.")
            )
            return new

    def lift_restriction(self, actor: Actor, request_id: str, *, reason: str) -> None:
        """Look for the person again, whom the request's answer told of it before."""
        with self._as(actor, MAY) as work:
            row = REQUESTS.row(work, request_id)
            said = required(reason, "why, and how the person was told of it beforehand")
            mine = [
                each for each in subjects_of(told_of_request(work, row)) if each in restricted(work)
            ]
            if not mine:
                raise Refused(f"nobody is restricted by {row.id}")
            for subject in mine:
                work.audit(
                    AuditEvent.RESTRICTION_LIFTED, request=row.id, subject=subject,
                    words=digest_of(said.encode()),
                )  # fmt: skip
            keep_told(work, row, done=(*told_of_request(work, row).done, f"Lifted: {said}"))

    def erase_for_request(self, actor: Actor, request_id: str) -> Erased:
        """Erase the person from every list and alert; manifests keep the id without a name."""
        with self._as(actor, MAY) as work:
            row = _identified(work, request_id)
            told = _found(work, row)
            why = f"request {row.id}"
            whom = {each: lists_naming(work, each) for each in subjects_of(told)}
            gone = erase_people(work, whom, why=why)
            alone = erase_alerts(work, alerts_of(told), why=why)
            erased = replace(gone, alerts=gone.alerts + alone)
            said = (
                f"Erased: {how_many(len(erased.lists), 'entry', 'entries')} with "
                f"{how_many(erased.images, 'image')}, {how_many(erased.alerts, 'alert')}."
            )
            work.audit(
                AuditEvent.REQUEST_ACTED, request=row.id, entries=len(erased.lists),
                images=erased.images, alerts=erased.alerts,
            )  # fmt: skip
            keep_told(work, row, done=(*told.done, said))
        self._scrub()
        return erased

    def correct_for_request(
        self, actor: Actor, request_id: str, name: WatchlistName, changes: dict[str, str]
    ) -> None:
        """Rectify what an entry says; whatever would widen takes a new import."""
        with self._as(actor, MAY) as work:
            row = _identified(work, request_id)
            told = _found(work, row)
            correct_entries(work, name, subjects_of(told), changes, why=f"request {row.id}")
            work.audit(AuditEvent.REQUEST_ACTED, request=row.id, corrected=len(changes))
            said = f"Rectified on {name}: {', '.join(sorted(changes))}."
            keep_told(work, row, done=(*told.done, said))

    def answer_request(self, actor: Actor, request_id: str, order: AnswerOrder) -> Answer:
        """Write the answer, once and for good; it is kept as it was written."""
        with self._as(actor, MAY) as work:
            row = REQUESTS.open_row(work, request_id)
            request = request_of(work, row)
            require_ground(request.right, order.outcome, order.ground, order.reason)
            if order.outcome is not Outcome.REFUSED:
                _identified(work, request_id)
            held = held_on(work, request.told)
            _require_done(request, order, held)
            letter = Letter(
                reference=row.id, right=request.right,
                controller=required(order.controller, "who answers"),
                addressee=f"{request.told.name}, {request.told.contact}",
                received_on=row.received_on, written_on=work.now.date(), outcome=order.outcome,
                ground=order.ground, told_reason=" ".join(order.told_reason.split()),
                held=held, done=request.told.done,
            )  # fmt: skip
            answer = Answer(as_text(letter), as_html(letter))
            row.answered_at, row.answered_by = work.now, actor.id
            row.outcome = order.outcome.value
            row.ground = order.ground.value if order.ground else None
            work.audit(
                AuditEvent.REQUEST_ANSWERED,
                request=row.id, outcome=order.outcome.value, ground=row.ground or "",
                in_time=not request.clock.is_overdue(work.now.date()),
                answer=digest_of(answer.text.encode()),
                recipients="the person who asked", justification=f"request {row.id}",
            )  # fmt: skip
            keep_told(work, row, reason=order.reason.strip(), answer=answer.text)
            return answer


def _identified(work: UnitOfWork, request_id: str) -> RightsRequestRow:
    row = REQUESTS.open_row(work, request_id)
    if row.told_on is None:
        raise Refused(
            f"it is not on record who asks in {row.id}: overt rights identity {row.id} --how TEXT"
        )
    return row


def _also_found(work: UnitOfWork, row: RightsRequestRow, order: SearchOrder) -> Told:
    """Add to what was found; take away what is another's, with a reason, before anything is done."""
    before, out = told_of_request(work, row), tuple(dict.fromkeys(order.not_theirs))
    known = {*before.subjects, *before.alerts}
    if strangers := [each for each in out if each not in known]:
        raise Refused(f"{row.id} was not searched under {', '.join(strangers)[:80]!r}")
    if out and before.done:
        raise Refused(f"something was done for {row.id} already; what was found for it stays")
    why = required(order.because, "how it is known that this is another person") if out else ""
    subjects = dict.fromkeys((*before.subjects, *order.subjects))
    alerts = dict.fromkeys((*before.alerts, *order.alerts))
    return keep_told(
        work, row,
        subjects=tuple(each for each in subjects if each not in out),
        alerts=tuple(each for each in alerts if each not in out),
        not_theirs=(*before.not_theirs, *(f"{each}: {why}" for each in out)),
    )  # fmt: skip


def _found(work: UnitOfWork, row: RightsRequestRow) -> Told:
    told = told_of_request(work, row)
    if not told.subjects and not told.alerts:
        raise Refused(f"nothing was found for {row.id}: overt rights search {row.id} --subject ID")
    return told


def _require_done(request: Request, order: AnswerOrder, held: Sequence[HeldItem]) -> None:
    """An answer says only what is so."""
    if order.outcome is Outcome.NOTHING_HELD and held:
        raise Refused(f"{len(held)} records are held under what was found; look again")
    acting = request.right is not Right.ACCESS and order.outcome in {
        Outcome.GRANTED, Outcome.IN_PART,
    }  # fmt: skip
    if acting and not request.told.done:
        raise Refused(f"{request.right.value} is granted when it was done, and nothing was yet")
    if order.outcome is Outcome.GRANTED and (left := still_so(request.right, held)):
        raise Refused(
            f"{request.right.value} is granted when it was done, and entries are as they were "
            f"({left}): do it, or answer {Outcome.IN_PART.value} with the reason"
        )
