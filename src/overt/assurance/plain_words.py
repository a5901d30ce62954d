"""What a test of equality shows, in words that a magistrate can use.

A difference that was not shown is never called none: the sentence says what size of difference
the test could have missed.
"""

from math import inf
from typing import assert_never

from overt.assurance.equality import Disparity, EqualityReport, GroupRate
from overt.assurance.groups import Measure
from overt.assurance.power import Gap
from overt.policy.equality_evidence import Finding
from overt.rates.counts import Rate
from overt.rates.how_many import how_many, people

ERROR = {
    Measure.FPIR: "wrongly alerted on",
    Measure.FNIR: "listed and missed",
}


def sentence(report: EqualityReport) -> str:
    """One paragraph; whoever reads nothing else learns the finding and its limits."""
    if not report.disparities:
        return (
            "Nothing is known of equality: the data say too little of the groups that people "
            "belong to."
        )
    match report.finding:
        case Finding.GAP_SHOWN:
            return _gaps(report)
        case Finding.NO_GAP_SHOWN:
            return _none_shown(report)
        case Finding.TOO_FEW:
            return _too_few(report)
    assert_never(report.finding)


def _gaps(report: EqualityReport) -> str:
    shown = [
        (each, group)
        for each in report.disparities
        if each.finding is Finding.GAP_SHOWN
        for group in each.groups
        if group.chance is not None and group.chance <= 0.05
    ]
    told = "; ".join(_gap(each, group) for each, group in shown[:4])
    more = f"; and {len(shown) - 4} more such differences" if len(shown) > 4 else ""
    return (
        f"At the threshold {report.threshold:.4f} the system did not treat groups alike: "
        f"{told}{more}. If it did treat them alike, chance would give differences as large as "
        "these in at most one test in twenty."
    )


def _gap(each: Disparity, group: GroupRate) -> str:
    rest = Rate(each.overall.errors - group.rate.errors, each.overall.trials - group.rate.trials)
    return (
        f"people of the group “{each.column}: {group.value}” were {ERROR[each.measure]} "
        f"{_times(group.rate)}, the others {_times(rest)}"
    )


def _none_shown(report: EqualityReport) -> str:
    told = "; ".join(_limit(each) for each in report.disparities if not each.crossed)
    return (
        f"At the threshold {report.threshold:.4f} this test did not show a difference between "
        f"groups. It does not follow that there is none. What it could have missed: {told}."
        f"{_crossed(report)}"
    )


def _too_few(report: EqualityReport) -> str:
    blind = [
        each for each in report.disparities if not each.crossed and each.finding is Finding.TOO_FEW
    ]
    told = "; ".join(_limit(each) for each in blind)
    missing = [measure for measure in Measure if measure not in _measured(report)]
    half = [] if missing else report.tried_for_one_measure
    told = "; ".join(
        [
            *([told] if told else []),
            *(f"nobody was tested for being {ERROR[m]}" for m in missing),
            *(f"people of “{name}” were tested for one kind of error only" for name in half),
        ]
    )
    return (
        f"At the threshold {report.threshold:.4f} this test is too small to say whether groups are "
        f"treated alike, and is no evidence that they are: {told}."
    )


def _limit(each: Disparity) -> str:
    """Of the group about which least is known."""
    least = max(each.groups, key=_unseen)
    whom = f"“{each.column}: {least.value}” ({people(least.people)})"
    above, below = least.would_see, least.would_see_below
    if above is None:
        return f"any rate at which people of {whom} were {ERROR[each.measure]}"
    seldom = "" if below is None else f", or as seldom as {_beside(below)}"
    never = ", or at any lower rate" if below is None else ""
    return (
        f"people of {whom} could be {ERROR[each.measure]} up to {_beside(above)}{seldom}{never}, and "
        "this test would likely not have found it"
    )


def _unseen(group: GroupRate) -> float:
    """How large a gap stays unseen, the larger of both ways; without end where any does."""
    above, below = group.would_see, group.would_see_below
    if above is None or below is None or not below.group:
        return inf
    return max(above.group / max(above.others, 1e-9), below.others / below.group)


def _beside(gap: Gap) -> str:
    times = "" if gap.times is None else f", {gap.times:.2g} times the rate of the others"
    return f"{gap.group:.2%} of the time{times} ({gap.others:.2%})"


def _crossed(report: EqualityReport) -> str:
    small = [e for e in report.disparities if e.crossed and e.finding is Finding.TOO_FEW]
    if not small:
        return ""
    names = ", ".join(dict.fromkeys(each.column for each in small))
    return f" Of groups crossed ({names}) too few people were tested to say anything."


def _measured(report: EqualityReport) -> set[Measure]:
    return {each.measure for each in report.disparities if not each.crossed}


def _times(rate: Rate) -> str:
    share = "" if rate.rate is None else f" ({rate.rate:.2%})"
    return f"{how_many(rate.errors, 'time')} in {rate.trials:,}{share}"
