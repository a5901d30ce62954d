"""A police deployment from the draft to the evaluation; every shortcut is refused and logged."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta

import pytest
from tests.fakes.authority import LIST, Force, Hands, a_force
from tests.fakes.deployment_files import NOW
from tests.fakes.lists import row
from tests.fakes.police import BEFORE, ID, Police

from overt.errors import NotPermitted, Refused
from overt.gate.life import DecisionOrder
from overt.gate.open_deployment import OpenDeployment
from overt.policy.access import Role
from overt.policy.evaluation import BLANK, figures_digest
from overt.policy.life import Stage
from overt.policy.rule import Rule
from overt.policy.told import LifeFacts
from overt.rates.drift import Envelope
from overt.units import UtcTime

Step = Callable[[Police], object]


def stage(police: Police) -> Stage:
    return police.force.gate.deployment(police.operator, ID).line.stage


def paused(police: Police, opened: OpenDeployment) -> str | None:
    return police.force.gate.standing(opened.actor, opened).paused_because


def closed(police: Police, opened: OpenDeployment) -> str | None:
    return police.force.gate.standing(opened.actor, opened).closed_because


def refusal(police: Police, step: Step, to: str = "run a deployment") -> str:
    with pytest.raises(Refused) as refused:
        step(police)
    assert police.force.last("refused")["to"] == to
    return str(refused.value)


@pytest.mark.requirement("R1")
@pytest.mark.requirement("R58")
def test_a_deployment_goes_from_the_draft_to_its_evaluation(police: Police) -> None:
    gate = police.force.gate
    police.before_the_signature()
    assert stage(police) is Stage.SUBMITTED
    police.signed()
    assert stage(police) is Stage.AUTHORISED
    police.noticed()
    assert stage(police) is Stage.NOTICED
    police.rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    opened = police.present().opened()
    assert stage(police) is Stage.OPEN
    gate.suspend_deployment(police.sergeant, ID, reason="a crowd forms")
    assert stage(police) is Stage.SUSPENDED
    gate.resume_deployment(police.silver, ID, reason="it has left")
    gate.close_run(police.operator, opened, {"passages": 12, "alerts": 0})
    gate.close_deployment(police.silver, ID, reason="the person was found")
    assert stage(police) is Stage.CLOSED
    gate.expire(police.operator)
    assert stage(police) is Stage.PURGED
    gate.evaluate_deployment(
        police.assessor, ID, police.proof("evaluation.pdf"), conclusion="nobody was alerted"
    )
    assert stage(police) is Stage.EVALUATED


@pytest.mark.requirement("R58")
def test_the_evaluation_has_its_figures_from_the_log_and_its_answers_from_people(
    police: Police,
) -> None:
    gate, report = police.purged().force.gate, police.force.folder / "evaluation.md"
    form = gate.evaluation_form(police.assessor, ID)
    assert "| Faces seen | 12 |" in form
    assert "| deployment-purged |" in form

    def handed_in(text: str) -> None:
        report.write_text(f"Anytown Police\n\n{text}")
        gate.evaluate_deployment(police.assessor, ID, report, conclusion="nobody was alerted")

    for changed, why in (
        (form, "leaves a question without an answer"),
        (form.replace(BLANK, "  "), "leaves a question without an answer"),
        (
            form.replace(BLANK, "Yes.").replace("seen | 12", "seen | 1200"),
            "are not those of the log",
        ),
        (form.replace(BLANK, "Yes.").partition("## Judgement")[0], "is no whole form"),
    ):
        with pytest.raises(Refused, match=why):
            handed_in(changed)
    handed_in(form.replace(BLANK, "Yes: see the log."))
    assert stage(police) is Stage.EVALUATED
    told = police.force.last("deployment-evaluated")
    assert told["figures"] == figures_digest(form)


@pytest.mark.requirement("R58")
def test_before_everything_is_purged_there_is_nothing_to_evaluate(police: Police) -> None:
    police.ready().opened()
    with pytest.raises(Refused, match="purged"):
        police.force.gate.evaluation_form(police.assessor, ID)
    with pytest.raises(NotPermitted):
        police.force.gate.evaluation_form(police.operator, ID)


@pytest.mark.requirement("R6")
def test_nobody_signs_for_the_list_that_they_built_whatever_their_role_is_now(
    police: Police,
) -> None:
    police.wanted().verified().tested().written()
    planner = police.employs("planner", Role.LIST_BUILDER)
    police.force.gate.submit_deployment(planner, police.force.toml)
    police.silver = police.turned(
        police.builder.id, Role.AUTHORISING_OFFICER, out_of=Role.LIST_BUILDER
    )
    told = refusal(police, Police.signed, "sign a deployment")
    assert (
        "lis built the watchlist: nobody authorises their own list; another officer must sign"
        in told
    )


@pytest.mark.requirement("R6")
def test_nobody_signs_what_they_submitted(police: Police) -> None:
    police.wanted().verified().tested().written()
    planner = police.employs("planner", Role.LIST_BUILDER)
    police.force.gate.submit_deployment(planner, police.force.toml)
    police.silver = police.turned(planner.id, Role.AUTHORISING_OFFICER, out_of=Role.LIST_BUILDER)
    assert "planner submitted the deployment" in refusal(police, Police.signed, "sign a deployment")


@pytest.mark.requirement("R1")
def test_what_was_changed_after_it_was_submitted_is_not_signed(police: Police) -> None:
    police.before_the_signature().written(place='"Elsewhere"')
    assert "not submitted as it stands" in refusal(police, Police.signed, "sign a deployment")


@pytest.mark.requirement("R62")
def test_without_a_test_of_equal_accuracy_nothing_is_signed(police: Police) -> None:
    police.wanted().verified().written().submitted()
    assert "R62" in refusal(police, Police.signed, "sign a deployment")
    for test, said in (
        ({"highest": 0.5}, "it tested thresholds 0.3000 to 0.5000, not 0.5500"),
        ({"finding": "too few"}, "insufficient data"),
        ({"finding": "gap shown"}, "a gap was shown"),
        ({"list_size": 1}, "it tested a list of 1, and this one has 2"),
        ({"groups": ("sex",)}, "it tells nothing of age, ethnicity"),
        ({"tested_on": date(2025, 11, 29)}, "366 d old"),
    ):
        police.tested(**test)
        assert said in refusal(police, Police.signed, "sign a deployment")
    police.tested().signed()
    police.tested(acceptable=False).noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "found the differences not acceptable" in refusal(police, Police.opened)


@pytest.mark.requirement("R27")
def test_a_running_deployment_is_held_to_how_the_faces_looked_in_its_test(police: Police) -> None:
    told = {"measure": "brightness", "low": 60.0, "high": 200.0, "looks": 500}
    police.wanted().verified().tested(validated=(told,)).written().submitted().signed()
    police.noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    assert police.present().opened().validated == (Envelope("brightness", 60.0, 200.0, 500),)


@pytest.mark.requirement("R15")
def test_entries_that_no_second_person_checked_are_excluded(police: Police) -> None:
    police.wanted(3).verified("S1").tested().written().submitted().signed()
    police.verified("S2")  # after the signature: it would widen what was signed
    police.noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    opened = police.present().opened()
    assert opened.list_size == 1
    listed = police.force.gate.live_list(opened.actor, opened)
    assert listed.gallery.subject_ids == ("S1",)


@pytest.mark.requirement("R15")
def test_a_list_that_nobody_checked_is_a_list_of_nobody(police: Police) -> None:
    police.wanted().tested().written().submitted()
    told = refusal(police, Police.signed, "sign a deployment")
    assert "nobody on volunteers is left to look for" in told


@pytest.mark.requirement("R59")
def test_without_a_notice_on_record_nothing_opens(police: Police) -> None:
    police.authorised().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "no notice is on record" in refusal(police, Police.opened)


@pytest.mark.requirement("R59")
@pytest.mark.parametrize(
    ("notice", "said"),
    [
        ({"published_at": UtcTime(BEFORE - timedelta(hours=1))}, "1 h 30 min before the start"),
        ({"until": UtcTime(NOW)}, "not the whole window"),
        ({"place": "Elsewhere"}, "it told another place"),
    ],
)
def test_a_notice_that_is_late_or_tells_something_else_opens_nothing(
    police: Police, notice: dict[str, object], said: str
) -> None:
    police.authorised().noticed(**notice).rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert said in refusal(police, Police.opened)


@pytest.mark.requirement("R26")
def test_without_signs_nothing_opens(police: Police) -> None:
    police.authorised().noticed().rechecked()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "R26" in refusal(police, Police.opened)


@pytest.mark.requirement("R26")
def test_one_photograph_proves_one_sign(police: Police) -> None:
    police.authorised()
    photo = police.proof("north.jpg")
    with pytest.raises(Refused, match="two photographs are the same file"):
        police.force.gate.record_signs(police.sergeant, ID, [photo, photo], where="exits")
    photo.write_bytes(b"")
    with pytest.raises(Refused, match="is empty; it proves nothing"):
        police.force.gate.record_signs(police.sergeant, ID, [photo], where="exits")


@pytest.mark.requirement("R17")
def test_a_list_that_nobody_looked_up_again_opens_nothing(police: Police) -> None:
    police.authorised().noticed().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "no entry was looked up again" in refusal(police, Police.opened)


@pytest.mark.requirement("R10")
def test_matching_pauses_when_the_team_is_gone_and_goes_on_when_it_is_back(police: Police) -> None:
    opened = police.ready().opened()
    assert paused(police, opened) is None
    police.force.hands.forward(timedelta(minutes=10))
    assert "more than 10 min ago" in str(paused(police, opened))
    assert closed(police, opened) is None
    police.present()
    assert paused(police, opened) is None
    police.present(officers=1)
    assert paused(police, opened) == "officers there: 1; it takes 2"


@pytest.mark.requirement("R10")
def test_nothing_opens_before_the_team_has_checked_in(police: Police) -> None:
    police.authorised().noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    assert "nobody of the engagement team has checked in" in refusal(police, Police.opened)


@pytest.mark.requirement("R33")
def test_a_suspended_deployment_looks_at_nobody_and_opens_no_second_run(police: Police) -> None:
    opened, gate = police.ready().opened(), police.force.gate
    gate.suspend_deployment(police.operator, ID, reason="too many doubts")
    assert paused(police, opened) == "ana suspended it"
    gate.close_run(police.operator, opened, {})
    assert "ana suspended it" in refusal(police, Police.opened)
    with pytest.raises(NotPermitted):
        gate.resume_deployment(police.operator, ID, reason="all is well")
    gate.resume_deployment(police.silver, ID, reason="all is well")
    assert paused(police, police.opened()) is None


@pytest.mark.requirement("R3")
def test_what_was_closed_by_hand_is_closed_for_good(police: Police) -> None:
    opened, gate = police.ready().opened(), police.force.gate
    gate.close_deployment(police.silver, ID, reason="the threat is over")
    assert closed(police, opened) == "the deployment was closed"
    gate.close_run(police.operator, opened, {})
    assert "it ended at" in refusal(police, Police.opened)
    assert "it ended at" in refusal(police, Police.signed, "sign a deployment")


@pytest.mark.requirement("R3")
def test_an_extension_takes_a_submission_a_signature_and_a_notice(police: Police) -> None:
    opened = police.ready().opened()
    police.written(ends_at="2026-11-30T16:00:00Z")
    assert "not submitted" in refusal(police, Police.signed, "sign a deployment")
    police.submitted().signed()
    assert closed(police, opened) == "the deployment was signed anew"
    police.force.gate.close_run(police.operator, opened, {})
    assert "no notice is on record" in refusal(police, Police.opened)


def urgent(police: Police, **changes: str) -> Police:
    return police.before_the_signature(
        urgent='"critical-threat"', notice_published_at=None, **changes
    ).signed()


@pytest.mark.requirement("R7")
def test_a_critical_threat_needs_no_notice_but_a_written_record(police: Police) -> None:
    urgent(police).rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    opened = police.present().opened()
    police.force.hands.forward(timedelta(hours=3, minutes=30))  # four hours since the signature
    police.present()
    assert "the written record of its urgent authority was due" in str(closed(police, opened))
    police.force.gate.close_run(police.operator, opened, {})
    assert "the written record was due" in refusal(police, Police.opened)
    assert "the written record was due" in refusal(police, Police.signed, "sign a deployment")
    police.force.gate.keep_written_record(police.silver, ID, police.proof("record.pdf"))
    assert closed(police, police.opened()) is None


@pytest.mark.requirement("R7")
def test_a_changed_form_does_not_begin_the_time_of_urgency_anew(police: Police) -> None:
    urgent(police).rechecked().with_signs()
    police.force.hands.forward(timedelta(hours=3, minutes=50))
    police.written(urgent='"critical-threat"', notice_published_at=None, purpose='"The same."')
    police.submitted().signed()
    police.force.hands.forward(timedelta(minutes=10))
    police.present()
    assert "the written record was due" in refusal(police, Police.opened)


@pytest.mark.requirement("R7")
def test_a_form_that_is_urgent_no_more_still_owes_the_record(police: Police) -> None:
    urgent(police).rechecked().with_signs()
    police.written().submitted().signed().noticed()
    police.force.hands.forward(timedelta(hours=4))
    police.present()
    assert "the written record was due" in refusal(police, Police.opened)


@pytest.mark.requirement("R7")
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"urgent": '"a-busy-day"'}, "is no ground of uk-police-2026"),
        ({"ends_at": "2026-12-02T10:00:00Z"}, "urgent ones 1 d"),
    ],
)
def test_urgency_is_for_a_critical_threat_and_a_day(
    police: Police, changes: dict[str, str], said: str
) -> None:
    police.wanted().verified().tested().written(**{"urgent": '"critical-threat"', **changes})
    assert said in refusal(police, Police.submitted, "submit a deployment")


@pytest.mark.requirement("R8")
def test_a_sensitive_place_takes_a_senior_officer_who_did_not_sign(police: Police) -> None:
    police.authorised(sensitive='["school"]').noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "school: overt deployment approve" in refusal(police, Police.opened)
    gate = police.force.gate
    with pytest.raises(Refused, match="ode signed the deployment"):
        gate.approve_deployment(police.silver, ID, rationale="it is the holidays")
    gate.approve_deployment(police.gold, ID, rationale="it is the holidays")
    assert police.opened().list_size == 2


@pytest.mark.requirement("R12")
def test_hours_and_faces_of_a_place_add_up_and_equal_the_log(police: Police) -> None:
    gate = police.force.gate
    for faces in (100, 50):
        opened = (police.ready() if faces == 100 else police.present()).opened()
        police.force.hands.forward(timedelta(minutes=30))
        gate.close_run(police.operator, opened, {"passages": faces, "alerts": 1})
    (place,) = gate.places(police.operator)
    assert (place.place, place.deployments) == ("Oxford Circus, London W1", 1)
    assert (place.seconds, place.faces, place.alerts) == (3600, 150, 2)
    ends = [x for x in gate.audit_lines(police.force.actor, None) if x.event == "run-ended"]
    assert sum(int(line.detail["faces"]) for line in ends) == place.faces


@pytest.mark.requirement("R12")
def test_a_run_that_died_counts_until_the_next_began(police: Police) -> None:
    gate = police.force.gate
    opened = police.ready().opened()
    gate._running.pop(opened.run).release()  # as when its process is killed
    police.force.hands.forward(timedelta(minutes=20))
    again = police.present().opened()
    gate.close_run(police.operator, again, {"passages": 1})
    (place,) = gate.places(police.operator)
    assert place.seconds == 20 * 60


@pytest.mark.requirement("R3")
def test_a_clock_set_back_is_noticed_and_opens_nothing(police: Police) -> None:
    police.ready()
    police.force.gate._records.close()
    hands = Hands((NOW - timedelta(minutes=62)).timestamp())  # two minutes before the last line
    with a_force(police.force.folder, hands) as earlier:
        earlier.actor, police.force = police.force.actor, earlier
        assert "the machine's clock is not behind the records" in refusal(police, Police.opened)


# --- the database, edited behind overt's back


def edit(force: Force, statement: str) -> None:
    with closing(sqlite3.connect(force.folder / "home" / "overt.db")) as raw:
        assert raw.execute(statement).rowcount > 0
        raw.commit()


@pytest.mark.requirement("R3")
def test_an_end_taken_out_of_the_rows_opens_nothing(police: Police) -> None:
    police.ready()
    police.force.gate.close_deployment(police.silver, ID, reason="over")
    edit(police.force, "UPDATE deployments SET state = 'signed', closed_at = NULL")
    assert "altered outside overt: deployments" in refusal(police, Police.opened)


@pytest.mark.requirement("R10")
def test_a_row_that_no_line_tells_of_is_nobody_present(police: Police) -> None:
    opened = police.ready().opened()
    police.force.hands.forward(timedelta(minutes=11))
    edit(
        police.force,
        "UPDATE deployment_facts SET at = '2026-11-30T10:12:00.000Z' WHERE event = 'checked-in'",
    )
    assert paused(police, opened) is not None


def test_words_that_somebody_rewrote_are_not_shown(police: Police) -> None:
    police.authorised().noticed()
    edit(
        police.force,
        'UPDATE deployment_facts SET evidence = \'{"where": "everywhere"}\' '
        "WHERE event = 'deployment-noticed'",
    )
    with pytest.raises(Refused, match="was altered outside overt"):
        police.force.gate.deployment(police.operator, ID)


def test_a_list_whose_builder_was_rewritten_is_refused(police: Police) -> None:
    police.authorised()
    edit(police.force, "UPDATE watchlists SET audit_id = 0")
    with pytest.raises(Refused, match="no line of the log tells of its import"):
        police.force.gate.check_deployment(police.operator, police.force.toml)


# --- the European Union


def european(police: Police, **changes: str | None) -> Police:
    people = row(subject_id="S1", image="s1.png", category="suspected-of-listed-offence")
    papers = ("dpia", "fundamental-rights-impact", "registration")
    police.listed(people).verified().tested()
    police.written(profile='"eu-ai-act"', use_case='"suspect-of-listed-offence"', **changes)
    toml = police.force.toml.read_text()
    for uk, eu in zip(("dpia", "equality-impact", "appropriate-policy"), papers, strict=True):
        toml = toml.replace(f'"{uk}"', f'"{eu}"')
    police.force.toml.write_text(toml)
    return police.submitted().signed()


def decided(police: Police, *, granted: bool = True) -> Police:
    order = DecisionOrder(
        police.proof("order.pdf"), "the investigating judge", "2026/77", granted,
        UtcTime(NOW + timedelta(hours=4)),
    )  # fmt: skip
    police.force.gate.record_decision(police.gold, ID, order)
    return police


@pytest.mark.requirement("R70")
def test_in_the_union_an_officers_signature_alone_is_no_authority(police: Police) -> None:
    european(police).noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    police.present()
    assert "an officer's signature alone is no authority" in refusal(police, Police.opened)
    opened = decided(police).opened()
    assert closed(police, opened) is None


@pytest.mark.requirement("R70")
def test_in_the_union_urgency_lasts_until_the_decision_is_due_or_refuses(police: Police) -> None:
    european(police, urgent='"imminent-threat-to-life"', notice_published_at=None)
    police.rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    opened = police.present().opened()
    decided(police, granted=False)
    assert closed(police, opened) == "the authority that was asked refused it"


@pytest.mark.requirement("R70")
def test_in_the_union_an_overdue_report_bars_the_next_use(police: Police) -> None:
    european(police).noticed().rechecked().with_signs()
    police.force.hands.forward(timedelta(minutes=31))
    gate = police.force.gate
    opened = decided(police.present()).opened()
    police.force.hands.forward(timedelta(hours=5))
    gate.close_run(police.operator, opened, {})
    police.force.hands.forward(timedelta(hours=49))
    gate.expire(police.operator)
    checked = gate.check_deployment(police.operator, police.force.toml)
    (report,) = (each for each in checked.results if each.rule is Rule.REPORTS)
    assert not report.met
    gate.evaluate_deployment(police.assessor, ID, police.proof("r.pdf"), conclusion="no alert")
    checked = gate.check_deployment(police.operator, police.force.toml)
    assert all(each.met for each in checked.results if each.rule is Rule.REPORTS)


@pytest.mark.requirement("R60")
def test_the_public_record_of_a_deployment_without_an_alert_is_there_too(police: Police) -> None:
    opened = police.ready().opened()
    gate = police.force.gate
    gate.close_run(police.operator, opened, {"passages": 40, "alerts": 0})
    record = gate.public_record(police.assessor, ID)
    assert (record.alerts, record.faces, record.people) == (0, 40, 2)
    assert record.place == "Oxford Circus, London W1"
    with pytest.raises(NotPermitted):
        gate.public_record(police.operator, ID)


# --- consent


def test_under_consent_the_program_makes_the_moves_and_says_so(force: Force) -> None:
    force.ready()
    view = force.gate.deployment(force.actor, force.open().id)
    assert view.line.stage is Stage.OPEN
    told = [(act.event, act.facts.get("by_itself")) for act in view.acts]
    assert told == [
        ("deployment-submitted", True), ("deployment-signed", None),
        ("deployment-noticed", True), ("deployment-opened", None),
    ]  # fmt: skip
    assert LifeFacts().stage is Stage.DRAFTED


def test_every_record_of_a_deployment_names_the_profile_that_governed_it(force: Force) -> None:
    force.ready()
    (line,) = force.gate.deployments(force.actor)
    assert line.governed_by.startswith("consent/3 sha256:")
    for event in ("deployment-submitted", "deployment-signed", "deployment-noticed"):
        assert force.last(event)["profile"] == line.governed_by
    force.open()
    assert force.last("deployment-opened")["profile"] == line.governed_by
    assert force.gate.watchlists(force.actor)[0].name == LIST
