"""A sign-in link works once; a session ends; a form is tied to its session."""

from datetime import timedelta

import pytest
from tests.fakes.planted_alerts import NOON

from overt.console.sign_in import A_SHIFT, IDLE, MOST_SESSIONS, SignIn
from overt.errors import Refused
from overt.units import UtcTime


class Hours:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> UtcTime:
        return self.now


def test_a_link_opens_one_session_and_no_more() -> None:
    sign_in = SignIn(Hours())
    token = sign_in.new_link()
    assert sign_in.holds(sign_in.open_session(token))
    with pytest.raises(Refused, match="used before"):
        sign_in.open_session(token)


@pytest.mark.parametrize("token", ["", "a guess", "ü", "\udc80"])
def test_a_guess_opens_nothing(token: str) -> None:
    sign_in = SignIn(Hours())
    sign_in.new_link()
    with pytest.raises(Refused):
        sign_in.open_session(token)


def test_a_new_link_ends_the_one_before() -> None:
    sign_in = SignIn(Hours())
    first, _ = sign_in.new_link(), sign_in.new_link()
    with pytest.raises(Refused):
        sign_in.open_session(first)


def test_a_session_ends_with_the_shift() -> None:
    hours = Hours()
    sign_in = SignIn(hours)
    session = sign_in.open_session(sign_in.new_link())
    for quarter in range(1, int(A_SHIFT // IDLE) * 2):
        hours.now = UtcTime(NOON + timedelta(seconds=quarter * IDLE / 2))
        assert sign_in.seen(session)
    hours.now = UtcTime(NOON + timedelta(seconds=A_SHIFT))
    assert not sign_in.seen(session)


@pytest.mark.requirement("R68")
def test_a_session_ends_when_nobody_asks_for_a_page_and_a_live_stream_does_not_prolong_it() -> None:
    hours = Hours()
    sign_in = SignIn(hours)
    session = sign_in.open_session(sign_in.new_link())
    hours.now = UtcTime(NOON + timedelta(seconds=IDLE - 1))
    assert sign_in.holds(session)
    hours.now = UtcTime(NOON + timedelta(seconds=IDLE))
    assert not sign_in.holds(session)
    assert not sign_in.seen(session)


def test_signing_out_ends_the_session() -> None:
    sign_in = SignIn(Hours())
    session = sign_in.open_session(sign_in.new_link())
    sign_in.close_session(session)
    assert not sign_in.holds(session)


def test_sessions_are_limited() -> None:
    sign_in = SignIn(Hours())
    for _ in range(MOST_SESSIONS):
        sign_in.open_session(sign_in.new_link())
    with pytest.raises(Refused, match="too many"):
        sign_in.open_session(sign_in.new_link())


def test_a_form_of_another_session_is_not_known() -> None:
    sign_in = SignIn(Hours())
    one, other = (sign_in.open_session(sign_in.new_link()) for _ in range(2))
    assert sign_in.knows_form(one, sign_in.form_token(one))
    assert not sign_in.knows_form(one, sign_in.form_token(other))


def test_nothing_secret_is_printed() -> None:
    sign_in = SignIn(Hours())
    session = sign_in.open_session(sign_in.new_link())
    assert session not in repr(sign_in)
    assert "_key" not in repr(sign_in)
