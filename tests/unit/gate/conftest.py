"""A force in small, for tests that go through the gate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.fakes.authority import Force, a_force, models_folder


@pytest.fixture
def force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Force]:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    with a_force(tmp_path) as opened:
        yield opened
