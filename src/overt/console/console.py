"""What every page has at hand: the door to the records, the sign-in, and the page templates."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Form, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment

from overt.console.journeys import Journeys
from overt.console.sign_in import SignIn
from overt.errors import NotPermitted, Refused
from overt.gate.gate import Gate
from overt.policy.access import Actor, Permission, require
from overt.policy.doors import ASKED_BY_PAGES, ROUTES, Entry
from overt.units import Seconds

COOKIE: Final = "overt-console"
Words = Annotated[str, Form()]
"""A field of a form; one that was not sent is empty."""


class NotSignedIn(Refused):
    """No session, or one that has ended."""


class ForeignForm(Refused):
    """A form without the token of the session it claims."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    session: str
    form_token: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of ours: who sent it, and what it says."""

    who: SignedIn
    fields: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """What a field says; one that was not sent is empty."""
        return self.fields.get(name, "")

    def only(self, *names: str) -> dict[str, str]:
        return {name: self[name] for name in names}


@dataclass(frozen=True, slots=True)
class Console:
    gates: Callable[[], Gate]
    """Gives a gate for one request, on the thread that asks."""
    sign_in: SignIn
    pages: Environment
    https: bool
    poll: Seconds
    """How often a live page looks for news."""
    journeys: Journeys

    def signed_in(self, request: Request) -> SignedIn:
        session = request.cookies.get(COOKIE, "")
        by_itself = (request.method, request.scope["route"].path) in ASKED_BY_PAGES
        if not (self.sign_in.holds if by_itself else self.sign_in.seen)(session):
            raise NotSignedIn(
                "sign in with your account, or with the link that `overt console` printed where "
                "it was started"
            )
        return SignedIn(session, self.sign_in.form_token(session))

    async def sent_form(self, request: Request) -> Sent:
        """Who sent a form of ours; a form of anybody else's is refused."""
        signed_in = self.signed_in(request)
        told = await request.form()
        form = Sent(signed_in, {name: v for name, v in told.items() if isinstance(v, str)})
        if not self.sign_in.knows_form(signed_in.session, form["csrf"]):
            raise ForeignForm("this form is not from your session; open the page again")
        return form

    def allowed(self, request: Request) -> None:
        """Ask the one table of pages, before anything of a page is done."""
        asked = ROUTES[(request.method, request.scope["route"].path)]
        if asked is Entry.ANYBODY:
            return
        actor = self.actor(self.signed_in(request))
        if isinstance(asked, Permission):
            require(actor, asked)

    def actor(self, who: SignedIn) -> Actor:
        """Say who acts, asked anew for every page: whose session it is."""
        actor = self.gates().session_actor(who.session)
        if actor is None:
            self.sign_in.close_session(who.session)
            raise NotSignedIn("your session has ended: sign in again")
        return actor

    def page(self, name: str, *, status: int = 200, **values: object) -> HTMLResponse:
        return HTMLResponse(self.pages.get_template(name).render(**values), status)

    def page_for(
        self, who: SignedIn, actor: Actor, name: str, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A page with whose it is at its top, and the token of its forms."""
        return self.page(name, status=status, actor=actor.id, csrf=who.form_token, **values)


async def _reader(request: Request) -> SignedIn:
    return _console_of(request).signed_in(request)


async def _sender(request: Request) -> Sent:
    return await _console_of(request).sent_form(request)


def _console_of(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


Reader = Annotated[SignedIn, Depends(_reader)]
"""Whoever asks for a page."""
Sender = Annotated[Sent, Depends(_sender)]
"""Whoever sends a form, with what it says."""


def done_or_shown(act: Callable[[], Response], again: Callable[[str], Response]) -> Response:
    """Do what a form asks; where a rule refuses it, show its page again with the refusal.

    Whoever may not send it at all sees no page.
    """
    try:
        return act()
    except NotPermitted:
        raise
    except Refused as refusal:
        return again(str(refusal))


def image_address(jpeg: bytes) -> str:
    """A JPEG inside the page: seeing the page and seeing the face are one audited act."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
