"""`overt assure` from CSV files to a report, with a pack whose networks a test made."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.authority import PACK, models_folder
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.still_sets import darkness, portrait, write_people, write_set

from overt.policy.equality_evidence import Finding
from overt.policy.evidence_file import read_evidence, require_same
from overt.rates.calibration_file import read_calibration

Assure = Callable[..., Answer]
RATE_KEYS = {"errors", "trials", "rate", "low", "high"}


@pytest.fixture
def assure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Assure:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    monkeypatch.setenv("OVERT_HOME", str(tmp_path / "home"))
    line = CommandLine(monkeypatch, capsys)
    return lambda *arguments: line.run("assure", *arguments)


def identify(assure: Assure, sets: tuple[Path, Path], out: Path, *more: object) -> Answer:
    gallery, probes = sets
    return assure(
        "identify", "--gallery", gallery, "--probes", probes, "--out", out, "--pack", PACK, *more
    )


def report_of(out: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((out / "report.json").read_text())
    return told


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


@pytest.mark.requirement("R62")
def test_a_measurement_gives_every_file_and_every_key(assure: Assure, tmp_path: Path) -> None:
    sets = write_people(tmp_path / "data", listed=8, strangers=6)
    done = identify(assure, sets, tmp_path / "out", "--threshold", "0.9", "--json")
    assert done.status == 0, done.err
    assert len(done.out.splitlines()) == 1
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "report.json", "report.html", "report.csv", "report.pdf", "probes.csv", "equality.json",
    }  # fmt: skip
    report = report_of(tmp_path / "out")
    assert [each["fpir_target"] for each in report["rates"]] == [0.1, 0.01, 0.001]
    for entry in report["rates"]:
        assert entry["list_size"] == 8
        assert set(entry["fpir"]) >= RATE_KEYS
        assert set(entry["fnir"]) >= RATE_KEYS
        assert {"threshold", "rank1"} <= set(entry)
        assert entry["insufficient_data"] is True
    assert report["operating"]["fpir"]["trials"] == 6
    assert report["operating"]["fnir"]["trials"] == 16


@pytest.mark.requirement("R62")
def test_it_leaves_the_evidence_that_going_live_asks_for(assure: Assure, tmp_path: Path) -> None:
    sets, out = write_people(tmp_path / "data", listed=8, strangers=100), tmp_path / "out"
    done = identify(assure, sets, out, "--threshold", "0.9", "--highest", "0.915")
    assert done.status == 0, done.err
    evidence = read_evidence((out / "equality.json").read_bytes(), "it")
    require_same(evidence, (out / "report.json").read_bytes(), "report.json")
    assert (evidence.lowest, evidence.highest, evidence.list_size) == (0.9, 0.915, 8)
    assert (evidence.finding, evidence.groups) == (Finding.TOO_FEW, ("sex",))
    assert [test["threshold"] for test in report_of(out)["equality"]["tested"]] == [
        0.9, 0.9075, 0.915,
    ]  # fmt: skip
    (size, *_) = evidence.validated
    assert (size.measure, size.high) == ("eye_distance_px", float("inf"))
    assert {each.measure for each in evidence.validated} >= {"sharpness", "brightness", "contrast"}
    assert identify(assure, sets, out, "--threshold", "0.9", "--highest", "0.8").status == 1


def test_the_counts_are_those_of_counting_the_probes_by_hand(
    assure: Assure, tmp_path: Path
) -> None:
    sets = write_people(tmp_path / "data", listed=8, strangers=6)
    identify(assure, sets, tmp_path / "out", "--threshold", "0.9")
    told = report_of(tmp_path / "out")["operating"]
    probes = rows_of(tmp_path / "out" / "probes.csv")
    strangers = [float(row["top"]) for row in probes if row["mated"] == "false"]
    mates = [row for row in probes if row["mated"] == "true"]
    found = [row for row in mates if float(row["own"]) >= 0.9 and row["own_rank"] == "1"]
    assert told["fpir"]["errors"] == sum(top >= 0.9 for top in strangers)
    assert told["fnir"]["errors"] == len(mates) - len(found)


def test_the_same_again_is_the_same_to_the_last_byte(assure: Assure, tmp_path: Path) -> None:
    sets = write_people(tmp_path / "data", listed=6, strangers=4)
    for out in ("one", "two"):
        assert identify(assure, sets, tmp_path / out).status == 0
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_the_page_stands_alone_and_escapes_what_people_wrote(
    assure: Assure, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    gallery, probes = write_people(folder, listed=3, strangers=2)
    (folder / "again.png").write_bytes((folder / "p1-0.png").read_bytes())
    rows = rows_of(probes)
    rows.append({"subject_id": "<script>x</script>", "image": "again.png", "sex": "f"})
    write_set(probes, rows)
    assert identify(assure, (gallery, probes), tmp_path / "out").status == 0
    page = (tmp_path / "out" / "report.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "src=" not in page
    assert "https://" not in page.replace("http://www.w3.org", "")


def test_the_same_picture_on_both_sides_is_told_and_not_scored(
    assure: Assure, tmp_path: Path
) -> None:
    folder = tmp_path / "data"
    gallery, probes = write_people(folder, listed=3, strangers=2)
    (folder / "copy.png").write_bytes((folder / "p1-0.png").read_bytes())
    rows = rows_of(probes)
    rows.append({"subject_id": "P1", "image": "copy.png", "sex": "f"})
    write_set(probes, rows)
    identify(assure, (gallery, probes), tmp_path / "out")
    report = report_of(tmp_path / "out")
    (same,) = report["pictures_twice"]["on_both_sides"]
    assert "copy.png" in same["second"]
    assert report["data"]["probes"]["scored"] == report["data"]["probes"]["pictures"] - 1
    assert any("the very picture that is on the list" in line for line in report["warnings"])


def test_faces_that_are_not_found_are_misses_on_either_side(assure: Assure, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    gallery, probes = write_people(folder, listed=4, strangers=3, shots=1)
    (folder / "p1-0.png").write_bytes(darkness())  # not enrolled
    (folder / "p2-1.png").write_bytes(darkness() + b" ")  # not detected
    identify(assure, (gallery, probes), tmp_path / "out", "--threshold", "0.1")
    report = report_of(tmp_path / "out")
    assert report["failures"]["to_enrol"]["errors"] == 1
    assert report["failures"]["to_detect"]["errors"] == 1
    assert report["operating"]["list_size"] == 4
    assert report["operating"]["fnir"]["errors"] >= 2
    assert report["operating"]["fnir"]["trials"] == 4


@pytest.mark.parametrize("how", ["missing", "cut short", "no image", "through a link"])
def test_a_picture_that_cannot_be_read_refuses_everything(
    assure: Assure, tmp_path: Path, how: str
) -> None:
    folder = tmp_path / "data"
    gallery, probes = write_people(folder, listed=3, strangers=2)
    image = folder / "p2-1.png"
    if how == "cut short":
        image.write_bytes(image.read_bytes()[:2000])
    if how == "no image":
        image.write_bytes(b"hello")
    if how in {"missing", "through a link"}:
        image.unlink()
    if how == "through a link":
        (tmp_path / "outside.png").write_bytes(portrait(2, 1))
        image.symlink_to(tmp_path / "outside.png")
    done = identify(assure, (gallery, probes), tmp_path / "out")
    assert done.status == 1
    assert "probes.csv: row 4, column image: " in done.err
    assert not (tmp_path / "out").exists()


@pytest.mark.requirement("R66")
def test_groups_too_small_to_tell_are_never_cleared(assure: Assure, tmp_path: Path) -> None:
    sets = write_people(tmp_path / "data", listed=6, strangers=6)
    identify(assure, sets, tmp_path / "out", "--threshold", "0.95")
    told = report_of(tmp_path / "out")["equality"]
    assert {each["column"] for each in told["disparities"]} == {"sex"}
    assert "is no evidence that they are" in told["sentence"]
    assert "no bias" not in (tmp_path / "out" / "report.html").read_text()


def test_one_person_is_no_list(assure: Assure, tmp_path: Path) -> None:
    sets = write_people(tmp_path / "data", listed=1, strangers=3)
    done = identify(assure, sets, tmp_path / "out")
    assert done.status == 1
    assert "needs at least two" in done.err


def test_two_packs_are_compared_on_the_same_probes(assure: Assure, tmp_path: Path) -> None:
    sets = write_people(tmp_path / "data", listed=8, strangers=6)
    identify(assure, sets, tmp_path / "one")
    done = assure("compare", tmp_path / "one", tmp_path / "one", "--json")
    assert done.status == 0, done.err
    for each in json.loads(done.out)["differences"]:
        assert each["fnir"]["difference"] == 0
        assert each["fnir"]["only_first"] == 0
        assert each["fnir"]["low"] < 0 < each["fnir"]["high"]
    assert "they judge everybody alike" in assure("compare", tmp_path / "one", tmp_path / "one").out


def test_reports_on_other_pictures_under_the_same_names_are_compared_with_a_warning(
    assure: Assure, tmp_path: Path
) -> None:
    sets, out = write_people(tmp_path / "data", listed=8, strangers=6), tmp_path / "one"
    identify(assure, sets, out)
    other = tmp_path / "other"
    shutil.copytree(out, other)
    report = json.loads((other / "report.json").read_text())
    report["data"]["digest"] = "sha256:" + "0" * 64
    (other / "report.json").write_text(json.dumps(report))
    assert "did not measure the same data" in assure("compare", out, other).out
    assert "did not measure the same data" not in assure("compare", out, out).out


def test_probes_that_lost_their_head_are_no_report(assure: Assure, tmp_path: Path) -> None:
    sets, out = write_people(tmp_path / "data", listed=4, strangers=3), tmp_path / "out"
    identify(assure, sets, out)
    (out / "probes.csv").write_text("x\n")
    done = assure("compare", out, out)
    assert done.status == 1
    assert "probes.csv lacks the columns" in done.err


def test_the_same_probes_in_another_order_are_compared(assure: Assure, tmp_path: Path) -> None:
    gallery, probes = write_people(tmp_path / "data", listed=6, strangers=4)
    identify(assure, (gallery, probes), tmp_path / "one")
    head, *rows = probes.read_text().splitlines()
    probes.write_text("\n".join([head, *reversed(rows)]) + "\n")
    identify(assure, (gallery, probes), tmp_path / "two")
    done = assure("compare", tmp_path / "one", tmp_path / "two", "--json")
    assert done.status == 0, done.err
    told = json.loads(done.out)
    assert told["probes"] == {"mated": 12, "non_mated": 4, "only_in_a": 0, "only_in_b": 0}
    assert all(each["fnir"]["difference"] == 0 for each in told["differences"])


def test_reports_over_other_probes_are_not_compared(assure: Assure, tmp_path: Path) -> None:
    for people in (4, 5):
        sets = write_people(tmp_path / f"data{people}", listed=people, strangers=3)
        identify(assure, sets, tmp_path / f"out{people}")
    done = assure("compare", tmp_path / "out4", tmp_path / "out5")
    assert done.status == 1
    assert "against the same people" in done.err


@pytest.mark.requirement("R32")
def test_a_calibration_needs_enough_strangers_and_then_can_be_read(
    assure: Assure, tmp_path: Path
) -> None:
    out = tmp_path / "calibration-f32.json"
    few = write_people(tmp_path / "few", listed=3, strangers=5)
    more = write_people(tmp_path / "more", listed=3, strangers=70)
    common = ("--out", out, "--pack", PACK, "--data", "noise")
    refused = assure("calibrate", "--gallery", few[0], "--probes", few[1], *common)
    assert refused.status == 1
    assert "insufficient data" in refused.err
    assert not out.exists()
    done = assure("calibrate", "--gallery", more[0], "--probes", more[1], *common)
    assert done.status == 0, done.err
    made = read_calibration(out.read_bytes(), "it")
    assert (made.list_size, made.people) == (3, 70)
    again = assure("calibrate", "--gallery", more[0], "--probes", more[1], *common, "--json")
    told = json.loads(again.out)  # the pictures of these people hardly differ
    assert "almost the very picture of the list" in told["warnings"][0]
    assert len(told["suspects"]) == 6


def blacked_out(folder: Path, rows: list[dict[str, str]]) -> None:
    """No face in any; each file is another, for copies are set aside."""
    for number, row in enumerate(rows):
        (folder / row["image"]).write_bytes(darkness() + bytes([number]))


@pytest.mark.requirement("R66")
@pytest.mark.parametrize("black", ["strangers", "list"])
def test_where_nobody_was_compared_there_is_a_report_without_a_curve(
    assure: Assure, tmp_path: Path, black: str
) -> None:
    sets = write_people(tmp_path / "data", listed=3, strangers=4)
    on_list = {row["subject_id"] for row in rows_of(sets[0])}
    strangers = [row for row in rows_of(sets[1]) if row["subject_id"] not in on_list]
    blacked_out(tmp_path / "data", strangers if black == "strangers" else rows_of(sets[0]))
    done = identify(assure, sets, tmp_path / "out")
    assert done.status == 0, done.err
    report = report_of(tmp_path / "out")
    assert report["det"]["insufficient_data"] is True
    assert "nobody was compared" in " ".join(report["warnings"])
    assert report["rates"][0]["fpir"]["trials"] == 4
    assert report["rates"][0]["fpir"]["subjects_compared"] == 0


@pytest.mark.requirement("R32")
def test_a_calibration_of_black_pictures_is_refused(assure: Assure, tmp_path: Path) -> None:
    sets, out = write_people(tmp_path / "data", listed=2, strangers=30), tmp_path / "c.json"
    on_list = {row["subject_id"] for row in rows_of(sets[0])}
    blacked_out(
        tmp_path / "data", [row for row in rows_of(sets[1]) if row["subject_id"] not in on_list]
    )
    done = assure(
        "calibrate", "--gallery", sets[0], "--probes", sets[1], "--out", out, "--pack", PACK,
        "--data", "darkness",
    )  # fmt: skip
    assert done.status == 1
    assert "29 more than the 0 measured (30 stills of strangers" in done.err
    assert not out.exists()


@pytest.mark.parametrize(("data", "says"), [(" ", "--data: say"), ("noise", "is a folder")])
def test_a_calibration_is_refused_before_anything_is_measured(
    assure: Assure, tmp_path: Path, data: str, says: str
) -> None:
    done = assure(
        "calibrate", "--gallery", tmp_path / "no.csv", "--probes", tmp_path / "no.csv",
        "--out", tmp_path, "--pack", PACK, "--data", data,
    )  # fmt: skip
    assert done.status == 1
    assert says in done.err


def test_a_face_box_outside_the_picture_is_named_by_row_and_column(
    assure: Assure, tmp_path: Path
) -> None:
    gallery, probes = write_people(tmp_path / "data", listed=2, strangers=2)
    rows = [{**row, "face_box": "5000 5000 10 10"} for row in rows_of(probes)]
    done = identify(assure, (gallery, write_set(probes, rows)), tmp_path / "out")
    assert done.status == 1
    assert "probes.csv: row 2, column face_box: lies outside the picture" in done.err
