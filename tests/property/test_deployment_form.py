"""What is signed does not depend on how the file is written, only on what it says."""

from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.deployment_files import CAMERA, CONSENT, table

from overt.config.deployment import canonical, parse_deployment

OTHER: dict[str, str] = {
    "id": '"walk-2"',
    "profile": '"uk-police-2026"',
    "use_case": '"opt-in"',
    "purpose": '"Another."',
    "legal_basis": '"Consent."',
    "necessity": '"None."',
    "proportionality": '"Small."',
    "alternatives_considered": '"Many."',
    "place": '"Another"',
    "starts_at": "2026-11-30T10:00:00.001Z",
    "ends_at": "2026-11-30T14:30:01Z",
    "notice_published_at": "2026-11-23T09:00:00Z",
    "watchlist": '"others"',
    "threshold": "0.9500001",
    "model_pack": '"dlib"',
    "precision": '"bf16"',
}
OTHER_CAMERA: dict[str, str] = {
    "id": '"south"',
    "source": '"rtsp://{secret:south}@192.0.2.10/stream"',
    "zone": "[[0.1, 0.2], [0.9, 0.2], [0.9, 1.0], [0.1, 0.99]]",
    "min_eye_distance_px": "25",
}
KEYS = [*(("deployment", key) for key in OTHER), *(("camera", key) for key in OTHER_CAMERA)]


def form(toml: str) -> bytes:
    return canonical(parse_deployment(toml.encode(), file="d.toml"))


SAME = form(table("[deployment]", CONSENT) + table("[[camera]]", CAMERA))


@given(
    st.permutations(list(CONSENT.items())),
    st.permutations(list(CAMERA.items())),
    st.booleans(),
    st.lists(st.sampled_from(["# a comment", "", "   "]), max_size=5),
)
def test_the_order_of_keys_and_tables_and_comments_say_nothing(
    fields: list[tuple[str, str]],
    camera: list[tuple[str, str]],
    camera_first: bool,
    noise: list[str],
) -> None:
    parts = [table("[deployment]", dict(fields)), table("[[camera]]", dict(camera))]
    toml = "\n".join([*noise, *(reversed(parts) if camera_first else parts), *noise])
    assert form(toml) == SAME


@given(st.sets(st.sampled_from(KEYS), min_size=1))
def test_a_change_of_any_field_changes_what_is_signed(changed: set[tuple[str, str]]) -> None:
    fields = {**CONSENT, **{key: OTHER[key] for place, key in changed if place == "deployment"}}
    camera = {**CAMERA, **{key: OTHER_CAMERA[key] for place, key in changed if place == "camera"}}
    assert form(table("[deployment]", fields) + table("[[camera]]", camera)) != SAME


def test_the_same_instant_in_another_zone_says_the_same() -> None:
    elsewhere = {**CONSENT, "starts_at": "2026-11-30T11:00:00+01:00"}
    assert form(table("[deployment]", elsewhere) + table("[[camera]]", CAMERA)) == SAME
