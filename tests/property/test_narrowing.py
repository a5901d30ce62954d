"""Under one signature the people looked for only ever become fewer, whatever is done to the list."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fakes.authority import LIST, Force, a_force, models_folder

from overt.errors import Refused
from overt.identifiers import SubjectId

PEOPLE = 4
ACTS = st.one_of(
    st.tuples(st.just("stand down"), st.integers(1, PEOPLE)),
    st.tuples(st.just("import again"), st.just(0)),
    st.tuples(st.just("a day passes"), st.just(0)),
)


def act(force: Force, what: str, who: int) -> None:
    match what:
        case "stand down":
            force.gate.stand_down(force.actor, LIST, SubjectId(f"S{who}"), reason="left")
        case "import again":
            force.hands.at += 1
            force.gate.delete_watchlist(force.actor, LIST)
            force.import_people(PEOPLE)
        case "a day passes":
            force.hands.at += 86_400


def looked_for(force: Force) -> set[str]:
    """Whom a run would look for now; nobody, if none may begin."""
    try:
        opened = force.open()
    except Refused:
        return set()
    try:
        return set(force.gate.live_list(opened.actor, opened).gallery.subject_ids)
    except Refused:
        return set()
    finally:
        force.gate.close_run(force.actor, opened, {})


@pytest.mark.slow
@pytest.mark.requirement("R17")
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(ACTS, min_size=1, max_size=5))
def test_no_sequence_of_acts_widens_what_was_signed(
    monkeypatch: pytest.MonkeyPatch, acts: list[tuple[str, int]]
) -> None:
    with TemporaryDirectory() as folder:
        monkeypatch.setenv("OVERT_MODELS", str(models_folder(Path(folder))))
        with a_force(Path(folder)) as force:
            force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
            force.import_people(PEOPLE)
            force.sign(ends_at="2026-12-03T00:00:00Z")
            before = looked_for(force)
            assert len(before) == PEOPLE
            for what, who in acts:
                try:
                    act(force, what, who)
                except Refused:
                    continue  # stood down before
                now = looked_for(force)
                assert now <= before
                before = now
