"""Exact search: every probe is compared with every reference, and the best image counts.

An approximate index would make evidence depend on its luck (design §4). The scores go to
buffers of the gallery, so that no copy of the probe stays behind (R50).
"""

import numpy as np

from overt.matches.gallery import UNIT_TOLERANCE, Gallery
from overt.matches.match import Match
from overt.templates.template import Template, require_same_model
from overt.units import Similarity

DECIMALS = 6
"""Beyond this, float32 cosines depend on the processor; what is equal to here is a tie."""


def search(template: Template, gallery: Gallery) -> Match | None:
    """Find whom the probe resembles most; None only if nobody is on the list.

    Of equals, the one who stands first on the list is named first. Raises ModelMismatch where
    the two cannot be compared, and ValueError for a probe that is not of unit length.
    """
    require_same_model(template.model, gallery.model)
    if gallery.size == 0:
        return None
    _score(template, gallery)
    scores = gallery.subject_scores
    best = int(np.argmax(scores))
    similarity = Similarity(float(scores[best]))
    scores[best] = -np.inf
    second = int(np.argmax(scores))
    has_second = gallery.size > 1
    return Match(
        subject_id=gallery.subject_ids[best],
        similarity=_rounded(similarity),
        reference=int(np.argmax(gallery.row_scores[gallery.rows_of(best)])),
        second=gallery.subject_ids[second] if has_second else None,
        second_similarity=_rounded(scores[second]) if has_second else None,
    )


def _score(template: Template, gallery: Gallery) -> None:
    probe = template.vector
    if probe.shape != gallery.vectors.shape[1:] or probe.dtype != np.float32:
        raise ValueError(f"a probe of {probe.shape} {probe.dtype} does not fit the references")
    if not abs(float(np.sqrt(np.einsum("i,i->", probe, probe))) - 1) <= UNIT_TOLERANCE:
        raise ValueError("the probe is not of unit length")
    rows, subjects = gallery.row_scores, gallery.subject_scores
    np.matmul(gallery.vectors, probe, out=rows)
    np.round(rows, DECIMALS, out=rows)
    np.maximum.reduceat(rows, gallery.first_rows, out=subjects)
    np.copyto(subjects, -np.inf, where=~gallery.standing)


def _rounded(score: float) -> Similarity:
    return Similarity(round(float(score), DECIMALS))
