"""How false alerts of passages go on to grow with lists longer than the data.

The live rule names whom a passage resembles most; how many others on the list it comes near, which
a model of growth needs, it does not say. So for growth the looks of each passage are fused for
everybody on the list (fused_passages.py), and the model of stills is fitted to that
(extrapolation.py). The report says so, and shows how far it is from what was watched.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from overt.assurance.extrapolation import growth
from overt.assurance.fused_passages import fused_table, one_list
from overt.assurance.passage_scores import WatchedClip
from overt.assurance.scores import ScoreTable
from overt.units import Similarity

OF = (
    "Each passage compared with everybody by the looks that were taken of it, all fused or those "
    "that together are most alike: the live rule itself does not tell how many people a passage "
    "comes near, and takes looks one after another, so it may alert on somewhat fewer."
)


def growth_of_passages(
    clips: Sequence[WatchedClip],
    whole: ScoreTable,
    threshold: Similarity,
    sizes: tuple[int, ...],
    rng: np.random.Generator,
) -> Mapping[str, Any] | None:
    """None where several lists were used: they are no sample of one longer list."""
    if not one_list(clips):
        return None
    table = fused_table(clips, whole)
    return {**growth(table, threshold, sizes, rng).as_json(), "of": OF}
