import pytest

from overt.identifiers import ModelId
from overt.models.library import shipped_manifests
from overt.models.manifest import Precision, model_id
from overt.models.rise import read_rise, rise_of

OPEN = next(m for name, m in shipped_manifests().items() if name == "open")
WRITTEN = """
model = "open@sha256:0/f32"
lift = 0.1
gain = 0.3
loss = 0.01
found = 400
lost = 3
subjects = 200
thresholds = [0.5]
"""


def test_the_shipped_measurement_is_of_the_shipped_pack() -> None:
    # Whoever changes what decides a template has to measure again: benchmarks/shots.py.
    rise = rise_of(model_id(OPEN, Precision.F32))
    assert rise is not None
    assert rise.lost <= rise.loss * rise.found


@pytest.mark.parametrize(
    "model",
    [
        f"open@sha256:{'0' * 64}/f32",
        model_id(OPEN, Precision.BF16),
        f"dlib@sha256:{'0' * 64}/f32",
        f"somebodys-own@sha256:{'0' * 64}/f32",
        "",
    ],
)
def test_for_any_other_model_nothing_is_known(model: str) -> None:
    assert rise_of(ModelId(model)) is None


def test_a_measurement_says_what_was_measured() -> None:
    assert (read_rise(WRITTEN).lift, read_rise(WRITTEN).thresholds) == (0.1, (0.5,))


@pytest.mark.parametrize("line", ["lift = 0.0", "gain = -1.0", "loss = 1.0", "lost = -1"])
def test_a_measurement_that_cannot_be_is_not_read(line: str) -> None:
    name = line.partition(" ")[0]
    kept = [each for each in WRITTEN.splitlines() if not each.startswith(f"{name} =")]
    with pytest.raises(ValueError, match=name):
        read_rise("\n".join([line, *kept]))
