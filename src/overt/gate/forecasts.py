"""The forecast of false alerts as it is put on record, for whoever signs, approves and passes (R18)."""

from collections.abc import Mapping
from math import ceil
from typing import Final

from overt.audit.events import AuditEvent
from overt.audit.line import Fact
from overt.gate.life_lines import Subject, told_of, words_of
from overt.gate.list_reading import Act
from overt.policy.case import Case
from overt.policy.forecast import Forecast, for_the_public

FALSE_ALERTS: Final = "false_alerts"
ON_THE_NOTICE: Final = "notice_says"


def forecast_in_words(case: Case) -> dict[str, str]:
    """What is kept of it with what was submitted."""
    told = case.forecast
    if told is None:
        return {FALSE_ALERTS: f"unknown: {case.forecast_fault}"}
    owed = {ON_THE_NOTICE: for_the_public(told)} if case.profile.forecast_on_notice else {}
    return {FALSE_ALERTS: str(told), **owed}


def forecast_facts(told: Forecast | None) -> Mapping[str, Fact]:
    """What the line of a signature tells: whole numbers, the upper end rounded up."""
    if told is None:
        return {}
    return {
        "false_alerts_expected": round(told.expected),
        "false_alerts_at_most": ceil(told.most),
        "faces_expected": told.faces,
    }


def foretold(act: Act, subject: Subject) -> Mapping[str, str]:
    """What was foretold when this very form was last submitted; empty where nothing was."""
    submitted = AuditEvent.DEPLOYMENT_SUBMITTED.value
    lines = [
        line
        for line in told_of(act, subject.id)
        if line.event == submitted and line.digest == subject.digest
    ]
    words = words_of(act, lines[-1]) if lines else {}
    kept = (FALSE_ALERTS, ON_THE_NOTICE)
    return {name: str(words[name]) for name in kept if name in words}
