"""A calibration made with passages: what strangers who walk by reach, in the live rule.

(1) The recordings are watched at the lowest threshold that the pack may run at, and each passage
    is compared with everybody on the list by the looks that were taken (fused_passages.py).
(2) The rule looks harder at whoever comes near its threshold. So the recordings are watched again
    at the threshold that answers each target, and whatever that shows counts too, until the
    answer stays.
What the rule itself let through at those thresholds is told beside the calibration.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from overt.assurance.calibrate import MadeCalibration, calibration_of
from overt.assurance.doubts import doubts_about_comparisons, doubts_about_labels
from overt.assurance.fused_passages import fused_table, one_list, stronger
from overt.assurance.list_size import TARGETS
from overt.assurance.metrics import share
from overt.assurance.passage_doubts import doubts_about_the_truth, suspected_labels
from overt.assurance.passage_rates import MOST_TRIES, trial_of
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.assurance.scores import ScoreTable
from overt.assurance.system import MeasuredSystem
from overt.assurance.video import Watcher
from overt.errors import Refused
from overt.rates.calibration import Calibration, TooFew, threshold_for
from overt.rates.how_many import how_many
from overt.units import Similarity


def calibration_of_passages(
    watcher: Watcher, system: MeasuredSystem, measured_on: str
) -> MadeCalibration:
    """Refused where several lists were used, or no target could be answered."""
    floor = Similarity(system.pack.manifest.threshold_floor)
    first = watcher.watched(floor)
    if not one_list(first):
        raise Refused(
            "the clips use several watchlists, and a calibration is of one: name the same list for "
            "every clip, with everybody on it"
        )
    table, made = settled(lambda at: _table(watcher.watched(at)), system, measured_on)
    told = passage_table(first, alerts_only=False)
    suspects = suspected_labels(first, told)
    doubts = (
        *_doubts(first, made),
        *doubts_about_comparisons(table),
        *doubts_about_labels(suspects, "passage"),
    )
    return MadeCalibration(made, doubts, suspects, tuple(_watched(watcher, table)))


def settled(
    table_at: Callable[[Similarity], ScoreTable], system: MeasuredSystem, measured_on: str
) -> tuple[ScoreTable, Calibration]:
    """Steps (1) and (2), of whoever can tell whom each passage resembled at any threshold.

    `table_at` watches at a cosine threshold, from the pack's floor up, and gives the same rows each
    time: all looks of every passage fused, for everybody on the one list. What comes back holds the
    highest score of all runs. Refused where no target could be answered.
    """
    floor = Similarity(system.pack.manifest.threshold_floor)
    table, asked = table_at(floor), {floor}
    made = calibration_of(table, system, measured_on)
    for target in TARGETS:
        for _ in range(MOST_TRIES):
            at = _answer(made, target, floor)
            if at is None or at in asked:
                break
            asked.add(at)
            table = stronger(table, table_at(at))
            made = calibration_of(table, system, measured_on)
    return table, made


def _table(clips: Sequence[WatchedClip]) -> ScoreTable:
    return fused_table(clips, passage_table(clips, alerts_only=False))


def _answer(made: Calibration, target: float, floor: Similarity) -> Similarity | None:
    found = threshold_for(made, target, made.list_size)
    return None if isinstance(found, TooFew) else Similarity(max(found.threshold, floor))


def _watched(watcher: Watcher, table: ScoreTable) -> Iterator[Mapping[str, Any]]:
    for threshold in sorted(watcher.runs):
        passages = [each for clip in watcher.runs[threshold] for each in clip.outcome.passages]
        wrong = share(trial_of(dict(enumerate(passages)), table).wrong)
        yield {"threshold": threshold, "fpir": wrong.as_json()}


def _doubts(clips: Sequence[WatchedClip], made: Calibration) -> Iterator[str]:
    yield from doubts_about_the_truth(clips)
    passages = [each.passage for clip in clips for each in clip.outcome.passages]
    unnamed = sum(each.subject_id is None for each in passages)
    if unnamed > 1:
        yield (
            f"{unnamed:,} of the {how_many(made.probes, 'passage')} of strangers name nobody: each is taken "
            "for a person of its own. Give whoever passes more than once a name, or the rates "
            "are surer of themselves than they should be."
        )
    if stray := sum(clip.outcome.stray_alerts for clip in clips):
        yield (
            f"{how_many(stray, 'alert')} named people who are in no passage of the truth: whoever they were, "
            "the calibration knows nothing of them. Complete the truth, and measure again."
        )
