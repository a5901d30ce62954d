"""The list of alerts, one alert, and the forms by which a person decides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from overt.console.console import (
    Console,
    Reader,
    Sender,
    SignedIn,
    done_or_shown,
    image_address,
)
from overt.console.words import CHOICES
from overt.decisions.case import Case
from overt.decisions.review import LONGEST_REASON, may
from overt.decisions.states import AWAITING_JUDGEMENT, JUDGEMENTS, Judgement, Move
from overt.errors import Refused
from overt.gate.alerts import judgements_wanted
from overt.gate.gate import Gate
from overt.identifiers import AlertId
from overt.policy.access import Actor
from overt.policy.profiles import PROFILES


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody had written when the rules refused it, so that it is not lost."""

    error: str = ""
    judgement: str = ""
    reason: str = ""
    perceived: str = ""
    recipients: str = ""
    dispatch_reason: str = ""
    stop_reason: str = ""


def alert_pages(console: Console) -> APIRouter:
    """Give the routes of reading and deciding."""
    router = APIRouter()

    @router.get("/")
    def alerts(who: Reader) -> HTMLResponse:
        return _listing(console, "alerts.html", who)

    @router.get("/alerts/rows")
    def rows(who: Reader) -> HTMLResponse:
        return _listing(console, "alert_rows.html", who)

    @router.get("/alerts/{alert_id}")
    def alert(alert_id: str, who: Reader) -> HTMLResponse:
        return _alert_page(console, who, AlertId(alert_id), Draft())

    @router.post("/alerts/{alert_id}/decide")
    def decide(alert_id: str, form: Sender) -> Response:
        draft = Draft(
            judgement=form["judgement"], reason=form["reason"], perceived=form["perceived"]
        )

        def act(gate: Gate, actor: Actor) -> None:
            gate.decide(
                actor, AlertId(alert_id), _judgement(form["judgement"]),
                reason=form["reason"], perceived=form["perceived"] or None,
            )  # fmt: skip

        return _acted(console, form.who, AlertId(alert_id), act, draft)

    @router.post("/alerts/{alert_id}/dispatch")
    def dispatch(alert_id: str, form: Sender) -> Response:
        names = tuple(name.strip() for name in form["recipients"].splitlines() if name.strip())
        draft = Draft(recipients=form["recipients"], dispatch_reason=form["reason"])

        def act(gate: Gate, actor: Actor) -> None:
            gate.dispatch(actor, AlertId(alert_id), recipients=names, reason=form["reason"])

        return _acted(console, form.who, AlertId(alert_id), act, draft)

    @router.post("/alerts/{alert_id}/stop")
    def stop(alert_id: str, form: Sender) -> Response:
        draft = Draft(stop_reason=form["reason"])

        def act(gate: Gate, actor: Actor) -> None:
            gate.stop_alert(actor, AlertId(alert_id), reason=form["reason"])

        return _acted(console, form.who, AlertId(alert_id), act, draft)

    return router


def _judgement(chosen: str) -> Judgement:
    for judgement in Judgement:
        if judgement.value == chosen:
            return judgement
    raise Refused("choose one of the three judgements; none is chosen for you (R41)")


def _listing(console: Console, name: str, who: SignedIn) -> HTMLResponse:
    actor = console.actor(who)
    cases = console.gates().alerts(actor)
    return console.page_for(
        who,
        actor,
        name,
        cases=cases,
        awaiting=sum(case.review.state in AWAITING_JUDGEMENT for case in cases),
        banners=banners_of(cases),
    )


def banners_of(cases: Iterable[Case]) -> list[str]:
    """What the profiles of these alerts' deployments waive, each said once."""
    names = sorted({case.profile for case in cases})
    return [PROFILES[name].banner for name in names if name in PROFILES and PROFILES[name].banner]


def groups_of(case: Case) -> list[str]:
    """In which groups a false alert may be counted, as a person perceives them (R67)."""
    profile = PROFILES.get(case.profile)
    return sorted(profile.perceived_groups) if profile else []


def _alert_page(
    console: Console, who: SignedIn, alert_id: AlertId, draft: Draft, *, status: int = 200
) -> HTMLResponse:
    gate = console.gates()
    actor = console.actor(who)
    case, shown = gate.examine_alert(actor, alert_id)
    people = [case.listed, *([case.second] if case.second and case.alert.ambiguous else [])]
    return console.page_for(
        who,
        actor,
        "alert.html",
        status=status,
        banners=banners_of([case]),
        case=case,
        people=people,
        images={
            "probe": image_address(shown.probe),
            "scene": image_address(shown.scene),
            "listed": [image_address(image) for image in shown.listed],
        },
        box=shown.box,
        can={
            "judge": any(may(case.review, move, actor.id) for move in JUDGEMENTS),
            "dispatch": may(
                case.review, Move.DISPATCH, actor.id, judgements=judgements_wanted(case.profile)
            ),
            "stop": may(case.review, Move.STOP, actor.id),
        },
        awaited=judgements_wanted(case.profile) - len(case.review.judgements),
        judgements=CHOICES,
        groups=groups_of(case),
        longest=LONGEST_REASON,
        draft=draft,
    )


def _acted(
    console: Console,
    who: SignedIn,
    alert_id: AlertId,
    act: Callable[[Gate, Actor], None],
    draft: Draft,
) -> Response:
    """Do what the form asks, or show the page again with the refusal and the words kept."""

    def done() -> Response:
        act(console.gates(), console.actor(who))
        return RedirectResponse(f"/alerts/{quote(alert_id, safe='')}", status_code=303)

    def again(error: str) -> Response:
        return _alert_page(console, who, alert_id, replace(draft, error=error), status=409)

    return done_or_shown(done, again)
