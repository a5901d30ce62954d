"""The report of the canary test: a failed check fails it, and a page says which."""

import json

from overt.proof.report import Check, Proof, as_html, as_json

GOOD = Check("the memory", "3 MB", (), passed=True)
BAD = Check("the files", "2 files", ("a <face> in tmp/x",), passed=False)


def proof(*checks: Check) -> Proof:
    return Proof(
        deployment="d", digest="sha256:0", made_at="2026-11-23T12:00:00.000Z", overt="overt",
        pack="open", precision="f32", threshold="0.5", watched="passages: 4", system="Linux", memory="locked", moments="each told", planted=("a face",),
        why_beside="because", checks=checks, limits=("no swap was read",),
    )  # fmt: skip


def test_one_failed_check_fails_the_proof_and_is_named() -> None:
    assert proof(GOOD).passed
    assert not proof(GOOD, BAD).passed
    assert proof(GOOD, BAD).verdict == "FAILED: the files"


def test_the_page_says_what_was_found_where_and_what_is_not_shown() -> None:
    page = as_html(proof(GOOD, BAD))
    assert "a &lt;face&gt; in tmp/x" in page
    assert "NOT AS IT MUST BE" in page
    assert "no swap was read" in page


def test_the_json_holds_the_whole_of_it() -> None:
    told = json.loads(as_json(proof(GOOD, BAD)))
    assert not told["passed"]
    assert [check["passed"] for check in told["checks"]] == [True, False]
