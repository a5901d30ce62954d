"""People whose trials err together count for less than as many people."""

import numpy as np

from overt.rates.clustered import clustered_interval, effective_trials
from overt.rates.counts import Rate


def ints(*values: int) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.array(values, np.intp)


def test_one_trial_each_is_clopper_pearson() -> None:
    errors = (np.arange(50) < 4).astype(np.intp)
    assert clustered_interval(errors, np.ones(50, np.intp)) == Rate(4, 50).interval()


def test_a_person_who_always_errs_is_one_witness() -> None:
    errors, trials = ints(100, *[0] * 19), ints(100, *[1] * 19)
    assert effective_trials(errors, trials) < 1.5
    low, high = clustered_interval(errors, trials)
    assert high - low > 0.5


def test_without_errors_each_person_counts_once() -> None:
    assert clustered_interval(np.zeros(10, np.intp), np.full(10, 20)) == Rate(0, 10).interval()
    assert effective_trials(ints(3), ints(9)) == 1.0


def test_people_who_do_not_differ_keep_all_their_trials() -> None:
    assert effective_trials(np.full(12, 2), np.full(12, 10)) == 120
    assert effective_trials(ints(2, 2, 2), ints(10, 10, 10)) == 3  # three people show little


def test_without_people_nothing_is_known() -> None:
    assert clustered_interval(ints(), ints()) == (0.0, 1.0)


def test_it_covers_the_true_rate_where_people_differ() -> None:
    rng = np.random.default_rng(8)
    covered = 0
    for _ in range(400):
        chance = rng.beta(0.5, 4.5, 60)  # 0.1 on average
        low, high = clustered_interval(rng.binomial(6, chance).astype(np.intp), np.full(60, 6))
        covered += low <= 0.1 <= high
    assert covered / 400 >= 0.92
