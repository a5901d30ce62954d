"""A first pass over eight-bit codes changes no answer, whatever was put on the list."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.fakes.long_lists import in_two_passes
from tests.fakes.templates import MODEL

from overt.identifiers import SubjectId
from overt.matches.codes import Float64, probe_room, room_for
from overt.matches.decide import float32_error
from overt.matches.gallery import gallery_of
from overt.matches.match import Match
from overt.matches.scan import scan_of
from overt.matches.search import search, search_all
from overt.templates.template import Template
from overt.units import Float32, Similarity

DIMENSIONS = (8, 100, 256)
"""One for each way that the byte product reads a row: part of a register, uneven, whole."""

Draw = np.random.Generator


def signs(draw: Draw, rows: int, d: int) -> Float64:
    return np.asarray(draw.choice([-1.0, 1.0], (rows, d)))


def at_random(draw: Draw, rows: int, d: int) -> Float64:
    return draw.standard_normal((rows, d))


def near_ties(draw: Draw, rows: int, d: int) -> Float64:
    nudges: Float64 = 10.0 ** draw.uniform(-9, -2, (rows, 1)) * draw.standard_normal((rows, d))
    nudges += draw.standard_normal(d)
    return nudges


def duplicates(draw: Draw, rows: int, d: int) -> Float64:
    return np.take(draw.standard_normal((3, d)), draw.integers(0, 3, rows), axis=0)


def antipodes(draw: Draw, rows: int, d: int) -> Float64:
    return draw.standard_normal(d) * signs(draw, rows, 1)


def one_hot(draw: Draw, rows: int, d: int) -> Float64:
    return np.take(np.eye(d), draw.integers(0, d, rows), axis=0) * signs(draw, rows, 1)


def denormal_tails(draw: Draw, rows: int, d: int) -> Float64:
    return one_hot(draw, rows, d) + draw.uniform(-1e-39, 1e-39, (rows, d))


def lost_in_rounding(draw: Draw, rows: int, d: int) -> Float64:
    """One large number, and all others as near to half a step of the codes as can be."""
    vectors = signs(draw, rows, d) * draw.choice([0.4999, 0.5, 0.5001], (rows, d))
    vectors[:, 0] = 127
    return np.asarray(vectors)


def all_of_one_size(draw: Draw, rows: int, d: int) -> Float64:
    return signs(draw, rows, d)


KINDS = (
    at_random,
    near_ties,
    duplicates,
    antipodes,
    one_hot,
    denormal_tails,
    lost_in_rounding,
    all_of_one_size,
)


@dataclass(frozen=True, slots=True)
class Case:
    owners: list[SubjectId]
    vectors: Float32
    probes: Float32
    gone: list[SubjectId]


def unit_rows(vectors: Float64) -> Float32:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Lists of several kinds of hostile rows, held by few or by many, some of whom are gone."""
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    d = draw(st.sampled_from(DIMENSIONS))
    parts = draw(
        st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 400)), min_size=1, max_size=4)
    )
    vectors = unit_rows(np.concatenate([kind(chance, rows, d) for kind, rows in parts]))
    people = draw(st.sampled_from([1, 2, 3, 40, 10_000]))
    owners = np.sort(chance.integers(0, people, len(vectors)))
    names = [SubjectId(str(owner)) for owner in owners]
    taken = chance.integers(0, len(vectors), 8)
    nudged = vectors[taken] + chance.choice(
        [0.0, 1e-6, 0.01, 0.3], (8, 1)
    ) * chance.standard_normal((8, d))
    kind = draw(st.sampled_from(KINDS))
    probes = unit_rows(np.concatenate([nudged, kind(chance, 4, d)]))
    present = list(dict.fromkeys(names))
    gone = draw(st.lists(st.sampled_from(present[:5] + present[-5:]), max_size=3))
    return Case(names, vectors, probes, gone)


def exhaustive(case: Case, probe: Float32) -> Match | None:
    """Add up every product without any rounding, and sort."""
    products = case.vectors.astype(np.float64) * probe.astype(np.float64)
    sums = [math.fsum(row) for row in products.tolist()]
    scores = np.round(np.array(sums), 6).tolist()
    best: dict[SubjectId, tuple[float, int]] = {}
    images: dict[SubjectId, int] = {}
    for owner, score in zip(case.owners, scores, strict=True):
        image = images[owner] = images.get(owner, -1) + 1
        if owner not in case.gone and (owner not in best or score > best[owner][0]):
            best[owner] = (score, image)
    ranked = sorted(best, key=lambda owner: -best[owner][0])  # stable: list order among equals
    if not ranked:
        return None
    second = ranked[1] if len(ranked) > 1 else None
    return Match(
        subject_id=ranked[0],
        similarity=told(best[ranked[0]][0]),
        reference=best[ranked[0]][1],
        second=second,
        second_similarity=None if second is None else told(best[second][0]),
    )


def told(score: float) -> Similarity:
    return Similarity(round(score + 0.0, 6))


@settings(max_examples=60, deadline=None)
@given(cases())
def test_two_passes_one_pass_and_no_shortcut_at_all_give_the_same_answer(case: Case) -> None:
    listed = gallery_of(MODEL, case.owners, case.vectors.copy())
    quick = in_two_passes(listed)
    for name in case.gone:
        listed, quick = listed.without(name), quick.without(name)
    templates = [Template(MODEL, probe) for probe in case.probes]

    expected = [exhaustive(case, probe) for probe in case.probes]

    assert search_all(templates, quick) == expected
    assert [search(template, quick) for template in templates] == expected
    assert search_all(templates, listed) == expected


@settings(max_examples=25, deadline=None)
@given(cases())
def test_no_reference_exceeds_its_bound(case: Case) -> None:
    codes = room_for(*case.vectors.shape)
    codes.write(0, case.vectors)
    room = probe_room(1, case.vectors.shape[1])
    for probe in case.probes:
        room.write(0, probe)
        coded = codes.numbers.astype(np.float64) @ (room.numbers[0].astype(np.float64) - 128)
        upper = coded * codes.steps[0].astype(np.float64) * float(room.steps[0, 0])
        upper += codes.slacks[0] + codes.longest * room.errors[0]

        exact = case.vectors.astype(np.float64) @ probe.astype(np.float64)

        assert np.all(upper[: len(exact)] >= exact - 1e-12)


@settings(max_examples=25, deadline=None)
@given(cases())
def test_no_float32_sum_is_further_off_than_its_bound(case: Case) -> None:
    for probe in case.probes:
        sums = case.vectors.astype(np.float64) @ probe.astype(np.float64)
        off = np.abs(case.vectors @ probe - sums).max()

        assert off <= float32_error(case.vectors.shape[1])


@settings(max_examples=25, deadline=None)
@given(cases())
def test_the_scan_computes_the_bound_that_was_proven(case: Case) -> None:
    codes = room_for(*case.vectors.shape)
    codes.write(0, case.vectors)
    scan = scan_of(codes, 8, 1)
    for place, probe in enumerate(case.probes[:8]):
        scan.probes.write(place, probe)
    scan.run(len(case.vectors))

    whole = codes.numbers.astype(np.float64) @ (scan.probes.numbers.astype(np.float64).T - 128)
    upper = whole * codes.steps[0][:, None].astype(np.float64) * scan.probes.steps[:, 0]
    upper += codes.slacks[0][:, None]
    for place in range(8):
        highest = upper[:, place].reshape(-1, 64).max(axis=1)
        assert np.abs(scan.blocks(place, len(case.vectors)) - highest).max() < 4e-7


@pytest.mark.parametrize("rows", [2048, 2049, 5000, 16384, 20_000])
def test_the_end_of_a_list_is_searched_like_its_beginning(rows: int) -> None:
    """Chunks do not divide every list; the last one overlaps the one before it."""
    vectors = unit_rows(np.random.default_rng(rows).standard_normal((rows, 8)))
    listed = in_two_passes(gallery_of(MODEL, [SubjectId(str(row)) for row in range(rows)], vectors))
    for row in (0, 63, 64, rows // 2, rows - 65, rows - 1):
        match = search(Template(MODEL, vectors[row].copy()), listed)
        assert match is not None
        assert match.subject_id == str(row)
