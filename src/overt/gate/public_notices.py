"""The notices on record, for the public's feed (R59): read from the log and from what was signed.

Of seeded walks, and of what nobody had to be told of, there is none.
"""

import json
from collections.abc import Iterator

from sqlalchemy import select

from overt.audit.events import AuditEvent
from overt.gate.door import Door
from overt.gate.life_lines import told_of, words_of
from overt.gate.list_reading import Act
from overt.gate.walk_rows import is_walk
from overt.policy.access import Actor, Permission
from overt.policy.notice_feed import PublicNotice
from overt.policy.told import Told, life_facts
from overt.records.schema import DeploymentRow


class PublicNoticeGate(Door):
    def public_notices(self, actor: Actor) -> tuple[PublicNotice, ...]:
        """Every deployment's newest notice, as long as its authorisation is kept."""
        with self._as(actor, Permission.DEPLOYMENT_READ) as work:
            found = tuple(_notices(work))
            work.audit(AuditEvent.DEPLOYMENT_READ, notices=len(found))
            return found


def _notices(act: Act) -> Iterator[PublicNotice]:
    for row in act.session.scalars(select(DeploymentRow).order_by(DeploymentRow.id)):
        told = told_of(act, row.id)
        noticed = [line for line in told if line.event == AuditEvent.DEPLOYMENT_NOTICED.value]
        if noticed and not is_walk(act, row.id):
            yield from _notice(act, row, told, noticed[-1])


def _notice(act: Act, row: DeploymentRow, told: list[Told], line: Told) -> Iterator[PublicNotice]:
    life = life_facts(told, row.digest)
    times = line.time("published_at"), line.time("from"), line.time("until")
    published, starts, ends = times
    if published is None or starts is None or ends is None:
        return  # made by the program itself: nobody was to be told
    signed, words = json.loads(row.payload)["deployment"], words_of(act, line)
    yield PublicNotice(
        deployment=row.id,
        place=" ".join(str(signed["place"]).split()),
        use_case=str(signed["use_case"]),
        profile=row.governed_by.partition(" ")[0],
        rank=line.text("rank"),
        starts_at=starts,
        ends_at=ends,
        published_at=published,
        recorded_at=line.at,
        where=str(words.get("where", "")),
        owed=str(words.get("owes", "")),
        changed=line.digest != row.digest,
        ended_at=life.ended_at,
    )
