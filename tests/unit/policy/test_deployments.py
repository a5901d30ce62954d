"""Each rule of a deployment, kept and broken, by its row of the requirements."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.fakes.deployment_files import NOW, consent, document, documents, police
from tests.fakes.evidence import TESTED_ON, report_of

from overt.config.deployment import DeploymentFile
from overt.identifiers import ActorId, Digest, KeyId, PackName, WatchlistName
from overt.models.manifest import Use
from overt.policy.case import Case, KeyStanding, ListFacts, Moment, PackFacts, SignedFacts
from overt.policy.deployments import ASK, OF_SIGNATURE, past_review, rules_met
from overt.policy.equality_evidence import EvidenceOnRecord
from overt.policy.evidence_file import evidence_in
from overt.policy.forecast import Forecast
from overt.policy.life import Stage
from overt.policy.life_rules import place_digest
from overt.policy.profiles import CONSENT, PROFILES, UK_POLICE
from overt.policy.rule import Outcome, Rule, RuleResult, broken
from overt.policy.told import LifeFacts, Notice, Presence
from overt.rates.unit import Unit
from overt.units import Similarity, UtcTime

LIST = ListFacts(
    name=WatchlistName("oxford-circus"),
    digest=Digest("sha256:" + "1" * 64),
    imported_at=UtcTime(NOW - timedelta(hours=2)),
    people=20,
    categories={"wanted-by-court": 20},
    past_review=0,
    imported_by=ActorId("builder"),
    rechecked_at=UtcTime(NOW - timedelta(hours=1, minutes=30)),
)
PACK = PackFacts(
    name=PackName("open"),
    digest=Digest("sha256:" + "2" * 64),
    floor=Similarity(0.4),
    precisions=("f32", "bf16"),
    allows=frozenset(Use),
)
SIGNED = SignedFacts(
    genuine=True,
    key=KeyId("ed25519:abcd"),
    key_name="Silver",
    standing=KeyStanding.TRUSTED,
    changed=(),
    watchlist=LIST.digest,
    pack_name="open",
    pack=PACK.digest,
    precision="f32",
    profile=UK_POLICE.governs,
    signed_at=UtcTime(NOW - timedelta(hours=1)),
)
START = UtcTime(NOW - timedelta(hours=1))
LIFE = LifeFacts(
    stage=Stage.NOTICED,
    submitted_by=ActorId("planner"),
    signed_by=ActorId("silver"),
    signed_at=SIGNED.signed_at,
    signed_line=40,
    notice=Notice(
        published_at=UtcTime(START - timedelta(days=7)),
        from_=START,
        until=UtcTime(NOW + timedelta(hours=3, minutes=30)),
        recorded_at=UtcTime(START - timedelta(days=1)),
        place=place_digest("Oxford Circus,  London W1"),
    ),
    signs_at=UtcTime(NOW - timedelta(hours=2)),
    signs=4,
    presence=Presence(UtcTime(NOW - timedelta(minutes=9)), ActorId("sergeant"), 2),
)
EVIDENCE = EvidenceOnRecord(
    tested=evidence_in(
        json.dumps(report_of(PACK.digest, highest=0.6, list_size=20_000)).encode(), TESTED_ON, "it"
    ),
    file=Digest("sha256:" + "5" * 64),
    by=ActorId("assessor"),
    valid_until=None,
    acceptable=True,
)
FORETOLD = Forecast(
    faces=20_000, threshold=Similarity(0.55), list_size=20, share=0.0005, lowest_share=0.0001,
    highest_share=0.002, unit=Unit.STILL, people=1_600,
)  # fmt: skip


def case(file: DeploymentFile | None = None, **changes: object) -> Case:
    whole = Case(
        file=file or police(),
        now=NOW,
        moment=Moment.OPENING,
        watchlist=LIST,
        pack=PACK,
        pack_fault="",
        signed=SIGNED,
        ended_at=None,
        replaced_at=None,
        acting=ActorId("silver"),
        life=LIFE,
        evidence=(EVIDENCE,),
        forecast=FORETOLD,
    )
    return replace(whole, **changes)  # type: ignore[arg-type]  # fields by name


def result(rule: Rule, asked: Case) -> RuleResult:
    return next(result for result in rules_met(asked) if result.rule is rule)


def the_broken(asked: Case) -> list[Rule]:
    return [result.rule for result in broken(rules_met(asked))]


def test_a_deployment_that_keeps_every_rule_may_open() -> None:
    assert the_broken(case()) == []


def test_every_rule_is_asked_or_waived_in_every_profile() -> None:
    for profile in PROFILES.values():
        assert set(Rule) == set(ASK) | profile.waived


@pytest.mark.requirement("R2")
def test_the_rule_says_for_how_many_entries_the_deployments_statement_stands() -> None:
    found = result(Rule.NECESSITY, case(watchlist=replace(LIST, necessity_stated=3)))
    assert found.met
    assert "3 entries came with their own, this stands for the others" in found.message


@pytest.mark.requirement("R4")
def test_the_evidence_for_the_place_is_a_document_in_force() -> None:
    assert "no file is attached" in result(Rule.USE_CASE, case()).message
    file = police(papers=documents() + document("place-evidence"))
    assert "place-evidence: version" in result(Rule.USE_CASE, case(file)).message
    lapsed = police(papers=documents() + document("place-evidence", review_by="2026-11-29"))
    assert not result(Rule.USE_CASE, case(lapsed)).met
    altered = case(file, attached={"place-evidence": "another digest"})
    assert not result(Rule.USE_CASE, altered).met


def test_there_is_one_line_for_each_rule() -> None:
    lines = [str(result) for result in rules_met(case())]
    assert len(lines) == len(Rule)
    assert not any("\n" in line for line in lines)


@pytest.mark.requirement("R70")
def test_an_unknown_profile_is_broken_and_nothing_else_is_asked() -> None:
    (only,) = rules_met(case(police(profile='"fr-2027"')))
    assert only.rule is Rule.PROFILE
    assert not only.met


@pytest.mark.parametrize(
    ("file", "rule"),
    [
        pytest.param({"use_case": '"shopping"'}, Rule.USE_CASE, marks=pytest.mark.requirement("R4")),
        pytest.param({"use_case": '"demonstration"'}, Rule.USE_CASE, marks=pytest.mark.requirement("R4")),
        pytest.param({"legal_basis": None}, Rule.PURPOSE, marks=pytest.mark.requirement("R1")),
        pytest.param({"necessity": '""'}, Rule.NECESSITY, marks=pytest.mark.requirement("R2")),
        pytest.param({"proportionality": '" "'}, Rule.NECESSITY, marks=pytest.mark.requirement("R2")),
        pytest.param({"alternatives_considered": None}, Rule.NECESSITY, marks=pytest.mark.requirement("R2")),
        pytest.param({"notice_published_at": None}, Rule.NOTICE, marks=pytest.mark.requirement("R59")),
        pytest.param({"notice_published_at": "2026-11-30T10:00:00Z"}, Rule.NOTICE, marks=pytest.mark.requirement("R59")),
        pytest.param({"threshold": "0.39"}, Rule.THRESHOLD, marks=pytest.mark.requirement("R32")),
    ],
)  # fmt: skip
def test_a_field_that_breaks_its_rule_breaks_only_that(file: dict[str, Any], rule: Rule) -> None:
    assert the_broken(case(police(**file))) == [rule]


@pytest.mark.requirement("R5")
def test_each_missing_document_breaks_a_rule_of_its_own() -> None:
    assert the_broken(case(police(papers=""))) == [
        Rule.DPIA,
        Rule.EQUALITY_IMPACT,
        Rule.APPROPRIATE_POLICY,
    ]


@pytest.mark.requirement("R5")
def test_a_document_that_lapses_during_the_window_is_not_in_force() -> None:
    day_before = documents(review_by=date(2026, 11, 29))
    assert Rule.DPIA in the_broken(case(police(papers=day_before)))
    that_day = documents(review_by=date(2026, 11, 30))
    assert the_broken(case(police(papers=that_day))) == []


@pytest.mark.requirement("R3")
@pytest.mark.parametrize(
    ("shift", "moment", "met"),
    [
        (timedelta(hours=-2), Moment.OPENING, False),
        (timedelta(hours=-2), Moment.CHECKING, True),
        (timedelta(hours=-2), Moment.SIGNING, True),
        (timedelta(), Moment.OPENING, True),
        (timedelta(hours=3, minutes=30), Moment.OPENING, False),
        (timedelta(hours=3, minutes=30), Moment.CHECKING, False),
        (timedelta(hours=3, minutes=30), Moment.SIGNING, False),
    ],
)
def test_the_window_is_open_from_its_start_to_its_end(
    shift: timedelta, moment: Moment, met: bool
) -> None:
    found = result(Rule.WINDOW, case(now=UtcTime(NOW + shift), moment=moment))
    assert found.met is met


@pytest.mark.requirement("R3")
def test_an_end_once_seen_is_an_end_whatever_the_clock_says() -> None:
    found = result(Rule.NOT_CLOSED, case(ended_at=UtcTime(NOW - timedelta(hours=1))))
    assert not found.met


@pytest.mark.requirement("R3")
def test_a_signature_that_a_later_one_replaced_opens_nothing() -> None:
    assert the_broken(case(replaced_at=NOW)) == [Rule.NOT_REPLACED]


@pytest.mark.requirement("R17")
@pytest.mark.parametrize(("hours", "met"), [(23.9, True), (24, False), (25, False)])
def test_a_list_of_a_day_is_too_old(hours: float, met: bool) -> None:
    aged = replace(LIST, imported_at=UtcTime(NOW - timedelta(hours=hours)))
    assert result(Rule.LIST_AGE, case(watchlist=aged)).met is met


@pytest.mark.requirement("R17")
def test_ahead_of_time_the_list_must_still_be_fresh_at_the_start() -> None:
    week_before = UtcTime(NOW - timedelta(days=7))
    fresh = replace(LIST, imported_at=week_before)
    early = case(watchlist=fresh, now=week_before, moment=Moment.CHECKING)
    assert not result(Rule.LIST_AGE, early).met


@pytest.mark.requirement("R18")
@pytest.mark.parametrize(("people", "rule"), [(0, Rule.LIST_THERE), (10_001, Rule.LIST_SIZE)])
def test_a_list_is_neither_empty_nor_above_the_cap(people: int, rule: Rule) -> None:
    assert the_broken(case(watchlist=replace(LIST, people=people))) == [rule]


@pytest.mark.requirement("R13")
def test_a_category_of_another_profile_is_refused() -> None:
    mixed = replace(LIST, categories={"wanted-by-court": 19, "consented": 1})
    found = result(Rule.CATEGORIES, case(watchlist=mixed))
    assert not found.met
    assert "consented" in found.message


@pytest.mark.requirement("R23")
def test_an_entry_may_be_looked_for_through_the_day_of_its_review() -> None:
    assert not past_review(NOW.date(), NOW)
    assert past_review(NOW.date() - timedelta(days=1), NOW)


@pytest.mark.requirement("R11")
def test_police_state_each_zone_and_a_demonstration_may_use_the_whole_frame() -> None:
    without = {"zone": None}
    assert not result(Rule.ZONE, case(police(camera=without))).met
    assert result(Rule.ZONE, case(consent(camera=without))).met


@pytest.mark.requirement("R34")
@pytest.mark.parametrize(
    ("pack", "rule"),
    [
        (None, Rule.PACK),
        (replace(PACK, allows=frozenset({Use.EVALUATION})), Rule.PACK),
        (replace(PACK, precisions=("bf16",)), Rule.PRECISION),
        (replace(PACK, digest=Digest("sha256:" + "9" * 64)), Rule.SIGNED_PACK),
        (replace(PACK, name=PackName("dlib")), Rule.SIGNED_PACK),
    ],
)
def test_another_pack_or_precision_is_refused(pack: PackFacts | None, rule: Rule) -> None:
    assert rule in the_broken(case(pack=pack))


@pytest.mark.requirement("R1")
@pytest.mark.parametrize(
    ("signed", "rule"),
    [
        (replace(SIGNED, genuine=False), Rule.SIGNATURE),
        (replace(SIGNED, standing=KeyStanding.UNKNOWN), Rule.SIGNATURE),
        (replace(SIGNED, standing=KeyStanding.REVOKED), Rule.SIGNATURE),
        (replace(SIGNED, changed=("threshold: 0.6, now 0.55",)), Rule.UNALTERED),
        (replace(SIGNED, watchlist=Digest("sha256:" + "8" * 64)), Rule.SIGNED_LIST),
        (replace(SIGNED, signed_at=UtcTime(NOW - timedelta(hours=3))), Rule.SIGNED_LIST),
        (replace(SIGNED, precision="bf16"), Rule.SIGNED_PACK),
        (replace(SIGNED, profile="uk-police-2026/0"), Rule.SIGNED_PROFILE),
    ],
)
def test_what_differs_from_what_was_signed_is_refused(signed: SignedFacts, rule: Rule) -> None:
    assert the_broken(case(signed=signed)) == [rule]


@pytest.mark.requirement("R1")
def test_an_unsigned_deployment_breaks_every_rule_of_the_signature() -> None:
    assert set(the_broken(case(signed=None))) == OF_SIGNATURE


def test_while_signing_the_signature_is_not_asked_for() -> None:
    asked = {result.rule for result in rules_met(case(signed=None, moment=Moment.SIGNING))}
    assert not asked & OF_SIGNATURE


def test_consent_waives_what_its_banner_says_and_nothing_else() -> None:
    volunteers = replace(LIST, categories={"consented": 20})
    signed = replace(SIGNED, profile=CONSENT.governs)
    asked = case(consent(), watchlist=volunteers, signed=signed, life=LifeFacts())
    results = {result.rule: result.outcome for result in rules_met(asked)}
    assert {rule for rule, outcome in results.items() if outcome is Outcome.WAIVED} == {
        Rule.NECESSITY, Rule.NOTICE, Rule.DPIA, Rule.EQUALITY_IMPACT, Rule.APPROPRIATE_POLICY,
        Rule.SEPARATION, Rule.SECOND_CHECK, Rule.CHECK_IN, Rule.SIGNS, Rule.EQUALITY_EVIDENCE,
        Rule.SUBMITTED, Rule.NOTICED, Rule.RECHECKED, Rule.FORECAST, Rule.SENSITIVE,
        Rule.INDEPENDENT, Rule.REPORTS,
    }  # fmt: skip
    assert the_broken(asked) == []


@pytest.mark.requirement("R18")
def test_nobody_signs_for_false_alerts_that_nobody_foretold_or_that_are_too_many() -> None:
    unknown = result(Rule.FORECAST, case(forecast=None, forecast_fault="write expected_footfall"))
    assert (unknown.outcome, unknown.message) == (
        Outcome.BROKEN,
        "unknown: write expected_footfall",
    )
    many = result(Rule.FORECAST, case(forecast=replace(FORETOLD, share=0.002)))
    assert many.outcome is Outcome.BROKEN
    assert "above 0.001 a face; raise the threshold or list fewer" in many.message
    met = result(Rule.FORECAST, case())
    assert met.outcome is Outcome.MET
    assert met.message.startswith("10.0 false alerts expected in 20,000 faces (95 % interval 2.0")
