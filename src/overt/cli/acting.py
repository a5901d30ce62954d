"""Open the gate for one command, as the account that runs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from overt.gate.gate import Gate, open_gate
from overt.models.library import home_folder
from overt.policy.access import Actor
from overt.units import Clock


@contextmanager
def acting() -> Iterator[tuple[Gate, Actor]]:
    """Give the gate of OVERT_HOME and whoever acts; close it when the command ends."""
    with open_gate(home_folder(), Clock()) as gate:
        yield gate, gate.whoami()
