"""Signed notes are those of Go's `sumdb/note`, and a note that is not exactly one is refused."""

import pytest

from overt.audit.note import Signer, Verifier, read_note, read_signer, read_verifier
from overt.errors import Refused

# The example of golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SIGNED = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer("overt/test", bytes(range(32)))


def test_a_note_that_go_signed_holds() -> None:
    note = read_note(SIGNED)
    read_verifier(PETER).check(note)
    assert str(note) == SIGNED


def test_a_verifier_is_written_as_it_was_read() -> None:
    assert str(read_verifier(PETER)) == PETER


def test_what_is_signed_can_be_read_and_checked_by_the_public_half() -> None:
    note = read_note(str(SIGNER.sign("a text\n\nof two paragraphs\n")))
    read_verifier(str(SIGNER.verifier)).check(note)
    assert note.text == "a text\n\nof two paragraphs\n"


def test_a_private_key_is_read_back_from_its_text() -> None:
    assert read_signer(SIGNER.secret_text()) == SIGNER


def test_a_private_key_is_not_printed() -> None:
    assert "seed" not in repr(SIGNER)


def test_a_changed_text_does_not_hold() -> None:
    with pytest.raises(Refused, match="does not hold"):
        read_verifier(PETER).check(read_note(SIGNED.replace("answer", "Answer")))


def test_a_note_of_another_key_does_not_hold() -> None:
    with pytest.raises(Refused, match="no signature by the key overt/test"):
        SIGNER.verifier.check(read_note(SIGNED))


def test_a_bad_signature_is_not_outweighed_by_a_good_one() -> None:
    good = str(SIGNER.sign("a text\n"))
    bad = str(SIGNER.sign("another\n")).rpartition("\n\n")[2]
    with pytest.raises(Refused, match="does not hold"):
        SIGNER.verifier.check(read_note(good + bad))


def test_a_witness_may_sign_beside_the_log() -> None:
    witness = Signer("witness.example", bytes(32))
    both = str(SIGNER.sign("a text\n")) + str(witness.sign("a text\n")).rpartition("\n\n")[2]
    SIGNER.verifier.check(read_note(both))
    witness.verifier.check(read_note(both))


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        "text\n\n— name\n",
        "text\n\n— name !!!\n",
        "text\n\n— name AAAA\n",
        "text\n\n— two names AAAAAAAA\n",
        SIGNED.removesuffix("\n"),
        SIGNED + "\n",
        SIGNED.replace("you", "you\r"),
        SIGNED.replace("— ", "- "),
        "text\n\n" + "— name AAAAAAAA\n" * 101,
    ],
)
def test_what_is_not_exactly_a_note_is_refused(broken: str) -> None:
    with pytest.raises(Refused, match=r"signed note|signature line"):
        read_note(broken)


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "PeterNeumann",
        PETER.replace("c74f20a3", "c74f20a4"),
        PETER.replace("Peter", "Paul"),
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER.replace("ARpc", "AhpC"),
        PETER[:-4],
        f"a name with spaces{PETER}",
    ],
)
def test_what_is_not_exactly_a_public_key_is_refused(broken: str) -> None:
    with pytest.raises(Refused, match="public key"):
        read_verifier(broken)


def test_a_public_key_is_not_taken_for_a_private_one() -> None:
    with pytest.raises(Refused, match="PRIVATE"):
        read_signer(str(SIGNER.verifier))


def test_a_private_key_whose_hash_is_another_is_refused() -> None:
    text = SIGNER.secret_text().replace(SIGNER.verifier.key_hash.hex(), "00000000")
    with pytest.raises(Refused, match="hash"):
        read_signer(text)


def test_a_name_with_a_plus_names_no_key() -> None:
    with pytest.raises(ValueError, match="no plus"):
        Signer.new("a+b")


def test_a_verifier_knows_its_key_by_name_too() -> None:
    assert Verifier("a", bytes(32)).key_hash != Verifier("b", bytes(32)).key_hash
