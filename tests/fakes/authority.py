"""A force in small, for tests that go through the gate.

A home, an officer's key, a pack that finds a face in every bright picture, lists and deployments,
and a clock whose hands a test moves.
"""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tests.fakes.deployment_files import NOW, consent_toml, window
from tests.fakes.installed import installed_home, kept_folder
from tests.fakes.lists import list_csv, row
from tests.fakes.packs import write_own_pack

from overt.gate.gate import Gate, open_gate
from overt.gate.open_deployment import OpenDeployment
from overt.gate.signing import SignedReport
from overt.gate.watchlist_orders import ImportOrder, ImportReport
from overt.identifiers import WatchlistName
from overt.policy.access import Actor
from overt.units import Clock

PACK = "mine"
LIST = WatchlistName("volunteers")


@cache
def picture(seed: int, *, size: int = 256, light: int = 180) -> bytes:
    """A bright picture with edges, another for each seed; the pack `mine` finds one face in it."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(-60, 60, (16, 16, 3))
    fine = chance.integers(-12, 12, (size, size, 3))
    grown = np.kron(coarse, np.ones((size // 16, size // 16, 1)))
    out = io.BytesIO()
    pixels = np.clip(grown + fine + light, 0, 255).astype(np.uint8)
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def flat_picture() -> bytes:
    """Bright, and without an edge anywhere."""
    out = io.BytesIO()
    Image.new("RGB", (256, 256), (180, 180, 180)).save(out, "PNG")
    return out.getvalue()


@dataclass(slots=True)
class Force:
    folder: Path
    gate: Gate
    actor: Actor
    clock: Clock
    hands: "Hands"

    @property
    def key(self) -> Path:
        return self.folder / "officer" / "officer.key"

    @property
    def toml(self) -> Path:
        return self.folder / "deployment.toml"

    def write_list(self, *rows: dict[str, str]) -> Path:
        """Write LIST.csv, and a picture for each row that has none yet."""
        folder = self.folder / "list"
        folder.mkdir(exist_ok=True)
        for number, each in enumerate(rows):
            image = folder / each["image"]
            if each["image"] and not image.exists():
                image.write_bytes(picture(number + 1))
        (folder / "list.csv").write_bytes(list_csv(*rows))
        return folder / "list.csv"

    def order(self, file: Path, **changes: Any) -> ImportOrder:
        return ImportOrder(**{"file": file, "name": LIST, "pack": PACK, **changes})

    def import_people(self, count: int = 3, **changes: Any) -> ImportReport:
        rows = [row(subject_id=f"S{i}", image=f"s{i}.png") for i in range(1, count + 1)]
        return self.gate.import_watchlist(self.actor, self.order(self.write_list(*rows), **changes))

    def import_wanted(self) -> ImportReport:
        """A list that a police deployment may use."""
        wanted = row(image="s1.png", category="wanted-by-court")
        return self.gate.import_watchlist(self.actor, self.order(self.write_list(wanted)))

    def write_deployment(self, **changes: Any) -> Path:
        """A consent deployment whose window is open for an hour."""
        opened = window(self.clock.now(), timedelta(hours=1))
        fields = {**opened, "threshold": "0.5", "model_pack": f'"{PACK}"', **changes}
        self.toml.write_text(consent_toml(**fields))
        return self.toml

    def sign(self, **changes: Any) -> SignedReport:
        self.write_deployment(**changes)
        return self.gate.sign_deployment(self.actor, self.toml, self.key)

    def open(self) -> OpenDeployment:
        return self.gate.open_deployment(self.actor, self.toml)

    def ready(self) -> "Force":
        """Have a key, a list and a signed deployment."""
        self.gate.new_officer_key(self.actor, "Silver", self.key.parent)
        self.import_people()
        self.sign()
        return self

    def events(self) -> list[str]:
        return [line.event for line in self.gate.audit_lines(self.actor, None)]

    def last(self, event: str) -> dict[str, Any]:
        lines = self.gate.audit_lines(self.actor, None)
        return dict(next(line.detail for line in reversed(lines) if line.event == event))


@dataclass(slots=True)
class Hands:
    """Of the wall's clock, in seconds since 1970."""

    at: float = NOW.timestamp()

    def forward(self, by: timedelta) -> None:
        self.at += by.total_seconds()

    def clock(self) -> Clock:
        return Clock(wall=lambda: self.at, monotonic=lambda: 0.0)


def models_folder(folder: Path) -> Path:
    """A folder for OVERT_MODELS with the pack `mine`."""
    if not (folder / "models" / PACK).exists():
        write_own_pack(folder / "models", allows='"operation", "demonstration", "evaluation"')
    return folder / "models"


@contextmanager
def a_force(folder: Path, hands: Hands | None = None) -> Iterator[Force]:
    """Open OVERT_HOME below the folder; again, with the same hands or others, for another run."""
    hands = hands or Hands()
    clock = hands.clock()
    with open_gate(installed_home(folder / "home", clock.now()), clock) as gate:
        yield Force(folder, gate, gate.whoami(), clock, hands)


@contextmanager
def a_ready_force(folder: Path) -> Iterator[Force]:
    """One that has a key, a list and a signed deployment; OVERT_MODELS has the pack `mine`."""
    shutil.copytree(_ready(), folder, dirs_exist_ok=True)
    with a_force(folder) as force:
        yield force


@cache
def _ready() -> Path:
    folder = kept_folder()
    with a_force(folder) as force:
        force.ready()
    return folder
