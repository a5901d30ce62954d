"""The console with accounts: who signs in, which pages open to which role, and how it ends."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.fakes.planted_alerts import NOON, PlantedRecords, an_alert, planted_records
from tests.fakes.signing_in import Person, enrolled, handed
from tests.fakes.staff import STAFF, actor, staffed_home

from overt.console import sign_in as sign_in_module
from overt.console.app import build_app
from overt.console.sign_in import IDLE, SignIn
from overt.gate.session_standing import Way
from overt.identifiers import ActorId, AlertId, PassageId
from overt.policy.access import OF_PROCESSES, ROLES, Permission, Role
from overt.policy.doors import ASKED_BY_PAGES, ROUTES, Entry
from overt.policy.profiles import UK_POLICE

STATIC = Path(sign_in_module.__file__).with_name("static")
HOST = "127.0.0.1:8630"
WHY = "the same scar over the left brow"


@dataclass(slots=True)
class Desk:
    records: PlantedRecords
    sign_in: SignIn
    http: TestClient
    people: dict[str, Person] = field(default_factory=dict)
    text: str = ""
    """Of the page that the last form led to."""

    def takes(self, name: str) -> "Desk":
        """Sit down as somebody; what the browser kept of the last one goes."""
        self.http.cookies.clear()
        self.records.hands.at += 60  # whichever test came before, their next code is fresh
        gate, now = self.records.gate, self.records.hands.clock().now()
        if name not in self.people:
            self.people[name] = enrolled(gate, gate.whoami(), name)
        person = self.people[name]
        told = person.signs_in(gate, now, way=Way.BROWSER)
        self.sign_in.adopt(told.token, told.ends_at)
        self.http.cookies.set("overt-console", told.token)
        self.records.hands.at += 30
        return self

    def posts(self, path: str, **fields: str) -> int:
        page = self.http.get("/home").text
        token = re.search(r'name="csrf" value="(\w+)"', page)
        assert token is not None
        answer = self.http.post(path, data={"csrf": token[1], **fields})
        self.text = answer.text
        return answer.status_code


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = staffed_home(tmp_path_factory.mktemp("desk") / "home", NOON)
    records = planted_records(home, profile="uk-police-2026")
    sign_in = SignIn(records.hands.clock().now)
    app = build_app(lambda: records.gate, sign_in=sign_in, hosts=frozenset({HOST}))
    with records.gate, TestClient(app, base_url=f"http://{HOST}") as http:
        records.as_signed()
        records.plant(an_alert())
        yield Desk(records, sign_in, http)


def _status(desk: Desk, method: str, path: str) -> int:
    filled = (
        path.replace("{alert_id}", "a-9")
        .replace("{incident}", "i-9")
        .replace("{request_id}", "r-9")
    )
    if filled.endswith("/live"):  # a stream that is let in does not end
        filled = "/alerts/rows"
    return desk.http.request(method, filled, follow_redirects=False).status_code


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("role", sorted(set(STAFF.values()), key=str), ids=lambda r: r.value)
def test_a_page_lets_in_exactly_the_roles_of_the_table(desk: Desk, role: Role) -> None:
    name = next(name for name, held in STAFF.items() if held is role)
    desk.takes(name)
    for (method, path), wanted in ROUTES.items():
        let_in = isinstance(wanted, Entry) or wanted in ROLES[role]
        if method == "POST" and wanted is not Entry.ANYBODY:
            # Without its token a form is refused too; the refusal says which of the two it was.
            answer = desk.http.post(path.replace("{alert_id}", "a-9").replace("{incident}", "i"))
            assert ("Not yours to do" not in answer.text) == let_in, (method, path)
        else:
            assert (_status(desk, method, path) != 403) == let_in, (method, path)


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("route", sorted(ROUTES), ids=" ".join)
def test_nobody_gets_beyond_the_sign_in(desk: Desk, route: tuple[str, str]) -> None:
    desk.http.cookies.clear()
    status = _status(desk, *route)
    let_in = ROUTES[route] is Entry.ANYBODY and route in {
        ("GET", "/sign-in"),
        ("GET", "/signed-out"),
    }
    assert (status == 401) == (not let_in)


def test_no_page_needs_a_role_that_only_a_process_has() -> None:
    people = {p for role in set(Role) - OF_PROCESSES for p in ROLES[role]}
    assert all(wanted in people for wanted in ROUTES.values() if isinstance(wanted, Permission))


@pytest.mark.requirement("R68")
def test_the_form_signs_in_and_sets_a_cookie_that_is_nobody_elses(desk: Desk) -> None:
    desk.takes("ana")
    desk.http.cookies.clear()
    now = desk.records.hands.clock().now()
    person = desk.people["ana"]
    answer = desk.http.post(
        "/sign-in",
        data={"account": "ana", "password": person.password, "code": person.code(now)},
    )
    assert answer.status_code == 200
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    assert "Signed in as <strong>ana</strong>" in desk.http.get("/").text


@pytest.mark.requirement("R68")
def test_the_first_sign_in_shows_ones_own_credentials_once(desk: Desk) -> None:
    desk.http.cookies.clear()
    desk.records.hands.at += 60
    gate, now = desk.records.gate, desk.records.hands.clock().now()
    given = handed(gate, gate.whoami(), "pc-0927")
    form = {"account": "pc-0927", "password": given.password, "code": given.code(now)}
    page = desk.http.post("/sign-in", data=form)
    assert page.headers["cache-control"] == "no-store, private"
    assert f"{gate.whoami().id} made the ones that you used" in page.text
    assert "otpauth://totp/overt:pc-0927?" in page.text
    assert given.password not in page.text
    assert "Signed in as <strong>pc-0927</strong>" in desk.http.get("/home").text
    desk.http.cookies.clear()
    assert desk.http.post("/sign-in", data=form).status_code == 401


@pytest.mark.requirement("R68")
def test_a_wrong_code_shows_the_form_again_and_says_no_more(desk: Desk) -> None:
    desk.http.cookies.clear()
    answer = desk.http.post("/sign-in", data={"account": "ana", "password": "x", "code": "1"})
    assert answer.status_code == 401
    assert "the account, the password or the code is wrong" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.requirement("R67")
def test_whoever_judges_may_say_in_which_group_a_false_alert_counts_and_need_not(
    desk: Desk,
) -> None:
    page = desk.takes("ana").http.get("/alerts/a-1").text
    choices = re.findall(r'<option value="(\w*)">', page.partition('name="perceived"')[2])
    assert choices == ["", *sorted(UK_POLICE.perceived_groups)]
    assert "required" not in page.partition('name="perceived"')[2].partition("</select>")[0]


def counted(desk: Desk) -> list[object]:
    """The groups in which false alerts were counted; their lines name no alert and nobody."""
    told = desk.records.gate.audit_lines(actor("aud"), None)
    lines = [line for line in told if "group" in line.detail]
    assert all("alert" not in line.detail and "subject" not in line.detail for line in lines)
    return [line.detail["group"] for line in lines]


@pytest.mark.requirement("R67")
def test_a_false_alert_is_judged_and_counted_by_one_form(desk: Desk) -> None:
    desk.records.plant(an_alert(id=AlertId("a-2"), passage=PassageId("north-2")))
    desk.takes("ana").http.get("/alerts/a-2")
    form = {"judgement": "not-the-person", "reason": "another nose"}
    assert desk.posts("/alerts/a-2/decide", **form, perceived="martian") == 409
    assert desk.posts("/alerts/a-2/decide", **form | {"reason": ""}, perceived="black") == 409
    unsure = {**form, "judgement": "unsure"}
    assert desk.posts("/alerts/a-2/decide", **unsure, perceived="black") == 409
    assert '<option value="black" selected>' in desk.text  # what was chosen is not lost
    assert counted(desk) == []
    assert desk.posts("/alerts/a-2/decide", **form, perceived="black") == 200
    assert counted(desk) == ["black"]
    assert "black" not in desk.http.get("/alerts/a-2").text  # it is kept with no alert


@pytest.mark.requirement("R68")
def test_a_quarter_of_an_hour_without_a_page_ends_it(desk: Desk) -> None:
    desk.takes("ben")
    assert desk.http.get("/").status_code == 200
    desk.records.hands.at += IDLE - 1
    assert desk.http.get("/").status_code == 200
    desk.records.hands.at += IDLE
    assert desk.http.get("/").status_code == 401


@pytest.mark.requirement("R68")
@pytest.mark.parametrize("rows", ["/alerts/rows", "/runs/rows"])
def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(desk: Desk, rows: str) -> None:
    desk.takes("ben")
    assert desk.http.get("/").status_code == 200
    for _ in range(4):
        desk.records.hands.at += IDLE / 4
        status = desk.http.get(rows).status_code
    assert status == 401


def test_whatever_a_script_of_a_page_asks_for_is_in_the_table_of_what_pages_ask_by_themselves() -> (
    None
):
    scripts = "".join(path.read_text() for path in STATIC.glob("*.js"))
    asked = set(re.findall(r'fetch\("([^"]+)"', scripts))
    assert asked == {path for _, path in ASKED_BY_PAGES if not path.endswith("/live")}
    assert {path for _, path in ROUTES if path.endswith("/live")} < {p for _, p in ASKED_BY_PAGES}


@pytest.mark.requirement("R68")
def test_signing_out_everywhere_ends_every_browser_that_came_by_the_link(desk: Desk) -> None:
    gate = desk.records.gate
    here, there = (gate.sign_in_by_link(gate.whoami()) for _ in range(2))
    for told in (here, there):
        desk.sign_in.adopt(told.token, told.ends_at)
    desk.http.cookies.clear()
    desk.http.cookies.set("overt-console", here.token)
    assert desk.posts("/sign-out-everywhere") == 200
    desk.http.cookies.clear()
    desk.http.cookies.set("overt-console", there.token)
    assert desk.http.get("/home").status_code == 401


@pytest.mark.requirement("R56")
def test_a_sign_in_by_the_link_is_told(desk: Desk) -> None:
    desk.http.cookies.clear()
    assert desk.http.get(f"/sign-in?token={desk.sign_in.new_link()}").status_code == 200
    signed_in, _ = desk.records.gate.audit_lines(actor("aud"), 2)
    assert (signed_in.event, signed_in.detail["by"]) == ("signed-in", "link")


@pytest.mark.requirement("R68")
def test_whoever_has_no_role_left_can_still_sign_out(desk: Desk) -> None:
    gate = desk.records.gate
    desk.takes("ass")
    token = re.search(r'name="csrf" value="(\w+)"', desk.http.get("/home").text)
    assert token is not None
    gate.withdraw_roles(gate.whoami(), ActorId("ass"), frozenset({Role.ASSESSOR}))
    assert desk.http.post("/sign-out", data={"csrf": token[1]}).status_code == 200
    assert desk.http.get("/home").status_code == 401
    gate.grant_roles(gate.whoami(), ActorId("ass"), frozenset({Role.ASSESSOR}))


@pytest.mark.requirement("R68")
def test_a_role_withdrawn_meanwhile_closes_the_next_page(desk: Desk) -> None:
    gate = desk.records.gate
    desk.takes("cai")
    assert desk.http.get("/").status_code == 200
    gate.withdraw_roles(gate.whoami(), ActorId("cai"), frozenset({Role.OPERATOR}))
    assert desk.http.get("/").status_code == 403


@pytest.mark.requirement("R39")
@pytest.mark.requirement("R67")
def test_from_two_blind_judgements_to_the_officers_phone(desk: Desk) -> None:
    for name in ("ana", "ben"):
        desk.takes(name)
        page = desk.http.get("/alerts/a-1").text
        assert "0.6231" not in page
        assert WHY not in page
        desk.posts("/alerts/a-1/decide", judgement="possible-match", reason=WHY)
    desk.posts("/alerts/a-1/dispatch", recipients="pc-4411", reason="ask for her papers")
    desk.takes("pc-4411")
    assert "Resembles S1" in desk.http.get("/street").text
    assert "Is it this person whom you see?" in desk.http.get("/street/a-1").text
    desk.posts("/street/a-1/same-person", reason="red coat")
    desk.posts("/street/a-1/engage", reason="asked for her name")
    assert desk.posts("/street/a-1/end", outcome="false", reason="another name") == 409
    before = counted(desk)
    desk.posts(
        "/street/a-1/end",
        outcome="false", reason="another name", method="identity-document", perceived="asian",
    )  # fmt: skip
    assert counted(desk) == [*before, "asian"]
    assert "not said" in desk.http.get("/incidents").text
    assert desk.http.get("/street/a-1").status_code == 409
