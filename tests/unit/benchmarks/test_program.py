import sys

import pytest
from benchmarks.program import Order, Program, ProgramDied

ORDER = Order("a.mp4", "list.csv", 0.5, most_frames=3, most_seconds=1.0, live=False)
NAMES_ANNA = """
from benchmarks.program import Told, Watched, serve
print("libraries print")
serve({"version": "1"}, lambda order: Watched(order.most_frames, 1.0, told=[Told(2.0, "anna", 2.5)]))
"""


def test_a_program_answers_every_order_with_what_it_costs() -> None:
    with Program([sys.executable, "-c", NAMES_ANNA], {}) as program:
        assert program.ready == {"version": "1"}
        for _ in range(2):
            watched = program.watch(ORDER)
            assert (watched.frames, watched.told[0].subject_id) == (3, "anna")
            assert watched.peak_mib > 1
            assert watched.cpu_seconds > 0


def test_a_program_that_ends_without_an_answer_is_told() -> None:
    with pytest.raises(ProgramDied, match="status 3"):
        Program([sys.executable, "-c", "raise SystemExit(3)"], {})
