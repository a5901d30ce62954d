"""A request as the records keep it: dates and the kind in the open, everything about whom sealed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from overt.gate.register import Register
from overt.identifiers import ActorId, AlertId, SubjectId
from overt.policy.rights import Clocked, Ground, Outcome, Right
from overt.records.rights_schema import RightsRequestRow
from overt.records.vault import Place
from overt.records.work import UnitOfWork
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class Told:
    """What is sealed of a request."""

    name: str
    contact: str
    words: str
    """What they ask for, in their words."""
    identified_by: str = ""
    subjects: tuple[str, ...] = ()
    """The ids under which the person was found."""
    alerts: tuple[str, ...] = ()
    not_theirs: tuple[str, ...] = ()
    """Ids and alerts that were searched and turned out to be another's, each with the reason."""
    done: tuple[str, ...] = ()
    reason: str = ""
    """Of a refusal, as it is put on record."""
    extended_because: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    id: str
    right: Right
    clock: Clocked
    received_by: ActorId
    answered_at: UtcTime | None
    outcome: Outcome | None
    ground: Ground | None
    told: Told = field(repr=False)

    def facts(self, today: date) -> Mapping[str, object]:
        asked, told_on = self.clock.asked_on, self.clock.told_on
        return {
            "id": self.id,
            "right": self.right.value,
            "received_on": self.clock.received_on.isoformat(),
            "identity_asked_on": asked.isoformat() if asked else None,
            "identified_on": told_on.isoformat() if told_on else None,
            "due_on": None if self.clock.stands_still else self.clock.due_on.isoformat(),
            "extended": self.clock.extended,
            "overdue": self.answered_at is None and self.clock.is_overdue(today),
            "outcome": self.outcome.value if self.outcome else None,
            "ground": self.ground.value if self.ground else None,
            "subjects": list(self.told.subjects),
            "alerts": list(self.told.alerts),
            "not_theirs": list(self.told.not_theirs),
            "done": list(self.told.done),
        }


REQUESTS: Final = Register(
    RightsRequestRow, (), "request", "overt rights list",
    ended=lambda row: row.answered_at is not None,
    final="was answered; what comes now is a new request",
)  # fmt: skip


def request_of(work: UnitOfWork, row: RightsRequestRow) -> Request:
    return Request(
        id=row.id,
        right=Right(row.right),
        clock=clock_of(row),
        received_by=row.received_by,
        answered_at=row.answered_at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        ground=Ground(row.ground) if row.ground else None,
        told=told_of_request(work, row),
    )


def clock_of(row: RightsRequestRow) -> Clocked:
    return Clocked(row.received_on, row.asked_on, row.told_on, row.extended)


def told_of_request(work: UnitOfWork, row: RightsRequestRow) -> Told:
    told: dict[str, Any] = json.loads(
        work.data_key(row.data_key_id).unseal(row.sealed, place_of_request(row.id))
    )
    names = ("subjects", "alerts", "not_theirs", "done")
    lists = {name: tuple(told.get(name, ())) for name in names}
    return Told(**{**told, **lists})


def keep_told(work: UnitOfWork, row: RightsRequestRow, **changes: Any) -> Told:
    told = replace(told_of_request(work, row), **changes)
    key = work.data_key(row.data_key_id)
    row.sealed = key.seal(sealable(told), place_of_request(row.id))
    return told


def sealable(told: Told) -> bytes:
    return json.dumps(asdict(told)).encode()


def place_of_request(request_id: str) -> Place:
    return Place("rights_requests", request_id, "request")


def subjects_of(told: Told) -> tuple[SubjectId, ...]:
    return tuple(map(SubjectId, told.subjects))


def alerts_of(told: Told) -> tuple[AlertId, ...]:
    return tuple(map(AlertId, told.alerts))
