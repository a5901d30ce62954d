"""OpenVINO tells nobody that it was started: no thread that sends, no identifier on disk."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.requirement("R50")
def test_loading_openvino_sends_nothing_and_leaves_no_identifier(tmp_path: Path) -> None:
    code = "import overt, openvino, os; print(len(os.listdir('/proc/self/task')))"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "HOME": str(tmp_path)},
    )
    assert ended.stdout == "1\n"
    assert list(tmp_path.iterdir()) == []
