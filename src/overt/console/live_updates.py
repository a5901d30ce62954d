"""News as it happens, by server-sent events: that something changed, never what.

The page then asks for what it shows, as an act of its own, authorised and audited.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Final

from fastapi import APIRouter
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool

from overt.console.console import Console, Reader, SignedIn
from overt.errors import Refused
from overt.identifiers import AlertId

PING: Final = 15
"""Seconds between signs of life on a quiet stream."""


def live_updates(console: Console) -> APIRouter:
    """Give the streams of the list and of one alert."""
    router = APIRouter()

    def news(who: SignedIn) -> Mapping[AlertId, int]:
        return console.gates().alert_news(console.actor(who))

    @router.get("/alerts/live")
    async def list_live(who: Reader) -> EventSourceResponse:
        return _stream(_changes(console, who, lambda: dict(news(who)), shown=None))

    @router.get("/alerts/{alert_id}/live")
    async def alert_live(alert_id: str, who: Reader, mark: int = 0) -> EventSourceResponse:
        return _stream(_changes(console, who, lambda: news(who).get(AlertId(alert_id)), shown=mark))

    return router


def _stream(events: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    return EventSourceResponse(events, ping=PING, headers={"Cache-Control": "no-store"})


async def _changes(
    console: Console, who: SignedIn, look: Callable[[], object], *, shown: object
) -> AsyncIterator[ServerSentEvent]:
    """Tell of each change from what the page shows, until the session ends."""
    while console.sign_in.holds(who.session):
        try:
            now = await run_in_threadpool(look)
        except Refused:  # the account was closed, or its role withdrawn: the page hears no more
            return
        if now != shown:
            shown = now
            yield ServerSentEvent(event="changed", data="")
        await asyncio.sleep(console.poll)
