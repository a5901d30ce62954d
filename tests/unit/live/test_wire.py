"""What a camera's process tells arrives as it was told; rubbish is a fault, not a guess."""

import pytest

from overt.errors import Fault
from overt.live.counts import CameraCounts
from overt.live.wire import (
    Counted,
    Done,
    Failed,
    News,
    Ready,
    Told,
    envelope_from_text,
    envelope_to_text,
    from_line,
    to_line,
)


@pytest.mark.parametrize(
    "told",
    [
        Ready("open", "f32", "OpenVINO", "nothing can be swapped out"),
        News({"event": "alert", "id": "a"}, usable_since=3.5),
        Counted(CameraCounts(frames=3, not_matched_because={"too_small": 1}, last_frame=2.5)),
        Counted(CameraCounts(), {"brightness 60.0 inf": ((0.5, 2.25, 1e5), 12, 3)}),
        Done(),
        Failed("no disk", refused=False),
    ],
)
def test_what_is_told_arrives_unchanged(told: Told) -> None:
    assert from_line(to_line(told)) == told


@pytest.mark.requirement("R27")
def test_what_faces_were_like_reaches_the_next_process_unchanged() -> None:
    so_far = {"eye_distance_px 30.0 inf": ((0.1, 1 / 3, 7.0), 40, 9)}
    assert envelope_from_text(envelope_to_text(so_far)) == so_far


@pytest.mark.parametrize("line", [b"", b"{", b"[]", b'{"tell":"secret"}', b'{"tell":"ready"}'])
def test_a_line_that_nobody_agreed_on_is_a_fault(line: bytes) -> None:
    with pytest.raises(Fault, match="cannot be read"):
        from_line(line)
