"""A list is checked by a second person, approved where it must be, looked up again, remembered."""

from datetime import timedelta

import pytest
from tests.fakes.authority import LIST, PACK
from tests.fakes.calibrations import write_calibration
from tests.fakes.lists import row
from tests.fakes.police import ID, Police

from overt.errors import NotPermitted, Refused
from overt.gate.life import NoticeOrder
from overt.identifiers import SubjectId, WatchlistName
from overt.policy.access import Role
from overt.policy.profiles import UK_POLICE
from overt.policy.rule import Rule
from overt.units import UtcTime

YOUNG = row(
    subject_id="Y1", image="y1.png", category="missing-or-at-risk", date_of_birth="2010-05-05"
)
WITNESS = row(subject_id="W1", image="w1.png", category="victim-or-witness")
WANTED = row(subject_id="S1", image="s1.png", category="wanted-by-court")


def rule(police: Police, which: Rule) -> str:
    checked = police.force.gate.check_deployment(police.operator, police.force.toml)
    return next(result.message for result in checked.results if result.rule is which)


@pytest.mark.requirement("R15")
def test_whoever_built_a_list_cannot_check_it(police: Police) -> None:
    police.wanted()
    with pytest.raises(Refused, match="lis built the watchlist: nobody is the second person"):
        police.force.gate.verify_entries(police.builder, LIST, None)
    other = police.employs("second-builder", Role.LIST_BUILDER)
    assert police.force.gate.verify_entries(other, LIST, SubjectId("S1")).left == 1
    assert police.force.gate.verify_entries(other, LIST, None).left == 0


@pytest.mark.requirement("R15")
def test_a_list_imported_anew_is_checked_anew(police: Police) -> None:
    police.wanted().verified().written()
    police.force.gate.delete_watchlist(police.builder, LIST)
    police.force.hands.forward(timedelta(seconds=1))
    police.wanted()
    assert rule(police, Rule.SECOND_CHECK).startswith("2 excluded")


@pytest.mark.requirement("R19")
def test_somebody_under_18_is_excluded_until_an_officer_approves_with_a_rationale(
    police: Police,
) -> None:
    gate = police.force.gate
    police.listed(WANTED, YOUNG).verified().written()
    assert rule(police, Rule.APPROVALS) == "1 excluded; 0 under 18 approved"
    with pytest.raises(Refused, match="say why"):
        gate.approve_entry(police.gold, LIST, SubjectId("Y1"), rationale=" ")
    with pytest.raises(NotPermitted):
        gate.approve_entry(police.operator, LIST, SubjectId("Y1"), rationale="missing")
    gate.approve_entry(police.gold, LIST, SubjectId("Y1"), rationale="missing for two days")
    assert rule(police, Rule.APPROVALS) == "0 excluded; 1 under 18 approved"
    with pytest.raises(Refused, match="S1 on volunteers takes no approval"):
        gate.approve_entry(police.gold, LIST, SubjectId("S1"), rationale="why not")


@pytest.mark.requirement("R19")
def test_a_witness_is_excluded_until_an_officer_approves(police: Police) -> None:
    police.listed(WANTED, WITNESS).verified().written()
    assert rule(police, Rule.LIST_SIZE).startswith("1 person")
    police.force.gate.approve_entry(police.gold, LIST, SubjectId("W1"), rationale="at risk")
    assert rule(police, Rule.LIST_SIZE).startswith("2 people")


@pytest.mark.requirement("R17")
def test_a_recheck_stands_down_whoever_is_not_current(police: Police) -> None:
    police.wanted(3)
    current = police.force.folder / "current.txt"
    current.write_text("S1\nS3\n")
    done = police.force.gate.recheck_list(
        police.operator, LIST, source="the warrants' register", current=current
    )
    assert (done.current, done.stood_down) == (2, ("S2",))
    assert police.force.last("list-rechecked")["stood_down"] == 1
    view = police.force.gate.watchlist(police.builder, LIST)
    assert [entry.subject_id for entry in view.entries if entry.stood_down] == ["S2"]


@pytest.mark.requirement("R17")
def test_a_recheck_long_before_the_start_does_not_count(police: Police) -> None:
    far = {"starts_at": "2026-11-30T13:00:00Z", "ends_at": "2026-11-30T14:00:00Z"}
    police.wanted().rechecked().written(**far)
    assert "recheck volunteers again" in rule(police, Rule.RECHECKED)


@pytest.mark.requirement("R17")
@pytest.mark.parametrize("text", ["S1 S2\n", "<S1>\n"])
def test_a_file_that_is_no_list_of_ids_is_refused(police: Police, text: str) -> None:
    police.wanted()
    current = police.force.folder / "current.txt"
    current.write_text(text)
    with pytest.raises(Refused, match="line 1: no subject id"):
        police.force.gate.recheck_list(police.operator, LIST, source="a file", current=current)


@pytest.mark.requirement("R24")
def test_the_manifest_survives_the_list_and_holds_no_image(police: Police) -> None:
    police.wanted()
    police.force.hands.forward(timedelta(hours=25))
    police.force.gate.expire(police.operator)
    police.force.gate.delete_watchlist(police.builder, LIST)
    lines = police.force.gate.manifest(police.builder, LIST)
    assert [(line.subject_id, line.category) for line in lines] == [
        ("S1", "wanted-by-court"), ("S2", "wanted-by-court"),
    ]  # fmt: skip
    assert police.force.last("manifest-read")["people"] == 2
    with pytest.raises(Refused, match="no list 'never' ever was here"):
        police.force.gate.manifest(police.builder, WatchlistName("never"))


@pytest.mark.requirement("R18")
def test_the_cap_is_ten_thousand(police: Police) -> None:
    police.wanted().verified().written()
    assert rule(police, Rule.LIST_SIZE) == f"2 people, {UK_POLICE.list_cap:,} at most"


@pytest.mark.requirement("R18")
def test_false_alerts_are_foretold_before_anybody_signs_or_nobody_does(police: Police) -> None:
    police.wanted().verified().tested().written().submitted()
    assert rule(police, Rule.FORECAST).startswith("0.0 false alerts expected in 20,000 faces")
    write_calibration(police.force.folder / "models", PACK)  # nothing was kept below 0.8
    with pytest.raises(Refused, match=r"unknown: the calibration knows nothing below 0\.8"):
        police.signed()
    police.written(expected_footfall=None).submitted()
    with pytest.raises(Refused, match="unknown: write expected_footfall"):
        police.signed()


@pytest.mark.requirement("R18")
def test_whoever_submits_signs_approves_or_tells_the_public_is_told_what_to_expect(
    police: Police,
) -> None:
    gate, toml = police.force.gate, police.force.toml
    write_calibration(
        police.force.folder / "models", PACK, people=10_000, probes=10_000,
        tail_floor=0.2, tails=[[1, 0.6]] * 3,
    )  # fmt: skip
    police.wanted().verified().tested().written()
    expected = "4.0 false alerts expected in 20,000 faces (95 % interval"
    assert gate.submit_deployment(police.builder, toml).forecast.startswith(expected)
    police.signed()
    signed = police.force.last("deployment-signed")
    assert (signed["false_alerts_expected"], signed["faces_expected"]) == (4, 20_000)
    assert signed["false_alerts_at_most"] > 4
    assert gate.approve_deployment(police.gold, ID, rationale="it is quiet").startswith(expected)
    order = NoticeOrder(
        proof=police.proof("notice.html"), where="the web site",
        published_at=UtcTime(police.force.clock.now() - timedelta(days=7)),
    )  # fmt: skip
    owed = gate.record_notice(police.operator, ID, order)
    assert owed.startswith("Of about 20,000 people expected to pass, about 4 who are on no list")
    (submitted, *_) = gate.deployment(police.operator, ID).acts
    assert str(submitted.facts["false_alerts"]).startswith(expected)
