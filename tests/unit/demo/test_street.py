"""The demonstration's clip: the same seed gives the same street, and the street empties."""

from itertools import islice

import numpy as np
import pytest

from overt.demo.portraits import Sitter, portrait, portrait_file
from overt.demo.street import DURATION, FPS, HEIGHT, SCENE, WIDTH, pictures


@pytest.mark.parametrize("sitter", Sitter)
def test_each_portrait_comes_out_of_its_package(sitter: Sitter) -> None:
    assert portrait_file(sitter).is_file()
    assert portrait(sitter).ndim == 3


def test_the_same_seed_gives_the_same_pictures() -> None:
    first = next(iter(pictures(SCENE, seed=3)))
    assert first.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(first, next(iter(pictures(SCENE, seed=3))))


def test_whoever_crosses_is_drawn_and_the_street_is_empty_before() -> None:
    frames = list(islice(pictures(SCENE[:1], seed=3), 60))
    empty, walked = frames[0].astype(np.int16), frames[59].astype(np.int16)
    lit = walked.mean() / empty.mean()
    assert np.percentile(np.abs(walked - empty * lit), 99.5) > 40


def test_the_street_is_empty_for_the_last_two_seconds() -> None:
    assert max(walk.ends for walk in SCENE) <= DURATION - 2.0
    assert round(DURATION * FPS) == 285
