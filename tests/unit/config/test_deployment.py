"""A deployment file is read strictly, and everything that is wrong with it is said at once."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.fakes.deployment_files import consent, consent_toml, police, police_toml

from overt.config.deployment import WHOLE_FRAME, canonical, parse_deployment, read_deployment
from overt.errors import Refused
from overt.units import Pixels


def refusal(toml: str | bytes) -> str:
    content = toml if isinstance(toml, bytes) else toml.encode()
    with pytest.raises(Refused) as refused:
        parse_deployment(content, file="d.toml")
    return str(refused.value)


def test_every_field_of_a_police_deployment_is_read() -> None:
    file = police()
    assert file.id == "oxford-circus-2026-11-30"
    assert file.starts_at == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert file.threshold == 0.55
    assert [document.kind for document in file.documents] == [
        "dpia",
        "equality-impact",
        "appropriate-policy",
    ]
    assert file.documents[0].review_by == date(2027, 5, 1)
    assert file.cameras[0].zone == ((0.1, 0.2), (0.9, 0.2), (0.9, 1.0), (0.1, 1.0))
    assert file.cameras[0].source == "rtsp://{secret:north}@192.0.2.10/stream"


def test_what_is_left_out_has_a_default_that_the_signature_spells_out() -> None:
    file = parse_deployment(
        consent_toml(camera={"zone": None, "min_eye_distance_px": None}).encode(), file="d.toml"
    )
    assert file.precision == "f32"
    assert file.model_pack is None
    assert file.cameras[0].zone == WHOLE_FRAME
    assert file.cameras[0].min_eye_distance == Pixels(24)
    assert b'"min_eye_distance_px":24' in canonical(file)


def test_a_time_finer_than_a_millisecond_is_cut_to_one() -> None:
    fine = consent_toml(starts_at="2026-11-30T10:00:00.123987Z")
    starts = parse_deployment(fine.encode(), file="d.toml").starts_at
    assert starts == datetime(2026, 11, 30, 10, 0, 0, 123000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"id": None}, "[deployment] id: missing; add it"),
        ({"id": '"../../etc"'}, "is no name"),
        ({"id": "7"}, "[deployment] id: a number; write text in quotes"),
        ({"purpose": '"  "'}, "purpose: blank"),
        ({"purpose": '"a\\u202eb"'}, "invisible control character"),
        ({"place": None}, "place: missing"),
        ({"use_case": None}, "use_case: missing"),
        ({"watchlist": None}, "watchlist: missing"),
        ({"starts_at": "2026-11-30T10:00:00"}, "has no time zone; write 2026-11-30T10:00:00Z"),
        ({"starts_at": '"2026-11-30T10:00:00Z"'}, "write a time without quotes"),
        ({"starts_at": "2026-11-30"}, "starts_at: a date; write a time"),
        ({"starts_at": "0001-01-01T00:00:00+10:00"}, "outside the calendar"),
        ({"ends_at": "2026-11-30T09:00:00Z"}, "is not after starts_at"),
        ({"threshold": "nan"}, "threshold: nan is no finite number"),
        ({"threshold": "inf"}, "is no finite number"),
        ({"threshold": "true"}, "is no finite number"),
        ({"threshold": "1.5"}, "1.5 is not between 0 and 1"),
        ({"threshold": '"0.5"'}, "is no finite number"),
        ({"threshold": None}, "threshold: missing"),
        ({"threshold": "1" + "0" * 400}, "is no finite number"),
        ({"target_fpir": "0.01"}, "stands beside threshold"),
        ({"threshold": None, "target_fpir": "0.9"}, "is not between"),
        ({"precision": '"int8"'}, "take one of f32, bf16"),
        ({"treshold": "0.6"}, "unknown key; did you mean threshold?"),
        ({"documents": '"none"'}, "documents: text; write [[documents]] above each"),
    ],
)
def test_a_faulty_field_is_refused_with_its_place_and_how_to_mend_it(
    changes: dict[str, Any], said: str
) -> None:
    message = refusal(consent_toml(**changes))
    assert said in message
    assert message.startswith("d.toml: ")


@pytest.mark.parametrize(
    ("camera", "said"),
    [
        ({"id": None}, "[[camera]] 1 id: missing"),
        ({"source": None}, "[[camera]] 1 source: missing"),
        ({"source": '"rtsp://u:hunter2@192.0.2.1/s"'}, "keep it with `overt secrets set NAME`"),
        ({"source": '"http://192.0.2.1/s?token=hunter2"'}, "keep it with `overt secrets set NAME`"),
        ({"source": '"rtsp://{secret: north}@192.0.2.1/s"'}, "a malformed secret"),
        ({"zone": "[[0.1, 0.2], [0.9, 0.2]]"}, "2 points; a zone has 3 to 64"),
        ({"zone": "[[0, 0], [1.2, 0], [1, 1]]"}, "outside the frame"),
        ({"zone": "[[0, 0], [1, 1], [1, 0], [0, 1]]"}, "cross; list the points in order"),
        ({"zone": "[[0, 0], [1, 0], [1, 0.0001]]"}, "encloses nothing"),
        ({"zone": "[[0, 0], [nan, 0], [1, 1]]"}, "not a list of points"),
        ({"zone": '"all"'}, "not a list of points"),
        ({"zone": "[[0, 0], [1, 0], [1, 1], [1, 0]]"}, "a point stands twice"),
        ({"min_eye_distance_px": "4"}, "4 is not between 10 and 2000"),
        ({"rotation": "90"}, "rotation: unknown key"),
    ],
)
def test_a_faulty_camera_is_refused_with_its_place(
    camera: dict[str, str | None], said: str
) -> None:
    message = refusal(consent_toml(camera=camera))
    assert said in message
    assert "hunter2" not in message


def test_every_problem_has_a_line_of_its_own() -> None:
    lines = refusal(consent_toml(id=None, threshold="2", colour='"red"')).splitlines()
    assert len(lines) == 3
    assert all(line.startswith("d.toml: [deployment] ") for line in lines)


def test_two_cameras_of_one_name_are_refused() -> None:
    second = '\n[[camera]]\nid = "north"\nsource = "b.mp4"\n'
    assert "'north' stands twice" in refusal(consent_toml() + second)


def test_two_documents_of_one_kind_are_refused() -> None:
    paper = (
        '[[deployment.documents]]\nkind = "dpia"\nversion = "1"\n'
        f'sha256 = "{"0" * 64}"\nreview_by = 2027-01-01\n'
    )
    assert "'dpia' stands twice" in refusal(police_toml(papers=paper * 2))


def test_a_digest_that_is_none_is_refused() -> None:
    paper = '[[deployment.documents]]\nkind = "dpia"\nversion = "1"\nsha256 = "?"\nreview_by = 2027-01-01\n'
    assert "not 64 hexadecimal digits" in refusal(police_toml(papers=paper))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "deployment: missing"),
        (b"[deployment\n", "not TOML"),
        (b"a = 1\na = 2\n", "not TOML"),
        (b"deployment = 3\n", "a number; write [deployment]"),
        (b"\xff\xfe[\x00d\x00", "is not UTF-8"),
        (b'x = "\xe9"\n', "byte 5 is not UTF-8"),
        (b"x = " + b"[" * 20_000, "not TOML"),
        (b"#" * 1_000_001, "a file of at most"),
        (b"camera = 1\n", "write [[camera]] above each"),
    ],
)
def test_a_file_that_is_no_deployment_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


def test_a_deployment_without_cameras_is_refused() -> None:
    without = consent_toml().split("[[camera]]", maxsplit=1)[0]
    assert "at least one camera" in refusal(without)


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.toml: cannot be read"):
        read_deployment(tmp_path / "none.toml")


def test_a_byte_order_mark_is_no_fault() -> None:
    parsed = parse_deployment(b"\xef\xbb\xbf" + consent_toml().encode(), file="d.toml")
    assert canonical(parsed) == canonical(consent())


def test_a_zone_may_repeat_its_first_point_at_the_end() -> None:
    closed = consent_toml(camera={"zone": "[[0, 0], [1, 0], [1, 1], [0, 0]]"})
    open_ring = consent_toml(camera={"zone": "[[0, 0], [1, 0], [1, 1]]"})
    assert canonical(parse_deployment(closed.encode(), file="d.toml")) == canonical(
        parse_deployment(open_ring.encode(), file="d.toml")
    )
