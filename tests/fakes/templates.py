"""Templates that tests need: unit vectors in chosen or drawn directions."""

import numpy as np

from overt.identifiers import ModelId
from overt.templates.template import Template
from overt.units import Float32

MODEL = ModelId("fake@sha256:00/f32")
DIMENSION = 8


def unit(*numbers: float, dimension: int = DIMENSION) -> Float32:
    """Make a unit vector of these first numbers, the rest zero."""
    vector = np.zeros(dimension, np.float32)
    vector[: len(numbers)] = numbers
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


def drawn(rows: int, dimension: int = DIMENSION, seed: int = 1) -> Float32:
    """Draw (rows, dimension) unit vectors."""
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def template(*numbers: float, model: ModelId = MODEL) -> Template:
    return Template(model, unit(*numbers))
