"""False alerts that fall on one perceived group suspend a deployment; people do the counting (R67)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contract.test_raising_alerts import SHOT
from tests.fakes.opened_deployments import Opened, opened_copy, signed_deployment
from tests.fakes.planted_alerts import an_alert

from overt.decisions.states import Judgement
from overt.errors import Refused
from overt.identifiers import AlertId, PassageId
from overt.policy.profiles import CONSENT, PROFILES, UK_POLICE
from overt.rates.sequential import Verdict

GROUPS = replace(CONSENT, perceived_groups=UK_POLICE.perceived_groups)
STREET = {"asian": 120, "black": 90, "mixed": 30, "other": 20, "white": 740}
HOW = "two officers at the north exit, 11:00 to 11:30, with clickers"


@pytest.fixture
def opened(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Opened]:
    signed = signed_deployment(tmp_path_factory.mktemp("signed"), monkeypatch)
    with opened_copy(signed, tmp_path / "copy", monkeypatch) as ready:
        # A profile that counts groups, for a deployment that opens with little ado.
        monkeypatch.setitem(PROFILES, "consent", GROUPS)
        yield ready


def judge(
    opened: Opened,
    name: str,
    perceived: str | None,
    judgement: Judgement = Judgement.NOT_THE_PERSON,
) -> None:
    gate, who = opened.gate, opened.gate.whoami()
    alert = an_alert(id=AlertId(name), passage=PassageId(f"north-{name}"))
    gate.raise_alert(opened.deployment.actor, opened.deployment, alert, SHOT)
    gate.examine_alert(who, alert.id)
    gate.decide(who, alert.id, judgement, reason="another nose", perceived=perceived)


def holds(opened: Opened) -> bool:
    return not opened.gate.hold_to_footfall(opened.deployment.actor, opened.deployment)


@pytest.mark.requirement("R67")
def test_false_alerts_on_one_group_suspend_it_until_an_officer_lets_it_go_on(
    opened: Opened,
) -> None:
    gate, who, deployment = opened.gate, opened.gate.whoami(), opened.deployment
    for number in range(4):
        judge(opened, f"b{number}", "black")
    assert holds(opened), "nobody has counted who passes"
    (line,) = (each for each in gate.footfall(who) if each.profile == "consent")
    assert (line.groups, line.untested) == ((), 4)
    gate.count_footfall(who, deployment.id, STREET, how=HOW)
    gate.count_footfall(who, deployment.id, STREET, how=HOW)
    judge(opened, "b4", "black")
    assert not holds(opened)
    paused = gate.standing(deployment.actor, deployment).paused_because
    assert paused is not None
    assert "black: 5 of 5 false alerts, 180 of 2,000 who passed" in paused
    assert holds(opened), "it is suspended already"
    gate.resume_deployment(who, deployment.id, reason="the camera was moved out of the sun")
    assert holds(opened)
    (line,) = (each for each in gate.footfall(who) if each.profile == "consent")
    assert {each.verdict for each in line.groups} <= {Verdict.GO_ON}


@pytest.mark.requirement("R67")
def test_no_line_ties_a_perceived_group_to_an_alert_or_anybody(opened: Opened) -> None:
    judge(opened, "b0", "black")
    gate = opened.gate
    lines = [line for line in gate.audit_lines(gate.whoami(), None) if "black" in str(line.detail)]
    (line,) = lines
    assert line.event == "false-alert-perceived"
    assert set(line.detail) == {"deployment", "digest", "profile", "group"}


@pytest.mark.requirement("R67")
def test_only_a_false_alert_is_counted_and_only_in_a_group_of_the_profile(opened: Opened) -> None:
    with pytest.raises(Refused, match="none of the groups of consent: asian, black"):
        judge(opened, "a", "martian")
    with pytest.raises(Refused, match="only a false alert is counted"):
        judge(opened, "b", "black", Judgement.UNSURE)
    assert all(case.review.acts == () for case in opened.gate.alerts(opened.gate.whoami()))


@pytest.mark.requirement("R67")
def test_a_count_that_says_too_little_is_refused(opened: Opened) -> None:
    gate = opened.gate
    for counts, how, said in (
        ({**STREET, "martian": 3}, HOW, "'martian' is none of the groups"),
        ({"black": 3, "white": 9}, HOW, "count every group.* asian, mixed, other missing"),
        (dict.fromkeys(STREET, 0), HOW, "nobody was counted"),
        ({**STREET, "black": -1}, HOW, "black: -1 people"),
        (STREET, " ", "say where, when and how"),
    ):
        with pytest.raises(Refused, match=said):
            gate.count_footfall(gate.whoami(), opened.deployment.id, counts, how=how)
