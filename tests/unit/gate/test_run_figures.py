"""What a run stands at is kept while it goes on, told in the log, and nobody is in it."""

import pytest
from tests.fakes.authority import Force

from overt.errors import Refused

FIGURES = {"frames": 250, "dropped": 3, "passages": 12, "alerts": 1, "stages": {"search_ms": 0.2}}


@pytest.mark.requirement("R31")
def test_figures_of_a_run_that_goes_on_are_kept_and_told_in_the_log(force: Force) -> None:
    opened = force.ready().open()
    actor = force.gate.whoami()
    force.gate.note_figures(actor, opened, FIGURES)
    shown = force.gate.run_figures(actor)[0]
    assert (shown.deployment, shown.ended_at, shown.figures) == (opened.id, None, FIGURES)
    told = force.last("run-figures")
    assert (told["frames"], told["passages"], told["alerts"]) == (250, 12, 1)


def test_a_run_without_figures_yet_is_shown_without(force: Force) -> None:
    force.ready().open()
    assert force.gate.run_figures(force.gate.whoami())[0].figures is None


def test_a_run_that_has_ended_takes_no_more_figures(force: Force) -> None:
    opened = force.ready().open()
    actor = force.gate.whoami()
    force.gate.close_run(actor, opened, {"frames": 300})
    with pytest.raises(Refused, match="is not going on"):
        force.gate.note_figures(actor, opened, FIGURES)
    assert force.gate.run_figures(actor)[0].figures == {"frames": 300}
