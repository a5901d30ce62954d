"""An alert: one passage resembled one person on the list enough to show it to a human being.

It says how alike, against which threshold and how long a list, and who else came close. It is
never an identification, and nothing follows from it without a recorded human decision.
"""

from dataclasses import dataclass

from overt.identifiers import AlertId, CameraId, PassageId, SubjectId
from overt.tracks.heading import Heading
from overt.units import Seconds, Similarity, UtcTime, iso


@dataclass(frozen=True, slots=True)
class Alert:
    """What is shown, printed, kept and written to events: no image and no template."""

    id: AlertId
    passage: PassageId
    camera: CameraId
    captured_at: UtcTime
    """When the camera took the best shot."""
    raised_at: UtcTime
    media_time: Seconds
    """The best shot's time on the source's own clock."""
    subject_id: SubjectId
    reference: int
    """Which of the subject's reference images the passage resembles most, from 0."""
    similarity: Similarity
    threshold: Similarity
    list_size: int
    """How many people the passage was compared with."""
    shots: int
    """How many independent shots the similarity rests on."""
    second: SubjectId | None
    """The most alike other person, None on a list of one."""
    second_similarity: Similarity | None
    ambiguous: bool
    """The margin to the second is so small that either could be meant: both are named (R22)."""
    lookalikes: tuple[SubjectId, ...] = ()
    """Others on the list who are known to resemble the subject (R22)."""
    heading: Heading = Heading.UNKNOWN
    """Which way the face moved in the picture (R40); kept of alerts only."""
    evidence_took: Seconds | None = None
    """From the first usable look to the one that told, on the source's clock (R30): told when it is
    raised, and not kept."""

    @property
    def margin(self) -> float | None:
        if self.second_similarity is None:
            return None
        return self.similarity - self.second_similarity

    def event_fields(self) -> dict[str, object]:
        """The alert as events and printed lines give it (design §6), cosines to four decimals."""
        margin = self.margin
        named: dict[str, object] = {
            "id": self.id,
            "passage": self.passage,
            "camera": self.camera,
            "captured_at": iso(self.captured_at),
            "raised_at": iso(self.raised_at),
            "media_time": round(self.media_time, 3),
            "subject_id": self.subject_id,
            "similarity": round(self.similarity, 4),
            "threshold": self.threshold,
            "list_size": self.list_size,
            "margin": None if margin is None else round(margin, 4),
            "ambiguous": self.ambiguous,
            "shots": self.shots,
            "heading": self.heading.value,
        }
        if self.evidence_took is not None:
            named["evidence_seconds"] = round(self.evidence_took, 3)
        if self.ambiguous:
            named["second_subject_id"] = self.second
        if self.lookalikes:
            named["lookalikes"] = list(self.lookalikes)
        return named
