"""The console over HTTP: who gets in, what a page shows, and which forms are refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.authority import a_force, models_folder
from tests.fakes.planted_alerts import PlantedRecords, an_alert, listed, planted_records

from overt.console.app import POLL, build_app, require_a_row_each, routers_of, routes_of
from overt.console.console import Console
from overt.console.journeys import Journeys
from overt.console.sign_in import SignIn
from overt.console.words import page_templates
from overt.decisions.states import AlertState
from overt.errors import Fault
from overt.identifiers import AlertId, SubjectId
from overt.policy.doors import ROUTES
from overt.units import UtcTime

HOST = "127.0.0.1:8630"
WHY = "the same scar over the left brow"


@dataclass(slots=True)
class Browser:
    """Somebody in front of the console, and the records behind it."""

    records: PlantedRecords
    sign_in: SignIn
    http: TestClient

    def signs_in(self) -> "Browser":
        assert self.http.get(f"/sign-in?token={self.sign_in.new_link()}").status_code == 200
        return self

    def page(self, path: str) -> str:
        return self.http.get(path).text

    def sends(self, path: str, **fields: str) -> tuple[int, str]:
        token = re.search(r'name="csrf" value="(\w+)"', self.page("/"))
        assert token is not None
        answer = self.http.post(path, data={"csrf": token[1], **fields})
        return answer.status_code, answer.text

    def judges(self, judgement: str, reason: str = WHY) -> tuple[int, str]:
        """Open the alert, then judge it."""
        self.page("/alerts/a-1")
        return self.sends("/alerts/a-1/decide", judgement=judgement, reason=reason)

    def state(self, alert_id: str) -> AlertState:
        gate = self.records.gate
        return gate.alert(gate.whoami(), AlertId(alert_id)).review.state


def _browser(home: Path) -> Iterator[Browser]:
    records = planted_records(home)
    sign_in = SignIn(records.hands.clock().now)
    app = build_app(lambda: records.gate, sign_in=sign_in, hosts=frozenset({HOST}))
    with records.gate, TestClient(app, base_url=f"http://{HOST}") as http:
        yield Browser(records, sign_in, http)


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Browser]:
    yield from _browser(tmp_path / "home")


@pytest.fixture
def operator(stranger: Browser) -> Browser:
    stranger.records.plant(an_alert())
    return stranger.signs_in()


@pytest.mark.parametrize("path", ["/", "/alerts/rows", "/alerts/a-1", "/alerts/live"])
def test_a_stranger_sees_nothing(stranger: Browser, path: str) -> None:
    stranger.records.plant(an_alert())
    answer = stranger.http.get(path)
    assert answer.status_code == 401
    assert "S1" not in answer.text


@pytest.mark.parametrize("path", ["/alerts/a-1/decide", "/alerts/a-1/dispatch", "/alerts/a-1/stop"])
def test_a_stranger_decides_nothing(stranger: Browser, path: str) -> None:
    stranger.records.plant(an_alert())
    assert stranger.http.post(path, data={"reason": WHY}).status_code == 401
    assert stranger.state("a-1") is AlertState.RAISED


def test_a_used_link_opens_nothing(operator: Browser) -> None:
    token = operator.sign_in.new_link()
    operator.http.get(f"/sign-in?token={token}")
    operator.http.cookies.clear()
    assert operator.http.get(f"/sign-in?token={token}").status_code == 409
    assert operator.http.get("/").status_code == 401


def test_the_session_is_a_cookie_that_scripts_and_other_sites_cannot_use(
    stranger: Browser,
) -> None:
    answer = stranger.http.get(f"/sign-in?token={stranger.sign_in.new_link()}")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie


def test_signing_out_ends_it(operator: Browser) -> None:
    operator.sends("/sign-out")
    assert operator.http.get("/").status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8630", "127.0.0.1", "127.0.0.1:1", ""]
)
def test_another_name_gets_nothing(operator: Browser, host: str) -> None:
    answer = operator.http.get("/", headers={"host": host})
    assert (answer.status_code, "S1" in answer.text) == (421, False)


@pytest.mark.parametrize(
    "headers",
    [{"origin": "http://evil.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}],
    ids=["origin", "no origin", "fetch metadata"],
)
def test_a_form_from_another_site_is_refused(operator: Browser, headers: dict[str, str]) -> None:
    answer = operator.http.post(
        "/alerts/a-1/decide", data={"judgement": "unsure", "reason": WHY}, headers=headers
    )
    assert answer.status_code == 403
    assert operator.state("a-1") is AlertState.RAISED


@pytest.mark.parametrize("token", ["", "0" * 64, "ü"])
def test_a_form_without_its_token_is_refused(operator: Browser, token: str) -> None:
    answer = operator.http.post(
        "/alerts/a-1/decide", data={"csrf": token, "judgement": "unsure", "reason": WHY}
    )
    assert answer.status_code == 403
    assert operator.state("a-1") is AlertState.RAISED


def test_a_form_that_is_too_long_is_refused(operator: Browser) -> None:
    status, _ = operator.sends("/alerts/a-1/decide", judgement="unsure", reason="x" * 70_000)
    assert status == 413


@pytest.mark.parametrize("path", ["/", "/alerts/a-1", "/alerts/rows", "/nowhere"])
def test_no_page_is_stored_framed_or_lets_anything_in(operator: Browser, path: str) -> None:
    headers = operator.http.get(path).headers
    assert "no-store" in headers["cache-control"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_loads_anything_from_elsewhere(operator: Browser) -> None:
    addresses = re.findall(r'(?:src|href|action)="([^"]*)"', operator.page("/alerts/a-1"))
    assert [a for a in addresses if not a.startswith(("/", "data:image/jpeg", "#")) and a] == []


@pytest.mark.requirement("R40")
def test_an_alert_shows_both_faces_and_the_scene(operator: Browser) -> None:
    page = operator.page("/alerts/a-1")
    assert page.count("data:image/jpeg;base64,") == 3


@pytest.mark.requirement("R20")
def test_an_alert_brings_its_response_plan(operator: Browser) -> None:
    assert listed("S1").response_plan in operator.page("/alerts/a-1")


def test_a_similarity_is_never_a_share_of_a_hundred(operator: Browser) -> None:
    operator.judges("possible-match")
    page = operator.page("/alerts/a-1") + operator.page("/")
    assert "0.6231" in page
    assert "0.55" in page
    assert "1,204" in page
    assert "%" not in re.sub(r"data:image/jpeg;base64,[^\"]*", "", page)


@pytest.mark.requirement("R41")
def test_no_judgement_is_chosen_for_anybody(operator: Browser) -> None:
    page = operator.page("/alerts/a-1")
    assert page.count('type="radio" name="judgement"') == 3
    assert "checked" not in page
    assert "autofocus" not in page


@pytest.mark.requirement("R22")
def test_an_ambiguous_alert_names_and_shows_both(stranger: Browser) -> None:
    stranger.records.plant(an_alert(ambiguous=True), second=listed("S2"))
    page = stranger.signs_in().page("/alerts/a-1")
    assert "Somebody resembles S1 or S2" in page
    assert "equally alike" in page
    assert page.count("data:image/jpeg;base64,") == 5


@pytest.mark.requirement("R22")
def test_an_alert_warns_of_known_lookalikes(stranger: Browser) -> None:
    stranger.records.plant(an_alert(lookalikes=(SubjectId("S7"),)))
    assert "S7 resembles S1" in stranger.signs_in().page("/alerts/a-1")


@pytest.mark.requirement("R21")
@pytest.mark.parametrize("category", ["missing-or-at-risk", "victim-or-witness"])
def test_somebody_missing_is_never_shown_as_a_suspect(stranger: Browser, category: str) -> None:
    stranger.records.plant(an_alert(), about=listed("S1", category))
    page = stranger.signs_in().page("/alerts/a-1").lower()
    assert "done nothing wrong" in page
    assert "tone-concern" in page
    assert not any(word in page for word in ("suspect", "wanted", "offender", "tone-sought"))


def test_the_consent_profile_says_what_it_waives(operator: Browser) -> None:
    assert "CONSENT PROFILE" in operator.page("/")


def test_what_a_list_says_is_text_and_nothing_else(stranger: Browser) -> None:
    hostile = listed("S1", status="<script>alert(1)</script>")
    stranger.records.plant(an_alert(), about=hostile)
    page = stranger.signs_in().page("/alerts/a-1")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.requirement("R38")
def test_a_hand_made_dispatch_before_a_judgement_fails(operator: Browser) -> None:
    status, page = operator.sends("/alerts/a-1/dispatch", recipients="PC 4411", reason=WHY)
    assert status == 409
    assert "nobody is sent on a score alone" in page
    assert operator.state("a-1") is AlertState.RAISED


@pytest.mark.requirement("R38")
def test_dispatch_is_offered_only_after_a_possible_match(operator: Browser) -> None:
    assert "/dispatch" not in operator.page("/alerts/a-1")
    operator.judges("possible-match")
    assert "/dispatch" in operator.page("/alerts/a-1")


def test_after_a_judgement_the_page_says_who_when_and_why(operator: Browser) -> None:
    operator.records.hands.at += 9
    operator.judges("not-the-person")
    page = operator.page("/alerts/a-1")
    assert WHY in page
    assert operator.records.gate.whoami().id in page
    assert "8 s after the alert" in page
    assert '<form class="act"' not in page


@pytest.mark.requirement("R41")
@pytest.mark.parametrize(("judgement", "reason"), [("", WHY), ("unsure", ""), ("yes", WHY)])
def test_a_judgement_without_choice_or_reason_is_refused_and_the_words_kept(
    operator: Browser, judgement: str, reason: str
) -> None:
    status, page = operator.judges(judgement, reason)
    assert status == 409
    assert reason in page
    assert operator.state("a-1") is AlertState.RAISED


def test_a_person_is_sent_and_called_back(operator: Browser) -> None:
    operator.judges("possible-match")
    operator.sends("/alerts/a-1/dispatch", recipients="PC 4411\nPC 0927\n", reason="ask her")
    assert operator.state("a-1") is AlertState.DISPATCHED
    assert "PC 4411, PC 0927" in operator.page("/alerts/a-1")
    operator.sends("/alerts/a-1/stop", reason="too tall")
    assert operator.state("a-1") is AlertState.STOPPED


@pytest.mark.parametrize("path", ["/alerts/a-9", "/nowhere", "/docs", "/openapi.json"])
def test_what_is_not_there_is_told_in_a_page(operator: Browser, path: str) -> None:
    answer = operator.http.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_the_rows_alone_are_no_whole_page(operator: Browser) -> None:
    rows = operator.page("/alerts/rows")
    assert "/alerts/a-1" in rows
    assert "<html" not in rows


@pytest.mark.requirement("R42")
@pytest.mark.parametrize("path", ["/", "/alerts/a-1", "/alerts/rows"])
def test_no_page_shows_a_score_before_ones_own_judgement(operator: Browser, path: str) -> None:
    assert "0.6231" not in operator.page(path)
    operator.judges("possible-match")
    assert "0.6231" in operator.page(path)


@pytest.mark.requirement("R42")
def test_a_form_sent_without_opening_the_alert_is_refused(operator: Browser) -> None:
    status, page = operator.sends("/alerts/a-1/decide", judgement="unsure", reason=WHY)
    assert (status, "nobody judges what they have not seen" in page) == (409, True)


@pytest.mark.requirement("R68")
def test_the_table_of_permissions_names_every_page_and_no_other(stranger: Browser) -> None:
    sign_in = stranger.sign_in
    console = Console(
        lambda: stranger.records.gate, sign_in, page_templates(), https=False, poll=POLL,
        journeys=Journeys(sign_in.now),
    )  # fmt: skip
    assert routes_of(routers_of(console)) == set(ROUTES)


@pytest.mark.requirement("R68")
def test_a_page_that_the_table_does_not_name_keeps_the_console_from_starting() -> None:
    with pytest.raises(Fault, match="pages without a permission: GET /back-door"):
        require_a_row_each({("GET", "/back-door"), ("GET", "/")})


@pytest.mark.requirement("R10")
def test_a_team_says_by_a_button_that_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "force").mkdir()
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path / "force")))
    with a_force(tmp_path / "force") as force:
        force.ready()
        sign_in = SignIn(force.clock.now)
        app = build_app(lambda: force.gate, sign_in=sign_in, hosts=frozenset({HOST}))
        with TestClient(app, base_url=f"http://{HOST}") as http:
            assert http.get("/deployments").status_code == 401
            http.get(f"/sign-in?token={sign_in.new_link()}")
            page = http.get("/deployments").text
            assert "walk-1" in page
            token = re.search(r'name="csrf" value="(\w+)"', page)
            assert token is not None
            form = {"csrf": token[1], "officers": "2"}
            assert http.post("/deployments/walk-1/check-in", data=form).status_code == 200
            assert force.last("checked-in")["officers"] == 2
            nobody = http.post("/deployments/walk-1/check-in", data={**form, "officers": "none"})
            assert nobody.status_code == 409
            assert "how many officers are there" in nobody.text


def test_the_page_of_figures_is_for_those_who_are_signed_in(stranger: Browser) -> None:
    assert stranger.http.get("/runs").status_code == 401
    page = stranger.signs_in().page("/runs")
    assert "Figures" in page
    assert "run-" in page or "No deployment has run yet" in page


@pytest.mark.requirement("R68")
def test_a_breach_and_its_clock_stand_above_the_incidents(operator: Browser) -> None:
    gate = operator.records.gate
    aware = UtcTime(operator.records.hands.clock().now() - timedelta(hours=71))
    found = gate.report_breach(gate.whoami(), aware_at=aware, nature="a laptop was stolen")
    page = operator.page("/incidents")
    assert f"Breach {found.id}" in page
    assert 'role="alert">the regulator must be told by' in page
