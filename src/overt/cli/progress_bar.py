"""A bar with a rate on a terminal, silence in a pipe."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from overt.gate.enrolment import Progress
from overt.gate.watchlist_import import no_progress


@contextmanager
def progress_bar(what: str) -> Iterator[Progress]:
    """Give what long work calls with how many of how many are done."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, ProgressColumn, Task, TaskID
    from rich.progress import Progress as Bars
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:.0f}/s" if task.speed else "")

    columns = (*Bars.get_default_columns(), MofNCompleteColumn(), Rate())
    with Bars(*columns, console=Console(stderr=True)) as bars:
        begun: list[TaskID] = []

        def tell(done: int, of: int) -> None:
            if not begun:
                begun.append(bars.add_task(what, total=of))
            bars.update(begun[0], completed=done)

        yield tell
