"""A whole measurement with recordings: from TRUTH.json to the report, in the live decision rule.

(1) Every recording is watched at the operating threshold: its alerts are the operating rates.
(2) From the strongest evidence of each passage of a stranger a threshold is found for each FPIR
    target.
(3) The recordings are watched again at those thresholds, because the rule looks harder the
    nearer somebody comes to its threshold; the alerts of that run are the rates told.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from os.path import commonpath
from pathlib import Path
from typing import Final

import numpy as np

from overt.assurance.datasets import read_still_set
from overt.assurance.doubts import doubts_about_labels, doubts_about_names, doubts_about_people
from overt.assurance.list_size import TARGETS, ListSizeRates
from overt.assurance.listed import EnrolledList, enrol_list
from overt.assurance.measured_watch import MeasuredCamera, watch_recording
from overt.assurance.metrics import share
from overt.assurance.passage_doubts import doubts_about_the_truth, suspected_labels
from overt.assurance.passage_growth import growth_of_passages
from overt.assurance.passage_rates import Trial, rates_at_targets, trial_of
from overt.assurance.passage_scores import WatchedClip, passage_table
from overt.assurance.passages import SeenTrack, judge_clip
from overt.assurance.remembered import RememberedNetworks
from overt.assurance.report import (
    FORMAT,
    LIMITS,
    METHOD,
    OF_PASSAGES,
    Ordered,
    ProbeLine,
    det_section,
    equality_section,
    failures_section,
    operating_section,
    probe_lines,
    thresholds_tested,
    told_of,
)
from overt.assurance.scores import ScoreTable
from overt.assurance.smaller_lists import Dealer, SmallerLists, sizes_of, whole_lists
from overt.assurance.system import MeasuredSystem
from overt.assurance.truth import Clip
from overt.assurance.validated import envelopes_as_json
from overt.config.canonical import canonical_json, digest_of
from overt.faces.quality import Quality
from overt.identifiers import CameraId
from overt.rates.how_many import how_many, people
from overt.templates.load import Networks
from overt.tracks.passage import Standing
from overt.units import Clock, Pixels, Similarity

TITLE: Final = "How often passages before a camera are mistaken"
Progress = Callable[[int, int], None]
SIDES: Final = ("watched", "rescored")


@dataclass(slots=True)
class Watcher:
    """Watches the clips of a truth at any threshold; the networks are asked once for each look."""

    clips: Sequence[Clip]
    networks: Networks
    min_eye_distance: Pixels
    clock: Clock
    progress: Progress
    lists: dict[Path, EnrolledList] = field(default_factory=dict)
    runs: dict[float, list[WatchedClip]] = field(default_factory=dict)
    _remembered: dict[Path, RememberedNetworks] = field(default_factory=dict)

    def watched(self, threshold: Similarity) -> list[WatchedClip]:
        """All clips at this threshold, watched once."""
        if threshold not in self.runs:
            self.runs[threshold] = list(self._watch(threshold))
        return self.runs[threshold]

    def _watch(self, threshold: Similarity) -> Iterator[WatchedClip]:
        for number, clip in enumerate(self.clips, start=1):
            listed = self.listed(clip.watchlist)
            remembered = self._remembered.setdefault(clip.video, RememberedNetworks(self.networks))
            camera = MeasuredCamera(
                CameraId(f"clip-{number}"), clip.video, self.min_eye_distance, threshold
            )
            seen = watch_recording(camera, remembered, listed.gallery, self.clock)
            yield WatchedClip(
                number,
                listed,
                judge_clip(seen.tracks, clip.passages),
                tuple(_looks(seen.tracks)),
                seen.taken,
                seen.ends,
            )
            self.progress(len(self.runs) * len(self.clips) + number, self._of())

    def _of(self) -> int:
        """The operating threshold and one for each target, less those that fall together."""
        return (1 + len(TARGETS)) * len(self.clips)

    def listed(self, path: Path) -> EnrolledList:
        """The list of this file, enrolled once."""
        path = path.resolve()
        if path not in self.lists:
            listed = enrol_list(read_still_set(path), self.networks)
            self.lists[path] = replace(listed, file=self._named(path))
        return self.lists[path]

    def _named(self, path: Path) -> str:
        """Its file's name, with as much of its folders as tells it from the other lists."""
        paths = {clip.watchlist.resolve() for clip in self.clips}
        if sum(each.name == path.name for each in paths) == 1:
            return path.name
        return str(path.relative_to(commonpath([each.parent for each in paths])))

    def forget(self) -> None:
        """Overwrite every template of whoever passed."""
        for look in (each for run in self.runs.values() for clip in run for each in clip.taken):
            look.forget()
        for remembered in self._remembered.values():
            remembered.forget()
        self._remembered.clear()


def passage_report(
    watcher: Watcher, system: MeasuredSystem, ordered: Ordered
) -> tuple[Mapping[str, object], list[ProbeLine]]:
    rng = np.random.default_rng(ordered.seed)
    watched = watcher.watched(ordered.threshold)
    scored = passage_table(watched, alerts_only=False)
    alerted = passage_table(watched, alerts_only=True)
    operating = operating_section(alerted, ordered.threshold)
    rates = list(_rates(watcher, scored, ordered, rng))
    suspects = suspected_labels(watched, scored)
    report: dict[str, object] = {
        "format": FORMAT,
        "title": TITLE,
        "unit": scored.unit.value,
        "summary": _summary(alerted, operating),
        "warnings": [
            *_warnings(watcher, alerted),
            *doubts_about_the_truth(watched),
            *doubts_about_labels(suspects, "passage"),
            *doubts_about_names((*alerted.gallery_subjects, *alerted.probe_subjects)),
            *doubts_about_people(alerted, ordered.threshold),
        ],
        "command": ordered.line,
        "seed": ordered.seed,
        "rates": [each.as_json() for each in rates],
        "operating": operating,
        "failures": failures_section(scored),
        "passages": {
            "stray_tracks": sum(clip.outcome.stray_tracks for clip in watched),
            "stray_alerts": sum(clip.outcome.stray_alerts for clip in watched),
            "thresholds_watched": sorted(watcher.runs),
        },
        "rescoring": _rescoring(watcher, scored),
        **growth_of_passages(
            watcher.watched,
            ordered.threshold,
            [each for each in rates if each.list_size == scored.list_met],
            rng=np.random.default_rng([ordered.seed, 2]),
        ),
        "equality": equality_section(
            [
                (at, passage_table(watcher.watched(at), alerts_only=True))
                for at in thresholds_tested(ordered.threshold, ordered.highest)
            ],
            np.random.default_rng([ordered.seed, 3]),
        ),
        "suspects": [each.as_json() for each in suspects],
        "validated": envelopes_as_json([look for clip in watched for look in clip.looks]),
        "det": det_section(scored, ordered.threshold),
        "method": [*METHOD, *OF_PASSAGES, _of_the_curve(ordered)],
        "limits": list(LIMITS),
        "data": _data(watcher, alerted),
        "system": system.as_json(),
    }
    return report, probe_lines(scored)


@dataclass(frozen=True, slots=True, eq=False)
class WholeList:
    """The port Trials: the recordings are watched again at each threshold."""

    watcher: Watcher
    table: ScoreTable
    lists: int = 1

    @property
    def list_size(self) -> int:
        return self.table.list_met

    def at(self, threshold: Similarity) -> Trial:
        passages = (
            passage for clip in self.watcher.watched(threshold) for passage in clip.outcome.passages
        )
        return trial_of(dict(enumerate(passages)), self.table)


def _rescoring(watcher: Watcher, table: ScoreTable) -> list[Mapping[str, object]]:
    """What going over looks again tells of each run that was watched, from the other runs' looks."""
    lists = whole_lists(watcher.watched(Similarity(min(watcher.runs))))
    told: list[Mapping[str, object]] = []
    for threshold in map(Similarity, sorted(watcher.runs)):
        others = {at: run for at, run in watcher.runs.items() if at != threshold}
        if others:
            over = SmallerLists(table.list_size, lists, others, table)
            trials = (WholeList(watcher, table).at(threshold), over.at(threshold))
            told.append(
                {"threshold": threshold, **dict(zip(SIDES, map(_told, trials), strict=True))}
            )
    return told


def _told(trial: Trial) -> Mapping[str, object]:
    return {"fpir": share(trial.wrong).as_json(), "fnir": share(trial.lost).as_json()}


def _rates(
    watcher: Watcher, table: ScoreTable, ordered: Ordered, rng: np.random.Generator
) -> Iterator[ListSizeRates]:
    """Sizes ascending; the whole list is tried first, because its runs serve the others."""
    whole = list(rates_at_targets(WholeList(watcher, table), ordered.threshold, rng))
    clips = watcher.watched(ordered.threshold)
    for size in sizes_of([clip.listed for clip in clips], table.list_met):
        dealer = Dealer(clips, table, size, np.random.default_rng([ordered.seed, 4, size]))
        smaller = SmallerLists(size, dealer.lists(), watcher.runs, table)
        yield from rates_at_targets(smaller, ordered.threshold, rng)
    yield from whole


def _looks(tracks: Iterable[SeenTrack]) -> Iterator[Quality]:
    for track in tracks:
        if track.standing is Standing.PASSAGE and track.clearest is not None:
            yield track.clearest


def _of_the_curve(ordered: Ordered) -> str:
    return (
        f"The curve and probes.csv show the strongest evidence of each passage in one run at "
        f"threshold {ordered.threshold:g}; at other thresholds the rule would have taken other "
        "looks, so only the rates in the tables are exact."
    )


def _summary(table: ScoreTable, operating: Mapping[str, object]) -> list[str]:
    false, lost = operating["fpir"], operating["fnir"]
    assert isinstance(false, Mapping)
    assert isinstance(lost, Mapping)
    return [
        (
            f"Measured against a list of {people(table.list_met)}, at threshold "
            f"{operating['threshold']}."
        ),
        told_of(false, of="passages of strangers", what="raised a false alert"),
        told_of(
            lost, of="passages of people on the list", what="raised no alert for the right person"
        ),
    ]


def _warnings(watcher: Watcher, table: ScoreTable) -> list[str]:
    told = [
        f"{listed.file}: {how_many(len(listed.refused), 'picture')} could not be enrolled: "
        + "; ".join(f"row {row}: {why}" for row, why in list(listed.refused.items())[:5])
        for listed in watcher.lists.values()
        if listed.refused
    ]
    if len(watcher.lists) > 1:
        told.append(
            f"{len(watcher.lists)} lists were used. A passage was compared with its own clip's list "
            f"only; list_size, {table.list_met}, is that of the shortest of them: nothing is claimed for longer."
        )
    if not table.mated.any():
        told.append("No passage is of anybody on the list: misses cannot be told.")
    if table.mated.all():
        told.append("Every passage is of somebody on the list: false alarms cannot be told.")
    return told


def _data(watcher: Watcher, table: ScoreTable) -> Mapping[str, object]:
    return {
        "digest": _digest(watcher),
        "clips": [clip.video.name for clip in watcher.clips],
        "passages": len(table.probe_ids),
        "mated": int(table.mated.sum()),
        "non_mated": int((~table.mated).sum()),
        "lists": [
            {"file": listed.file, "subjects": len(listed.subjects), "pictures": len(listed.images)}
            for listed in watcher.lists.values()
        ],
        "min_eye_distance_px": watcher.min_eye_distance,
    }


def _digest(watcher: Watcher) -> str:
    """Of everything that was measured: recordings, truths and pictures of the lists."""
    return digest_of(
        canonical_json(
            {
                "clips": [
                    [
                        _file_digest(clip.video),
                        [
                            [p.subject_id, p.start, p.end, p.camera, dict(p.groups)]
                            for p in clip.passages
                        ],
                    ]
                    for clip in watcher.clips
                ],
                "lists": [dict(listed.images) for listed in watcher.lists.values()],
            }
        )
    )


def _file_digest(path: Path) -> str:
    if path.is_dir():
        names = sorted(each for each in path.iterdir() if each.is_file())
        return sha256(b"".join(sha256(each.read_bytes()).digest() for each in names)).hexdigest()
    with path.open("rb") as file:
        whole = sha256()
        while part := file.read(1 << 20):
            whole.update(part)
        return whole.hexdigest()
