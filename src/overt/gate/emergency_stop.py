"""Stop a run whose records cannot be written: nothing that stops may depend on a full disk.

It asks no role and leaves no line, because neither can be had; it only ends what runs, and only for
the account that owns OVERT_HOME and could send the same signal itself. The run ends as SIGTERM ends
it; its own last line waits for room.
"""

import os
import signal
from pathlib import Path

from overt.config.toml_table import NAME
from overt.errors import Fault, Refused
from overt.identifiers import DeploymentId
from overt.records.home import Home, run_lock


def stop_without_records(folder: Path, deployment_id: DeploymentId) -> int:
    """Send SIGTERM to the process that runs the deployment; give its number."""
    home = Home(folder.absolute())
    if not NAME.fullmatch(deployment_id) or not (home.locks / f"run-{deployment_id}").exists():
        raise Refused(f"no run of {deployment_id[:64]!r} is going on")
    lock = run_lock(home, deployment_id)
    try:
        process = lock.holder()
    finally:
        lock.release()
    if process is None:
        raise Refused(f"no run of {deployment_id[:64]!r} is going on")
    try:
        os.kill(process, signal.SIGTERM)
    except OSError as error:
        raise Fault(f"process {process} cannot be stopped: {error.strerror}") from error
    return process
