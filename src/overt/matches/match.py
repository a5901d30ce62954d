"""A match: a resemblance between a probe and a person on the list. Never an identity."""

from dataclasses import dataclass

from overt.identifiers import SubjectId
from overt.units import Similarity


@dataclass(frozen=True, slots=True)
class Match:
    """The best resemblance of one probe to the list, with the runner-up (R22)."""

    subject_id: SubjectId
    similarity: Similarity
    """The best over all reference images of the subject."""
    reference: int
    """Which of the subject's reference images it resembles most, from 0 in list order."""
    second: SubjectId | None
    """The most alike other subject, None on a list of one."""
    second_similarity: Similarity | None

    @property
    def margin(self) -> float | None:
        if self.second_similarity is None:
            return None
        return self.similarity - self.second_similarity
