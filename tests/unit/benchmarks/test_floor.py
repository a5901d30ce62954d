from itertools import pairwise

from benchmarks.floor import due
from benchmarks.program import Order
from hypothesis import given
from hypothesis import strategies as st

counts = st.integers(0, 5_000)


@given(st.integers(1, 400), counts, counts, counts)
def test_the_floor_does_exactly_what_overt_did_evenly_spread(
    frames: int, looks: int, faces: int, squares: int
) -> None:
    order = Order(
        "a.mp4", "list.csv", 0.5, frames, 1e9, live=False,
        detections=looks, encodes=faces, second_looks=squares,
    )  # fmt: skip

    by_then = [due(order, number) for number in range(frames + 1)]

    assert by_then[0] == (0, 0, 0)
    assert by_then[-1] == (looks, faces, squares)
    for before, after in pairwise(by_then):
        for done, more, all_of_it in zip(before, after, by_then[-1], strict=True):
            assert 0 <= more - done <= all_of_it // frames + 1
