"""In through an organisation, against a provider on loopback that can misbehave in every way."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from tests.fakes.authority import Hands
from tests.fakes.openid_provider import (
    CLIENT,
    RSA,
    SECRET,
    OpenIdProvider,
    openid_provider,
)
from tests.fakes.planted_alerts import NOON
from tests.fakes.signing_in import Person, enrolled
from tests.fakes.staff import ANA, TRAINED_FOR, actor, staffed_home

from overt.audit.line import Line
from overt.console.app import build_app
from overt.console.journeys import LASTS
from overt.console.sign_in import SignIn
from overt.gate.gate import Gate, open_gate
from overt.identifiers import ActorId
from overt.openid.doubt import WORDS, Doubt
from overt.openid.organisation import Subject, organisation
from overt.policy.access import Actor
from overt.policy.lock_out import FIRST_WAIT, FREE_TRIES

pytestmark = [pytest.mark.xdist_group("organisation"), pytest.mark.requirement("R68")]

HOST: Final = "127.0.0.1:8630"
HERS: Final = Subject("8f3a-ana")
STRONG: Final = "urn:example:two"
AUDITOR: Final = actor("aud")


@dataclass(slots=True)
class Desk:
    """A browser at the console of a force whose organisation signs people in."""

    gate: Gate
    hands: Hands
    provider: OpenIdProvider
    http: TestClient

    def sent_off(self) -> str:
        """Press the button; give where the provider is asked."""
        self.http.cookies.clear()
        answer = self.http.get("/sign-in/organisation", follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])

    def let_in(self, address: str) -> str:
        """Sign in at the provider; give where it sends the browser back to, without the host."""
        try:
            urllib.request.build_opener(_Stays).open(address, timeout=5)
        except urllib.error.HTTPError as answer:
            with answer:
                back = urlsplit(answer.headers["Location"])
        assert back.netloc == HOST
        return f"{back.path}?{back.query}"

    def signs_in(self) -> tuple[int, str]:
        answer = self.http.get(self.let_in(self.sent_off()))
        return answer.status_code, answer.text

    def codes(self, code: str) -> tuple[int, str]:
        answer = self.http.post("/sign-in/organisation/code", data={"code": code})
        return answer.status_code, answer.text

    def who(self) -> Actor | None:
        return self.gate.session_actor(self.http.cookies.get("overt-console") or "")

    def last(self) -> Line:
        return self.gate.audit_lines(AUDITOR, 2)[0]

    def is_refused(self, doubt: Doubt, told: tuple[int, str]) -> None:
        status, page = told
        assert status == 401
        assert WORDS[doubt].replace("'", "&#39;") in page
        assert self.who() is None
        line = self.last()
        assert (line.event, line.detail["why"]) == ("sign-in-failed", doubt.value)


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object, **__: object) -> None:
        """A browser is shown where it is sent; the test takes it there."""


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = staffed_home(tmp_path_factory.mktemp("organisation") / "home", NOON)
    hands = Hands(NOON.timestamp())
    with (
        openid_provider(lambda: hands.at) as provider,
        open_gate(home, hands.clock()) as gate,
    ):
        order = organisation("Kent Police", provider.issuer, CLIENT, (STRONG,))
        gate.set_organisation(gate.whoami(), order, SECRET)
        gate.link_subject(gate.whoami(), ANA.id, HERS)
        sign_in = SignIn(hands.clock().now)
        app = build_app(lambda: gate, sign_in=sign_in, hosts=frozenset({HOST}))
        with TestClient(app, base_url=f"http://{HOST}") as http:
            yield Desk(gate, hands, provider, http)


@pytest.fixture
def desk(force: Desk) -> Desk:
    """The same force; a provider that behaves."""
    well = OpenIdProvider(force.provider.now)
    for name in ("person", "amr", "key", "published", "claims", "header", "metadata", "sign"):
        setattr(force.provider, name, getattr(well, name))
    force.provider.refuses, force.provider.tokens_status = "", 200
    force.provider.asked.clear()
    force.http.cookies.clear()
    force.hands.forward(timedelta(minutes=1))
    return force


@pytest.fixture
def ana(desk: Desk) -> Person:
    return enrolled(desk.gate, desk.gate.whoami(), "ana")


def test_whom_the_organisation_proves_is_the_linked_account_with_the_roles_on_record(
    desk: Desk,
) -> None:
    answer = desk.http.get(desk.let_in(desk.sent_off()))
    assert answer.status_code == 200
    session = next(c for c in answer.headers.get_list("set-cookie") if "overt-console=" in c)
    assert "samesite=strict" in session.lower()
    assert desk.who() == ANA
    opened = next(line for line in desk.gate.audit_lines(AUDITOR, 5) if line.event == "signed-in")
    assert (opened.detail["by"], opened.detail["second"]) == ("organisation", "organisation")


def test_the_button_bears_the_organisations_name(desk: Desk) -> None:
    page = desk.http.get("/sign-in").text
    assert "Sign in with Kent Police" in page
    assert 'name="password"' in page


def test_nobody_gets_an_account_by_signing_in(desk: Desk) -> None:
    before = desk.gate.users(AUDITOR)
    desk.provider.person = "somebody-else"
    told = desk.signs_in()
    desk.is_refused(Doubt.NOT_LINKED, told)
    assert "you are somebody-else there" in told[1]
    assert "somebody-else" not in str(desk.last().detail)
    assert desk.gate.users(AUDITOR) == before


@pytest.mark.parametrize(
    ("stated", "doubt"),
    [
        ({"nonce": "of another sign-in"}, Doubt.NONCE),
        ({"aud": "another program"}, Doubt.AUDIENCE),
        ({"exp": 1_000_000_000}, Doubt.EXPIRED),
    ],
)
def test_a_statement_that_is_not_of_this_sign_in_opens_nothing(
    desk: Desk, stated: dict[str, Any], doubt: Doubt
) -> None:
    desk.provider.claims = stated
    desk.is_refused(doubt, desk.signs_in())


def test_keys_are_those_of_now_and_a_key_that_was_withdrawn_signs_nobody_in(desk: Desk) -> None:
    desk.provider.rotate()
    assert desk.signs_in()[0] == 200
    desk.provider.key = RSA
    desk.is_refused(Doubt.SIGNATURE, desk.signs_in())


def test_an_answer_that_comes_twice_is_taken_once(desk: Desk) -> None:
    back = desk.let_in(desk.sent_off())
    held = dict(desk.http.cookies)
    assert desk.http.get(back).status_code == 200
    desk.http.cookies.clear()
    for name, value in held.items():
        desk.http.cookies.set(name, value)
    answer = desk.http.get(back)
    desk.is_refused(Doubt.STATE, (answer.status_code, answer.text))


def test_a_code_that_was_used_before_is_refused_by_the_provider(desk: Desk) -> None:
    used = desk.let_in(desk.sent_off())
    desk.http.get(used)
    state = desk.let_in(desk.sent_off()).partition("state=")[2].partition("&")[0]
    code = used.partition("code=")[2].partition("&")[0]
    answer = desk.http.get(
        "/sign-in/organisation/back",
        params={"state": state, "code": code, "iss": desk.provider.issuer},
    )
    desk.is_refused(Doubt.CODE_REFUSED, (answer.status_code, answer.text))


def test_an_answer_taken_to_another_browser_opens_nothing_there(desk: Desk) -> None:
    back = desk.let_in(desk.sent_off())
    desk.http.cookies.clear()
    answer = desk.http.get(back)
    desk.is_refused(Doubt.STATE, (answer.status_code, answer.text))


def test_an_answer_of_another_journey_opens_nothing(desk: Desk) -> None:
    theirs = desk.let_in(desk.sent_off())
    desk.sent_off()
    answer = desk.http.get(theirs)
    desk.is_refused(Doubt.STATE, (answer.status_code, answer.text))


def test_an_answer_that_comes_late_opens_nothing(desk: Desk) -> None:
    back = desk.let_in(desk.sent_off())
    desk.hands.forward(timedelta(seconds=LASTS))
    answer = desk.http.get(back)
    desk.is_refused(Doubt.STATE, (answer.status_code, answer.text))


@pytest.mark.parametrize("iss", ["", "https://elsewhere.example"])
def test_an_answer_in_another_providers_name_opens_nothing(desk: Desk, iss: str) -> None:
    back = desk.let_in(desk.sent_off())
    answer = desk.http.get(back.partition("&iss=")[0] + f"&code=x&iss={iss}")
    desk.is_refused(Doubt.ISSUER, (answer.status_code, answer.text))


def test_whom_the_provider_refuses_is_refused_here(desk: Desk) -> None:
    desk.provider.refuses = "access_denied"
    told = desk.signs_in()
    desk.is_refused(Doubt.PROVIDER_REFUSED, told)
    assert "access_denied" in told[1]


# --- the second factor


def test_with_one_factor_the_accounts_own_code_is_the_second(desk: Desk, ana: Person) -> None:
    desk.provider.amr = ("pwd",)
    status, page = desk.signs_in()
    assert (status, desk.who()) == (200, None)
    assert "One more factor" in page
    status, page = desk.codes("000000")
    assert (status, desk.who()) == (401, None)
    assert desk.last().detail["why"] == "wrong-code"
    assert desk.codes(ana.code(desk.hands.clock().now()))[0] == 200
    assert desk.who() == ANA
    desk.http.cookies.delete("overt-console")
    assert desk.codes(ana.code(desk.hands.clock().now(), later=1))[0] == 401
    assert desk.last().detail["why"] == "state"


def test_codes_are_not_guessed_forever(desk: Desk, ana: Person) -> None:
    desk.provider.amr = ("pwd",)
    desk.signs_in()
    for _ in range(FREE_TRIES + 1):
        desk.codes("000000")
    assert desk.codes(ana.code(desk.hands.clock().now()))[0] == 401
    desk.hands.forward(FIRST_WAIT)
    desk.signs_in()
    assert desk.codes(ana.code(desk.hands.clock().now()))[0] == 200


def test_with_one_factor_and_no_authenticator_nobody_is_let_in(desk: Desk) -> None:
    gate = desk.gate
    gate.link_subject(gate.whoami(), ActorId("ben"), Subject("8f3a-ben"))
    desk.provider.person, desk.provider.amr = "8f3a-ben", ("pwd",)
    desk.is_refused(Doubt.NO_SECOND_FACTOR, desk.signs_in())


# --- what stands here decides


@pytest.mark.requirement("R43")
def test_a_disabled_account_is_not_let_in_whatever_the_organisation_says(desk: Desk) -> None:
    gate = desk.gate
    gate.disable_user(gate.whoami(), ANA.id)
    desk.is_refused(Doubt.MAY_NOT_ENTER, desk.signs_in())
    gate.enable_user(gate.whoami(), ANA.id)
    assert desk.signs_in()[0] == 200


def test_a_link_that_was_put_into_the_database_is_none(desk: Desk) -> None:
    records = desk.gate._records
    with records.writer.connect() as raw:
        raw.exec_driver_sql(
            "INSERT INTO subject_links SELECT 'ode', issuer, 'eve', linked_at, linked_by, audit_id, delete_after "
            "FROM subject_links WHERE actor_id = 'ana'"
        )
        raw.exec_driver_sql("DELETE FROM changed_rows")
        raw.commit()
    desk.provider.person = "eve"
    answer = desk.http.get(desk.let_in(desk.sent_off()))
    assert answer.status_code == 409
    assert "altered outside overt" in answer.text
    with records.writer.connect() as raw:
        raw.exec_driver_sql("DELETE FROM subject_links WHERE subject = 'eve'")
        raw.exec_driver_sql("DELETE FROM changed_rows")
        raw.commit()


# --- the provider as it should not be


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://elsewhere.example"},
        {"jwks_uri": "https://elsewhere.example/keys"},
        {"token_endpoint": "http://127.0.0.1:1/token"},
        {"authorization_endpoint": None},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_only_the_issuer_itself_is_ever_asked(desk: Desk, metadata: dict[str, Any]) -> None:
    desk.provider.metadata = metadata
    answer = desk.http.get("/sign-in/organisation", follow_redirects=False)
    desk.is_refused(Doubt.PROVIDER_WRONG, (answer.status_code, answer.text))
    assert desk.provider.asked == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    ("status", "doubt"), [(500, Doubt.PROVIDER_AWAY), (302, Doubt.PROVIDER_WRONG)]
)
def test_a_provider_that_fails_meanwhile_is_told_in_words(
    desk: Desk, status: int, doubt: Doubt
) -> None:
    desk.provider.tokens_status = status
    desk.is_refused(doubt, desk.signs_in())


# --- these come last: they change what the others rest on


def test_a_session_ends_with_its_link_and_with_the_organisation(desk: Desk) -> None:
    gate = desk.gate
    desk.signs_in()
    gate.unlink_subject(gate.whoami(), ANA.id)
    assert desk.who() is None
    gate.link_subject(gate.whoami(), ANA.id, HERS)
    desk.signs_in()
    assert desk.who() == ANA
    order = gate.organisation()
    assert order is not None
    gate.set_organisation(gate.whoami(), order, "another secret")
    assert desk.who() is None
    desk.is_refused(Doubt.PROVIDER_WRONG, desk.signs_in())
    gate.set_organisation(gate.whoami(), order, SECRET)
    assert desk.signs_in()[0] == 200


def test_the_clients_secret_is_nowhere_in_the_open(desk: Desk) -> None:
    home = desk.gate._records.home.path
    kept = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert SECRET.encode() not in kept
    told = str([line.detail for line in desk.gate.audit_lines(AUDITOR, 500)])
    assert SECRET not in told
    assert HERS not in told


def test_without_an_organisation_nothing_is_asked_of_anybody(desk: Desk) -> None:
    gate = desk.gate
    gate.remove_organisation(gate.whoami())
    assert "Sign in with" not in desk.http.get("/sign-in").text
    answer = desk.http.get("/sign-in/organisation", follow_redirects=False)
    desk.is_refused(Doubt.NOT_CONFIGURED, (answer.status_code, answer.text))
    assert desk.provider.asked == []


@pytest.mark.requirement("R43")
def test_expired_training_keeps_out_whom_the_organisation_proves(desk: Desk) -> None:
    order = organisation("Kent Police", desk.provider.issuer, CLIENT)
    desk.gate.set_organisation(desk.gate.whoami(), order, SECRET)
    desk.hands.forward(TRAINED_FOR)
    desk.is_refused(Doubt.MAY_NOT_ENTER, desk.signs_in())
