"""What every page has at hand: the door to the records, the sign-in, and the page templates."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Form, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from overt.console.sign_in import SignIn
from overt.errors import Refused
from overt.gate.gate import Gate
from overt.policy.access import Actor, Permission, require
from overt.policy.doors import ROUTES, Entry
from overt.units import Seconds

COOKIE: Final = "overt-console"


class NotSignedIn(Refused):
    """No session, or one that has ended."""


class ForeignForm(Refused):
    """A form without the token of the session it claims."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    session: str
    form_token: str


@dataclass(frozen=True, slots=True)
class Console:
    gates: Callable[[], Gate]
    """Gives a gate for one request, on the thread that asks."""
    sign_in: SignIn
    pages: Environment
    https: bool
    poll: Seconds
    """How often a live page looks for news."""

    def signed_in(self, request: Request) -> SignedIn:
        session = request.cookies.get(COOKIE, "")
        if not self.sign_in.seen(session):
            raise NotSignedIn(
                "sign in with your account, or with the link that `overt console` printed where "
                "it was started"
            )
        return SignedIn(session, self.sign_in.form_token(session))

    def sent_form(self, request: Request, csrf: Annotated[str, Form()] = "") -> SignedIn:
        """Who sent a form of ours; a form of anybody else's is refused."""
        signed_in = self.signed_in(request)
        if not self.sign_in.knows_form(signed_in.session, csrf):
            raise ForeignForm("this form is not from your session; open the page again")
        return signed_in

    def allowed(self, request: Request) -> None:
        """Ask the one table of pages, before anything of a page is done."""
        asked = ROUTES[(request.method, request.scope["route"].path)]
        if asked is Entry.ANYBODY:
            return
        actor = self.actor(self.signed_in(request))
        if isinstance(asked, Permission):
            require(actor, asked)

    def actor(self, who: SignedIn) -> Actor:
        """Say who acts, asked anew for every page: whose session it is, or who started this."""
        if not self.sign_in.is_of_account(who.session):
            return self.gates().whoami()
        actor = self.gates().session_actor(who.session)
        if actor is None:
            self.sign_in.close_session(who.session)
            raise NotSignedIn("your session has ended: sign in again")
        return actor

    def page(self, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.pages.get_template(name).render(**values), status)


def image_address(jpeg: bytes) -> str:
    """A JPEG inside the page: seeing the page and seeing the face are one audited act."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
