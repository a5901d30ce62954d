"""Exact search: every probe is compared with every reference, and the best image counts.

An approximate index would make evidence depend on its luck (design §4). Long lists are compared
in two passes: one over eight-bit codes bounds from above what each block of rows can reach, and
one in full precision reads those that could still be the best or the second (codes.py has the
proof). The answer is the same as without. No copy of the probe stays behind (R50).
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from overt.identifiers import SubjectId
from overt.matches.codes import BLOCK, UNIT_TOLERANCE
from overt.matches.decide import ROUNDING, decide, float32_error, second_best
from overt.matches.first_pass import FirstPass
from overt.matches.gallery import VACANT, Gallery, Rows
from overt.matches.match import Match
from overt.matches.scan import WIDTHS, Scan
from overt.templates.template import Template, require_same_model
from overt.units import Float32

_FIRST_LOOK: Final = 3
"""Blocks read first, to learn what score is to be beaten."""
_WITHIN: Final = np.arange(BLOCK)


def search(template: Template, gallery: Gallery) -> Match | None:
    """Find whom the probe resembles most; None only if nobody is on the list.

    Of equals, the one who stands first on the list is named first. Raises ModelMismatch where
    the two cannot be compared, and ValueError for a probe that is not of unit length.
    """
    return search_all((template,), gallery)[0]


def nearest(template: Template, gallery: Gallery) -> tuple[SubjectId, float] | None:
    """Whom the probe resembles most, and how much, in float32: for what nobody is told.

    For short lists a fifth of what `search` costs. Raises as `search` does.
    """
    quick = gallery.first_pass
    if quick is not None and quick.pays(len(gallery.vectors), 1):
        match = search(template, gallery)
        return None if match is None else (match.subject_id, float(match.similarity))
    require_same_model(template.model, gallery.model)
    if gallery.size == 0:
        return None
    _require_fit(template.vector, gallery)
    scores = gallery.row_scores
    try:
        np.matmul(gallery.vectors, template.vector, out=scores)
        np.copyto(scores, -np.inf, where=gallery.owners == VACANT)
        best = int(scores.argmax())
        return gallery.subject_ids[gallery.owners[best]], float(scores[best])
    finally:
        scores.fill(0)


def search_all(templates: Sequence[Template], gallery: Gallery) -> list[Match | None]:
    """Search for several probes, which is faster for a long list than one after the other."""
    for template in templates:
        require_same_model(template.model, gallery.model)
    if gallery.size == 0:
        return [None] * len(templates)
    for template in templates:
        _require_fit(template.vector, gallery)
    probes = [template.vector for template in templates]
    quick = gallery.first_pass
    try:
        if quick is not None and quick.pays(len(gallery.vectors), len(probes)):
            return _in_two_passes(probes, gallery, quick)
        return [_in_one_pass(probe, gallery) for probe in probes]
    finally:  # scores of a whole list would give the probe away, too
        gallery.row_scores.fill(0)


def _require_fit(probe: Float32, gallery: Gallery) -> None:
    if probe.shape != gallery.vectors.shape[1:] or probe.dtype != np.float32:
        raise ValueError(f"a probe of {probe.shape} {probe.dtype} does not fit the references")
    if not abs(float(np.sqrt(np.einsum("i,i->", probe, probe))) - 1) <= UNIT_TOLERANCE:
        raise ValueError("the probe is not of unit length")


def _in_one_pass(probe: Float32, gallery: Gallery) -> Match | None:
    scores, owners = gallery.row_scores, gallery.owners
    np.matmul(gallery.vectors, probe, out=scores)
    np.copyto(scores, -np.inf, where=owners == VACANT)
    return decide(probe, scores, owners=owners, rows=None, gallery=gallery)


def _in_two_passes(
    probes: Sequence[Float32], gallery: Gallery, quick: FirstPass
) -> list[Match | None]:
    found: list[Match | None] = []
    for top in range(0, len(probes), WIDTHS[-1]):
        some = probes[top : top + WIDTHS[-1]]
        scan = quick.scan(len(some))
        try:
            for place, probe in enumerate(some):
                scan.probes.write(place, probe)
            scan.run(len(gallery.vectors))
            found += [
                _among(probe, _bounds(scan, place, quick, len(gallery.vectors)), gallery)
                for place, probe in enumerate(some)
            ]
        finally:
            scan.scrub()
    return found


def _bounds(scan: Scan, place: int, quick: FirstPass, rows: int) -> Float32:
    """Say for each block what its rows can reach at most for this probe."""
    upper = scan.blocks(place, rows)
    upper += np.float32(quick.codes.longest * float(scan.probes.errors[place]))
    return upper


def _among(probe: Float32, upper: Float32, gallery: Gallery) -> Match | None:
    """Read in full precision what could still win."""
    rows, bar = _first_look(probe, upper, gallery)
    (left,) = np.nonzero(upper >= bar)
    rows = np.concatenate((rows, _read(probe, left, gallery, after=len(rows))))
    scores, owners = gallery.row_scores[: len(rows)], gallery.owners[rows]
    return decide(probe, scores, owners=owners, rows=rows, gallery=gallery)


def _first_look(probe: Float32, upper: Float32, gallery: Gallery) -> tuple[Rows, float]:
    """Read the blocks that promise most, until two people certainly reach some score.

    Says which rows were read and what the others must reach; in `upper` the blocks that were
    read promise nothing any more.
    """
    wanted = min(_FIRST_LOOK, len(upper))
    while True:
        blocks = np.argpartition(upper, len(upper) - wanted)[-wanted:]
        rows = _read(probe, blocks, gallery, after=0)
        reached = _reached(rows, gallery)
        if reached > -np.inf or wanted == len(upper):
            break
        wanted = min(8 * wanted, len(upper))  # one person's many images: look further
    upper[blocks] = -np.inf
    if reached == -np.inf:
        return rows, np.inf  # everything was read
    return rows, reached - float32_error(len(probe)) - ROUNDING


def _reached(rows: Rows, gallery: Gallery) -> float:
    """What two people reach, or the only one on the list, by these rows; else -inf."""
    best, second = second_best(gallery.row_scores[: len(rows)], gallery.owners[rows])
    if second is not None:
        return second
    return best if gallery.size == 1 else -np.inf


def _read(probe: Float32, blocks: Rows, gallery: Gallery, *, after: int) -> Rows:
    """Compare the probe in float32 with the rows of these blocks, and say which they are.

    The scores go behind the `after` that are there; -inf for rows that nobody holds.
    """
    rows = ((blocks * BLOCK)[:, None] + _WITHIN).ravel()
    rows = rows[rows < len(gallery.vectors)]
    scores = gallery.row_scores[after : after + len(rows)]
    at = 0
    for block in blocks.tolist():
        some = gallery.vectors[block * BLOCK : (block + 1) * BLOCK]
        np.matmul(some, probe, out=scores[at : at + len(some)])
        at += len(some)
    scores[gallery.owners[rows] == VACANT] = -np.inf
    return rows
