"""A camera's process that raises alerts as fast as it can and prints each id once it is kept.

Run as `python -m tests.fakes.raising_process HOME DEPLOYMENT.toml RUN PREFIX`; it ends when killed.
"""

import itertools
import sys
from pathlib import Path

from tests.fakes.planted_alerts import BOX, Hands, an_alert, jpeg

from overt.alerts.evidence import Evidence
from overt.gate.gate import open_gate
from overt.identifiers import AlertId, RunId

SHOT = Evidence(probe=jpeg(50), scene=jpeg(60, (640, 360)), box=BOX)


def main(home: str, path: str, run: str, prefix: str) -> None:
    with open_gate(Path(home), Hands().clock()) as gate:
        deployment = gate.join_run(gate.whoami(), Path(path), RunId(run))
        for number in itertools.count(1):
            alert_id = AlertId(f"{prefix}-{number}")
            gate.raise_alert(deployment.actor, deployment, an_alert(1, id=alert_id), SHOT)
            print(alert_id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
