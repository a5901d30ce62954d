"""Requests of named persons on the console, from a letter that came to the letter that goes."""

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.fakes.authority import a_force, models_folder

from overt.console.app import build_app
from overt.console.sign_in import SignIn
from overt.console.words import GROUND_CHOICES, RIGHT_CHOICES, RIGHTS_OUTCOMES
from overt.policy.rights import GROUNDS_OF, Outcome, Right

pytestmark = [pytest.mark.requirement("R69"), pytest.mark.xdist_group("requests")]

HOST = "127.0.0.1:8630"
LETTER = {
    "name": "Ada Lovelace",
    "contact": "12 St James's Square",
    "words": "all of <my> data",
    "received_on": "2026-11-28",
}


class Officer:
    """Somebody at the console, and what the last page said."""

    def __init__(self, sign_in: SignIn, http: TestClient) -> None:
        self.http = http
        self.status, self.text = 0, ""
        http.get(f"/sign-in?token={sign_in.new_link()}")

    def opens(self, path: str) -> "Officer":
        answer = self.http.get(path)
        self.status, self.text = answer.status_code, answer.text
        return self

    def sends(self, path: str, **fields: str) -> "Officer":
        token = re.search(r'name="csrf" value="(\w+)"', self.opens("/requests").text)
        assert token is not None
        answer = self.http.post(path, data={"csrf": token[1], **fields})
        self.status, self.text = answer.status_code, answer.text
        self.path = answer.url.path
        return self

    def receives(self, right: Right) -> str:
        self.sends("/requests", right=right.value, **LETTER)
        assert self.status == 200
        return self.path


@pytest.fixture(scope="module")
def officer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Officer]:
    folder = tmp_path_factory.mktemp("requests")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("OVERT_MODELS", str(models_folder(folder)))
        with a_force(folder) as force:
            force.ready()
            sign_in = SignIn(force.clock.now)
            app = build_app(lambda: force.gate, sign_in=sign_in, hosts=frozenset({HOST}))
            with TestClient(app, base_url=f"http://{HOST}") as http:
                yield Officer(sign_in, http)


def test_from_the_letter_that_came_to_the_letter_that_goes(officer: Officer) -> None:
    path = officer.receives(Right.ACCESS)
    assert "all of &lt;my&gt; data" in officer.text
    assert "Due on 2026-12-28" in officer.text
    assert officer.sends(f"{path}/ask").status == 200
    assert "Waits for who they are" in officer.opens("/requests").text
    officer.sends(f"{path}/identify", how="passport", told_on="2026-11-30")
    assert "Due on 2026-12-30" in officer.text
    officer.sends(f"{path}/search", subjects="S1\n")
    assert "An entry on a watchlist" in officer.text
    answer = {"controller": "A force", "outcome": "granted"}
    officer.sends(f"{path}/answer", **answer)
    assert "Answered: granted" in officer.text
    assert "To Ada Lovelace, 12 St James&#39;s Square" in officer.text
    assert "Write the answer" not in officer.text
    assert officer.sends(f"{path}/answer", **answer).status == 409


def test_nothing_is_searched_before_it_is_known_who_asks(officer: Officer) -> None:
    path = officer.receives(Right.ERASURE)
    assert officer.sends(f"{path}/search", subjects="S1").status == 409
    assert "it is not on record who asks" in officer.text
    assert "Erase" not in re.sub(r"<h1>.*?</h1>", "", officer.text)


def test_an_erasure_takes_a_word_and_a_search_before_it(officer: Officer) -> None:
    path = officer.receives(Right.ERASURE)
    officer.sends(f"{path}/identify", how="passport", told_on="2026-11-28")
    assert officer.sends(f"{path}/erase", sure="yes").status == 409
    officer.sends(f"{path}/search", subjects="S1")
    assert officer.sends(f"{path}/erase").status == 409
    assert officer.sends(f"{path}/erase", sure="yes").status == 200
    assert "Erased: 1 entry with 1 image, 0 alerts." in officer.text
    assert "An entry on a watchlist" not in officer.sends(f"{path}/search", subjects="S1").text


def test_a_refusal_keeps_what_was_written(officer: Officer) -> None:
    path = officer.receives(Right.ACCESS)
    officer.sends(
        f"{path}/answer", outcome="refused", controller="A force", ground="evidence", reason="why"
    )
    assert officer.status == 409
    assert "takes one of these grounds" in officer.text
    assert 'value="A force"' in officer.text
    assert ">why</textarea>" in officer.text


@pytest.mark.parametrize(
    "fields",
    [
        {**LETTER},
        {**LETTER, "right": "oblivion"},
        {**LETTER, "right": "access", "received_on": "yesterday"},
        {**LETTER, "right": "access", "received_on": "2027-01-01"},
        {**LETTER, "right": "access", "name": " "},
    ],
)
def test_a_letter_that_lacks_something_is_not_put_on_record(
    officer: Officer, fields: dict[str, str]
) -> None:
    before = officer.opens("/requests").text.count('class="row"')
    assert officer.sends("/requests", **fields).status == 409
    assert LETTER["contact"].replace("'", "&#39;") in officer.text
    assert officer.opens("/requests").text.count('class="row"') == before


def test_no_decision_is_chosen_for_anybody(officer: Officer) -> None:
    page = officer.opens(officer.receives(Right.RESTRICTION)).text
    assert "checked" not in page
    assert "autofocus" not in page


def test_a_request_that_is_not_there_is_told_in_a_page(officer: Officer) -> None:
    assert officer.opens("/requests/none").status == 409
    assert "there is no request &#39;none&#39;" in officer.text


def test_the_pages_offer_every_right_outcome_and_ground_of_the_law() -> None:
    assert {value for value, _, _ in RIGHT_CHOICES} == {each.value for each in Right}
    assert {value for value, _, _ in RIGHTS_OUTCOMES} == {each.value for each in Outcome}
    for right, choices in GROUND_CHOICES.items():
        assert {value for value, _ in choices} == {each.value for each in GROUNDS_OF[right]}
