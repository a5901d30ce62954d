"""A deployment is near what the map says, by distance and by name."""

import pytest

from overt.config.sensitive_map import parse_map
from overt.errors import Refused
from overt.policy.sensitive_places import distance_m, names, near_places

pytestmark = pytest.mark.requirement("R8")

MAP = b"""
profile = "uk-police-2026"
version = "2026-11"
[[place]]
name = "St Mary's School"
kind = "school"
polygon = [[51.5150, -0.1420], [51.5160, -0.1420], [51.5160, -0.1400], [51.5150, -0.1400]]
within_m = 50
[[place]]
name = "Advice Centre"
kind = "refuge-or-advice-centre"
point = [51.5200, -0.1400]
"""
DRAWN = parse_map(MAP, file="map.toml")
SCHOOL, CENTRE = DRAWN.places


def found(position: tuple[float, float] | None, words: str = "Oxford Circus") -> list[str]:
    return [near.name for near in near_places(DRAWN, words, position)]


def test_inside_an_outline_and_just_outside_it_is_near_and_further_is_not() -> None:
    assert found((51.5155, -0.1410)) == [SCHOOL.name]
    assert found((51.5163, -0.1410)) == [SCHOOL.name]  # 33 m north of the fence
    assert found((51.5166, -0.1410)) == []  # 67 m
    assert distance_m((51.5155, -0.1410), SCHOOL.outline) == 0


def test_distances_are_metres_on_the_ground_in_every_direction() -> None:
    assert distance_m((51.5200 + 0.0009, -0.1400), CENTRE.outline) == pytest.approx(100, abs=1)
    assert distance_m((51.5200, -0.1400 + 0.00145), CENTRE.outline) == pytest.approx(100, abs=1)
    assert distance_m((0.0, 179.9995), ((0.0, -179.9995),)) == pytest.approx(111, abs=1)


def test_a_place_that_the_deployment_names_is_near_wherever_the_pin_is() -> None:
    assert found((50.0, 0.0), "Outside ST  MARY'S school, gate 2") == [SCHOOL.name]
    assert not names("Advice Centres of London", "Advice Centre")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"point = [51.5200, -0.1400]", b"point = [151.5, -0.14]", "no position"),
        (b"point = [51.5200, -0.1400]", b"", "write point"),
        (b"[51.5150, -0.1420], [51.5160, -0.1420], ", b"", "no outline"),
        (b"within_m = 50", b"within_m = -1", "not between"),
        (b"within_m = 50", b"within = 50", "unknown key"),
    ],
)
def test_a_map_that_is_none_is_refused_with_the_place(old: bytes, new: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        parse_map(MAP.replace(old, new), file="map.toml")
