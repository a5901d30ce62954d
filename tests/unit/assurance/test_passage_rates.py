"""The threshold for a target is found by asking the rule itself, and keeps the target."""

from dataclasses import dataclass

import numpy as np

from overt.assurance.passage_rates import Trial, rates_at_targets
from overt.identifiers import SubjectId
from overt.units import Similarity


@dataclass(frozen=True, slots=True)
class LookedAtHarder:
    """The port Trials: one stranger in ten is over every threshold up to 0.9, by a little."""

    list_size: int = 5
    lists: int = 1

    def at(self, threshold: Similarity) -> Trial:
        tops = np.array([min(threshold + 0.0002, 0.9), *([0.1] * 9)], np.float32)
        nobody = np.zeros(0, np.bool_)
        strangers = tuple(SubjectId(f"s{number}") for number in range(len(tops)))
        return Trial(strangers, tops, tops >= threshold, tops > 0, (), nobody, nobody)


def test_a_stranger_who_is_looked_at_harder_each_time_does_not_outrun_the_threshold() -> None:
    told = rates_at_targets(LookedAtHarder(), Similarity(0.6), np.random.default_rng(1))
    for each in told:
        assert each.threshold is not None
        assert each.fpir.errors <= each.fpir_target * each.fpir.trials
