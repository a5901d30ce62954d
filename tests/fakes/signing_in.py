"""Somebody with a password and an authenticator."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

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
    made = gate.set_credentials(administrator, ActorId(account))
    (shown,) = parse_qs(urlsplit(made.authenticator).query)["secret"]
    return Person(made.account, made.password, base64.b32decode(shown + "=" * (-len(shown) % 8)))
