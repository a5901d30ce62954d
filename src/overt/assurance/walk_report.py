"""What a seeded walk shows: TRR and FAR with intervals by condition, every doubt counted and told.

Kept apart from the figures of any operation: whoever walks knows that they are looked for (R25).
No participant is named, not even by id.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from overt.assurance.report import percent, told_of
from overt.assurance.report_files import rendered
from overt.rates.how_many import how_many, people
from overt.rates.walk_matching import (
    REACH,
    MatchedWalk,
    Reach,
    Standing,
    WalkRecord,
    matched_walk,
)
from overt.rates.walk_rates import Row, WalkRate, WalkRates, walk_rates
from overt.units import iso

FORMAT: Final = "overt walk report 1"
METHOD: Final = (
    (
        "TRR is the share of listed participants' passes through the zone that raised an alert for "
        "the right person (South Wales Police's definition; ISO/IEC 30137-1 calls it TPIR)."
    ),
    (
        "An alert belongs to a pass of the person it names, before the same camera, within the reach "
        "of the logged time; each pass has at most one alert, each alert one pass, paired so that as "
        "many as possible are paired and those nearest in time first."
    ),
    (
        "FAR is the number of alerts that belong to no pass, by faces seen: passages that the runs "
        "counted. Each such alert counts as false, although it may be a pass that nobody logged."
    ),
    (
        "FAR by condition is of control passes: people who agreed to walk and are not on the list. "
        "How passers-by looked is never recorded, so their FAR has no conditions."
    ),
    (
        "Intervals are two-sided 95 % Clopper-Pearson. Passes of one person err together; the second "
        "interval counts people for what they are worth (Korn and Graubard)."
    ),
)
LIMITS: Final = (
    "These rates hold for these people, cameras, places and days.",
    (
        "Whoever walks knows that they are looked for, and may walk otherwise than somebody who does "
        "not. People who chose to walk are not drawn at random from those who will pass."
    ),
    "An interval covers chance alone, not a pass that was logged wrongly or not at all.",
    "Figures of a walk are in no figure of any operation, and none of those is here.",
)


def walk_report(record: WalkRecord, reach: Reach = REACH) -> dict[str, Any]:
    """Everything that the report says, as one JSON object."""
    matched = matched_walk(record, reach)
    rates = walk_rates(matched)
    return {
        "format": FORMAT,
        "title": f"Seeded walk {record.deployment}",
        "summary": _summary(rates),
        "warnings": _warnings(matched, rates),
        "trr": rates.trr.as_json(),
        "far": _far(rates),
        "control_far": rates.control_far.as_json(),
        "by_condition": [_row(row) for row in rates.rows],
        "passes": {standing.value: matched.count(standing) for standing in Standing},
        "doubts": {
            "double_alerts": matched.doubts.double_alerts,
            "alerts_without_pass": matched.doubts.alerts_without_pass,
            "of_those_near_another_participant": matched.doubts.of_those_near_another,
            "passes_within_one_reach": matched.doubts.passes_within_one_reach,
            "alerted_although_not_through_the_zone": matched.doubts.alerted_outside_zone,
        },
        "data": {
            "deployment": record.deployment,
            "place": record.place,
            "cameras": list(record.cameras),
            "participants_listed": len(record.listed),
            "participants_withdrawn": record.withdrawn,
            "passes_logged": len(record.passes),
            "alerts": len(record.alerts),
            "runs": [
                {"from": iso(run.opened_at), "until": iso(run.ended_at), "faces": run.faces}
                for run in record.runs
            ],
            "reach_seconds": {"before": reach.before, "after": reach.after},
        },
        "method": list(METHOD),
        "limits": list(LIMITS),
    }


def walk_page(report: Mapping[str, Any]) -> str:
    return rendered("walk.html.j2", report=report, percent=percent, counted=_counted)


def _counted(rate: Mapping[str, Any]) -> str:
    """`18 of 24, 75 % (53.3 % to 90.2 %)`, and the interval by person."""
    if not rate["trials"]:
        return "no passes"
    return (
        f"{rate['count']:,} of {rate['trials']:,}, {percent(rate['rate'])} "
        f"({percent(rate['low'])} to {percent(rate['high'])}; by person "
        f"{percent(rate['low_by_person'])} to {percent(rate['high_by_person'])})"
    )


def _row(row: Row) -> dict[str, object]:
    return {
        "condition": row.column,
        "value": row.value,
        "trr": row.trr.as_json(),
        "control_far": row.control_far.as_json(),
    }


def _far(rates: WalkRates) -> dict[str, object]:
    told = (
        rates.far.as_json()
        if rates.far is not None
        else dict.fromkeys(("errors", "trials", "rate", "low", "high", "upper_bound_if_none"))
    )
    return {
        **told,
        "insufficient_data": bool(rates.far_insufficient),
        "why_insufficient": rates.far_insufficient,
    }


def _summary(rates: WalkRates) -> list[str]:
    trr = rates.trr
    said = [_trr_sentence(trr)]
    if rates.far is None:
        said.append("FAR is not known: a run ended without saying how many faces it saw.")
    else:
        what = "raised an alert that belongs to no logged pass"
        said.append(told_of(rates.far.as_json(), of="faces seen", what=what))
        if rates.far.errors == 0 and rates.far.trials:
            said.append(
                f"No false alert in {how_many(rates.far.trials, 'face')} shows a FAR below "
                f"{percent(rates.far.upper_bound())}, and no lower one."
            )
    return said


def _trr_sentence(trr: WalkRate) -> str:
    if not trr.counts.trials:
        return "No listed participant went through the zone while matching was going on."
    said = (
        f"TRR: {_counted(trr.as_json())}; {people(trr.people)}, whose passes are worth "
        f"{trr.effective:.1f} of different people."
    )
    return said + (f" Insufficient data: {trr.insufficient}." if trr.insufficient else "")


def _warnings(matched: MatchedWalk, rates: WalkRates) -> list[str]:
    doubts = matched.doubts
    told: Sequence[tuple[int, str]] = (
        (doubts.alerts_without_pass, "alerts belong to no logged pass and count as false"),
        (
            doubts.of_those_near_another,
            "of those came while another participant passed the same camera",
        ),
        (doubts.double_alerts, "passes' second alerts were counted once"),
        (
            doubts.passes_within_one_reach,
            "passes are so near another of the same person that an alert may be of either",
        ),
        (doubts.alerted_outside_zone, "alerts came of passes logged outside the zone, or unsure"),
        (matched.count(Standing.UNSURE), "passes are left out: unsure whether through the zone"),
        (matched.count(Standing.OUTSIDE), "passes are left out: outside the zone"),
        (matched.count(Standing.NOT_RUNNING), "passes are left out: nothing was matched then"),
    )
    said = [f"{count} {what}." for count, what in told if count]
    thin = [f"{row.column} {row.value}" for row in rates.rows if row.trr.insufficient]
    if thin:
        said.append(f"Insufficient data for a TRR by: {', '.join(thin)}.")
    if rates.far_insufficient:
        said.append(f"Insufficient data for FAR: {rates.far_insufficient}.")
    return said
