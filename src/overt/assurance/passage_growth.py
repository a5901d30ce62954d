"""How false alerts of passages go on to grow with lists longer than the data.

The live rule names whom a passage resembles most; how many others on the list it comes near, which
a model of growth needs, it does not say. So for growth the looks of each passage are fused for
everybody on the list (fused_passages.py), and the model of stills is fitted to that
(extrapolation.py). The report says so, and shows how far it is from what was watched.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from overt.assurance.extrapolation import growth, growth_at_target, sizes_grown_to
from overt.assurance.fused_passages import fused_table, one_list
from overt.assurance.list_size import ListSizeRates
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.assurance.scores import ScoreTable
from overt.units import Similarity

OF = (
    "Each passage compared with everybody by the looks that were taken of it, all fused or those "
    "that together are most alike: the live rule itself does not tell how many people a passage "
    "comes near, and takes looks one after another, so it may alert on somewhat fewer."
)


def growth_of_passages(
    watched: Callable[[Similarity], Sequence[WatchedClip]],
    threshold: Similarity,
    whole: Iterable[ListSizeRates],
    *,
    rng: np.random.Generator,
) -> Mapping[str, Any]:
    """At the operating threshold, and at those that the FPIR targets took on the whole list.

    None where several lists were used: they are no sample of one longer list.
    """
    if not one_list(watched(threshold)):
        return {"growth": None, "growth_at_targets": None}
    table = _table(watched(threshold))
    sizes = sizes_grown_to(table.list_size)
    return {
        "growth": {**growth(table, threshold, sizes, rng).as_json(), "of": OF},
        "growth_at_targets": [
            {
                **growth_at_target(
                    _table(watched(threshold if each.threshold is None else each.threshold)),
                    each,
                    sizes,
                    rng,
                ),
                "of": OF,
            }
            for each in whole
        ],
    }


def _table(clips: Sequence[WatchedClip]) -> ScoreTable:
    return fused_table(clips, passage_table(clips, alerts_only=False))
