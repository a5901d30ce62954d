"""A force in small, for tests that go through the gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.authority import Force, a_force, a_ready_force, models_folder
from tests.fakes.police import Police, a_police_force


@pytest.fixture
def force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as opened:
        yield opened


@pytest.fixture
def ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_ready_force(tmp_path) as opened:
        yield opened


@pytest.fixture
def police(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Police]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_police_force(tmp_path) as opened:
        yield opened
