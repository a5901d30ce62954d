import numpy as np
import pytest
from tests.fakes.templates import drawn, unit

from overt.templates.fuse import fuse


def test_fused_shots_are_their_weighted_mean_at_unit_length() -> None:
    out = np.empty(8, np.float32)

    fuse(np.stack([unit(1), unit(0, 1)]), np.array([3, 4], np.float32), out)

    assert np.allclose(out, unit(3, 4))


def test_one_shot_fused_is_itself() -> None:
    out = np.empty(8, np.float32)
    shots = drawn(1)

    fuse(shots, np.array([0.2], np.float32), out)

    assert np.allclose(out, shots[0], atol=1e-6)


def test_a_shot_without_weight_counts_for_nothing() -> None:
    out = np.empty(8, np.float32)

    fuse(np.stack([unit(1), unit(0, 1)]), np.array([1, 0], np.float32), out)

    assert np.array_equal(out, unit(1))


@pytest.mark.parametrize(
    "shots",
    [np.zeros((0, 8), np.float32), np.stack([unit(1), unit(-1)])],
    ids=["no shots", "opposite shots"],
)
def test_nothing_to_fuse_is_refused(shots: np.ndarray) -> None:
    with pytest.raises(ValueError, match="nothing to fuse"):
        fuse(shots, np.ones(len(shots), np.float32), np.empty(8, np.float32))


@pytest.mark.parametrize("weight", [-1.0, np.nan])
def test_a_weight_that_is_none_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        fuse(drawn(2), np.array([1, weight], np.float32), np.empty(8, np.float32))
