"""How long one exact search takes against what the memory of this machine allows.

Three ways in turn, so that what else the machine does falls on all of them: a search that reads
every reference in float32 (NumPy, matrix products for several probes), the search of overt, and
reading a large array from memory and nothing else. The floor is the time in which all float32
references can be read once. Every answer of overt is held against the first way.

    python -m benchmarks.search [--sizes 10000 100000] [--dimensions 256 512] [--json FILE]
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # its spinning threads starve OpenVINO

import argparse
import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import numpy as np

from overt.identifiers import ModelId, SubjectId
from overt.matches.enrolment import enrol
from overt.matches.first_pass import FirstPass
from overt.matches.gallery import Gallery, gallery_of
from overt.matches.match import Match
from overt.matches.search import search_all
from overt.templates.template import Template
from overt.units import Float32

Answer = TypeVar("Answer")
MODEL: Final = ModelId("drawn@sha256:00/f32")
QUERIES: Final = (1, 8, 32)
SEED: Final = 20261123
ROUNDS: Final = 5
SECONDS_A_CELL: Final = 6.0
"""After this no further round begins; two are always run."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Of one run, for all its probes."""

    wall_ms: float
    cpu_ms: float


@dataclass(frozen=True, slots=True)
class Cell:
    """One size, dimension and number of probes at once. Milliseconds are medians per query."""

    templates: int
    dimension: int
    queries: int
    threads: int
    exhaustive_ms: float
    exhaustive_cpu_ms: float
    overt_ms: float
    overt_cpu_ms: float
    floor_ms: float
    """Reading the float32 references once, shared by the queries of the batch."""
    bandwidth_gb_s: float
    """What `threads` threads read from memory, best of this cell's rounds."""
    faster: float
    """Exhaustive over overt, median of the rounds."""
    of_floor: float
    """Overt over the floor: under 1 is faster than reading float32 could be."""
    in_two_passes: bool
    equal: bool
    rounds: int


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What a list costs besides searching."""

    templates: int
    dimension: int
    bytes_each_float32: int
    bytes_each_codes: int
    bytes_each_other: int
    build_s: float
    add_us: float
    remove_us: float
    stand_down_us: float


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    read = np.ones(options.read_megabytes * 2**18, np.float32)
    cells: list[Cell] = []
    upkeep: list[Upkeep] = []
    print(_HEADING, flush=True)
    for dimension in options.dimensions:
        for size in options.sizes:
            gallery, build_s = _drawn(size, dimension)
            upkeep.append(_kept_up(gallery, build_s))
            for threads in options.threads:
                listed = _with_threads(gallery, threads)
                for queries in QUERIES:
                    cells.append(_cell(listed, read, queries, threads))
                    print(_line(cells[-1]), flush=True)
            del gallery, listed
            gc.collect()
    print("\n" + "\n".join(_upkeep_lines(upkeep)))
    report = {"cells": [asdict(cell) for cell in cells], "upkeep": [asdict(u) for u in upkeep]}
    if options.json is None:
        print(json.dumps(report))
    else:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    unequal = [cell for cell in cells if not cell.equal]
    for cell in unequal:
        print(f"NOT EQUAL to the exhaustive answer: {cell}", file=sys.stderr)
    return 1 if unequal else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--dimensions", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, os.cpu_count() or 1])
    parser.add_argument(
        "--read-megabytes",
        type=int,
        default=512,
        help="to read for the bandwidth: beyond any cache",
    )
    parser.add_argument("--json", type=Path, help="write the report here, not to standard output")
    return parser.parse_args(arguments)


def _drawn(size: int, dimension: int) -> tuple[Gallery, float]:
    """Unit vectors in random directions, one person each: no structure for a search to use."""
    chance = np.random.default_rng(SEED)
    vectors = np.empty((size, dimension), np.float32)
    for top in range(0, size, 10_000):
        part = vectors[top : top + 10_000]
        chance.standard_normal(out=part, dtype=np.float32)
        part /= np.sqrt(np.einsum("ij,ij->i", part, part))[:, None]
    names = [SubjectId(f"p{row}") for row in range(size)]
    started = time.perf_counter()
    gallery = gallery_of(MODEL, names, vectors)
    return gallery, time.perf_counter() - started


def _with_threads(gallery: Gallery, threads: int) -> Gallery:
    if gallery.first_pass is None:
        return gallery
    return replace(gallery, first_pass=FirstPass(gallery.first_pass.codes, threads))


def _cell(gallery: Gallery, read: Float32, queries: int, threads: int) -> Cell:
    size, dimension = gallery.vectors.shape
    chance = np.random.default_rng(SEED + queries)
    scores = np.empty((queries, size), np.float32)
    exhaustive: list[Timing] = []
    ours: list[Timing] = []
    reading: list[Timing] = []
    equal = True
    begun = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        while len(ours) < ROUNDS + 1:
            probes = _probes(chance, gallery, queries)
            templates = [Template(MODEL, probe) for probe in probes]
            _timed(reading, partial(_read_all, read, pool, threads))
            expected = _timed(
                exhaustive, partial(_exhaustive, probes, gallery, scores, pool, threads)
            )
            found = _timed(ours, partial(search_all, templates, gallery))
            equal &= all(map(_agree, found, expected))
            # The first round compiles and touches everything; it is left out below.
            if len(ours) > 2 and time.perf_counter() - begun > SECONDS_A_CELL:
                break
    bandwidth = read.nbytes / min(t.wall_ms for t in reading) / 1e6
    floor_ms = gallery.vectors.nbytes / bandwidth / 1e6 / queries
    overt_ms = _median(t.wall_ms for t in ours[1:]) / queries
    return Cell(
        templates=size,
        dimension=dimension,
        queries=queries,
        threads=threads,
        exhaustive_ms=_median(t.wall_ms for t in exhaustive[1:]) / queries,
        exhaustive_cpu_ms=_median(t.cpu_ms for t in exhaustive[1:]) / queries,
        overt_ms=overt_ms,
        overt_cpu_ms=_median(t.cpu_ms for t in ours[1:]) / queries,
        floor_ms=floor_ms,
        bandwidth_gb_s=bandwidth,
        faster=_median(
            a.wall_ms / b.wall_ms for a, b in zip(exhaustive[1:], ours[1:], strict=True)
        ),
        of_floor=overt_ms / floor_ms,
        in_two_passes=gallery.first_pass is not None and gallery.first_pass.pays(size, queries),
        equal=equal,
        rounds=len(ours) - 1,
    )


def _probes(chance: np.random.Generator, gallery: Gallery, queries: int) -> Float32:
    """Every second one resembles somebody on the list (about 0.7), the others nobody."""
    size, dimension = gallery.vectors.shape
    probes = chance.standard_normal((queries, dimension)) / np.sqrt(dimension)
    probes[::2] += gallery.vectors[chance.integers(0, size, len(probes[::2]))]
    return np.asarray(probes / np.linalg.norm(probes, axis=1, keepdims=True), np.float32)


def _read_all(read: Float32, pool: ThreadPoolExecutor, threads: int) -> float:
    parts = np.array_split(read, threads)
    return sum(pool.map(lambda part: float(np.dot(part, part)), parts))


def _exhaustive(
    probes: Float32, gallery: Gallery, scores: Float32, pool: ThreadPoolExecutor, threads: int
) -> list[tuple[int, float, float]]:
    """Compare all with all in float32; best and second per probe (one image each)."""
    size = len(gallery.vectors)
    edges = [size * part // threads for part in range(threads + 1)]

    def product(part: int) -> None:
        rows = slice(edges[part], edges[part + 1])
        np.matmul(probes, gallery.vectors[rows].T, out=scores[:, rows])

    if threads == 1:
        product(0)
    else:
        list(pool.map(product, range(threads)))
    return [_best_two(row) for row in scores]


def _best_two(scores: Float32) -> tuple[int, float, float]:
    best = int(np.argmax(scores))
    reached = float(scores[best])
    scores[best] = -np.inf
    return best, reached, float(scores.max())


def _agree(match: Match | None, expected: tuple[int, float, float]) -> bool:
    row, best, second = expected
    return (
        match is not None
        and match.second_similarity is not None
        and (match.subject_id == f"p{row}" or best - second < 2e-6)
        and abs(match.similarity - best) < 2e-6
        and abs(match.second_similarity - second) < 2e-6
    )


def _kept_up(gallery: Gallery, build_s: float) -> Upkeep:
    """Time enrolment beside a list of this size, removal, and standing down."""
    size, dimension = gallery.vectors.shape
    building = enrol(MODEL, dimension, size)
    template = Template(MODEL, gallery.vectors[0].copy())
    names = [SubjectId(f"q{number}") for number in range(200)]
    add = [_microseconds(partial(building.add, name, [template])) for name in names]
    remove = [_microseconds(partial(building.remove, name)) for name in names]
    down = [_stand_down(gallery, position) for position in range(min(20, size))]
    codes = gallery.first_pass.codes if gallery.first_pass else None
    coded = (codes.numbers, codes.steps, codes.offsets, codes.slacks) if codes else ()
    other = (gallery.owners, gallery.first_rows, gallery.row_counts, gallery.standing)
    return Upkeep(
        templates=size,
        dimension=dimension,
        bytes_each_float32=gallery.vectors.nbytes // size,
        bytes_each_codes=sum(part.nbytes for part in coded) // size,
        bytes_each_other=sum(part.nbytes for part in (*other, gallery.row_scores)) // size,
        build_s=build_s,
        add_us=statistics.median(add),
        remove_us=statistics.median(remove),
        stand_down_us=statistics.median(down),
    )


def _stand_down(gallery: Gallery, position: int) -> float:
    """Time it, and undo it, so that all searches see the whole list."""
    vector = gallery.vectors[position].copy()
    taken = _microseconds(partial(gallery.without, gallery.subject_ids[position]))
    gallery.vectors[position] = vector
    gallery.owners[position] = position
    if gallery.first_pass is not None:
        gallery.first_pass.codes.write(position, vector[None])
    return taken


def _timed(timings: list[Timing], run: Callable[[], Answer]) -> Answer:
    wall, cpu = time.perf_counter(), time.process_time()
    result = run()
    timings.append(Timing(1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - cpu)))
    return result


def _microseconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return 1e6 * (time.perf_counter() - started)


def _median(numbers: Iterable[float]) -> float:
    return statistics.median(numbers)


_HEADING: Final = (
    "templates   d  queries threads | exhaustive  (cpu)     overt  (cpu)     floor  ms per query"
    " | faster  of floor  GB/s  passes  equal"
)


def _line(cell: Cell) -> str:
    return (
        f"{cell.templates:9,} {cell.dimension:3}  {cell.queries:7} {cell.threads:7} |"
        f" {cell.exhaustive_ms:9.3f} {cell.exhaustive_cpu_ms:7.3f} {cell.overt_ms:9.3f}"
        f" {cell.overt_cpu_ms:7.3f} {cell.floor_ms:9.3f}               |"
        f" {cell.faster:5.1f}x {cell.of_floor:8.2f}x {cell.bandwidth_gb_s:5.1f}"
        f" {2 if cell.in_two_passes else 1:6}   {'yes' if cell.equal else 'NO'}"
    )


def _upkeep_lines(upkeep: Sequence[Upkeep]) -> list[str]:
    return ["bytes per template, and what upkeep takes"] + [
        f"{u.templates:9,} x {u.dimension}: {u.bytes_each_float32} float32 + {u.bytes_each_codes}"
        f" codes + {u.bytes_each_other} other; build {u.build_s:.1f} s, add {u.add_us:.0f} us,"
        f" remove {u.remove_us:.0f} us, stand down {u.stand_down_us:.0f} us"
        for u in upkeep
    ]


if __name__ == "__main__":
    sys.exit(main())
