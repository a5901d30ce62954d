"""What of a case somebody may see before they have judged it themselves (R39, R42). Pure.

Until their own judgement is recorded they see neither another's nor how alike the faces scored,
and an alert that one person has judged looks like one that nobody has.
"""

from dataclasses import replace

from overt.decisions.case import Case
from overt.decisions.review import Review
from overt.decisions.states import JUDGED, JUDGEMENTS, AlertState
from overt.identifiers import ActorId


def is_blind(review: Review, viewer: ActorId) -> bool:
    """Whether the viewer's own judgement may still come."""
    return review.state in JUDGED and all(act.by != viewer for act in review.judgements)


def seen_by(case: Case, viewer: ActorId) -> Case:
    """Give the case as this person may see it."""
    if not is_blind(case.review, viewer):
        return case
    acts = tuple(act for act in case.review.acts if act.move not in JUDGEMENTS)
    review = Review(case.review.raised_at, AlertState.RAISED, acts)
    return replace(case, review=review, blind=True)
