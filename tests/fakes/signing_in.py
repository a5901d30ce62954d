"""Somebody with a password and an authenticator."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from overt.gate.credentials import Enrolment
from overt.gate.gate import Gate
from overt.gate.opened_session import SignedInAs
from overt.gate.session_standing import Way
from overt.identifiers import ActorId
from overt.policy.access import Actor
from overt.policy.totp import code_of, step_at
from overt.units import UtcTime


@dataclass(frozen=True, slots=True)
class Person:
    account: ActorId
    password: str
    secret: bytes

    def code(self, now: UtcTime, *, later: int = 0) -> str:
        """What the authenticator shows, some codes later."""
        return code_of(self.secret, step_at(UtcTime(now + timedelta(seconds=30 * later))))

    def signs_in(
        self, gate: Gate, now: UtcTime, *, later: int = 0, way: Way = Way.BROWSER
    ) -> SignedInAs:
        code = self.code(now, later=later)
        return gate.sign_in(self.account, password=self.password, code=code, way=way)


def enrolled(gate: Gate, administrator: Actor, account: str) -> Person:
    """Somebody who has signed in once, and holds what nobody else knows since."""
    given = handed(gate, administrator, account)
    code = given.code(gate._clock.now(), later=-1)
    told = gate.sign_in(given.account, password=given.password, code=code, way=Way.BROWSER)
    who = gate.session_actor(told.token)
    assert who is not None
    gate.sign_out(who, told.token)
    return given if told.renewed is None else _holding(told.renewed.own)


def handed(gate: Gate, administrator: Actor, account: str) -> Person:
    """Somebody with what an administrator made for them, before they first used it."""
    return _holding(gate.set_credentials(administrator, ActorId(account)))


def _holding(made: Enrolment) -> Person:
    (shown,) = parse_qs(urlsplit(made.authenticator).query)["secret"]
    return Person(made.account, made.password, base64.b32decode(shown + "=" * (-len(shown) % 8)))
