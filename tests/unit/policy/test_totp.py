"""Codes as RFC 6238 prints them, taken once and near their time."""

from datetime import UTC, datetime, timedelta

import pytest

from overt.policy.lock_out import FREE_TRIES, LONGEST_WAIT, locked_until
from overt.policy.totp import address_of, code_of, step_at, step_of
from overt.units import UtcTime

SECRET = b"12345678901234567890"
NOW = UtcTime(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))


@pytest.mark.requirement("R68")
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1111111111, "14050471"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
        (20000000000, "65353130"),
    ],
)
def test_the_codes_are_those_that_the_standard_prints(seconds: int, code: str) -> None:
    moment = UtcTime(datetime.fromtimestamp(seconds, UTC))
    assert code_of(SECRET, step_at(moment), digits=8) == code


@pytest.mark.requirement("R68")
def test_a_code_is_taken_once_and_none_before_it() -> None:
    present = step_at(NOW)
    code = code_of(SECRET, present)
    assert step_of(SECRET, code, NOW, after=-1) == present
    assert step_of(SECRET, code, NOW, after=present) is None
    assert step_of(SECRET, code_of(SECRET, present - 1), NOW, after=present) is None


@pytest.mark.requirement("R68")
@pytest.mark.parametrize(("off", "taken"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_differ_by_one_code(off: int, taken: bool) -> None:
    code = code_of(SECRET, step_at(UtcTime(NOW + timedelta(seconds=off))))
    assert (step_of(SECRET, code, NOW, after=-1) is not None) == taken


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 1000])
def test_what_is_no_code_is_none(code: str) -> None:
    assert step_of(SECRET, code, NOW, after=-1) is None


def test_an_authenticator_is_told_the_secret_as_it_reads_it() -> None:
    told = address_of(SECRET, "pc-4411")
    assert told.startswith("otpauth://totp/overt:pc-4411?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


@pytest.mark.requirement("R68")
def test_each_failure_beyond_the_first_few_waits_longer_and_none_for_good() -> None:
    waits = [locked_until(failures, NOW) for failures in range(1, 60)]
    assert waits[:FREE_TRIES] == [None] * FREE_TRIES
    told = [wait for wait in waits if wait is not None]
    assert told == sorted(told)
    assert told[-1] == NOW + LONGEST_WAIT
