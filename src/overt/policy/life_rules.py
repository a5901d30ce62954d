"""The rules that ask what people did: who submitted, checked, approved, told, stands there (R6-R62).

Each looks at what the log tells, never at what a file claims.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Final

from overt.config.canonical import digest_of
from overt.identifiers import ActorId, Digest
from overt.policy.case import Ask, Case, Finding, Moment
from overt.policy.conflicts import Duty, why_not_apart
from overt.policy.equality_evidence import (
    EvidenceOnRecord,
    Wanted,
    that_decides,
    wanted_by,
    what_is_wrong,
)
from overt.policy.life import Stage
from overt.policy.profile import UrgentAuthority
from overt.policy.rule import Rule
from overt.policy.span import in_words
from overt.policy.told import LifeFacts
from overt.rates.how_many import how_many
from overt.units import UtcTime, iso

CLOCK_TOLERANCE: Final = 60.0
"""Seconds: what clocks that are kept by a time service never differ by."""


def is_urgent(case: Case) -> bool:
    return bool(case.file.urgent)


def spared(rule: Rule, case: Case) -> bool:
    """Whether urgency lets the rule wait; a decision that was made is never passed over."""
    rules = case.profile.urgent
    if not is_urgent(case) or rules is None or rule not in rules.spares:
        return False
    return rule is not Rule.INDEPENDENT or case.life.decision is None


def place_digest(place: str) -> Digest:
    """How a line of the log names a place without telling an address."""
    return digest_of(" ".join(place.split()).casefold().encode())


# --- who did what


def _submitted(case: Case) -> Finding:
    if case.life.submitted_by is None:
        return False, "not submitted as it stands; overt deployment submit DEPLOYMENT.toml"
    return True, f"by {case.life.submitted_by}"


def _separation(case: Case) -> Finding:
    listed = case.watchlist
    if listed is None:
        return False, "no watchlist"
    signer = case.acting if case.moment is Moment.SIGNING else case.life.signed_by
    if signer is None:
        return False, "nobody signed it"
    if (why := why_not_apart(signer, Duty.SIGN, _done_before(case))) is not None:
        return False, f"{why}; another officer must sign"
    return True, f"list by {listed.imported_by}, signed by {signer}"


def _done_before(case: Case) -> Mapping[Duty, Iterable[ActorId]]:
    """Who did, by the log, what an authorisation rests on."""
    tested = _decisive(case)
    return {
        Duty.BUILD_LIST: {case.watchlist.imported_by} if case.watchlist else (),
        Duty.SUBMIT: case.life.submitters,
        Duty.RECORD_EVIDENCE: {tested.by} if tested else (),
        Duty.DRAW_MAP: {case.sensitive_map.by} if case.sensitive_map else (),
        Duty.TRUST_KEY: case.signed.vouched_by if case.signed else (),
    }


def _second_check(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    return True, f"{case.watchlist.unchecked} excluded; overt watchlist verify"


def _approvals(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    listed = case.watchlist
    return True, (
        f"{listed.unapproved} excluded; {listed.under_age} under {case.profile.adult_age} approved"
    )


def _sensitive(case: Case) -> Finding:
    flags, drawn = case.file.sensitive, case.sensitive_map
    if unknown := sorted(set(flags) - case.profile.sensitive):
        return False, f"{', '.join(unknown)}: take of {', '.join(sorted(case.profile.sensitive))}"
    if drawn is not None and case.file.position is None:
        return False, (
            f"a map of sensitive places ({drawn.version}) is in force; write position = "
            "[latitude, longitude] under [deployment]"
        )
    flags = (*flags, *map(str, drawn.near if drawn else ()))
    if not flags:
        near = f", and none is near on the map {drawn.version}" if drawn else ""
        return True, f"none is stated{near}"
    approver = case.life.approved_by
    if approver is None:
        return False, f"{', '.join(flags)}: overt deployment approve {case.file.id}"
    done = {**_done_before(case), Duty.SIGN: case.life.signers}
    if (why := why_not_apart(approver, Duty.APPROVE, done)) is not None:
        return False, f"{why}; another senior officer must approve"
    return True, f"{', '.join(flags)}, approved by {approver}"


def _urgent(case: Case) -> Finding:
    ground, rules = case.file.urgent, case.profile.urgent
    if not ground:
        return _owed(case, rules)
    if rules is None or ground not in rules.grounds:
        known = ", ".join(sorted(rules.grounds)) if rules else "none at all"
        return False, f"{ground!r} is no ground of {case.profile.name}: it knows {known}"
    lasts = case.file.ends_at - case.file.starts_at
    if lasts > rules.lasts:
        return False, f"the window lasts {in_words(lasts)}; urgent ones {in_words(rules.lasts)}"
    return _record(case, case.life, rules.record_due)


def _owed(case: Case, rules: UrgentAuthority | None) -> Finding:
    """What an earlier, urgent form of the same deployment may still owe."""
    if rules is None or case.life.urgent_since is None:
        return True, "not urgent"
    return _record(case, case.life, rules.record_due)


def _record(case: Case, life: LifeFacts, due_after: timedelta) -> Finding:
    if life.urgent_since is None:
        return True, f"the written record is due {in_words(due_after)} after the signature"
    due = UtcTime(life.urgent_since + due_after)
    if answered(life, independent=case.profile.independent_authority):
        return True, "the written record is there"
    if case.now >= due:
        return False, f"the written record was due {iso(due)}; overt deployment record"
    return True, f"the written record is due {iso(due)}"


def answered(life: LifeFacts, *, independent: bool) -> bool:
    """Whether urgent authority has what was due after it: a record, or a decision."""
    return life.decision is not None if independent else life.written_at is not None


def _independent(case: Case) -> Finding:
    decision = case.life.decision
    if decision is None:
        return False, (
            "no decision of a court or an independent body is on record; an officer's signature "
            "alone is no authority here: overt deployment decision"
        )
    if not decision.granted:
        return False, f"it was refused, {iso(decision.at)}"
    if decision.by == case.life.signed_by:
        return False, f"{decision.by} signed it; another person must record the decision"
    if decision.valid_until < case.file.ends_at:
        return False, f"granted until {iso(decision.valid_until)}, which is before the end"
    return True, f"granted until {iso(decision.valid_until)}"


def _reports(case: Case) -> Finding:
    if case.overdue_reports:
        late = ", ".join(case.overdue_reports)
        return False, f"{late}: evaluate it first (overt deployment evaluate)"
    return True, "none is"


# --- before the start


def _noticed(case: Case) -> Finding:
    told = case.life.notice
    if told is None:
        return False, f"no notice is on record; overt deployment notice {case.file.id}"
    if told.from_ > case.file.starts_at or told.until < case.file.ends_at:
        return False, f"it told {iso(told.from_)} to {iso(told.until)}, not the whole window"
    if told.place != place_digest(case.file.place):
        return False, "it told another place; put the right notice on record"
    return _lead(case, told.published_at, told.recorded_at)


def _lead(case: Case, published: UtcTime, recorded: UtcTime) -> Finding:
    starts, least = case.file.starts_at, case.profile.notice_lead
    if is_urgent(case):
        return True, f"published {iso(published)} under urgent authority"
    if starts - published < least:
        return False, f"{in_words(starts - published)} before the start; {in_words(least)} at least"
    if recorded >= starts:
        return False, f"put on record at {iso(recorded)}, after the start"
    return True, (
        f"{in_words(starts - published)} before the start, on record {in_words(starts - recorded)} before"
    )


def _rechecked(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    name, last = case.watchlist.name, case.watchlist.rechecked_at
    since = case.file.starts_at - case.profile.recheck_before_start
    if last is None:
        return False, f"no entry was looked up again; overt watchlist recheck {name}"
    if last < since:
        return False, f"last at {iso(last)}, before {iso(UtcTime(since))}; recheck {name} again"
    return True, f"at {iso(last)}"


def _signs(case: Case) -> Finding:
    at, count = case.life.signs_at, case.life.signs
    if at is None or count < 1:
        return False, f"none is on record; overt deployment signs {case.file.id} --photo FILE"
    if at < case.file.starts_at - case.profile.signs_before_start:
        return False, f"photographed {iso(at)}, too long before the start; photograph them again"
    return True, f"{count} photographed by {iso(at)}"


def _check_in(case: Case) -> Finding:
    why = why_nobody_is_there(case.life, case.profile.heartbeat, case.profile.officers, case.now)
    if why is not None:
        return False, f"{why}; overt check-in {case.file.id}"
    assert case.life.presence is not None
    return (
        True,
        f"{how_many(case.life.presence.officers, 'officer')} at {iso(case.life.presence.at)}",
    )


def why_nobody_is_there(
    life: LifeFacts, heartbeat: timedelta, officers: int, now: UtcTime
) -> str | None:
    """Say why the engagement team does not count as present (R10); None while it does."""
    seen = life.presence
    if seen is None:
        return "nobody of the engagement team has checked in"
    if now >= seen.at + heartbeat:
        return f"the last check-in was at {iso(seen.at)}, more than {in_words(heartbeat)} ago"
    if seen.officers < officers:
        return f"officers there: {seen.officers}; it takes {officers}"
    return None


def _not_suspended(case: Case) -> Finding:
    if case.life.stage is Stage.SUSPENDED:
        return False, (
            f"{case.life.suspended_because or 'suspended'}; overt deployment resume {case.file.id}"
        )
    return True, "it is not"


def _clock(case: Case) -> Finding:
    if case.clock_behind > CLOCK_TOLERANCE:
        return False, (
            f"it is {in_words(timedelta(seconds=case.clock_behind))} behind the last line of the "
            "log; set it right"
        )
    return True, "it is not"


# --- what was measured


def _forecast(case: Case) -> Finding:
    told = case.forecast
    if told is None:
        return False, f"unknown: {case.forecast_fault}"
    ceiling = case.profile.most_false_alerts
    if told.share > ceiling:
        return False, f"{told}: above {ceiling:g} a face; raise the threshold or list fewer"
    return True, str(told)


def _equality(case: Case) -> Finding:
    if case.pack is None:
        return False, "no pack"
    wanted = _wanted(case)
    if wanted is None:
        return False, "no threshold, and gaps change with it"
    found = _decisive(case)
    if found is None:
        return False, "no test is on record; overt assure identify, then overt evidence add DIR"
    if wrong := what_is_wrong(found, wanted):
        return False, f"{'; '.join(wrong)} (overt assure identify, then overt evidence add DIR)"
    return True, f"{found.file[:19]}, tested on {found.tested.tested_on} by {found.by}"


def _wanted(case: Case) -> Wanted | None:
    if case.pack is None:
        return None
    people = case.watchlist.people if case.watchlist else 0
    return wanted_by(case.file, case.profile, pack=case.pack.digest, people=people)


def _decisive(case: Case) -> EvidenceOnRecord | None:
    """The test on which going live rests."""
    wanted = _wanted(case)
    return that_decides(case.evidence, wanted) if wanted is not None else None


LIFE_RULES: Final[Mapping[Rule, Ask]] = {
    Rule.CLOCK: _clock,
    Rule.SUBMITTED: _submitted,
    Rule.SEPARATION: _separation,
    Rule.SECOND_CHECK: _second_check,
    Rule.APPROVALS: _approvals,
    Rule.FORECAST: _forecast,
    Rule.EQUALITY_EVIDENCE: _equality,
    Rule.SENSITIVE: _sensitive,
    Rule.URGENT: _urgent,
    Rule.INDEPENDENT: _independent,
    Rule.REPORTS: _reports,
    Rule.NOTICED: _noticed,
    Rule.RECHECKED: _rechecked,
    Rule.SIGNS: _signs,
    Rule.CHECK_IN: _check_in,
    Rule.NOT_SUSPENDED: _not_suspended,
}
