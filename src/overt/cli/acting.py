"""Open the gate for one command, as the account that runs it."""

from collections.abc import Iterator
from contextlib import contextmanager

from overt.cli.answer import remark
from overt.gate.gate import Gate, expire_by_itself, open_gate
from overt.memory import Kept, keep_memory_private, lock_memory, swap_state
from overt.models.library import home_folder
from overt.policy.access import Actor
from overt.units import Clock


@contextmanager
def acting() -> Iterator[tuple[Gate, Actor]]:
    """Give the gate of OVERT_HOME and whoever acts; close it when the command ends."""
    keep_keys_private()
    with open_gate(home_folder(), Clock()) as gate:
        yield gate, gate.whoami()


def say_alarms(gate: Gate) -> None:
    """What somebody has to look at: late purges, holds that were not reviewed."""
    for alarm in expire_by_itself(gate):
        remark(alarm)


def keep_keys_private() -> Kept:
    """Before keys are read: no dump, no reader and no swap may get at this process's memory."""
    lacks = keep_memory_private()
    return Kept(lacks, swap_state(everything=lock_memory(), what_matters=False))
