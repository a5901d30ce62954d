"""Whether data can carry a figure at all, and how many more people it would take.

Two rules, both counted in people, because two pictures of one person are not two witnesses:

(1) A threshold for an FPIR target is carried where the exact 95 % interval around that rate would
    end at no more than twice the target. It takes between seven and eight expected false positives:
    65 people for 0.1, 753 for 0.01, 7,633 for 0.001.
(2) A miss rate is carried where no miss at all would show that it is below 10 %: 29 people.
"""

from overt.rates.counts import CONFIDENCE, exact_interval, trials_to_show

AT_MOST_TIMES = 2.0
MISS_RATE_TO_SHOW = 0.1


def carries_target(target: float, subjects: int) -> bool:
    """Rule (1) for this many non-mated people."""
    if subjects < 1:
        return False
    high = exact_interval(target * subjects, subjects, CONFIDENCE)[1]
    return high <= AT_MOST_TIMES * target


def subjects_for_target(target: float) -> int:
    """The fewest non-mated people that carry the target."""
    if not 0 < target < 1:
        raise ValueError(f"an FPIR of {target} is no target")
    if target >= 1 / AT_MOST_TIMES:
        return 1
    too_few, enough = 0, 1
    while not carries_target(target, enough):
        too_few, enough = enough, enough * 2
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if carries_target(target, middle):
            enough = middle
        else:
            too_few = middle
    return enough


def subjects_for_misses() -> int:
    """The fewest mated people that carry a miss rate: rule (2)."""
    return trials_to_show(MISS_RATE_TO_SHOW)


def carries_misses(subjects: int) -> bool:
    return subjects >= subjects_for_misses()
