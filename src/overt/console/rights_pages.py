"""Requests of named persons: the list with what is due, one request, and each step to its answer."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import Console, Reader, Sender, Sent, SignedIn, done_or_shown
from overt.console.words import GROUND_CHOICES, RIGHT_CHOICES, RIGHTS_OUTCOMES, chosen
from overt.decisions.review import LONGEST_REASON
from overt.errors import Refused
from overt.gate.gate import Gate
from overt.gate.rights import AnswerOrder, RequestOrder, Search, SearchOrder
from overt.identifiers import AlertId, SubjectId, WatchlistName
from overt.policy.access import Actor
from overt.policy.rights import Ground, Outcome, Right

CORRECTABLE: Final = ("reason", "status", "date_of_birth")
Step = Callable[[Gate, Actor, str, Sent], Search | None]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page says besides the request itself."""

    error: str = ""
    found: Search | None = None
    """What a search just brought; it is told once, and looked for anew the next time."""
    kept: Mapping[str, str] | None = None
    """What was typed when a rule refused it."""


def rights_pages(console: Console) -> APIRouter:
    """Give the routes of whoever answers named persons."""
    router = APIRouter()

    @router.get("/requests")
    def requests(who: Reader) -> HTMLResponse:
        return _list_page(console, who)

    @router.post("/requests")
    def receive(form: Sender) -> Response:
        def act() -> Response:
            made = console.gates().receive_request(console.actor(form.who), _order(form))
            return _to(made.id)

        def again(error: str) -> Response:
            return _list_page(console, form.who, Shown(error, kept=form.fields), status=409)

        return done_or_shown(act, again)

    @router.get("/requests/{request_id}")
    def one(request_id: str, who: Reader) -> HTMLResponse:
        return _page(console, who, request_id, Shown())

    for path, step in STEPS.items():
        router.post(f"/requests/{{request_id}}/{path}")(_taken(console, step))
    return router


def _taken(console: Console, step: Step) -> Callable[[str, Sent], Response]:
    def take(request_id: str, form: Sender) -> Response:
        def act() -> Response:
            told = step(console.gates(), console.actor(form.who), request_id, form)
            if told is not None:
                return _page(console, form.who, request_id, Shown(found=told))
            return _to(request_id)

        def again(error: str) -> Response:
            return _page(console, form.who, request_id, Shown(error, kept=form.fields), status=409)

        return done_or_shown(act, again)

    return take


def _to(request_id: str) -> Response:
    return RedirectResponse(f"/requests/{quote(request_id, safe='')}", status_code=303)


def _list_page(
    console: Console, who: SignedIn, shown: Shown | None = None, *, status: int = 200
) -> HTMLResponse:
    actor, shown = console.actor(who), shown or Shown()
    today = console.sign_in.now().date()
    found = console.gates().requests(actor)
    return console.page_for(
        who,
        actor,
        "requests.html",
        status=status,
        requests=[(each, each.facts(today)) for each in found],
        rights=RIGHT_CHOICES,
        today=today.isoformat(),
        kept=defaultdict(str, shown.kept or {}),
        longest=LONGEST_REASON,
        error=shown.error,
    )


def _page(
    console: Console, who: SignedIn, request_id: str, shown: Shown, *, status: int = 200
) -> HTMLResponse:
    actor = console.actor(who)
    today = console.sign_in.now().date()
    request = console.gates().request(actor, request_id)
    return console.page_for(
        who,
        actor,
        "request.html",
        status=status,
        request=request,
        facts=request.facts(today),
        today=today.isoformat(),
        found=shown.found,
        kept=defaultdict(str, shown.kept or {}),
        correctable=CORRECTABLE,
        outcomes=RIGHTS_OUTCOMES,
        grounds=GROUND_CHOICES[request.right],
        longest=LONGEST_REASON,
        error=shown.error,
    )


# --- what each form asks for


def _order(form: Sent) -> RequestOrder:
    right = chosen(Right, form["right"])
    if right is None:
        raise Refused("choose what they ask for; nothing is chosen for you")
    came = _day(form["received_on"], "the day on which it came")
    return RequestOrder(right, came, form["name"], form["contact"], form["words"])


def _ask(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    del form
    gate.ask_identity(actor, request_id)


def _identify(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    day = _day(form["told_on"], "the day on which they told it")
    gate.identify_requester(actor, request_id, how=form["how"], told_on=day)


def _extend(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    gate.extend_request(actor, request_id, reason=form["reason"])


def _search(gate: Gate, actor: Actor, request_id: str, form: Sent) -> Search:
    return gate.search_request(
        actor,
        request_id,
        SearchOrder(
            [SubjectId(each) for each in _lines(form["subjects"])],
            [AlertId(each) for each in _lines(form["alerts"])],
            _lines(form["not_theirs"]),
            form["because"],
        ),
    )


def _restrict(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    del form
    gate.restrict_person(actor, request_id)


def _lift(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    gate.lift_restriction(actor, request_id, reason=form["reason"])


def _erase(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    if form["sure"] != "yes":
        raise Refused("say that you have read what goes: an erasure cannot be undone")
    gate.erase_for_request(actor, request_id)


def _correct(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    changes = {each: form[each] for each in CORRECTABLE if form[each].strip()}
    if not changes:
        raise Refused("write what the entry shall say; a field that is left empty stays")
    gate.correct_for_request(actor, request_id, WatchlistName(form["watchlist"]), changes)


def _answer(gate: Gate, actor: Actor, request_id: str, form: Sent) -> None:
    outcome = chosen(Outcome, form["outcome"])
    if outcome is None:
        raise Refused("choose what was decided; nothing is chosen for you")
    order = AnswerOrder(
        outcome, form["controller"], chosen(Ground, form["ground"]), form["reason"],
        form["told_reason"],
    )  # fmt: skip
    gate.answer_request(actor, request_id, order)


STEPS: Final[Mapping[str, Step]] = {
    "ask": _ask,
    "identify": _identify,
    "extend": _extend,
    "search": _search,
    "restrict": _restrict,
    "lift": _lift,
    "erase": _erase,
    "correct": _correct,
    "answer": _answer,
}
"""By the path of the form."""


def _lines(written: str) -> list[str]:
    return [line.strip() for line in written.splitlines() if line.strip()]


def _day(written: str, what: str) -> date:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        raise Refused(f"{what} is a date like 2026-11-30, and not {written[:40]!r}") from None
