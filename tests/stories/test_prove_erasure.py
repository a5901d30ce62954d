"""`overt prove-erasure` on this machine: it finds what is left, and nothing where nothing is."""

import os
import sys
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.fakes.deployment_files import consent_toml

from overt.gate.gate import open_gate
from overt.proof.prove import prove_erasure
from overt.proof.report import Check, Proof, as_html
from overt.units import Clock

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.requirement("R50"),
    pytest.mark.open_pack,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory, open_pack_folder: Path) -> Proof:
    """With a desk that leaves words in a file, a picture in memory, and copies of keys."""
    folder = tmp_path_factory.mktemp("proof")
    toml, clock = folder / "deployment.toml", Clock()
    toml.write_text(consent_toml(threshold="0.5", model_pack='"open"'))
    with pytest.MonkeyPatch.context() as patch, open_gate(folder / "home", clock) as gate:
        gate.whoami()
        patch.setenv("OVERT_MODELS", str(open_pack_folder))
        patch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
        proof = prove_erasure(
            toml, folder / "home", clock, lambda _: None, desk="tests.fakes.leaky_desk"
        )
        assert list((folder / "home" / "aside").iterdir()) == []  # nothing of the test stays
    return proof


def the_check(proof: Proof, what: str) -> Check:
    (found,) = [check for check in proof.checks if what in check.what]
    return found


def test_it_fails_and_its_report_says_what_was_left(leaky: Proof) -> None:
    assert not leaky.passed
    assert "FAILED" in as_html(leaky)


def test_words_in_a_temporary_file_and_copies_of_keys_are_found(leaky: Proof) -> None:
    found = the_check(leaky, "database, journal, keys, temporary files").found
    assert "the words of the judgement in tmp/note.txt" in found
    assert [each for each in found if each.startswith("the key of the alert, as it is kept in")]
    assert [each for each in found if each.startswith("the key of the watchlist, as it is kept")]


def test_a_picture_that_is_kept_in_memory_is_found(leaky: Proof) -> None:
    found = the_check(leaky, "the process that did all of it").found
    assert found == ("the list's picture",)  # and nothing else of what was planted


def test_every_control_finds_what_it_must(leaky: Proof) -> None:
    controls = [check for check in leaky.checks if check.control]
    assert len(controls) == 3
    assert all(check.passed for check in controls)


def test_what_did_not_leak_is_not_accused(leaky: Proof) -> None:
    for what in (
        "two seconds after the last face",
        "the process that runs the deployment",
        "a copy of the database from before the purge",
    ):
        assert the_check(leaky, what).passed, the_check(leaky, what)
