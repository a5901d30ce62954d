"""SciPy's solver is the one that is called, without the package around it."""

import subprocess
import sys

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from overt.tracks.assignment import assigned


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(0, 6), st.integers(0, 6)),
        elements=st.floats(-1e6, 1e6),
    )
)
def test_the_pairs_are_those_of_scipy(
    costs: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    ours, theirs = assigned(costs), linear_sum_assignment(costs)
    assert [part.tolist() for part in ours] == [part.tolist() for part in theirs]


def test_the_package_around_the_solver_is_not_loaded() -> None:
    asked = "import sys, overt.tracks.assignment; sys.exit('scipy.optimize' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
