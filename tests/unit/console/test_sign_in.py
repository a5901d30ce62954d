"""A sign-in link works once; a session ends; a form is tied to its session."""

from datetime import timedelta

import pytest
from tests.fakes.planted_alerts import NOON

from overt.console.sign_in import A_SHIFT, IDLE, MOST_SESSIONS, SignIn
from overt.errors import Refused
from overt.units import UtcTime, later


class Hours:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> UtcTime:
        return self.now


def held(sign_in: SignIn, name: str = "one") -> str:
    """A session that the gate opened, for a shift."""
    sign_in.adopt(name, later(sign_in.now(), A_SHIFT))
    return name


def test_a_link_is_taken_once() -> None:
    sign_in = SignIn(Hours())
    token = sign_in.new_link()
    sign_in.use_link(token)
    with pytest.raises(Refused, match="used before"):
        sign_in.use_link(token)


@pytest.mark.parametrize("token", ["", "a guess", "ü", "\udc80"])
def test_a_guess_opens_nothing(token: str) -> None:
    sign_in = SignIn(Hours())
    sign_in.new_link()
    with pytest.raises(Refused):
        sign_in.use_link(token)


def test_a_new_link_ends_the_one_before() -> None:
    sign_in = SignIn(Hours())
    first, _ = sign_in.new_link(), sign_in.new_link()
    with pytest.raises(Refused):
        sign_in.use_link(first)


def test_a_session_ends_with_the_shift() -> None:
    hours = Hours()
    sign_in = SignIn(hours)
    session = held(sign_in)
    for quarter in range(1, int(A_SHIFT // IDLE) * 2):
        hours.now = UtcTime(NOON + timedelta(seconds=quarter * IDLE / 2))
        assert sign_in.seen(session)
    hours.now = UtcTime(NOON + timedelta(seconds=A_SHIFT))
    assert not sign_in.seen(session)


@pytest.mark.requirement("R68")
def test_a_session_ends_when_nobody_asks_for_a_page_and_a_live_stream_does_not_prolong_it() -> None:
    hours = Hours()
    sign_in = SignIn(hours)
    session = held(sign_in)
    hours.now = UtcTime(NOON + timedelta(seconds=IDLE - 1))
    assert sign_in.holds(session)
    hours.now = UtcTime(NOON + timedelta(seconds=IDLE))
    assert not sign_in.holds(session)
    assert not sign_in.seen(session)


def test_signing_out_ends_the_session() -> None:
    sign_in = SignIn(Hours())
    session = held(sign_in)
    sign_in.close_session(session)
    assert not sign_in.holds(session)


def test_sessions_are_limited() -> None:
    sign_in = SignIn(Hours())
    for name in range(MOST_SESSIONS):
        held(sign_in, str(name))
    with pytest.raises(Refused, match="too many"):
        held(sign_in)


def test_a_form_of_another_session_is_not_known() -> None:
    sign_in = SignIn(Hours())
    one, other = held(sign_in), held(sign_in, "other")
    assert sign_in.knows_form(one, sign_in.form_token(one))
    assert not sign_in.knows_form(one, sign_in.form_token(other))


def test_nothing_secret_is_printed() -> None:
    sign_in = SignIn(Hours())
    session = held(sign_in)
    assert session not in repr(sign_in)
    assert "_key" not in repr(sign_in)
