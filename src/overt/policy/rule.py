"""One rule of a deployment, and what came of asking it."""

from dataclasses import dataclass
from enum import Enum


class Rule(Enum):
    """The value is the row of `requirements.md`, and the rule in a few words."""

    PROFILE = ("R70", "the profile is known")
    USE_CASE = ("R4", "the use case is one of the profile's")
    PURPOSE = ("R1", "purpose and legal basis are stated")
    NECESSITY = ("R2", "necessity, proportionality and alternatives are stated")
    PLACE = ("R9", "the place is stated")
    WINDOW = ("R3", "the window is fixed and not over")
    NOTICE = ("R59", "the public was told before the start")
    DPIA = ("R5", "the data protection impact assessment is in force")
    EQUALITY_IMPACT = ("R5", "the equality impact assessment is in force")
    APPROPRIATE_POLICY = ("R5", "the appropriate policy document is in force")
    ZONE = ("R11", "every camera has a stated zone of recognition")
    LIST_THERE = ("R18", "the watchlist is there and not empty")
    LIST_AGE = ("R17", "the watchlist is fresh")
    LIST_SIZE = ("R18", "the watchlist is within the cap")
    CATEGORIES = ("R13", "every category is one of the profile's")
    REVIEW = ("R23", "entries past their review date are excluded")
    PACK = ("R34", "the model pack is there and may be used so")
    PRECISION = ("R34", "the pack runs at this precision")
    THRESHOLD = ("R32", "the threshold is not below the pack's floor")
    SIGNATURE = ("R1", "a trusted officer's signature")
    UNALTERED = ("R9", "the file is as it was signed")
    SIGNED_LIST = ("R17", "the watchlist is the signed one")
    SIGNED_PACK = ("R34", "the model pack and precision are the signed ones")
    SIGNED_PROFILE = ("R70", "the profile's version is the signed one")
    NOT_CLOSED = ("R3", "the authorisation has not ended before")
    NOT_REPLACED = ("R3", "no later signature replaced it")
    CLOCK = ("R3", "the machine's clock is not behind the records")
    SUBMITTED = ("R1", "it was submitted exactly as it stands")
    SEPARATION = ("R6", "the list builder and the authoriser are two people")
    SECOND_CHECK = ("R15", "entries that no second person checked are excluded")
    APPROVALS = ("R19", "under-18s and exceptional entries without approval are excluded")
    FORECAST = ("R18", "the false alerts to be expected stay below the ceiling")
    EQUALITY_EVIDENCE = ("R62", "test evidence of equal accuracy is in force")
    SENSITIVE = ("R8", "a senior officer approved a sensitive place or event")
    URGENT = ("R7", "urgent authority is timed and its written record not overdue")
    INDEPENDENT = ("R70", "a court or an independent body authorised it")
    REPORTS = ("R70", "no report on an earlier use is overdue")
    NOTICED = ("R59", "the notice is on record, for this window and place")
    RECHECKED = ("R17", "every entry was looked up again before the start")
    SIGNS = ("R26", "signs stand around the zone")
    CHECK_IN = ("R10", "officers are present, and check in")
    NOT_SUSPENDED = ("R33", "it is not suspended")

    @property
    def row(self) -> str:
        return self.value[0]

    @property
    def says(self) -> str:
        return self.value[1]


class Outcome(Enum):
    MET = "met"
    BROKEN = "broken"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class RuleResult:
    rule: Rule
    outcome: Outcome
    message: str
    """What was found and, if broken, how to mend it."""

    @property
    def met(self) -> bool:
        return self.outcome is not Outcome.BROKEN

    def __str__(self) -> str:
        return f"{self.outcome.value:<7} {self.rule.row:<4} {self.rule.says}: {self.message}"


def broken(results: list[RuleResult]) -> list[RuleResult]:
    return [result for result in results if not result.met]
