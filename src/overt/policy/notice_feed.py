"""The notices of deployments as a feed that anybody may follow: Atom (RFC 4287), from the log.

Each deployment is one entry with an id that never changes, so that a notice put right is seen as
that. Its lead time stands in it twice: in words, and in minutes for whoever adds them up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from overt.identifiers import DeploymentId
from overt.policy.span import in_words
from overt.units import UtcTime, iso

ATOM: Final = "http://www.w3.org/2005/Atom"
OURS: Final = "urn:overt:notices"
FEED_FILE: Final = "notices.atom"


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """What the public was told of one deployment, and when."""

    deployment: DeploymentId
    place: str
    use_case: str
    profile: str
    rank: str
    starts_at: UtcTime
    ends_at: UtcTime
    published_at: UtcTime
    recorded_at: UtcTime
    where: str
    owed: str
    """Sentences that the profile asks of the notice."""
    changed: bool
    """Signed anew since: what was told is no longer what was authorised."""
    ended_at: UtcTime | None

    @property
    def id(self) -> str:
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{OURS}:{self.deployment}')}"

    @property
    def lead_minutes(self) -> int:
        """How long before the start the public could read it; negative if after."""
        return int((self.starts_at - self.published_at).total_seconds() // 60)

    @property
    def updated_at(self) -> UtcTime:
        return max(self.recorded_at, self.ended_at or self.recorded_at)

    def sentences(self) -> Iterator[str]:
        yield (
            f"Live facial recognition at {self.place}, {iso(self.starts_at)} to "
            f"{iso(self.ends_at)}, for {self.use_case}, under the rules {self.profile}."
        )
        lead = self.starts_at - self.published_at
        when = f"{in_words(lead)} before the start" if self.lead_minutes >= 0 else "after the start"
        yield f"Published {iso(self.published_at)}, {when}: {self.where}."
        if self.owed:
            yield self.owed
        if self.changed:
            yield "It was changed since and a new notice is owed."
        if self.ended_at is not None:
            early = self.ended_at < self.starts_at
            yield "It was called off." if early else f"It ended {iso(self.ended_at)}."


def atom(notices: Sequence[PublicNotice], *, publisher: str, site: str) -> bytes:
    """Write the feed, the latest notice first; the same bytes from the same records."""
    register_namespace("", ATOM)
    register_namespace("overt", OURS)
    feed = Element(f"{{{ATOM}}}feed")
    _text(feed, "id", f"urn:uuid:{uuid5(NAMESPACE_URL, f'{OURS}:{site or publisher}')}")
    _text(feed, "title", "Notices of live facial recognition")
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", publisher)
    if site:
        SubElement(feed, f"{{{ATOM}}}link", {"rel": "self", "href": site})
    ordered = sorted(notices, key=lambda each: (each.published_at, each.id), reverse=True)
    latest = max((each.updated_at for each in ordered), default=None)
    _text(feed, "updated", iso(latest) if latest else "1970-01-01T00:00:00Z")
    for notice in ordered:
        _entry(SubElement(feed, f"{{{ATOM}}}entry"), notice)
    indent(feed)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True)) + b"\n"


def _entry(entry: Element, notice: PublicNotice) -> None:
    _text(entry, "id", notice.id)
    _text(entry, "title", f"{notice.place}, {notice.starts_at.date().isoformat()}")
    _text(entry, "published", iso(notice.published_at))
    _text(entry, "updated", iso(notice.updated_at))
    _text(entry, "content", " ".join(notice.sentences()))
    ours = {
        "deployment": notice.deployment,
        "starts-at": iso(notice.starts_at),
        "ends-at": iso(notice.ends_at),
        "lead-minutes": str(notice.lead_minutes),
        "authorised-by-rank": notice.rank,
    }
    for name, value in ours.items():
        if value:
            SubElement(entry, f"{{{OURS}}}{name}").text = value


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = text
