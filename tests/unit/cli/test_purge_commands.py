"""`overt purge`, `overt receipt` and `overt holds`: what their users meet, and what is left behind."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from tests.fakes.authority import Hands
from tests.fakes.command_line import Answer, CommandLine
from tests.fakes.lists_and_alerts import keep_alert, keep_deployment

from overt.gate.gate import open_gate
from overt.policy.access import Permission
from overt.units import Clock, UtcTime

HOUR: Final = timedelta(hours=1)
WORD: Final = b"a face that must be gone " * 8


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def line(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    monkeypatch.setenv("OVERT_HOME", str(home))
    return CommandLine(monkeypatch, capsys)


def an_alert_in(home: Path, *, left: timedelta) -> str:
    """Raise an alert a day ago, which dies this long from now."""
    now = Clock().now()
    yesterday = Hands((now - timedelta(days=1)).timestamp()).clock()
    with (
        open_gate(home, yesterday) as gate,
        gate._as(gate.whoami(), Permission.WATCHLIST_IMPORT) as work,
    ):
        deployment = keep_deployment(work, dies=UtcTime(now + timedelta(days=900)))
        dies = UtcTime(now + left)
        return keep_alert(work, deployment, dies=dies, subject="s1", evidence=WORD)


def hours_later(home: Path, hours: int) -> None:
    """Let the records see a later time; what is done after goes on from there."""
    later = Hands((Clock().now() + hours * HOUR).timestamp()).clock()
    with open_gate(home, later) as gate:
        gate.users(gate.whoami())


def told(answer: Answer) -> dict[str, Any]:
    assert len(answer.out.splitlines()) == 1
    facts: dict[str, Any] = json.loads(answer.out)
    return facts


def refused(answer: Answer) -> bool:
    return answer.status == 1 and not answer.out and "Traceback" not in answer.err


@pytest.mark.requirement("R52")
def test_a_purge_says_what_went_and_its_receipt_is_checked_with_the_key_alone(
    line: CommandLine, home: Path, tmp_path: Path
) -> None:
    an_alert_in(home, left=-timedelta(minutes=5))
    done = line.run("purge", "--json")
    assert done.status == 0, done.err
    facts = told(done)
    assert (facts["rows"], facts["keys"], facts["alarms"]) == (
        {"alerts": 1, "alert_evidence": 1}, 1, [],
    )  # fmt: skip
    assert list((home / "keys" / "data").iterdir()) == []
    assert told(line.run("receipt", "list", "--json"))["receipts"][0]["number"] == facts["receipt"]
    note = tmp_path / "receipt.txt"
    assert line.run("receipt", "export", facts["receipt"], note).status == 0
    key = line.run("audit", "key").out.strip()
    checked = line.run("receipt", "verify", note, "--key", key)
    assert "the signature holds" in checked.out
    note.write_text(note.read_text().replace('"alerts":1', '"alerts":0'))
    assert refused(line.run("receipt", "verify", note, "--key", key))


def test_the_next_purge_has_nothing_to_do_and_says_so(line: CommandLine, home: Path) -> None:
    an_alert_in(home, left=-timedelta(minutes=5))
    assert "deleted: 1 of alert_evidence, 1 of alerts" in line.run("purge").out
    again = line.run("purge")
    assert again.status == 0
    assert "nothing was due; keys destroyed: 0" in again.out


@pytest.mark.requirement("R52")
def test_what_is_purged_late_is_an_alarm_and_status_2(line: CommandLine, home: Path) -> None:
    an_alert_in(home, left=-5 * HOUR)
    done = line.run("purge", "--json")
    assert done.status == 2
    assert told(done)["keys"] == 1
    assert "PURGED LATE" in done.err
    assert "overt purge" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("purge", "everything"),
        ("purge", "--until", "tomorrow"),
        ("receipt", "export", "7", "receipt.txt"),
        ("receipt", "export", "seven", "receipt.txt"),
        ("receipt", "verify", "none.txt", "--key", "x"),
        ("receipt", "verify", ".", "--key", "x"),
        ("holds", "release", "none", "--reason", "settled"),
        ("holds", "place", "none", "--ground", "court", "--reference", "C-1", "--review-by", "2026"),
        (
            "holds", "place", "none", "--ground", "court", "--reference", "C-1",
            "--review-by", "2026-12-24",
        ),
        (
            "holds", "place", "none", "--ground", "curiosity", "--reference", "C-1",
            "--review-by", "2026-12-24",
        ),
    ],
)  # fmt: skip
def test_rubbish_is_one_clear_refusal(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(line.run(*arguments))
    assert not (tmp_path / "receipt.txt").exists()


def test_a_receipt_never_overwrites_a_file_nor_reads_what_is_none(
    line: CommandLine, home: Path, tmp_path: Path
) -> None:
    an_alert_in(home, left=-timedelta(minutes=5))
    number = told(line.run("purge", "--json"))["receipt"]
    mine = tmp_path / "mine"
    mine.write_bytes(bytes(range(256)))
    assert refused(line.run("receipt", "export", number, mine))
    assert refused(line.run("receipt", "export", number, tmp_path / "none" / "file"))
    assert mine.read_bytes() == bytes(range(256))
    assert refused(line.run("receipt", "verify", mine, "--key", line.run("audit", "key").out))


@pytest.mark.requirement("R51")
def test_a_hold_keeps_what_a_purge_would_take_until_it_is_released(
    line: CommandLine, home: Path
) -> None:
    alert = an_alert_in(home, left=HOUR)
    until = (Clock().now() + timedelta(days=9)).date().isoformat()
    order = ("--ground", "court", "--reference", "C-17/26", "--review-by", until)
    assert told(line.run("holds", "place", alert, *order, "--json"))["held"]["ground"] == "court"
    assert "C-17/26" in line.run("holds", "list").out
    hours_later(home, 2)
    assert told(line.run("purge", "--json"))["rows"] == {}
    assert line.run("holds", "release", alert, "--reason", "C-17/26 is settled").status == 0
    assert told(line.run("purge", "--json"))["rows"]["alerts"] == 1
    assert refused(line.run("holds", "release", alert, "--reason", "again"))
    assert "nothing is held" in line.run("holds", "list").out


KILLED: Final = """
import os, sys
from overt.cli.main import main
from overt.records.key_folder import KeyFolder

def cut(self, keys):
    os._exit(9)  # as a power cut: after the rows, before the files

KeyFolder.shred = cut
sys.argv = ["overt", "purge"]
main()
"""


@pytest.mark.requirement("R52")
def test_a_purge_killed_in_the_middle_is_ended_by_the_next_which_has_the_receipt(
    line: CommandLine, home: Path
) -> None:
    an_alert_in(home, left=-timedelta(minutes=5))
    command = [sys.executable, "-c", KILLED]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 9
    assert len(list((home / "keys" / "data").iterdir())) == 1
    done = line.run("purge", "--json")
    assert done.status == 0, done.err
    assert list((home / "keys" / "data").iterdir()) == []
    (receipt,) = told(line.run("receipt", "list", "--json"))["receipts"]
    assert receipt["number"] == told(done)["receipt"]
    assert len(receipt["keys"]) == 1


@pytest.mark.requirement("R52")
def test_two_purges_at_once_destroy_each_key_once(line: CommandLine, home: Path) -> None:
    an_alert_in(home, left=-timedelta(minutes=5))
    command = [sys.executable, "-m", "overt", "purge", "--json"]
    both = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ)
        for _ in range(2)
    ]
    said = [each.communicate(timeout=60) for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert sum(json.loads(out)["keys"] for out, _ in said) == 1
    receipts = told(line.run("receipt", "list", "--json"))["receipts"]
    assert [len(each["keys"]) for each in receipts] == [1]
