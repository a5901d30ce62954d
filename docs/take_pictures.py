"""Take the README's pictures anew: run the demonstration, open its pages, photograph them.

    python docs/take_pictures.py          (needs Chromium and the development requirements)

The people in them are public-domain portraits; see THIRD_PARTY_NOTICES.md.
"""

import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import FloatRect, sync_playwright

PICTURES: Final = Path(__file__).parent / "pictures"
FLAGS: Final = [
    "--no-sandbox", "--disable-background-networking", "--disable-gpu", "--disable-quic",
    "--no-first-run", "--disable-component-update", "--disable-sync",
]  # fmt: skip
TOP: Final[FloatRect] = {"x": 0.0, "y": 0.0, "width": 1180.0, "height": 330.0}
DRAWN: Final = 800
"""Milliseconds that a page gets to draw its pictures."""


def main() -> None:
    """Write review.png and alerts.png."""
    demo = subprocess.Popen(
        [sys.executable, "-u", "-m", "overt", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert demo.stdout is not None
        link = next(
            found.group()
            for line in demo.stdout
            if (found := re.search(r"http://\S+token=\S+", line))
        )
        _photograph(link)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(20)


def _photograph(link: str) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1180, "height": 900})
        page.goto(link)
        page.wait_for_timeout(DRAWN)
        page.screenshot(path=PICTURES / "alerts.png", clip=TOP)
        page.locator("a[href*='/alerts/']").first.click()
        page.wait_for_load_state()
        page.wait_for_timeout(DRAWN)
        page.screenshot(path=PICTURES / "review.png", full_page=True)
        browser.close()
    for picture in PICTURES.glob("*.png"):
        Image.open(picture).quantize(128).save(picture, optimize=True)


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    main()
