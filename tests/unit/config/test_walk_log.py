"""A log of passes is read whole, or refused with every bad line named."""

from typing import Final

import pytest

from overt.config.walk_log import (
    Conditions,
    Distance,
    Eyewear,
    Headgear,
    Light,
    Zone,
    parse_walk_log,
    require_no_problem,
)
from overt.errors import Refused

HEADER: Final = "participant,camera,at,light,distance,eyewear,headgear"
GOOD: Final = "W1,north,2026-11-30T11:00:00Z,daylight,near,glasses,cap"


def log(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def problems(*lines: str) -> tuple[str, ...]:
    return parse_walk_log(log(*lines), file="walk.csv").problems


@pytest.mark.requirement("R63")
def test_a_line_is_a_pass_with_its_conditions() -> None:
    read = parse_walk_log(log(GOOD, "", f"{GOOD[:-3]}none"), file="walk.csv")
    assert read.problems == ()
    assert list(read.passes) == [2, 4]
    first = read.passes[2]
    assert (first.participant, first.camera, first.zone) == ("W1", "north", Zone.THROUGH)
    assert first.conditions == Conditions(
        Light.DAYLIGHT, Distance.NEAR, Eyewear.GLASSES, Headgear.CAP
    )


def test_the_zone_may_be_told() -> None:
    read = parse_walk_log(log(f"{GOOD},outside", header=f"{HEADER},zone"), file="walk.csv")
    assert read.passes[2].zone is Zone.OUTSIDE


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (GOOD.replace("daylight", "bright"), "light 'bright' is none of daylight"),
        (GOOD.replace("Z,", ","), "no time with its zone"),
        (GOOD.replace("W1", "Ada Lovelace"), "never a name"),
        (GOOD + ",more", "8 cells"),
        (GOOD.replace("near", "n" * 300), "300 characters"),
    ],
)
def test_a_bad_line_is_named_with_the_reason(line: str, why: str) -> None:
    (told,) = problems(GOOD, line)
    assert told.startswith("line 3: ")
    assert why in told


def test_every_bad_line_is_named_and_nothing_is_imported() -> None:
    bad = problems("W1,north", "W2", GOOD)
    with pytest.raises(Refused, match=r"nothing was imported:\n.*line 2.*\n.*line 3"):
        require_no_problem("walk.csv", list(bad))
    with pytest.raises(Refused, match="and 10 more bad lines"):
        require_no_problem("walk.csv", ["line 2: x"] * 60)


@pytest.mark.parametrize(
    "header", ["participant,camera", f"{HEADER},name", HEADER.replace("camera", "at")]
)
def test_other_columns_are_refused(header: str) -> None:
    with pytest.raises(Refused, match="line 1: column"):
        parse_walk_log(log(GOOD, header=header), file="walk.csv")


def test_a_log_of_nothing_is_refused() -> None:
    with pytest.raises(Refused, match="at least one pass"):
        parse_walk_log(log(), file="walk.csv")
