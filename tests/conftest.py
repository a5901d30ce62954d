"""Where tests find what is not in the repository, and how they say that it is absent."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.marked_tests import MarkedTests, note_rows

ROOT = Path(__file__).parent.parent

# A machine that has other things to do is no finding.
settings.register_profile("overt", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("overt")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--requirements",
        type=Path,
        metavar="FILE",
        help="write to FILE which tests of which rows of the requirements passed",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests begin: of two processes none then works alone at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_itemcollected(item: pytest.Item) -> None:
    note_rows(item)


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--requirements")
    if file is not None and not hasattr(config, "workerinput"):  # else xdist's worker, which tells
        config.pluginmanager.register(MarkedTests(file))


def _outside(variable: str, default: str) -> Path:
    return (ROOT / os.environ.get(variable, default)).resolve()


@pytest.fixture(scope="session")
def face_data() -> Path:
    """Labelled faces for tests (OVERT_TEST_DATA)."""
    folder = _outside("OVERT_TEST_DATA", "../shared/data")
    if not (folder / "index.csv").is_file():
        pytest.skip("no labelled faces: set OVERT_TEST_DATA to the folder with index.csv")
    return folder


def _open_pack() -> Path | None:
    listed = os.environ.get("OVERT_MODELS", "../shared/models").split(os.pathsep)
    for folder in (ROOT / path for path in listed):
        if (folder / "open" / "face_detection_yunet_2023mar.onnx").is_file():
            return folder.resolve()
    return None


@pytest.fixture(scope="session")
def open_pack_folder() -> Path:
    """The folder that holds the pack `open` (OVERT_MODELS)."""
    if (folder := _open_pack()) is None:
        pytest.skip("no networks of the pack open: set OVERT_MODELS to the folder that holds open/")
    return folder


@pytest.fixture
def quickest_pack(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a story that any pack can tell: `open` finds faces ten times as fast as `dlib`."""
    if (folder := _open_pack()) is not None:
        monkeypatch.setenv("OVERT_MODELS", str(folder))
