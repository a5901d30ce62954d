"""Keys, lists, deployments and secrets at the command line: one clear message, status 1, no trace."""

import io
import json
import os
import sqlite3
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import PACK, models_folder, picture
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.deployment_files import consent_toml, window
from tests.fakes.installed import BEGAN, installed_home
from tests.fakes.lists import list_csv, row

from overt.config.deployment import read_deployment
from overt.units import Clock

Overt = Callable[..., Answer]


@pytest.fixture
def overt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Overt:
    monkeypatch.setenv("OVERT_HOME", str(installed_home(tmp_path / "home", BEGAN)))
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    monkeypatch.chdir(tmp_path)
    return CommandLine(monkeypatch, capsys).run


def write_list(folder: Path, *rows: dict[str, str]) -> Path:
    for i, each in enumerate(rows):
        (folder / each["image"]).write_bytes(picture(i + 1))
    (folder / "list.csv").write_bytes(list_csv(*rows))
    return folder / "list.csv"


def write_deployment(folder: Path, **changes: str | None) -> Path:
    opened = window(Clock().now(), timedelta(hours=1))
    fields = {**opened, "threshold": "0.5", "model_pack": f'"{PACK}"', **changes}
    (folder / "d.toml").write_text(consent_toml(camera=None, **fields))
    return folder / "d.toml"


def imported(overt: Overt, folder: Path) -> dict[str, object]:
    write_list(folder, row(image="a.png"), row(subject_id="S2", image="b.png"))
    done = overt(
        "watchlist", "import", "list.csv", "--name", "volunteers", "--pack", PACK, "--json"
    )
    assert done.status == 0, done.err
    told: dict[str, object] = json.loads(done.out)
    return told


def refused(answer: Answer) -> bool:
    """One message on standard error, nothing on standard output, no traceback."""
    return (
        answer.status == 1
        and not answer.out
        and answer.err.startswith("refused: ")
        and "Traceback" not in answer.err
    )


def test_from_a_key_to_a_signed_deployment(overt: Overt, tmp_path: Path) -> None:
    assert overt("keys", "new", "--name", "Silver", "--out", "officer").status == 0
    assert imported(overt, tmp_path)["people"] == 2
    write_deployment(tmp_path)
    signed = overt("deployment", "sign", "d.toml", "--key", "officer/officer.key")
    assert signed.status == 0, signed.err
    assert (tmp_path / "d.toml.sig").exists()
    assert "CONSENT PROFILE" in signed.err
    checked = overt("deployment", "check", "d.toml")
    assert checked.status == 0
    assert "met     R1   a trusted officer's signature: Silver" in checked.out


@pytest.mark.requirement("R46")
def test_whoever_closes_a_deployment_hears_which_alerts_have_no_end(
    overt: Overt, tmp_path: Path
) -> None:
    assert overt("keys", "new", "--name", "Silver", "--out", "officer").status == 0
    imported(overt, tmp_path)
    write_deployment(tmp_path)
    signed = overt("deployment", "sign", "d.toml", "--key", "officer/officer.key")
    assert signed.status == 0, signed.err
    deployment = str(read_deployment(tmp_path / "d.toml").id)
    closed = overt("deployment", "close", deployment, "--reason", "rain", "--json")
    assert json.loads(closed.out) == {"closed": deployment, "unfinished": []}, closed.err


def test_a_check_tells_every_rule_and_fails_if_one_is_broken(overt: Overt, tmp_path: Path) -> None:
    write_deployment(tmp_path)
    checked = overt("deployment", "check", "d.toml")
    assert checked.status == 1
    assert len(checked.out.splitlines()) > 20
    assert "broken  R1   a trusted officer's signature: not signed" in checked.out
    as_json = overt("deployment", "check", "d.toml", "--json")
    assert as_json.status == 1
    assert json.loads(as_json.out)["met"] is False
    assert len(as_json.out.splitlines()) == 1


def test_json_is_one_object_on_one_line(overt: Overt, tmp_path: Path) -> None:
    told = imported(overt, tmp_path)
    assert told["images"] == 2
    assert told["refused"] == []
    for arguments in (
        ("watchlist", "list"),
        ("watchlist", "show", "volunteers"),
        ("keys", "list"),
        ("secrets", "list"),
        ("watchlist", "stand-down", "volunteers", "S1", "--reason", "left"),
        ("watchlist", "delete", "volunteers"),
    ):
        done = overt(*arguments, "--json")
        assert done.status == 0, done.err
        assert len(done.out.splitlines()) == 1
        assert json.loads(done.out)


def test_refused_rows_go_to_a_file_with_their_reasons(overt: Overt, tmp_path: Path) -> None:
    write_list(tmp_path, row(image="a.png"), row(subject_id="S2", image="b.png", category="other"))
    done = overt(
        "watchlist",
        "import",
        "list.csv",
        "--name",
        "v",
        "--pack",
        PACK,
        "--skip-refused",
        "bad.csv",
    )
    assert done.status == 0, done.err
    assert "refused: row 3, column category" in done.out
    assert "is no category" in (tmp_path / "bad.csv").read_text()
    assert stat.S_IMODE((tmp_path / "bad.csv").stat().st_mode) == 0o600


def test_refused_rows_that_could_not_be_written_refuse_the_import_before_it_begins(
    overt: Overt, tmp_path: Path
) -> None:
    write_list(tmp_path, row(image="a.png"), row(subject_id="S2", image="b.png", category="other"))
    (tmp_path / "closed").mkdir(mode=0o500)
    closed = "closed" if os.geteuid() else "/sys"  # root may write everywhere else
    file = f"{closed}/bad"
    done = overt("watchlist", "import", "list.csv", "--name", "v", "--skip-refused", file)
    assert refused(done)
    assert "no watchlists" in overt("watchlist", "list").out


def test_the_list_itself_is_never_overwritten_by_its_refused_rows(
    overt: Overt, tmp_path: Path
) -> None:
    write_list(tmp_path, row(image="a.png", category="other"))
    before = (tmp_path / "list.csv").read_bytes()
    done = overt("watchlist", "import", "list.csv", "--name", "v", "--skip-refused", "./list.csv")
    assert refused(done)
    assert (tmp_path / "list.csv").read_bytes() == before


def test_a_secret_comes_from_a_pipe_and_is_never_shown(
    overt: Overt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"admin:hunter2\n")))
    done = overt("secrets", "set", "north")
    assert done.status == 0, done.err
    listed = overt("secrets", "list")
    assert "north" in listed.out
    assert "hunter2" not in done.out + done.err + listed.out + overt("audit", "show").out


def test_an_empty_secret_is_refused(overt: Overt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert refused(overt("secrets", "set", "north"))


BAD_LISTS = {
    "missing columns": b"subject_id,image\nS1,a.png\n",
    "wrong encoding": list_csv(row(reason="caf\u00e9")).decode().encode("latin-1"),
    "utf-16": list_csv(row()).decode().encode("utf-16"),
    "formula": list_csv(row(subject_id="=cmd|' /C calc'!A0")),
    "nul": b"\0" * 1000,
    "empty": b"",
    "binary": bytes(range(256)) * 10,
    "open quote": list_csv(row()) + b'"S2',
    "huge field": list_csv(row()) + b"x" * 300_000,
    "duplicate column": b"subject_id,subject_id\nS1,S1\n",
    "no image": list_csv(row(image="none.png")),
    "outside": list_csv(row(image="../a.png")),
    "absolute": list_csv(row(image="/etc/hostname")),
    "a folder": list_csv(row(image=".")),
}


@pytest.mark.parametrize("bad", BAD_LISTS)
def test_a_bad_list_is_one_clear_refusal_and_nothing_is_kept(
    overt: Overt, tmp_path: Path, bad: str
) -> None:
    (tmp_path / "list.csv").write_bytes(BAD_LISTS[bad])
    done = overt("watchlist", "import", "list.csv", "--name", "v", "--pack", PACK)
    assert refused(done), done
    assert "list.csv" in done.err
    with closing(sqlite3.connect(tmp_path / "home" / "overt.db")) as database, database:
        assert database.execute("select count(*) from watchlists").fetchone() == (0,)
        assert database.execute("select count(*) from data_keys").fetchone() == (0,)


BAD_DEPLOYMENTS = {
    "unknown key": consent_toml(colour='"red"').encode(),
    "wrong type": consent_toml(threshold='"high"').encode(),
    "naive time": consent_toml(starts_at="2026-11-30T10:00:00").encode(),
    "no toml": b"[deployment",
    "latin-1": consent_toml(place='"Caf\u00e9"').encode("latin-1"),
    "nan": consent_toml(threshold="nan").encode(),
    "target": consent_toml(target_fpir="0.01").encode(),
    "password": consent_toml(camera={"source": '"rtsp://u:hunter2@192.0.2.1/s"'}).encode(),
    "empty": b"",
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("bad", BAD_DEPLOYMENTS)
def test_a_bad_deployment_is_one_clear_refusal(overt: Overt, tmp_path: Path, bad: str) -> None:
    (tmp_path / "d.toml").write_bytes(BAD_DEPLOYMENTS[bad])
    done = overt("deployment", "check", "d.toml")
    assert refused(done), done
    assert "d.toml" in done.err


def test_a_password_in_a_deployment_is_neither_signed_nor_shown_nor_logged(
    overt: Overt, tmp_path: Path
) -> None:
    overt("keys", "new", "--name", "Silver", "--out", "officer")
    (tmp_path / "d.toml").write_bytes(BAD_DEPLOYMENTS["password"])
    done = overt("deployment", "sign", "d.toml", "--key", "officer/officer.key")
    assert refused(done)
    assert "hunter2" not in done.err + overt("audit", "show").out
    assert not (tmp_path / "d.toml.sig").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("deployment", "check", "none.toml"),
        ("deployment", "check", "."),
        ("deployment", "sign", "none.toml", "--key", "none.key"),
        ("watchlist", "import", "none.csv", "--name", "v"),
        ("watchlist", "import", ".", "--name", "v"),
        ("watchlist", "show", "none"),
        ("watchlist", "delete", "none"),
        ("watchlist", "stand-down", "none", "S1", "--reason", "left"),
        ("keys", "trust", "none.pub"),
        ("keys", "revoke", "."),
        ("keys", "new", "--name", " ", "--out", "officer"),
        ("secrets", "delete", "none"),
    ],
)
def test_what_is_not_there_is_one_clear_refusal(overt: Overt, arguments: tuple[str, ...]) -> None:
    assert refused(overt(*arguments))


@pytest.mark.parametrize("group", ["keys", "watchlist", "deployment", "secrets"])
def test_every_group_has_help(overt: Overt, group: str) -> None:
    shown = overt(group, "--help")
    assert shown.status == 0
    assert "Usage" in shown.out
