"""`overt alerts` and `overt camera` as typed: answers, refusals and exit statuses."""

import json
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.fakes.clips import make_clip
from tests.fakes.deployment_files import consent_toml
from tests.fakes.packs import write_own_pack
from tests.fakes.planted_alerts import (
    DEPLOYMENT,
    Hands,
    PlantedRecords,
    an_alert,
    listed,
    planted_records,
)

from overt.cli import main as command_line
from overt.decisions.states import AlertState

WHY = "the same scar over the left brow"


@dataclass(frozen=True, slots=True)
class Told:
    status: int
    out: str
    err: str


Typed = Callable[..., Told]


@pytest.fixture
def typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Typed:
    """Type a command; the machine's clock stands still at the time of the planted records."""
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("overt.cli.acting.Clock", lambda: Hands().clock())

    def type_command(*words: str) -> Told:
        monkeypatch.setattr(sys, "argv", ["overt", *words])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        said = capsys.readouterr()
        return Told(int(ended.value.code or 0), said.out, said.err)

    return type_command


@pytest.fixture
def records(tmp_path: Path) -> Iterator[PlantedRecords]:
    planted = planted_records(tmp_path / "home")
    with planted.gate:
        planted.plant(an_alert())
        yield planted


def test_alerts_are_listed_in_words(typed: Typed, records: PlantedRecords) -> None:
    told = typed("alerts", "list")
    assert told.status == 0
    assert "a-1" in told.out
    assert (
        "resembles S1  hidden until you judge (threshold 0.55, list 1204)  Awaiting judgement"
        in told.out
    )


def test_json_is_one_object_on_one_line(typed: Typed, records: PlantedRecords) -> None:
    out = typed("alerts", "list", "--json").out
    assert out.count("\n") == 1
    (alert,) = json.loads(out)["alerts"]
    assert (alert["id"], alert["state"], alert["similarity"]) == ("a-1", "raised", None)


def test_those_awaiting_are_listed_alone(typed: Typed, records: PlantedRecords) -> None:
    typed("alerts", "show", "a-1")
    typed("alerts", "decide", "a-1", "--judgement", "unsure", "--reason", WHY)
    assert typed("alerts", "list", "--awaiting").out == "no alerts\n"


def test_one_alert_is_shown_with_its_response_plan(typed: Typed, records: PlantedRecords) -> None:
    assert listed("S1").response_plan in typed("alerts", "show", "a-1").out


@pytest.mark.requirement("R38")
def test_a_dispatch_before_a_judgement_is_refused(typed: Typed, records: PlantedRecords) -> None:
    told = typed("alerts", "dispatch", "a-1", "--to", "PC 4411", "--reason", WHY)
    assert (told.status, told.out) == (1, "")
    assert "nobody is sent on a score alone" in told.err


def test_judge_send_and_stop(typed: Typed, records: PlantedRecords) -> None:
    steps = [
        ("decide", "a-1", "--judgement", "possible-match", "--reason", WHY),
        ("dispatch", "a-1", "--to", "PC 4411", "--to", "PC 0927", "--reason", "ask her"),
        ("stop", "a-1", "--reason", "too tall"),
    ]
    typed("alerts", "show", "a-1")
    states = [json.loads(typed("alerts", *step, "--json").out)["state"] for step in steps]
    assert states == ["possible-match", "dispatched", "stopped"]


@pytest.mark.requirement("R41")
@pytest.mark.parametrize("words", [("--reason", WHY), ("--judgement", "unsure")])
def test_judgement_and_reason_are_both_asked_for(
    typed: Typed, records: PlantedRecords, words: tuple[str, str]
) -> None:
    told = typed("alerts", "decide", "a-1", *words)
    assert told.status != 0
    assert "Traceback" not in told.err
    gate = records.gate
    assert gate.alerts(gate.whoami())[0].review.state is AlertState.RAISED


@pytest.mark.requirement("R41")
def test_a_blank_reason_is_refused(typed: Typed, records: PlantedRecords) -> None:
    typed("alerts", "show", "a-1")
    told = typed("alerts", "decide", "a-1", "--judgement", "unsure", "--reason", "  ")
    assert (told.status, "a reason, in words" in told.err) == (1, True)


def test_an_alert_that_is_not_there_is_refused(typed: Typed, records: PlantedRecords) -> None:
    told = typed("alerts", "show", "a-7")
    assert (told.status, "there is no alert 'a-7'" in told.err) == (1, True)


@pytest.mark.requirement("R56")
def test_images_are_handed_over_only_to_somebody_for_something(
    typed: Typed, records: PlantedRecords, tmp_path: Path
) -> None:
    out = tmp_path / "handed"
    told = typed("alerts", "show", "a-1", "--out", str(out))
    assert (told.status, "a disclosure needs a recipient" in told.err) == (1, True)
    assert not out.exists()


@pytest.mark.requirement("R56")
def test_images_handed_over_are_for_their_holder_alone(
    typed: Typed, records: PlantedRecords, tmp_path: Path
) -> None:
    out = tmp_path / "handed"
    told = typed(
        "alerts", "show", "a-1", "--out", str(out),
        "--recipient", "Crown Court", "--justification", "court order 7",
    )  # fmt: skip
    assert told.status == 0
    assert sorted(path.name for path in out.iterdir()) == ["listed-1.jpg", "scene.jpg", "seen.jpg"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}


def test_a_folder_that_exists_is_left_alone(
    typed: Typed, records: PlantedRecords, tmp_path: Path
) -> None:
    told = typed(
        "alerts", "show", "a-1", "--out", str(tmp_path), "--recipient", "R", "--justification", "J"
    )
    assert (told.status, "exists; name a folder" in told.err) == (1, True)


def test_a_console_beyond_this_machine_is_refused_without_a_certificate(typed: Typed) -> None:
    told = typed("console", "--host", "0.0.0.0", "--port", "0")
    assert (told.status, "--tls-cert" in told.err) == (1, True)


@pytest.mark.requirement("R42")
def test_a_judgement_before_the_images_were_shown_is_refused(
    typed: Typed, records: PlantedRecords
) -> None:
    typed("alerts", "show", "a-1", "--json")
    told = typed("alerts", "decide", "a-1", "--judgement", "unsure", "--reason", WHY)
    assert (told.status, "overt alerts show" in told.err) == (1, True)


def test_show_draws_both_faces(typed: Typed, records: PlantedRecords) -> None:
    drawn = [line for line in typed("alerts", "show", "a-1").out.splitlines() if "▀" in line]
    assert {line.count("▀") for line in drawn} == {88}
    assert "38;2;10;10;10" in drawn[8]
    assert "38;2;30;30;30" in drawn[8]


@pytest.mark.requirement("R48")
def test_a_false_engagement_from_the_alert_to_its_closed_record(
    typed: Typed, records: PlantedRecords
) -> None:
    def said(*words: str) -> str:
        return str(json.loads(typed(*words, "--reason", WHY, "--json").out)["state"])

    typed("alerts", "show", "a-1")
    said("alerts", "decide", "a-1", "--judgement", "possible-match")
    said("alerts", "dispatch", "a-1", "--to", "PC 4411")
    assert json.loads(typed("alerts", "unfinished", DEPLOYMENT, "--json").out) == {
        "deployment": DEPLOYMENT, "unfinished": ["a-1"],
    }  # fmt: skip
    typed("alerts", "show", "a-1")
    assert said("alerts", "outcome", "a-1", "same-person") == "same-person"
    assert said("alerts", "outcome", "a-1", "engaged") == "engaged"
    told = typed("alerts", "outcome", "a-1", "false", "--reason", WHY)
    assert (told.status, "other than the alert" in told.err) == (1, True)
    end = said("alerts", "outcome", "a-1", "false", "--method", "identity-document")
    assert end == "confirmed-false"
    (incident,) = json.loads(typed("incidents", "list", "--json").out)["incidents"]
    told = typed("incidents", "close", incident["id"])
    assert (told.status, "leaflet, complaint, stop minutes, outcome" in told.err) == (1, True)
    typed(
        "incidents", "record", incident["id"], "--leaflet", "form 12", "--complaint", "C-7",
        "--stop-minutes", "4", "--outcome", "let go with an apology",
    )  # fmt: skip
    closed = json.loads(typed("incidents", "close", incident["id"], "--json").out)
    assert (closed["closed_by"], closed["missing"]) == (records.gate.whoami().id, [])
    assert typed("incidents", "record", incident["id"], "--leaflet", "another").status == 1


@pytest.mark.requirement("R42")
def test_statistics_are_counts(typed: Typed, records: PlantedRecords) -> None:
    typed("alerts", "show", "a-1")
    typed("alerts", "decide", "a-1", "--judgement", "unsure", "--reason", WHY)
    (operator,) = json.loads(typed("alerts", "statistics", "--json").out)["operators"]
    assert (operator["judgements"], operator["rejected"], operator["decoys"]) == (1, 1, 0)


def _deployment(folder: Path, monkeypatch: pytest.MonkeyPatch, source: str) -> Path:
    write_own_pack(folder / "models", allows='"demonstration"')
    monkeypatch.setenv("OVERT_MODELS", str(folder / "models"))
    path = folder / "deployment.toml"
    path.write_text(consent_toml(model_pack='"mine"', camera={"source": f'"{source}"'}))
    return path


def test_a_camera_is_checked_without_a_signature(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_clip(tmp_path / "street.mp4")
    path = _deployment(tmp_path, monkeypatch, "street.mp4")
    out = tmp_path / "stills"
    told = typed("camera", "check", str(path), "--out", str(out), "--json")
    (camera,) = json.loads(told.out)["cameras"]
    assert (camera["camera"], camera["width"], camera["height"]) == ("north", 320, 192)
    assert camera["fps"] == pytest.approx(25.0, abs=0.5)
    assert [path.name for path in out.iterdir()] == ["north.png"]


def test_a_camera_check_is_an_act(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_clip(tmp_path / "street.mp4")
    path = _deployment(tmp_path, monkeypatch, "street.mp4")
    typed("camera", "check", str(path), "--out", str(tmp_path / "stills"))
    assert "camera-checked" in typed("audit", "show").out


def test_a_camera_that_is_not_there_is_one_message(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _deployment(tmp_path, monkeypatch, "nowhere.mp4")
    told = typed("camera", "check", str(path), "--out", str(tmp_path / "stills"))
    assert (told.status, "nowhere.mp4 does not exist" in told.err) == (1, True)
