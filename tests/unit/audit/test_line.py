"""There is one way to write a line, and every other way is refused."""

from datetime import UTC, datetime

import pytest

from overt.audit.line import Line, read_canonical, read_line
from overt.errors import Refused
from overt.identifiers import ActorId
from overt.units import UtcTime

NOON = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
LINE = Line(7, NOON, ActorId("åsa"), "alert-raised", {"shots": 3, "alert": "a1", "ok": True})
RAW = (
    '{"actor":"åsa","at":"2026-11-30T12:00:00.000Z",'
    '"detail":{"alert":"a1","ok":true,"shots":3},"event":"alert-raised","seq":7}'
).encode()


def test_a_line_is_written_in_canonical_form() -> None:
    assert LINE.canonical() == RAW


def test_a_line_is_read_back_as_it_was() -> None:
    assert read_line(RAW) == LINE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ((b'"seq":7', b'"seq": 7'), "canonical"),
        ((b'"seq":7', b'"seq":7.0'), "canonical"),
        ((b'"seq":7', b'"seq":7,"seq":7'), "canonical"),
        ((b'"seq":7', b'"seq":-1'), "not well formed"),
        ((b'"seq":7', b'"seq":true'), "number"),
        ((b'"seq":7', b'"seq":"7"'), "number"),
        ((b'"seq":7', b'"seq":1' + b"0" * 400), "canonical form"),
        ((b'"seq":7', b'"seq":1' + b"0" * 5000), "canonical form"),
        ((b'"shots":3', b'"shots":3.5'), "whole numbers"),
        ((b'"shots":3', b'"shots":null'), "whole numbers"),
        ((b'"shots":3', b'"shots":NaN'), "no JSON"),
        ((b'"shots":3', b'"shots":[]'), "whole numbers"),
        ((b'"shots":3', b'"shots":' + b"[" * 100_000), "canonical form"),
        ((b'"seq":7', b'"seq":7,"some":1'), "exactly"),
        ((b',"seq":7', b""), "exactly"),
        ((b"alert-raised", b"Alert raised"), "not well formed"),
        (("åsa".encode(), b""), "not well formed"),
        (("å".encode(), b"\xe5"), "canonical form"),
        (("å".encode(), b"\\u00e5"), "canonical"),
        (("å".encode(), b"\\ud800"), "canonical form"),
        ((b"12:00:00.000Z", b"12:00:00Z"), "time"),
        ((b"12:00:00.000Z", b"12:00:00.000+00:00"), "time"),
        ((b"2026-11-30", b"2026-11-31"), "time"),
        ((b'{"actor"', b'\xef\xbb\xbf{"actor"'), "canonical form"),
        ((b'"seq":7}', b'"seq":7}\r'), "canonical"),
        ((b'"seq":7}', b'"seq":7}{}'), "canonical form"),
    ],
)
def test_any_other_spelling_is_refused(change: tuple[bytes, bytes], reason: str) -> None:
    changed = RAW.replace(*change)
    assert changed != RAW
    with pytest.raises(Refused, match=reason):
        read_line(changed)


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b'"text"', b"7", b"\x00"])
def test_what_is_no_object_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused):
        read_canonical(raw)
