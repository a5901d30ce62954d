"""The checks themselves are checked: a planted breach of each contract must be found."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
RULES = ROOT / "sgconfig.yml"


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


@pytest.mark.parametrize(
    "breach",
    [
        "deployment = OpenDeployment(id=x)",
        "longer = replace(deployment, closes_at=tomorrow)",
    ],
)
def test_an_open_deployment_built_outside_the_gate_is_found(breach: str, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text(breach)
    found = subprocess.run(
        [_tool("ast-grep"), "scan", "--error", "--config", str(RULES), str(planted)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert found.returncode != 0
    assert "only-the-gate-opens" in found.stdout
