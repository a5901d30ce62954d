"""A camera whose pictures are dark, flat or blurred compares nobody until they are good again."""

import numpy as np
import pytest

from overt.faces.image_conditions import LEAST, LOOKS, Bounds, Conditions
from overt.frames.view_measures import Light, measure_light, measure_view

BOUNDS = Bounds(darkest=50, lightest=205, flattest=50, least_detail=12)
GOOD = Light(brightness=120, contrast=140, detail=300)
DARK = Light(brightness=20, contrast=60, detail=40)


def taken(*lights: Light) -> Conditions:
    conditions = Conditions(BOUNDS)
    for light in lights:
        conditions.take(light)
    return conditions


@pytest.mark.requirement("R27")
@pytest.mark.parametrize(
    ("light", "why"),
    [
        (DARK, "too dark"),
        (Light(230, 60, 40), "too bright"),
        (Light(120, 30, 40), "flat"),
        (Light(120, 140, 5), "not sharp"),
    ],
)
def test_pictures_outside_what_was_validated_pause_it_and_say_why(light: Light, why: str) -> None:
    assert why in str(taken(*[light] * LEAST).outside)


@pytest.mark.requirement("R27")
def test_one_dark_picture_is_nothing() -> None:
    assert taken(*[GOOD] * LOOKS, DARK).outside is None
    assert taken(*[DARK] * (LEAST - 1)).outside is None


@pytest.mark.requirement("R27")
def test_it_goes_on_once_every_recent_picture_is_good() -> None:
    conditions = taken(*[DARK] * LOOKS)
    changes = [conditions.take(GOOD) for _ in range(LEAST)]
    assert changes == [False] * (LEAST - 1) + [True]
    assert conditions.outside is None


def test_light_is_measured_as_for_the_engineer() -> None:
    picture = np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)
    view, light = measure_view(picture), measure_light(picture)
    assert (light.brightness, light.contrast, light.detail) == (
        view.brightness, view.contrast, view.detail,
    )  # fmt: skip
