"""The rules of a deployment: what must hold to submit it, to sign it and to open it.

Pure: facts in, one result per rule out. The gate gathers the facts and acts on the answer.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from overt.errors import Refused
from overt.policy.calibrations import CalibratedThreshold, calibrated
from overt.policy.case import Ask, Case, Finding, KeyStanding, Moment, PackFacts
from overt.policy.life_rules import LIFE_RULES, spared
from overt.policy.profile import Profile
from overt.policy.profiles import PROFILES
from overt.policy.rule import Outcome, Rule, RuleResult
from overt.policy.span import in_words
from overt.rates.how_many import people
from overt.units import UtcTime, iso

AT_THE_START: Final = frozenset({Moment.OPENING, Moment.JOINING})


def rules_met(case: Case) -> list[RuleResult]:
    """Ask every rule, in one order, whatever the answers before."""
    if case.file.profile not in PROFILES:
        known = ", ".join(sorted(PROFILES))
        message = f"{case.file.profile!r} is none; take one of {known}"
        return [RuleResult(Rule.PROFILE, Outcome.BROKEN, message)]
    unasked = NOT_ASKED[case.moment]
    return [_result(rule, case, case.profile) for rule in Rule if rule not in unasked]


def _result(rule: Rule, case: Case, profile: Profile) -> RuleResult:
    if rule in profile.waived:
        return RuleResult(rule, Outcome.WAIVED, f"by the profile {profile.name}")
    if spared(rule, case):
        return RuleResult(rule, Outcome.WAIVED, f"urgent: {case.file.urgent}")
    met, message = ASK[rule](case)
    return RuleResult(rule, Outcome.MET if met else Outcome.BROKEN, message)


# --- what the file says


def _profile(case: Case) -> Finding:
    return True, case.profile.id


def _use_case(case: Case) -> Finding:
    if case.file.use_case in case.profile.use_cases:
        return _reason_for_the_place(case)
    allowed = ", ".join(sorted(case.profile.use_cases))
    return False, f"{case.file.use_case!r} is none of {allowed}"


PLACE_EVIDENCE: Final = "place-evidence"
"""The kind of the document that shows why this place (R4): an analysis, intelligence, a plan."""


def _reason_for_the_place(case: Case) -> Finding:
    if all(document.kind != PLACE_EVIDENCE for document in case.file.documents):
        return True, f"{case.file.use_case}; no file is attached that shows why this place"
    met, message = _document(case, PLACE_EVIDENCE)
    return met, f"{case.file.use_case}; {PLACE_EVIDENCE}: {message}"


def _stated(case: Case, wanted: tuple[str, ...]) -> Finding:
    blank = [name for name in wanted if not getattr(case.file, name).strip()]
    if blank:
        return False, f"{', '.join(blank)} blank; fill in under [deployment]"
    return True, ", ".join(wanted) + " stated"


def _purpose(case: Case) -> Finding:
    legal = tuple(name for name in case.profile.texts if name == "legal_basis")
    return _stated(case, ("purpose", *legal))


def _necessity(case: Case) -> Finding:
    wanted = tuple(name for name in case.profile.texts if name != "legal_basis")
    met, message = _stated(case, wanted)
    if not met or case.watchlist is None:
        return met, message
    own = case.watchlist.necessity_stated
    return True, f"{message}; {own} entries came with their own, this stands for the others"


def _place(case: Case) -> Finding:
    return _stated(case, ("place",))


def _document(case: Case, kind: str) -> Finding:
    found = next((d for d in case.file.documents if d.kind == kind), None)
    if found is None:
        return False, f"none; add [[deployment.documents]] with kind = {kind!r}"
    # In force for the whole window, so that it cannot lapse in mid-deployment.
    last_day = case.file.ends_at.date()
    if found.review_by < last_day:
        return False, (
            f"version {found.version} was to be reviewed by {found.review_by}, "
            f"and the window ends on {last_day}; review it and name the new version"
        )
    if wrong := case.attached.get(kind):
        return False, wrong
    return True, (
        f"version {found.version}, sha256:{found.sha256[:12]}, to be reviewed by {found.review_by}"
    )


def _document_rule(rule: Rule) -> Ask:
    return lambda case: _document(case, case.profile.documents[rule])


def _zone(case: Case) -> Finding:
    whole = [camera.id for camera in case.file.cameras if not camera.zone_stated]
    if whole and case.profile.zone_stated:
        return False, f"camera {', '.join(whole)}: no zone; write zone = [[x, y], ...]"
    if whole:
        return True, f"camera {', '.join(whole)}: the whole frame"
    return True, f"{len(case.file.cameras)} zones"


# --- time


def _window(case: Case) -> Finding:
    starts, ends = case.file.starts_at, case.file.ends_at
    window = f"{iso(starts)} to {iso(ends)}"
    if case.now >= ends:
        return (
            False,
            f"{window} is over since {in_words(case.now - ends)}; a new one takes a new signature",
        )
    if case.now >= starts:
        return True, f"{window}, open now"
    opens = f"opens in {in_words(starts - case.now)}"
    if case.moment in AT_THE_START:
        return False, f"{window} is not yet open; it {opens}"
    return True, f"{window}, {opens}"


def _notice(case: Case) -> Finding:
    published, starts = case.file.notice_published_at, case.file.starts_at
    if published is None:
        return False, "notice_published_at is missing; publish the notice and write when"
    if published >= starts:
        return False, f"published {iso(published)}, not before the start, {iso(starts)}"
    lead, least = starts - published, case.profile.notice_lead
    if lead < least:
        return False, f"only {in_words(lead)} before the start; {in_words(least)} at least"
    if published > case.now and case.moment in AT_THE_START:
        return False, f"notice_published_at, {iso(published)}, is in the future"
    return True, f"{in_words(lead)} before the start"


def _not_closed(case: Case) -> Finding:
    if case.ended_at is None:
        return True, "it has not"
    return False, f"it ended at {iso(case.ended_at)}, for good; a new window takes a new signature"


def _not_replaced(case: Case) -> Finding:
    if case.replaced_at is None:
        return True, "none did"
    return False, f"signed anew at {iso(case.replaced_at)}; use that file and signature"


# --- the list


def _list_there(case: Case) -> Finding:
    listed = case.watchlist
    if listed is None:
        return False, f"there is no watchlist {case.file.watchlist}; import it"
    if not listed.people:
        return False, f"nobody on {listed.name} is left to look for"
    return True, f"{listed.name}, {people(listed.people)}"


def list_age_until(imported_at: UtcTime, profile: Profile) -> UtcTime:
    """When the list is too old to be used under the profile (R17)."""
    return UtcTime(imported_at + profile.list_age)


def _list_age(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    # Looked at ahead of time, what counts is how old it will be when the window opens.
    at = max(case.now, case.file.starts_at)
    age, limit = at - case.watchlist.imported_at, case.profile.list_age
    if at >= list_age_until(case.watchlist.imported_at, case.profile):
        return False, (
            f"{in_words(age)} old at {iso(at)}, {in_words(limit)} at most; build and import it anew"
        )
    return True, f"{in_words(age)} old at {iso(at)}, {in_words(limit)} at most"


def _list_size(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    size = case.watchlist.people
    return size <= case.profile.list_cap, f"{people(size)}, {case.profile.list_cap:,} at most"


def _categories(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    foreign = sorted(set(case.watchlist.categories) - set(case.profile.categories))
    if foreign:
        return False, f"{', '.join(foreign)} not in {case.profile.name}; import a list without"
    counts = sorted(case.watchlist.categories.items())
    return True, ", ".join(f"{count} {name}" for name, count in counts) or "nobody"


def _review(case: Case) -> Finding:
    if case.watchlist is None:
        return False, "no watchlist"
    return True, f"{case.watchlist.past_review} excluded"


# --- the networks


def _pack(case: Case) -> Finding:
    if case.pack is None:
        return False, case.pack_fault or "no pack was found; overt models list"
    if case.profile.use not in case.pack.allows:
        return False, f"the licence of {case.pack.name} does not allow {case.profile.use.value}"
    return True, f"{case.pack.name}, {case.pack.digest[:19]}"


def _precision(case: Case) -> Finding:
    if case.pack is None:
        return False, "no pack"
    if case.file.precision not in case.pack.precisions:
        allowed = ", ".join(case.pack.precisions)
        return False, f"{case.pack.name} runs at {allowed}, not at {case.file.precision}"
    return True, case.file.precision


def _threshold(case: Case) -> Finding:
    if case.pack is None:
        return False, "no pack"
    threshold, floor = case.file.threshold, case.pack.floor
    if case.file.target_fpir is not None:
        return _calibrated(case, case.pack)
    if threshold is None:
        return False, "none; write threshold or target_fpir"
    message = f"{threshold:g}, the floor of {case.pack.name} is {floor:g}"
    return threshold >= floor, message


def _calibrated(case: Case, pack: PackFacts) -> Finding:
    """What the target takes today; a threshold that was signed may be higher, never lower."""
    try:
        found = calibrated_threshold(case)
    except Refused as refusal:
        return False, f"target_fpir: {refusal}"
    signed = case.file.threshold
    if signed is not None and signed < found.threshold:
        return False, f"signed {signed:g}, and the target takes {found}; sign it again"
    told = found if signed is None or signed == found.threshold else f"signed {signed:g}; {found}"
    return True, f"{told}; the floor of {pack.name} is {pack.floor:g}"


def calibrated_threshold(case: Case) -> CalibratedThreshold:
    """The threshold that `target_fpir` takes; refused, with what to do, where there is none."""
    file, pack, listed = case.file, case.pack, case.watchlist
    if pack is None or listed is None or file.target_fpir is None:
        raise Refused("it takes a pack and a watchlist to become a threshold")
    if pack.calibration is None:
        raise Refused(
            pack.calibration_fault
            or f"there is no calibration of {pack.name} at {file.precision}; make one (overt "
            "assure calibrate), or write threshold = a raw cosine, not below the pack's floor"
        )
    # Nobody is left to look for: another rule says so.
    return calibrated(
        pack.calibration, file.target_fpir, people=max(listed.people, 1), floor=pack.floor
    )


# --- the signature


def _signature(case: Case) -> Finding:
    signed = case.signed
    if signed is None:
        return False, "not signed; overt deployment sign"
    if signed.standing is KeyStanding.UNKNOWN:
        return False, f"key {signed.key} is not trusted; overt keys trust, or another officer"
    if signed.standing is KeyStanding.REVOKED:
        return False, f"key {signed.key} is revoked; another officer must sign"
    if not signed.genuine:
        return False, f"not a signature of key {signed.key} over what it claims; sign it again"
    if signed.rank and signed.rank != signed.registered_rank:
        known = signed.registered_rank or "no rank"
        return False, f"signed as {signed.rank}, and its key is registered with {known}"
    return True, f"{signed.key_name}, {signed.rank or 'rank not registered'}, key {signed.key}"


def _unaltered(case: Case) -> Finding:
    if case.signed is None:
        return False, "not signed"
    if case.signed.changed:
        return (
            False,
            f"changed since it was signed: {'; '.join(case.signed.changed)}; sign it again",
        )
    return True, "every field is"


def _signed_list(case: Case) -> Finding:
    if case.signed is None or case.watchlist is None:
        return False, "not signed" if case.signed is None else "no watchlist"
    signed, found = case.signed, case.watchlist
    if signed.watchlist != found.digest:
        return False, f"signed {signed.watchlist[:19]}, found {found.digest[:19]}; sign it again"
    if found.imported_at > signed.signed_at:
        # A list imported anew would bring back whoever was stood down since.
        return False, f"imported at {iso(found.imported_at)}, after it was signed; sign it again"
    return True, found.digest[:19]


def _signed_pack(case: Case) -> Finding:
    if case.signed is None or case.pack is None:
        return False, "not signed" if case.signed is None else "no pack"
    signed = case.signed.pack_name, case.signed.pack, case.signed.precision
    found = case.pack.name, case.pack.digest, case.file.precision
    if signed != found:
        return False, (
            f"signed {signed[0]} {signed[1][:19]} {signed[2]}, "
            f"found {found[0]} {found[1][:19]} {found[2]}; retest, and sign it again"
        )
    return True, f"{found[0]} {found[1][:19]} {found[2]}"


def _signed_profile(case: Case) -> Finding:
    if case.signed is None:
        return False, "not signed"
    if case.signed.profile != case.profile.governs:
        signed, now = _short(case.signed.profile), _short(case.profile.governs)
        return False, f"signed under {signed}, now {now}; sign it again"
    return True, case.profile.id


def _short(governs: str) -> str:
    """A profile's name, version and the beginning of its digest."""
    name, _, digest = governs.partition(" ")
    return f"{name} {digest[:19]}".strip()


OF_SIGNATURE: Final = frozenset(
    {Rule.SIGNATURE, Rule.UNALTERED, Rule.SIGNED_LIST, Rule.SIGNED_PACK, Rule.SIGNED_PROFILE}
)
"""Asked of what was signed; while signing there is nothing to ask."""

OF_THE_START: Final = frozenset(
    {Rule.NOTICED, Rule.RECHECKED, Rule.SIGNS, Rule.CHECK_IN, Rule.SENSITIVE, Rule.INDEPENDENT,
     Rule.REPORTS, Rule.NOT_SUSPENDED, Rule.CLOCK}
)  # fmt: skip
"""Asked when it is about to look at people."""
OF_THE_LIST: Final = frozenset(
    {Rule.LIST_THERE, Rule.LIST_AGE, Rule.LIST_SIZE, Rule.CATEGORIES, Rule.REVIEW,
     Rule.SECOND_CHECK, Rule.APPROVALS, Rule.SEPARATION, Rule.FORECAST}
)  # fmt: skip
OF_THE_NETWORKS: Final = frozenset(
    {Rule.PACK, Rule.PRECISION, Rule.THRESHOLD, Rule.EQUALITY_EVIDENCE}
)
NOT_ASKED: Final[Mapping[Moment, frozenset[Rule]]] = {
    # A deployment may be put before an officer while its list is still being built.
    Moment.SUBMITTING: OF_SIGNATURE
    | OF_THE_START
    | OF_THE_LIST
    | OF_THE_NETWORKS
    | {Rule.SUBMITTED},
    Moment.SIGNING: OF_SIGNATURE | OF_THE_START,
    Moment.CHECKING: frozenset(),
    Moment.OPENING: frozenset(),
    # A pause (nobody has checked in, it is suspended) holds the process back; it does not end it.
    Moment.JOINING: frozenset({Rule.CHECK_IN, Rule.NOT_SUSPENDED, Rule.CLOCK}),
}

ASK: Final[Mapping[Rule, Ask]] = {
    **LIFE_RULES,
    Rule.PROFILE: _profile,
    Rule.USE_CASE: _use_case,
    Rule.PURPOSE: _purpose,
    Rule.NECESSITY: _necessity,
    Rule.PLACE: _place,
    Rule.WINDOW: _window,
    Rule.NOTICE: _notice,
    Rule.DPIA: _document_rule(Rule.DPIA),
    Rule.EQUALITY_IMPACT: _document_rule(Rule.EQUALITY_IMPACT),
    Rule.APPROPRIATE_POLICY: _document_rule(Rule.APPROPRIATE_POLICY),
    Rule.ZONE: _zone,
    Rule.LIST_THERE: _list_there,
    Rule.LIST_AGE: _list_age,
    Rule.LIST_SIZE: _list_size,
    Rule.CATEGORIES: _categories,
    Rule.REVIEW: _review,
    Rule.PACK: _pack,
    Rule.PRECISION: _precision,
    Rule.THRESHOLD: _threshold,
    Rule.SIGNATURE: _signature,
    Rule.UNALTERED: _unaltered,
    Rule.SIGNED_LIST: _signed_list,
    Rule.SIGNED_PACK: _signed_pack,
    Rule.SIGNED_PROFILE: _signed_profile,
    Rule.NOT_CLOSED: _not_closed,
    Rule.NOT_REPLACED: _not_replaced,
}


def past_review(review_by: date, now: UtcTime) -> bool:
    """An entry may be looked for through the day of its review, and no longer (R23)."""
    return review_by < now.date()
