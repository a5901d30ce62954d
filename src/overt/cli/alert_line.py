"""Events as lines for a person at a terminal. A match is a resemblance, never an identity."""

from typing import Final

from overt.live.supervise import Event
from overt.rates.how_many import how_many

MOST_MS: Final = 2000
"""R30: within this, 95 of 100 alerts reach the operator."""
LATE: Final = "LATE: of 100 alerts, more than 5 took longer than two seconds; fewer cameras, or a faster machine"


def shown_as(event: Event) -> str | None:
    """One event as one line (a summary as several), or None where a terminal needs none."""
    match event["event"]:
        case "started":
            return _started(event)
        case "alert":
            return f"ALERT   {_alert(event)}"
        case "alert_update":
            return f"better  {_alert(event)}"
        case "camera":
            told = event.get("reason") or f"after {event.get('after_seconds')} s"
            return f"camera  {event['camera']} {event['state']}: {told}"
        case "refused" | "fault":
            return f"{event['event']}: camera {event['camera']}: {event['reason']}"
        case "paused":
            return f"PAUSED  {_where(event)}nobody is looked at: {event['reason']}"
        case "went_on":
            return f"GOES ON {_where(event)}people are looked at again"
        case "summary":
            return _summary(event)
    return None


def _where(event: Event) -> str:
    camera = f" camera {event['camera']}" if "camera" in event else ""
    return f"{event['at']}{camera}: "


def is_late(event: Event) -> bool:
    """Whether more than 5 of 100 alerts of a run were shown later than they should be (R30)."""
    p95 = event["latency_ms"]["p95"] if event["event"] == "summary" else None
    return p95 is not None and p95 > MOST_MS


def _started(event: Event) -> str:
    watching = (
        f"watching {', '.join(event['cameras'])} for {event['deployment']} "
        f"until {event['closes_at']}: list {event['watchlist']} of {event['list_size']}, "
        f"threshold {event['threshold']}"
    )
    lines = [
        watching,
        f"pack {event['pack']}, {event['precision']}, {event['engine']}",
    ]
    return "\n".join([*([event["banner"]] if event["banner"] else []), *lines])


def _alert(event: Event) -> str:
    line = (
        f"{event['raised_at']} {event['camera']}: a passage resembles {event['subject_id']}, "
        f"similarity {event['similarity']:.3f} (threshold {event['threshold']}, "
        f"list of {event['list_size']}), {event['shots']} shots  [{event['id']}]"
    )
    if event.get("heading"):
        line += f"\n        moving: {event['heading']}"
    if event["ambiguous"]:
        line += f"\n        AMBIGUOUS: {event['second_subject_id']} is nearly as alike"
    if event.get("lookalikes"):
        line += f"\n        known to resemble: {', '.join(event['lookalikes'])}"
    return line


def _summary(event: Event) -> str:
    reasons = ", ".join(f"{n} {why}" for why, n in event["not_matched_because"].items())
    p95 = event["latency_ms"]["p95"]
    return "\n".join(
        [
            f"ended: {event['ended_because']}",
            f"{how_many(event['frames'], 'frame')} ({event['fps']} a second, {event['dropped']} dropped), "
            f"{how_many(event['passages'], 'passage')}, {how_many(event['alerts'], 'alert')}"
            + (f", p95 to alert {p95:.0f} ms" if p95 is not None else ""),
            f"not compared: {event['too_small']} too small, {event['out_of_zone']} out of the zone"
            + (f"; no alert because: {reasons}" if reasons else ""),
            *_cut(event),
            *_watched(event),
        ]
    )


def _cut(event: Event) -> list[str]:
    """Whoever relies on a recording should know that some of it was never seen."""
    missing = event["missing_seconds"]
    if not missing:
        return []
    return [
        (
            f"CUT SHORT: a recording promises {how_many(missing, 'second')} more than it holds; "
            "nobody in them was looked at: give a whole copy"
        )
    ]


def _watched(event: Event) -> list[str]:
    """What the tests in operation stand at, where there is anything to tell."""
    told = event.get("false_alerts")
    lines = []
    if told:
        lines.append(
            f"false alerts: {told['false_alerts']} found in {how_many(told['faces'], 'face')} (true rate "
            f"{told['low']:.2g} to {told['high']:.2g}, 95 %)"
        )
    if outside := {name: n for name, n in event["outside_validated"].items() if n}:
        counted = ", ".join(f"{n} {name.replace('_', ' ')}" for name, n in outside.items())
        lines.append(f"passages outside of what was tested: {counted}")
    return lines
