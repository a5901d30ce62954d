"""The record of a false engagement: what must stand in it before it can be closed (R48). Pure."""

from dataclasses import dataclass, fields

from overt.decisions.review import require_words
from overt.errors import Refused

LONGEST_STOP_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    """What was done for the person; None where nobody has said yet."""

    leaflet: str | None = None
    """Which leaflet on their rights and on complaining they were given, or why none."""
    complaint: str | None = None
    """The reference under which they can complain, or did."""
    stop_minutes: int | None = None
    """How long they were kept."""
    outcome: str | None = None
    """What came of it for the person, and what was put right."""

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(f.name for f in fields(self) if getattr(self, f.name) is None)


def amended(record: IncidentRecord, news: IncidentRecord) -> IncidentRecord:
    """Give the record with what is newly said; words are words and a length is a length."""
    for name in ("leaflet", "complaint", "outcome"):
        if (words := getattr(news, name)) is not None:
            require_words(f"the {name} of an incident", words)
    minutes = news.stop_minutes
    if minutes is not None and not 0 <= minutes <= LONGEST_STOP_MINUTES:
        raise Refused(f"a stop lasts 0 to {LONGEST_STOP_MINUTES} minutes, not {minutes}")
    if len(news.missing) == len(fields(news)):
        raise Refused("say at least one thing: leaflet, complaint, stop length or outcome")
    return IncidentRecord(
        *(
            getattr(record, f.name) if getattr(news, f.name) is None else getattr(news, f.name)
            for f in fields(record)
        )
    )


def require_complete(record: IncidentRecord) -> None:
    if record.missing:
        raise Refused(
            "an incident is closed only when its record says everything (R48); it lacks: "
            + ", ".join(name.replace("_", " ") for name in record.missing)
        )
