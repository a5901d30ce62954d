"""What overt could know of anybody: every place that holds a face is named, and no guess has one."""

from dataclasses import fields
from typing import Final

import pytest
from sqlalchemy import LargeBinary

from overt.alerts.alert import Alert
from overt.faces.faces import Faces
from overt.faces.quality import Quality
from overt.models.manifest import PackManifest
from overt.records.tables import METADATA
from overt.templates.template import Template

TABLES: Final = METADATA.tables
HOLD_A_FACE: Final = {
    "watchlist_images.sealed": "an image that somebody put on the list",
    "templates.sealed": "its template",
    "alert_evidence.sealed": "the shot that raised an alert, and the list's image beside it",
}
HOLD_NONE: Final = {
    "audit.line", "audit.leaf_hash", "audit.link", "tree_state.edges", "tree_state.tallies", "row_marks.mark",
    "sealed_segments.edges", "sealed_segments.leaf_hashes", "data_keys.wrapped",
    "officer_keys.public_key", "secrets.sealed", "credentials.sealed", "deployments.payload",
    "deployments.signature",
    "watchlist_entries.sealed", "watchlist_entries.sealed_stand_down_reason",
    "watchlist_entries.sealed_rationale", "decisions.sealed", "decoys.sealed", "incidents.sealed",
    "rights_requests.sealed", "walk_consents.sealed", "organisation.sealed",
}  # fmt: skip
"""Words, keys and hashes."""
GUESSES: Final = {
    "emotion", "mood", "ethnicity", "race", "sex", "gender", "intent", "age", "sentiment",
}  # fmt: skip


@pytest.mark.requirement("R35")
def test_a_face_may_lie_only_with_the_list_and_with_an_alert() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert found == {*HOLD_A_FACE, *HOLD_NONE}


@pytest.mark.requirement("R35")
def test_an_alert_names_one_camera_and_one_passage() -> None:
    names = {field.name for field in fields(Alert)}
    assert {"camera", "passage"} <= names
    assert not names & {"cameras", "passages", "earlier", "seen_before", "trail", "positions"}


@pytest.mark.requirement("R36")
def test_a_pack_finds_faces_and_makes_templates_and_has_room_for_no_other_network() -> None:
    of_networks = {"detector", "encoder"}
    of_the_pack = {
        "name", "version", "summary", "package", "package_folder", "package_hint", "listed_only",
        "licence", "threshold_floor", "precisions", "files",
    }  # fmt: skip
    assert set(PackManifest.model_fields) == of_networks | of_the_pack


@pytest.mark.requirement("R36")
@pytest.mark.parametrize("about_a_face", [Faces, Quality, Template, Alert])
def test_nothing_that_is_known_of_a_face_is_a_guess_about_the_person(about_a_face: type) -> None:
    words = {word for field in fields(about_a_face) for word in field.name.split("_")}
    assert not words & GUESSES


@pytest.mark.requirement("R36")
def test_no_column_of_the_records_is_a_guess_about_the_person() -> None:
    guesses = {
        f"{table.name}.{column.name}"
        for table in TABLES.values()
        for column in table.columns
        if GUESSES & set(column.name.split("_"))
    }
    assert guesses == {"watchlist_entries.under_age"}  # from a date of birth on the list (R19)
