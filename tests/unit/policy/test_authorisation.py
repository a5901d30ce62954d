"""What a signature covers, and how it is read back."""

import base64
import json
from dataclasses import fields, replace

import pytest
from tests.fakes.deployment_files import NOW, consent, police
from tests.unit.policy.test_officer_key import KEY

from overt.config.deployment import as_json
from overt.errors import Refused
from overt.identifiers import Digest, KeyId, PackName
from overt.policy.authorisation import (
    Authorisation,
    changed_fields,
    deployment_digest,
    read_signed,
)
from overt.units import UtcTime

GIVEN = Authorisation(
    deployment=as_json(police()),
    watchlist=Digest("sha256:" + "1" * 64),
    pack_name=PackName("open"),
    pack=Digest("sha256:" + "2" * 64),
    precision="f32",
    profile="uk-police-2026/1",
    key=KEY.public.id,
    signed_at=NOW,
)
OTHER = Authorisation(
    deployment=as_json(consent()),
    watchlist=Digest("sha256:" + "3" * 64),
    pack_name=PackName("dlib"),
    pack=Digest("sha256:" + "4" * 64),
    precision="bf16",
    profile="uk-police-2026/2",
    key=KeyId("ed25519:0"),
    signed_at=UtcTime(NOW.replace(minute=1)),
    rank="superintendent",
)


def test_a_rank_is_read_back_and_a_blank_one_is_no_rank() -> None:
    ranked = replace(GIVEN, rank="superintendent")
    written = ranked.with_signature(KEY.sign(ranked.message()))
    assert read_signed(written, file="d.toml.sig").authorisation == ranked
    with pytest.raises(Refused, match="damaged"):
        read_signed(written.replace(b'"superintendent"', b'""'), file="d.toml.sig")


def test_a_signature_file_is_read_back_as_it_was_written() -> None:
    signature = KEY.sign(GIVEN.message())
    read = read_signed(GIVEN.with_signature(signature), file="d.toml.sig")
    assert read.authorisation == GIVEN
    assert KEY.public.made(read.signature, read.authorisation.message())


@pytest.mark.parametrize("name", [field.name for field in fields(Authorisation)])
def test_a_change_of_any_part_breaks_the_signature(name: str) -> None:
    altered = replace(GIVEN, **{name: getattr(OTHER, name)})
    assert not KEY.public.made(KEY.sign(GIVEN.message()), altered.message())


def _without_signature(whole: bytes) -> bytes:
    return json.dumps({"payload": json.loads(whole)["payload"]}).encode()


WHOLE = GIVEN.with_signature(KEY.sign(GIVEN.message()))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * 4_000_001,
        WHOLE[:-20],
        _without_signature(WHOLE),
        WHOLE.replace(b'"payload": {', b'"payload": {"more": 1, '),
        WHOLE.replace(b'"payload": {', b'"more": 1, "payload": {'),
        WHOLE.replace(b'"precision": "f32"', b'"precision": 32'),
        WHOLE.replace(b'"signed_at": "2026', b'"signed_at": "x'),
        WHOLE.replace(b':00.000Z"\n },', b':00.000"\n },'),
        WHOLE.replace(b'"threshold": 0.55', b'"threshold": NaN'),
        WHOLE.replace(base64.b64encode(KEY.sign(GIVEN.message()))[:9], b"\\u00e9"),
    ],
)  # fmt: skip
def test_a_damaged_signature_file_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"d\.toml\.sig: .*sign the deployment again"):
        read_signed(content, file="d.toml.sig")


def test_every_change_is_named_with_both_values() -> None:
    found = {**as_json(consent()), "threshold": 0.96, "cameras": []}
    said = changed_fields(as_json(consent()), found)
    assert "threshold: signed 0.95, now 0.96" in said
    assert any(line.startswith("cameras: signed [") for line in said)
    assert len(said) == 2


def test_a_change_within_a_camera_names_the_camera() -> None:
    before = as_json(consent())
    after = json.loads(json.dumps(before))
    after["cameras"][0]["source"] = "other.mp4"
    assert changed_fields(before, after) == (
        'cameras 1.source: signed "rtsp://{secret:north}@192.0.2.10/stream", now "other.mp4"',
    )


def test_what_was_read_from_json_equals_what_was_written() -> None:
    read = read_signed(WHOLE, file="d.toml.sig").authorisation
    assert changed_fields(read.deployment, as_json(police())) == ()


def test_the_digest_of_a_deployment_is_that_of_what_it_says() -> None:
    assert deployment_digest(consent()) == deployment_digest(consent())
    assert deployment_digest(consent()) != deployment_digest(consent(threshold="0.96"))
