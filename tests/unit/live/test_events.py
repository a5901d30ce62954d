"""Events are lines that are on the disk before anybody relies on them."""

import json
from pathlib import Path

import pytest

from overt.errors import Fault, Refused
from overt.live.events import EventLog


def test_each_event_is_one_line_and_an_earlier_file_is_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    for number in range(2):
        with EventLog(path) as log:
            log.write({"event": "alert", "id": number})
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [0, 1]


def test_events_are_for_their_owner_only(tmp_path: Path) -> None:
    with EventLog(tmp_path / "events.jsonl"):
        assert (tmp_path / "events.jsonl").stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_there_is_refused_with_its_name(tmp_path: Path) -> None:
    with (
        pytest.raises(Refused, match=r"missing.*events\.jsonl"),
        EventLog(tmp_path / "missing" / "events.jsonl"),
    ):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_a_fault_that_stops_the_matching() -> None:
    with EventLog(Path("/dev/full")) as log, pytest.raises(Fault, match="matching stops"):
        log.write({"event": "alert"})
