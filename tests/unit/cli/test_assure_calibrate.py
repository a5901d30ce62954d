"""`overt assure calibrate --truth`: passages in the live rule become a threshold that is signed."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.authority import PACK, models_folder
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.deployment_files import consent_toml, window
from tests.fakes.films import film
from tests.fakes.lists import list_csv, row
from tests.fakes.still_sets import portrait, write_set

from overt.gate.calibration_files import find_calibration
from overt.identifiers import PackName
from overt.models.library import find_pack
from overt.rates.calibration_file import read_calibration
from overt.rates.unit import Unit
from overt.units import Clock

Calibrate = Callable[..., Answer]
STRANGERS = 30
pytestmark = pytest.mark.requirement("R32")


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return models_folder(tmp_path)


@pytest.fixture
def line(
    tmp_path: Path,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> CommandLine:
    monkeypatch.setenv("OVERT_MODELS", str(models))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def calibrate(line: CommandLine, tmp_path: Path) -> Calibrate:
    out = tmp_path / "calibration-f32.json"
    return lambda *more: line.run(
        "assure", "calibrate", "--out", out, "--pack", PACK, "--data", "films of noise", *more
    )


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Each stranger before the camera once, and a listed person."""
    folder = tmp_path_factory.mktemp("films")
    for person in (1, 2, 3):
        (folder / f"p{person}.png").write_bytes(portrait(person, 0))
    rows = [{"subject_id": f"P{person}", "image": f"p{person}.png"} for person in (1, 2, 3)]
    write_set(folder / "list.csv", rows)
    write_set(folder / "other.csv", rows[:2])
    film(folder / "p1.mp4", [(1, 0.36)])
    for stranger in range(STRANGERS):
        film(folder / f"s{stranger}.mp4", [(100 + stranger, 0.36)])
    return folder


def truth_of(folder: Path, strangers: int, **changes: Any) -> Path:
    """A clip each; `changes` are of the last clip."""
    shown = [("p1.mp4", "P1"), *((f"s{n}.mp4", None) for n in range(strangers))]
    clips: list[dict[str, Any]] = [
        {
            "video": name,
            "watchlist": "list.csv",
            "passages": [{"subject_id": subject, "from": 0.0, "to": 0.36}],
        }
        for name, subject in shown
    ]
    clips[-1] |= changes
    path = folder / f"TRUTH-{strangers}.json"
    path.write_text(json.dumps({"clips": clips}))
    return path


def deployed(line: CommandLine, films: Path, tmp_path: Path) -> tuple[Answer, Answer]:
    """The same list, signed for a target, before the film of somebody who is on it."""
    people = [row(subject_id=f"P{n}", image=f"p{n}.png") for n in (1, 2, 3)]
    (films / "watch.csv").write_bytes(list_csv(*people))
    toml = films / "d.toml"
    toml.write_text(
        consent_toml(
            camera={"source": '"p1.mp4"', "zone": "[[0, 0], [1, 0], [1, 1], [0, 1]]"},
            **window(Clock().now(), timedelta(hours=1)),
            threshold=None,
            target_fpir="0.1",
            model_pack=f'"{PACK}"',
        )
    )
    for said in (
        ("keys", "new", "--name", "Silver", "--out", tmp_path / "officer"),
        ("watchlist", "import", films / "watch.csv", "--name", "volunteers", "--pack", PACK),
    ):
        done = line.run(*said)
        assert done.status == 0, done.err
    signed = line.run("deployment", "sign", toml, "--key", tmp_path / "officer" / "officer.key")
    assert signed.status == 0, signed.err
    return signed, line.run("run", toml, "--fast", "--events", tmp_path / "events.jsonl")


def alerts_in(tmp_path: Path) -> list[dict[str, Any]]:
    told = [json.loads(each) for each in (tmp_path / "events.jsonl").read_text().splitlines()]
    return [each for each in told if each["event"] == "alert"]


def test_passages_become_a_calibration_that_is_signed_and_run_with(
    calibrate: Calibrate, line: CommandLine, films: Path, tmp_path: Path, models: Path
) -> None:
    done = calibrate("--truth", truth_of(films, STRANGERS), "--json")
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert (told["unit"], told["people"], told["probes"]) == ("passage", STRANGERS, STRANGERS)
    lax, _, strict = told["targets"]
    assert lax["threshold"] > 0.0
    assert lax["low"] <= lax["rate"] <= lax["high"]
    assert lax["upper"] <= 0.1
    assert set(lax) == set(strict)
    assert (strict["insufficient_data"], strict["more_people_needed"]) == (True, 2995 - STRANGERS)
    assert "name nobody" in told["warnings"][0]
    # At the threshold that answers, the rule itself let through no more than the target.
    (at,) = [each for each in told["watched"] if each["threshold"] == lax["threshold"]]
    assert at["fpir"]["trials"] == STRANGERS
    assert at["fpir"]["errors"] <= 0.1 * STRANGERS
    made = tmp_path / "calibration-f32.json"
    (models / PACK / made.name).write_bytes(made.read_bytes())
    found = find_calibration(find_pack(PackName(PACK), search=[models]), "f32")
    assert found is not None
    assert (found.unit, found.list_size) == (Unit.PASSAGE, 3)
    assert found == read_calibration(made.read_bytes(), "it")
    signed, ran = deployed(line, films, tmp_path)
    measured_by = f"threshold {lax['threshold']:.6f} for FPIR 0.1 on 3 people"
    assert measured_by in signed.out + signed.err
    assert "(30 passages)" in signed.out + signed.err
    assert ran.status == 0, ran.err
    (alert,) = alerts_in(tmp_path)
    assert (alert["subject_id"], alert["threshold"]) == ("P1", pytest.approx(lax["threshold"]))


def test_too_few_passages_are_told_how_many_more(
    calibrate: Calibrate, films: Path, tmp_path: Path
) -> None:
    done = calibrate("--truth", truth_of(films, 2))
    assert done.status == 1
    few = "insufficient data: FPIR 0.1 on 3 people takes at least 29 people not listed, 27 more"
    assert few in done.err
    assert not (tmp_path / "calibration-f32.json").exists()


def test_passages_against_several_lists_are_no_calibration(
    calibrate: Calibrate, films: Path
) -> None:
    done = calibrate("--truth", truth_of(films, 1, watchlist="other.csv"))
    assert done.status == 1
    assert "name the same list for every clip" in done.err


@pytest.mark.parametrize("given", [(), ("--gallery", "g.csv"), ("--probes", "p.csv")])
def test_stills_or_passages_and_never_half_of_either(
    calibrate: Calibrate, given: tuple[str, ...]
) -> None:
    done = calibrate(*given)
    assert done.status == 1
    assert "give --gallery and --probes, or --truth" in done.err


def test_a_folder_that_is_not_there_is_said_before_anything_is_watched(
    calibrate: Calibrate, films: Path, tmp_path: Path
) -> None:
    done = calibrate("--truth", truth_of(films, 1), "--out", tmp_path / "nowhere" / "c.json")
    assert done.status == 1
    assert "its folder does not exist" in done.err
