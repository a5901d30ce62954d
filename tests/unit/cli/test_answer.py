"""What a command prints cannot steer the terminal of whoever reads it."""

import json
from datetime import UTC, datetime

import pytest

from overt.audit.line import Line
from overt.cli.answer import answer, printable, remark
from overt.cli.audit import _sentence
from overt.identifiers import ActorId
from overt.units import utc


@pytest.mark.parametrize("hidden", ["\x1b[2K", "\r", "\x00", "\u202e", "\udcff"])
def test_invisible_characters_are_spelled_out(
    hidden: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer({}, [f"é{hidden}"], as_json=False)
    remark(f"é{hidden}")
    said = capsys.readouterr()
    assert hidden not in said.out + said.err
    assert said.out.startswith("é\\")


def test_lines_stay_lines() -> None:
    assert printable("one\ntwo é") == "one\ntwo é"


def test_a_path_with_half_a_character_is_still_one_json_object(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answer({"file": "a\udcff"}, [], as_json=True)
    assert json.loads(capsys.readouterr().out) == {"file": "a?"}


def test_a_refusal_in_the_log_cannot_pass_for_a_line_of_the_log() -> None:
    at = utc(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
    forged = "no file\n     9 2026-11-30T12:00:00.000Z eve installed"
    line = Line(8, at, ActorId("eve"), "refused", {"reason": forged})
    assert "\n" not in _sentence(line)
