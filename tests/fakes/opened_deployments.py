"""A deployment opened by the gate itself: a tiny pack, a list of two painted faces, a signature."""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from PIL import Image
from tests.fakes.deployment_files import consent_toml, window
from tests.fakes.lists import list_csv, row
from tests.fakes.packs import write_own_pack
from tests.fakes.planted_alerts import Hands

from overt.gate.gate import Gate, open_gate
from overt.gate.open_deployment import OpenDeployment
from overt.gate.watchlist_orders import ImportOrder
from overt.identifiers import WatchlistName
from overt.units import Clock

WINDOW: Final = timedelta(hours=20)
"""Past midnight, when the review of S2 falls due."""


@dataclass(slots=True)
class Opened:
    gate: Gate
    hands: Hands
    deployment: OpenDeployment
    path: Path


def signed_deployment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Import a list and sign a deployment under `folder`; give the folder, for `opened_copy`."""
    write_own_pack(folder / "models", allows='"demonstration"')
    monkeypatch.setenv("OVERT_MODELS", str(folder / "models"))
    clock = Hands().clock()
    with open_gate(folder / "home", clock) as gate:
        _sign(gate, folder, clock)
    return folder


@contextmanager
def opened_copy(signed: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    """Open a copy of what was signed; its pack is the only one that is found."""
    shutil.copytree(signed, folder, dirs_exist_ok=True)
    monkeypatch.setenv("OVERT_MODELS", str(folder / "models"))
    hands = Hands()
    path = folder / "deployment.toml"
    with open_gate(folder / "home", hands.clock()) as gate:
        yield Opened(gate, hands, gate.open_deployment(gate.whoami(), path), path)


def _sign(gate: Gate, folder: Path, clock: Clock) -> None:
    actor = gate.whoami()
    for number, name in enumerate(("s1.png", "s2.png")):
        (folder / name).write_bytes(painted_face(number))
    (folder / "list.csv").write_bytes(
        list_csv(
            row(subject_id="S1", image="s1.png"),
            row(subject_id="S2", image="s2.png", review_by="2026-11-30"),
        )
    )
    order = ImportOrder(folder / "list.csv", WatchlistName("volunteers"), pack="mine")
    gate.import_watchlist(actor, order)
    gate.new_officer_key(actor, "Insp. Ode", folder / "keys")
    changes: dict[str, Any] = {
        "model_pack": '"mine"',
        "threshold": "0.5",
        **window(clock.now(), WINDOW),
    }
    (folder / "deployment.toml").write_text(consent_toml(**changes))
    gate.sign_deployment(actor, folder / "deployment.toml", folder / "keys" / "officer.key")


def painted_face(number: int) -> bytes:
    """A picture in which the tiny detector finds its one face, sharp and bright enough."""
    chance = np.random.default_rng(number)
    blocks = chance.integers(90, 255, (32, 32, 3), np.uint8)
    picture = Image.fromarray(blocks).resize((256, 256), Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
