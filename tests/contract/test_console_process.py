"""`overt console` as a process: its link, its silence about the link, and its end."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest


@pytest.fixture
def console(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "OVERT_HOME": str(tmp_path / "home")}
    process = subprocess.Popen(
        [sys.executable, "-m", "overt", "console", "--port", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    yield process
    process.kill()
    process.communicate()


def link_of(console: subprocess.Popen[str]) -> str:
    assert console.stderr is not None
    said = console.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+/sign-in\?token=[\w-]+", said)
    assert found is not None, said
    return found[0]


def test_its_link_opens_the_list_once(console: subprocess.Popen[str]) -> None:
    link = link_of(console)
    base = link.partition("/sign-in")[0]
    with httpx2.Client(timeout=30) as browser:
        assert browser.get(link).status_code == 200
        assert "No alerts" in browser.get(base + "/").text
    assert httpx2.get(link, timeout=30).status_code == 409


def test_it_ends_cleanly_with_a_stream_open_and_says_nothing_of_its_visitors(
    console: subprocess.Popen[str],
) -> None:
    link = link_of(console)
    base = link.partition("/sign-in")[0]
    with httpx2.Client(timeout=30) as browser:
        browser.get(link)
        with browser.stream("GET", base + "/alerts/live") as stream:
            assert next(stream.iter_lines()).startswith("event")
            console.send_signal(signal.SIGINT)
            out, err = console.communicate(timeout=30)
    assert (console.returncode, out, err) == (0, "", "console closed\n")
