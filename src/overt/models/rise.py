"""How far more looks lift a passage's resemblance to somebody: measured, for a pack and precision.

`benchmarks.shots` measures it and writes `packs/PACK/rise-PRECISION.toml`. It names the model
that it was measured with: for any other, nothing is known, and no look is spared (ADR 8).
"""

import tomllib
from importlib.resources import files as package_files
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from overt.identifiers import ModelId

Cosine = Annotated[float, Field(gt=0.0, lt=2.0)]
Count = Annotated[int, Field(ge=0)]


class MeasuredRise(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    model: str
    """`pack@digest/precision`."""
    lift: Cosine
    """How far below the threshold a track is given up, for looks as good as its best."""
    gain: Cosine
    """How much more lift a look has that is e times as good as the best before."""
    loss: Annotated[float, Field(gt=0.0, lt=1.0)]
    """The share of listed passages that may be lost by giving up: what was asked for."""
    found: Count
    """Listed passages alerted without ever giving up, over all thresholds that were measured."""
    lost: Count
    """Of these, how many are not alerted when tracks are given up."""
    subjects: Count
    thresholds: tuple[float, ...]


def rise_of(model: ModelId) -> MeasuredRise | None:
    """What was measured for exactly this model; None where nothing was."""
    name, _, rest = model.partition("@")
    precision = rest.rpartition("/")[2]
    place = package_files("overt.models").joinpath("packs", name, f"rise-{precision}.toml")
    if not place.is_file():
        return None
    rise = read_rise(place.read_text("utf-8"))
    return rise if rise.model == model else None


def read_rise(text: str) -> MeasuredRise:
    """ValueError where it is not one: it ships with the program."""
    table = tomllib.loads(text)
    return MeasuredRise.model_validate({**table, "thresholds": tuple(table["thresholds"])})
