"""How well people judge: time, rejections, disagreement, and what they make of decoys (R42). Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

from overt.decisions.states import Move
from overt.identifiers import ActorId, AlertId
from overt.units import Seconds


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement of one alert by one person."""

    by: ActorId
    alert: AlertId
    move: Move
    after: Seconds
    """Since the alert was raised."""


@dataclass(frozen=True, slots=True)
class OperatorStatistics:
    """Counts, so that whoever reads them forms the rates and sees how few they rest on."""

    by: ActorId
    judgements: int
    rejected: int
    """Judged not the person, or unsure."""
    median_seconds: float | None
    judged_by_two: int
    disagreed: int
    decoys: int
    """Decoys that show two people; whoever lets one pass would have sent somebody after a stranger."""
    decoys_caught: int
    decoys_accepted: int
    same_person_decoys: int
    same_person_rejected: int

    def facts(self) -> dict[str, object]:
        return {
            "account": self.by,
            "judgements": self.judgements,
            "rejected": self.rejected,
            "median_seconds": self.median_seconds,
            "judged_by_two": self.judged_by_two,
            "disagreed": self.disagreed,
            "decoys": self.decoys,
            "decoys_caught": self.decoys_caught,
            "decoys_accepted": self.decoys_accepted,
            "same_person_decoys": self.same_person_decoys,
            "same_person_rejected": self.same_person_rejected,
        }


def statistics_of(
    judged: Iterable[Judged], decoys: Mapping[AlertId, bool]
) -> tuple[OperatorStatistics, ...]:
    """Give one row a person, by account; `decoys` says of each whether it shows one person."""
    every = list(judged)
    return tuple(_of(by, every, decoys) for by in sorted({each.by for each in every}))


def _accepts(judged: Judged) -> bool:
    return judged.move is Move.JUDGE_POSSIBLE_MATCH


def _of(by: ActorId, every: list[Judged], decoys: Mapping[AlertId, bool]) -> OperatorStatistics:
    own = [each for each in every if each.by == by]
    real = [each for each in own if each.alert not in decoys]
    others = {each.alert: each for each in every if each.by != by}
    both = [(each, others[each.alert]) for each in real if each.alert in others]
    strangers = [each for each in own if decoys.get(each.alert) is False]
    same = [each for each in own if decoys.get(each.alert) is True]
    caught = sum(not _accepts(each) for each in strangers)
    return OperatorStatistics(
        by=by,
        judgements=len(real),
        rejected=sum(not _accepts(each) for each in real),
        median_seconds=round(median(each.after for each in real), 3) if real else None,
        judged_by_two=len(both),
        disagreed=sum(_accepts(one) != _accepts(other) for one, other in both),
        decoys=len(strangers),
        decoys_caught=caught,
        decoys_accepted=len(strangers) - caught,
        same_person_decoys=len(same),
        same_person_rejected=sum(not _accepts(each) for each in same),
    )
