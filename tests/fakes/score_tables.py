"""Score tables made for tests: known answers, and random ones that a seed brings back."""

from collections.abc import Mapping, Sequence

import numpy as np

from overt.assurance.scores import ScoreTable
from overt.identifiers import SubjectId
from overt.rates.unit import Unit


def table_of(
    probes: Sequence[str],
    listed: Sequence[str],
    scores: Sequence[Sequence[float]],
    *,
    not_acquired: Sequence[int] = (),
    not_detected: Sequence[int] = (),
    not_enrolled: Sequence[int] = (),
    groups: Mapping[str, Mapping[str, str]] | None = None,
) -> ScoreTable:
    """Row i is a probe of the subject `probes[i]`."""
    return ScoreTable(
        unit=Unit.STILL,
        probe_ids=tuple(f"probe {i}" for i in range(len(probes))),
        probe_subjects=tuple(SubjectId(name) for name in probes),
        gallery_subjects=tuple(SubjectId(name) for name in listed),
        scores=np.array(scores, np.float32).reshape(len(probes), len(listed)),
        not_detected=_flags(not_detected, len(probes)),
        not_acquired=_flags([*not_acquired, *not_detected], len(probes)),
        not_enrolled=_flags(not_enrolled, len(listed)),
        groups={SubjectId(name): values for name, values in (groups or {}).items()},
    )


def random_table(
    seed: int, *, listed: int = 120, mated: int = 80, strangers: int = 150, each: int = 1
) -> ScoreTable:
    """Strangers' scores are normal, mates' lie higher; `each` probes a person."""
    rng = np.random.default_rng(seed)
    names = [f"on {i}" for i in range(listed)]
    probes = [f"on {i}" for i in range(mated)] * each + [
        f"off {i}" for i in range(strangers)
    ] * each
    scores = rng.normal(0.0, 0.12, (len(probes), listed))
    for row in range(mated * each):
        scores[row, row % mated] = rng.normal(0.6, 0.15)
    return table_of(probes, names, np.clip(scores, -1, 1).tolist())


def _flags(rows: Sequence[int], length: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    flags = np.zeros(length, np.bool_)
    flags[list(rows)] = True
    return flags
