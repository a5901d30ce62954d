"""A real browser in front of a real console on loopback."""

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright
from tests.fakes.planted_alerts import PlantedRecords, planted_records

from overt.console.app import build_app
from overt.console.serve import names_of
from overt.console.sign_in import SignIn
from overt.gate.gate import Gate
from overt.units import Seconds

NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET: Final = (
    "--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-component-update", "--disable-sync",
)  # fmt: skip
"""No sandbox: CI runs as root, and the only pages are ours. The rest keeps it off the network."""


@dataclass(slots=True)
class Desk:
    """An operator's browser, and the records behind the console."""

    page: Page
    records: PlantedRecords
    sign_in: SignIn
    base: str

    def sign_on(self) -> None:
        self.page.goto(f"{self.base}/sign-in?token={self.sign_in.new_link()}")
        self.page.wait_for_url(f"{self.base}/")

    def open(self, path: str) -> None:
        self.page.goto(self.base + path)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        missing = f"no browser: install Debian's chromium (looked for {', '.join(NAMES)})"
        if os.environ.get("OVERT_REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def desk(chromium: Browser, tmp_path: Path) -> Iterator[Desk]:
    records = planted_records(tmp_path / "home")
    sign_in = SignIn(records.hands.clock().now)
    with records.gate, before_a_console(chromium, records.gate, sign_in) as (page, base):
        yield Desk(page, records, sign_in, base)


@contextmanager
def before_a_console(chromium: Browser, gate: Gate, sign_in: SignIn) -> Iterator[tuple[Page, str]]:
    """A page, and the address of the console."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        app = build_app(
            lambda: gate,
            sign_in=sign_in,
            hosts=names_of("127.0.0.1", port),
            poll=Seconds(0.1),
        )
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1)
        )
        serving = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        page = chromium.new_page(viewport={"width": 1180, "height": 900})
        page.set_default_timeout(15_000)
        try:
            yield page, f"http://127.0.0.1:{port}"
        finally:
            page.close()
            server.should_exit = True
            serving.join(timeout=20)
