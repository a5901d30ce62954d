"""Downloads from a publisher that breaks off, cannot resume, or sends something else."""

import fcntl
import hashlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.fakes.pack_server import PackServer, pack_server

from overt.errors import Refused
from overt.models.manifest import PackManifest, read_manifest
from overt.models.pull import Fetched, pull_pack
from overt.units import Seconds

CONTENT = np.random.default_rng(7).bytes(300_000)


@pytest.fixture
def server() -> Iterator[PackServer]:
    with pack_server(network=CONTENT) as running:
        yield running


def _manifest(address: str, content: bytes = CONTENT, more: str = "") -> PackManifest:
    return read_manifest(
        f"""
name = "far"
version = "1"
listed_only = "a test of the download"
threshold_floor = 0.1
precisions = ["f32"]
[licence]
spdx = "MIT"
allows = ["evaluation"]
[[file]]
name = "network"
size = {len(content)}
digest = "sha256:{hashlib.sha256(content).hexdigest()}"
urls = [{more}"{address}/network"]
""",
        place="a test",
    )


def _pull(manifest: PackManifest, into: Path) -> tuple[Fetched, ...]:
    files = pull_pack(manifest, into, progress=lambda *_: None, pause=Seconds(0))
    return tuple(file.fetched for file in files)


def test_a_file_is_fetched_whole_and_nothing_else_stays(server: PackServer, tmp_path: Path) -> None:
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["network"]
    assert (tmp_path / "far" / "network").read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_fetched_again(server: PackServer, tmp_path: Path) -> None:
    _pull(_manifest(server.address), tmp_path)
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.ALREADY_THERE,)
    assert len(server.asked) == 1


def test_a_broken_connection_goes_on_where_it_stopped(server: PackServer, tmp_path: Path) -> None:
    server.break_after = [100_000, 50_000]
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]
    assert (tmp_path / "far" / "network").read_bytes() == CONTENT


def test_a_later_run_goes_on_where_an_earlier_gave_up(server: PackServer, tmp_path: Path) -> None:
    server.break_after = [100_000, *[0] * 5]
    with pytest.raises(Refused, match="100000 of 300000 bytes are kept: run it again"):
        _pull(_manifest(server.address), tmp_path)
    assert not (tmp_path / "far" / "network").exists()
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)
    assert server.asked[-1] == "bytes=100000-"


def test_a_server_that_cannot_resume_starts_over(server: PackServer, tmp_path: Path) -> None:
    server.resumes = False
    server.break_after = [100_000]
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)
    assert (tmp_path / "far" / "network").read_bytes() == CONTENT


def test_another_file_is_thrown_away(server: PackServer, tmp_path: Path) -> None:
    server.files["/network"] = bytes(len(CONTENT))
    with pytest.raises(Refused, match="not its publisher's file"):
        _pull(_manifest(server.address), tmp_path)
    assert not (tmp_path / "far" / "network").exists()
    assert (tmp_path / "far" / "network.part").stat().st_size == 0


def test_a_longer_file_is_not_read_to_its_end(server: PackServer, tmp_path: Path) -> None:
    server.files["/network"] = CONTENT + bytes(1_000_000)
    most = 0

    def watch(_name: str, have: int, _size: int) -> None:
        nonlocal most
        most = max(most, have)

    with pytest.raises(Refused, match="not its publisher's file"):
        pull_pack(_manifest(server.address), tmp_path, progress=watch, pause=Seconds(0))
    assert most == len(CONTENT) + 1


def test_a_rest_of_another_version_is_replaced(server: PackServer, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "network.part").write_bytes(b"something older" * 10)
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)
    assert (tmp_path / "far" / "network").read_bytes() == CONTENT


def test_a_wrong_file_in_the_cache_is_replaced(server: PackServer, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "network").write_bytes(bytes(len(CONTENT)))
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)


def test_a_server_that_is_busy_is_asked_again(server: PackServer, tmp_path: Path) -> None:
    server.failures = [503, 500]
    assert _pull(_manifest(server.address), tmp_path) == (Fetched.DOWNLOADED,)


def test_an_address_without_the_file_is_refused_at_once(server: PackServer, tmp_path: Path) -> None:
    server.files.clear()
    with pytest.raises(Refused, match="answered 404 Not Found for network"):
        _pull(_manifest(server.address), tmp_path)
    assert len(server.asked) == 1


def test_the_second_address_helps_where_the_first_fails(server: PackServer, tmp_path: Path) -> None:
    manifest = _manifest(server.address, more=f'"{server.address}/gone", ')
    assert _pull(manifest, tmp_path) == (Fetched.DOWNLOADED,)


def test_a_publisher_that_is_not_there_is_a_refusal(server: PackServer, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"could not be fetched from 127\.0\.0\.1:1:"):
        _pull(_manifest("http://127.0.0.1:1"), tmp_path)


def test_two_processes_do_not_write_one_file(server: PackServer, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    with (tmp_path / "far" / "network.part").open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(Refused, match="another process"):
            _pull(_manifest(server.address), tmp_path)


def test_progress_grows_to_the_whole(server: PackServer, tmp_path: Path) -> None:
    told: list[int] = []
    pull_pack(_manifest(server.address), tmp_path, progress=lambda _n, have, _s: told.append(have))
    assert told == sorted(told)
    assert told[-1] == len(CONTENT)
