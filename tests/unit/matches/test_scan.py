import numpy as np
import pytest
from tests.fakes.long_lists import in_two_passes
from tests.fakes.templates import MODEL, drawn, template

from overt.identifiers import SubjectId
from overt.matches import search as module
from overt.matches.codes import BLOCK, LONGEST, room_for
from overt.matches.first_pass import SMALLEST, SMALLEST_ALONE, FirstPass
from overt.matches.gallery import Gallery, Rows, first_pass_for, gallery_of
from overt.matches.scan import CHUNK, can_scan, scan_of
from overt.matches.search import search, search_all
from overt.templates.template import Template
from overt.units import Float32

DIMENSION = 64


def long_list(
    rows: int,
) -> tuple[list[SubjectId], np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    return [SubjectId(str(row)) for row in range(rows)], drawn(rows, dimension=DIMENSION)


def test_a_dimension_whose_sums_are_not_exact_in_float32_is_not_scanned() -> None:
    assert not can_scan(LONGEST + 1)


def test_a_long_list_of_such_a_dimension_is_searched_in_one_pass() -> None:
    vectors = drawn(SMALLEST // 600 + 1, dimension=600)
    listed = gallery_of(MODEL, [SubjectId(str(row)) for row in range(len(vectors))], vectors)

    match = search(Template(MODEL, vectors[2000].copy()), listed)

    assert listed.first_pass is None
    assert match is not None
    assert match.subject_id == "2000"


def test_a_short_list_has_no_first_pass() -> None:
    assert first_pass_for(SMALLEST // DIMENSION - 1, DIMENSION, 1) is None


@pytest.mark.skipif(
    not can_scan(DIMENSION), reason="this processor does not multiply bytes exactly"
)
def test_a_long_list_has_a_first_pass_for_several_probes_and_a_longer_one_for_one() -> None:
    first_pass = first_pass_for(SMALLEST // DIMENSION, DIMENSION, 1)

    assert first_pass is not None
    assert first_pass.pays(SMALLEST // DIMENSION, probes=8)
    assert not first_pass.pays(SMALLEST // DIMENSION, probes=1)
    assert first_pass.pays(SMALLEST_ALONE // DIMENSION, probes=1)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("rows", [2 * CHUNK, 2 * CHUNK + 100, 4 * CHUNK - 1])
def test_threads_share_the_chunks_without_losing_one(threads: int, rows: int) -> None:
    _, vectors = long_list(rows)
    codes = room_for(rows, DIMENSION)
    codes.write(0, vectors)
    scan = scan_of(codes, 1, threads)
    scan.probes.write(0, vectors[rows - 1])
    scan.run(rows)

    upper = scan.blocks(0, rows)

    assert len(upper) == -(-rows // BLOCK)
    assert int(np.argmax(upper)) == (rows - 1) // BLOCK


def test_most_of_a_list_is_never_read_in_full_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    names, vectors = long_list(20_000)
    listed = in_two_passes(gallery_of(MODEL, names, vectors))
    read: list[int] = []
    reading = module._read

    def counted(probe: Float32, blocks: Rows, gallery: Gallery, *, after: int) -> Rows:
        read.append(len(blocks))
        return reading(probe, blocks, gallery, after=after)

    monkeypatch.setattr(module, "_read", counted)
    search(Template(MODEL, vectors[77].copy()), listed)

    assert sum(read) * BLOCK < 20_000 / 10


def test_more_probes_than_the_widest_network_takes_are_all_answered() -> None:
    names, vectors = long_list(500)
    listed = in_two_passes(gallery_of(MODEL, names, vectors))

    matches = search_all([Template(MODEL, vector) for vector in vectors[:70]], listed)

    assert [match.subject_id for match in matches if match] == names[:70]


def test_one_persons_many_images_do_not_hide_the_second() -> None:
    vectors = np.concatenate([np.tile(template(1).vector, (900, 1)), template(3, 4).vector[None]])
    names = [SubjectId("anna")] * 900 + [SubjectId("ben")]
    listed = in_two_passes(gallery_of(MODEL, names, vectors))

    match = search(template(1), listed)

    assert match is not None
    assert (match.subject_id, match.reference) == ("anna", 0)
    assert (match.second, match.second_similarity) == ("ben", 0.6)


def test_the_only_one_left_of_a_long_list_is_found_wherever_they_lie() -> None:
    names, vectors = long_list(500)
    listed = in_two_passes(gallery_of(MODEL, names, vectors))
    for name in names[:-1]:
        listed = listed.without(name)

    match = search(Template(MODEL, -vectors[-1]), listed)

    assert match is not None
    assert (match.subject_id, match.similarity, match.second) == (names[-1], -1.0, None)


@pytest.mark.requirement("R50")
def test_after_a_search_the_scan_holds_no_probe_and_no_bound() -> None:
    names, vectors = long_list(500)
    listed = in_two_passes(gallery_of(MODEL, names, vectors))
    search(Template(MODEL, vectors[0].copy()), listed)
    assert isinstance(listed.first_pass, FirstPass)
    scan = listed.first_pass.scan(1)

    assert np.all(scan.probes.numbers == 128)
    assert not scan.upper.any()


def test_a_list_that_was_scrubbed_inside_searches_as_before() -> None:
    names, vectors = long_list(500)
    listed = in_two_passes(gallery_of(MODEL, names, vectors))
    probe = Template(MODEL, vectors[5].copy())
    before = search(probe, listed)

    listed.scrub()

    assert search(probe, listed) == before
