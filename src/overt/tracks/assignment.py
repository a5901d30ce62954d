"""The cheapest pairing of rows with columns (Crouse 2016, doi:10.1109/TAES.2016.140952), by SciPy.

Only the module that solves it is loaded: `scipy.optimize` around it takes 0.4 s, a fifth of what
a camera's start imports. Where SciPy keeps it elsewhere, the whole package is loaded.
"""

from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy


def assigned(costs: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Rows and columns of an (n, m) matrix, as many of each as the shorter side, that cost least."""
    rows, columns = _solve(costs)
    return rows, columns


def _solver() -> ModuleType:
    found = PathFinder.find_spec("scipy.optimize._lsap", [f"{scipy.__path__[0]}/optimize"])
    if found is None or found.loader is None:
        return import_module("scipy.optimize")
    solver = module_from_spec(found)
    found.loader.exec_module(solver)
    return solver


_solve: Any = _solver().linear_sum_assignment
