"""Signing in takes a password and a code; a session ends by itself, and by an edit begins never."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from tests.fakes.authority import Hands
from tests.fakes.planted_alerts import NOON
from tests.fakes.signing_in import Person, enrolled, handed
from tests.fakes.staff import ANA, TRAINED_FOR, actor, staffed_home

from overt.errors import Refused
from overt.gate.gate import Gate, open_gate
from overt.gate.opened_session import SignedInAs
from overt.gate.people import SESSION
from overt.gate.session_standing import LASTS, Way
from overt.gate.sessions import SignInFailed
from overt.identifiers import ActorId
from overt.policy.access import Role
from overt.policy.lock_out import FIRST_WAIT, FREE_TRIES
from overt.records.guard import AlteredRecords

AUDITOR = actor("aud")


@pytest.fixture
def hands() -> Hands:
    return Hands(NOON.timestamp())


@pytest.fixture
def gate(tmp_path: Path, hands: Hands) -> Iterator[Gate]:
    with open_gate(staffed_home(tmp_path / "home", NOON), hands.clock()) as opened:
        yield opened


@pytest.fixture
def ana(gate: Gate) -> Person:
    return enrolled(gate, gate.whoami(), "ana")


def edit(home: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(home / "overt.db")) as raw:
        assert raw.execute(statement, values).rowcount > 0
        raw.commit()


@pytest.mark.requirement("R68")
def test_password_and_code_open_a_session_of_the_account(gate: Gate, ana: Person) -> None:
    session = ana.signs_in(gate, NOON)
    assert gate.session_actor(session.token) == ANA


@pytest.mark.requirement("R68")
@pytest.mark.parametrize(
    ("account", "password", "code"),
    [
        ("ana", "", None),
        ("ana", "wrong", None),
        ("ana", None, "000000"),
        ("ana", None, ""),
        ("nobody", None, None),
        ("", "", ""),
        ("ben", None, None),
    ],
)
def test_without_both_nobody_is_let_in_and_nobody_is_told_which(
    gate: Gate, ana: Person, account: str, password: str | None, code: str | None
) -> None:
    with pytest.raises(SignInFailed, match="the account, the password or the code is wrong"):
        gate.sign_in(
            ActorId(account),
            password=ana.password if password is None else password,
            code=ana.code(NOON) if code is None else code,
            way=Way.BROWSER,
        )


@pytest.mark.requirement("R68")
def test_a_code_opens_one_session(gate: Gate, ana: Person) -> None:
    ana.signs_in(gate, NOON)
    with pytest.raises(SignInFailed):
        ana.signs_in(gate, NOON)
    ana.signs_in(gate, NOON, later=1)


@pytest.mark.requirement("R68")
def test_after_a_few_failures_even_the_right_answer_waits(
    gate: Gate, ana: Person, hands: Hands
) -> None:
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(SignInFailed):
            gate.sign_in(ana.account, password="guess", code="000000", way=Way.BROWSER)
    with pytest.raises(SignInFailed):
        ana.signs_in(gate, NOON)
    hands.forward(FIRST_WAIT)
    ana.signs_in(gate, hands.clock().now())


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("way", list(Way))
def test_a_session_ends_by_itself(gate: Gate, ana: Person, hands: Hands, way: Way) -> None:
    session = ana.signs_in(gate, NOON, way=way)
    hands.forward(LASTS[way] - timedelta(seconds=1))
    assert gate.session_actor(session.token, way) is not None
    hands.forward(timedelta(seconds=1))
    assert gate.session_actor(session.token, way) is None


@pytest.mark.requirement("R68")
def test_signing_out_everywhere_ends_every_session(gate: Gate, ana: Person) -> None:
    tokens = [ana.signs_in(gate, NOON, later=n).token for n in (-1, 0, 1)]
    gate.sign_out(ANA, tokens[0])
    assert [gate.session_actor(t) is not None for t in tokens] == [False, True, True]
    gate.sign_out_everywhere(ANA)
    assert [gate.session_actor(t) for t in tokens] == [None] * 3


@pytest.mark.requirement("R68")
def test_nobody_ends_a_session_of_another(gate: Gate, ana: Person) -> None:
    token = ana.signs_in(gate, NOON).token
    with pytest.raises(Refused, match="no such session of yours"):
        gate.sign_out(actor("ben"), token)


@pytest.mark.requirement("R68")
def test_new_credentials_and_a_disabled_account_end_its_sessions(gate: Gate, ana: Person) -> None:
    token = ana.signs_in(gate, NOON).token
    again = enrolled(gate, gate.whoami(), "ana")
    assert gate.session_actor(token) is None
    token = again.signs_in(gate, NOON).token
    gate.disable_user(gate.whoami(), ANA.id)
    assert gate.session_actor(token) is None
    with pytest.raises(SignInFailed):
        again.signs_in(gate, NOON, later=1)


@pytest.mark.requirement("R68")
def test_a_session_holds_the_roles_of_the_moment(gate: Gate, ana: Person) -> None:
    token = ana.signs_in(gate, NOON).token
    gate.withdraw_roles(gate.whoami(), ANA.id, frozenset({Role.OPERATOR}))
    held = gate.session_actor(token)
    assert held is not None
    assert held.roles == frozenset()


def first_use(gate: Gate, given: Person) -> SignedInAs:
    return given.signs_in(gate, NOON, later=-1)


@pytest.mark.requirement("R6")
@pytest.mark.requirement("R68")
def test_what_an_administrator_made_is_replaced_at_its_first_use(gate: Gate) -> None:
    given = handed(gate, gate.whoami(), "ana")
    told = first_use(gate, given)
    assert told.renewed is not None
    assert told.renewed.own.password != given.password
    assert told.renewed.by == gate.whoami().id
    assert gate.session_actor(told.token) == ANA
    with pytest.raises(SignInFailed):  # whoever made them
        given.signs_in(gate, NOON, later=1)


@pytest.mark.requirement("R56")
@pytest.mark.requirement("R68")
def test_an_administrator_who_uses_them_first_is_told_of_and_noticed(gate: Gate) -> None:
    ana = enrolled(gate, gate.whoami(), "ana")
    first_use(gate, handed(gate, gate.whoami(), "ana"))
    with pytest.raises(SignInFailed):  # so she notices
        ana.signs_in(gate, NOON)
    lines = gate.audit_lines(AUDITOR, 6)
    (renewed,) = [line for line in lines if line.event == "credentials-renewed"]
    assert renewed.detail == {"account": "ana", "handed_by": gate.whoami().id}
    assert [line.event for line in lines[-3:]] == ["signed-in", "sign-in-failed", "audit-read"]


@pytest.mark.requirement("R68")
def test_what_somebody_made_for_themselves_is_theirs_already(gate: Gate) -> None:
    me = gate.whoami()
    own = handed(gate, me, me.id)
    assert first_use(gate, own).renewed is None
    own.signs_in(gate, NOON)


@pytest.mark.requirement("R43")
def test_expired_training_blocks_the_sign_in(gate: Gate, ana: Person, hands: Hands) -> None:
    hands.forward(TRAINED_FOR)
    with pytest.raises(SignInFailed):
        ana.signs_in(gate, hands.clock().now())


@pytest.mark.requirement("R68")
def test_a_session_put_into_the_database_is_none(gate: Gate, ana: Person, tmp_path: Path) -> None:
    token = ana.signs_in(gate, NOON).token
    with closing(sqlite3.connect(tmp_path / "home" / "overt.db")) as raw:
        row = raw.execute("SELECT * FROM sessions").fetchone()
    edit(tmp_path / "home", "UPDATE sessions SET actor_id = 'aud'")
    assert gate.session_actor(token) is None
    edit(tmp_path / "home", "UPDATE sessions SET actor_id = 'ana'")
    gate.sign_out_everywhere(ANA)
    edit(tmp_path / "home", f"INSERT INTO sessions VALUES ({', '.join('?' * len(row))})", *row)
    assert gate.session_actor(token) is None


@pytest.mark.requirement("R68")
def test_an_older_password_brought_back_in_the_database_opens_nothing(
    gate: Gate, ana: Person, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(tmp_path / "home" / "overt.db")) as raw:
        key, sealed = raw.execute("SELECT data_key_id, sealed FROM credentials").fetchone()
        wrapped = raw.execute("SELECT wrapped FROM data_keys WHERE id = ?", (key,)).fetchone()[0]
    enrolled(gate, gate.whoami(), "ana")
    edit(tmp_path / "home", "UPDATE data_keys SET wrapped = ? WHERE id = ?", wrapped, key)
    edit(tmp_path / "home", "UPDATE credentials SET data_key_id = ?, sealed = ?", key, sealed)
    with pytest.raises(AlteredRecords, match="credentials"):
        ana.signs_in(gate, NOON)


@pytest.mark.requirement("R68")
def test_a_session_prolonged_in_the_database_ends_when_it_would_have(
    gate: Gate, ana: Person, hands: Hands, tmp_path: Path
) -> None:
    token = ana.signs_in(gate, NOON).token
    edit(tmp_path / "home", "UPDATE sessions SET ends_at = '2099-01-01T00:00:00.000Z'")
    hands.forward(LASTS[Way.BROWSER])
    assert gate.session_actor(token) is None


@pytest.mark.requirement("R68")
def test_nothing_secret_is_in_the_records_or_the_log(
    gate: Gate, ana: Person, tmp_path: Path
) -> None:
    token = ana.signs_in(gate, NOON).token
    with pytest.raises(SignInFailed):
        gate.sign_in(ActorId("hunter2"), password="x", code="1", way=Way.BROWSER)
    kept = b"".join(f.read_bytes() for f in (tmp_path / "home").rglob("*") if f.is_file())
    for secret in (token, ana.password, ana.secret.hex(), "hunter2", "argon2id"):
        assert secret.encode() not in kept
    events = [line.event for line in gate.audit_lines(AUDITOR, 3)]
    assert events == ["signed-in", "sign-in-failed", "audit-read"]


@pytest.mark.requirement("R68")
def test_a_browsers_session_is_none_on_the_command_line(
    gate: Gate, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SESSION, ana.signs_in(gate, NOON).token)
    with pytest.raises(Refused, match="has ended: sign in again"):
        gate.whoami()
    assert gate.session_actor(ana.signs_in(gate, NOON, later=1, way=Way.COMMAND_LINE).token) is None


@pytest.mark.requirement("R68")
def test_on_the_command_line_the_session_says_who_acts(
    gate: Gate, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ana.signs_in(gate, NOON, way=Way.COMMAND_LINE)
    monkeypatch.setenv(SESSION, session.token)
    assert gate.whoami() == ANA
    gate.sign_out_everywhere(ANA)
    with pytest.raises(Refused, match="has ended: sign in again"):
        gate.whoami()
