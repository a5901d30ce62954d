"""However runs, alerts and judgements come, no rate of the public record is above one."""

from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.policy.test_public_record import ID, line, record

RUNS: Final = st.sampled_from(("r1", "r2"))
ALERTS: Final = st.lists(
    st.tuples(
        RUNS,
        st.integers(1, 4),
        st.sampled_from(("judge-not-the-person", "find-false", "find-true", "judge-unsure", "")),
    ),
    max_size=12,
)
ENDS: Final = st.dictionaries(RUNS, st.integers(0, 6))
"""A run that was killed has no end, or one that counted nothing."""


@pytest.mark.requirement("R33")
@pytest.mark.requirement("R60")
@given(alerts=ALERTS, ends=ENDS)
def test_faces_are_never_fewer_than_those_alerted_on(
    alerts: list[tuple[str, int, str]], ends: dict[str, int]
) -> None:
    lines = []
    for number, (run, passage, move) in enumerate(alerts):
        name = f"{run}-north-{passage}-{number}"
        where = f"north-{passage}"
        lines.append(line("alert-raised", deployment=ID, run=run, alert=name, passage=where))
        if move:
            lines.append(line("alert-decided", alert=name, move=move))
    for run, faces in ends.items():
        lines.append(line("run-ended", deployment=ID, run=run, faces=faces))
    found = record(*lines)
    faces_alerted_on = {(run, passage) for run, passage, _ in alerts}
    assert found.faces >= max(len(faces_alerted_on), sum(ends.values()))
    assert found.mistaken_faces <= min(found.incorrect, found.faces)
    assert 0.0 <= (found.rate.rate or 0.0) <= 1.0
    assert 0.0 <= (found.rate_among_alerts.rate or 0.0) <= 1.0
