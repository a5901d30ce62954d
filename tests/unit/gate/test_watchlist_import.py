"""A list is imported whole or not at all; what is kept is sealed, and of listed people only."""

import os
import resource
import sqlite3
from contextlib import closing

import pytest
from tests.fakes.authority import LIST, Force, flat_picture, picture
from tests.fakes.lists import list_csv, row

from overt.config.list_csv import OF_NEED, REQUIRED, parse_list
from overt.errors import Fault, Refused
from overt.gate.watchlist_orders import RowsRefused
from overt.identifiers import WatchlistName


def rows_in(force: Force, table: str) -> int:
    with closing(sqlite3.connect(force.folder / "home" / "overt.db")) as database, database:
        return int(database.execute(f"select count(*) from {table}").fetchone()[0])


TABLES = (
    "watchlists",
    "watchlist_entries",
    "watchlist_images",
    "templates",
    "manifests",
    "data_keys",
)


def nothing_kept(force: Force) -> bool:
    return not any(rows_in(force, table) for table in TABLES)


def test_a_good_list_is_kept_with_everybody_on_it(force: Force) -> None:
    report = force.import_people(3)
    assert (report.people, report.images, report.kept) == (3, 3, True)
    view = force.gate.watchlist(force.actor, LIST)
    assert [entry.subject_id for entry in view.entries] == ["S1", "S2", "S3"]
    assert view.line.digest == report.digest
    assert force.last("watchlist-imported")["people"] == 3


def test_several_rows_of_one_person_are_several_images(force: Force) -> None:
    file = force.write_list(row(), row(image="again.png"), row(subject_id="S2", image="s2.png"))
    report = force.gate.import_watchlist(force.actor, force.order(file))
    assert (report.people, report.images) == (2, 3)
    assert [entry.images for entry in force.gate.watchlist(force.actor, LIST).entries] == [2, 1]


def test_the_pack_and_its_engine_are_reported(force: Force) -> None:
    report = force.import_people(1)
    assert report.pack == "mine"
    assert report.model.startswith("mine@sha256:")
    assert "OpenVINO" in report.engine


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"category": "other"}, "row 3, column category"),
        ({"review_by": "2020-01-01"}, "row 3, column review_by"),
        ({"date_of_birth": "2027-01-01"}, "row 3, column date_of_birth"),
        ({"image": "missing.jpg"}, "row 3, column image: the image does not exist"),
        ({"image": "broken.jpg"}, "row 3, column image: the image is not an image"),
        ({"image": "dark.png"}, "row 3, column image: no face was found"),
        ({"image": "flat.png"}, "row 3, column image: the face is blurred"),
        ({"image": "s1.png"}, "row 3, column image: the same file as row 2"),
        ({"image": "copy.png"}, "row 3, column image: the same image as row 2"),
        ({"image": "out.png"}, "row 3, column image: leads out of the list's folder"),
        ({"image": "pipe.png"}, "row 3, column image: the image is not a file"),
        ({"face_box": "0 0 5 5"}, "row 3, column image: no face is centred in face_box"),
        ({"reason": ""}, "row 3, column reason: blank"),
    ],
)
def test_one_bad_row_refuses_the_whole_list_and_keeps_nothing(
    force: Force, change: dict[str, str], said: str
) -> None:
    folder = force.folder / "list"
    folder.mkdir()
    (folder / "s1.png").write_bytes(picture(1))
    (folder / "copy.png").write_bytes(picture(1))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff no image")
    (folder / "dark.png").write_bytes(picture(5, light=20))
    (folder / "flat.png").write_bytes(flat_picture())
    (force.folder / "outside.png").write_bytes(picture(7))
    (folder / "out.png").symlink_to(force.folder / "outside.png")
    os.mkfifo(folder / "pipe.png")
    (folder / "s2.png").write_bytes(picture(2))
    bad = row(subject_id="S2", image="s2.png") | change
    (folder / "list.csv").write_bytes(list_csv(row(image="s1.png"), bad))
    with pytest.raises(RowsRefused) as refused:
        force.gate.import_watchlist(force.actor, force.order(folder / "list.csv"))
    assert said in str(refused.value)
    assert nothing_kept(force)


def test_the_log_learns_how_many_rows_were_refused_and_not_what_they_said(force: Force) -> None:
    file = force.write_list(row(), row(subject_id="S2", image="b.png", category="=private words"))
    with pytest.raises(RowsRefused):
        force.gate.import_watchlist(force.actor, force.order(file))
    told = force.last("refused")["reason"]
    assert told == "list.csv: 1 of 2 rows refused; nothing was imported"


def test_the_good_rows_are_imported_if_that_was_asked(force: Force) -> None:
    file = force.write_list(row(), row(subject_id="S2", image="b.png", category="other"))
    report = force.gate.import_watchlist(force.actor, force.order(file, skip_refused=True))
    assert report.people == 1
    assert [(p.row, p.column) for p in report.refused] == [(3, "category")]
    assert "S2" in report.refused_csv
    mended = report.refused_csv.replace(",other,", ",consented,")
    assert len(parse_list(mended.encode(), file="mended.csv").rows) == 1


def test_a_list_without_a_good_row_is_refused_all_the_same(force: Force) -> None:
    file = force.write_list(row(category="other"))
    with pytest.raises(RowsRefused):
        force.gate.import_watchlist(force.actor, force.order(file, skip_refused=True))
    assert nothing_kept(force)


def test_a_dry_run_checks_everything_and_keeps_nothing(force: Force) -> None:
    report = force.import_people(2, dry_run=True)
    assert (report.people, report.kept, report.delete_after) == (2, False, None)
    assert nothing_kept(force)


def test_a_name_is_taken_once(force: Force) -> None:
    force.import_people(1)
    with pytest.raises(Refused, match="there is a watchlist volunteers"):
        force.import_people(1)


@pytest.mark.parametrize("name", ["", "../x", "a b", "x" * 65])
def test_a_name_that_is_none_is_refused(force: Force, name: str) -> None:
    with pytest.raises(Refused, match="no name of a watchlist"):
        force.import_people(1, name=WatchlistName(name))


def test_an_unknown_profile_or_pack_is_refused(force: Force) -> None:
    with pytest.raises(Refused, match="there is no profile"):
        force.import_people(1, profile="fr-2027")
    with pytest.raises(Refused, match="no model pack"):
        force.import_people(1, pack="none")


def test_no_picture_and_no_free_text_lies_open_on_the_disk(force: Force) -> None:
    file = force.write_list(row(reason="a very private reason", image="s1.png"))
    force.gate.import_watchlist(force.actor, force.order(file))
    image = (force.folder / "list" / "s1.png").read_bytes()
    for path in (force.folder / "home").rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert image[100:164] not in content, path
            assert b"a very private reason" not in content, path


def test_a_full_disk_stops_the_import_loudly_and_keeps_nothing(force: Force) -> None:
    rows = [row(subject_id=f"S{i}", image=f"s{i}.png") for i in range(12)]
    order = force.order(force.write_list(*rows))
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, was[1]))
    try:
        with pytest.raises(Fault, match="the records cannot be written"):
            force.gate.import_watchlist(force.actor, order)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
    assert nothing_kept(force)


@pytest.mark.requirement("R22")
def test_people_who_resemble_each_other_are_reported_and_shown_with_the_list(force: Force) -> None:
    folder = force.folder / "list"
    folder.mkdir()
    (folder / "one.png").write_bytes(picture(1))
    (folder / "twin.png").write_bytes(picture(1, light=182))
    (folder / "other.png").write_bytes(picture(3))
    file = force.write_list(
        row(subject_id="one", image="one.png"),
        row(subject_id="twin", image="twin.png"),
        row(subject_id="other", image="other.png", lookalikes="cousin"),
    )
    report = force.gate.import_watchlist(force.actor, force.order(file))
    assert (report.lookalikes[0].first, report.lookalikes[0].second) == ("one", "twin")
    assert report.lookalikes[0].similarity > 0.9
    entries = {
        str(e.subject_id): e.lookalikes for e in force.gate.watchlist(force.actor, LIST).entries
    }
    assert entries["one"][0] == "twin"
    assert "cousin" in entries["other"]


@pytest.mark.requirement("R15")
def test_an_old_image_is_warned_of(force: Force) -> None:
    file = force.write_list(row(image_date="2010-01-01"))
    report = force.gate.import_watchlist(force.actor, force.order(file))
    assert "16 years old" in report.warnings[0]


def test_progress_is_told_for_every_row(force: Force) -> None:
    told: list[tuple[int, int]] = []
    rows = [row(subject_id=f"S{i}", image=f"s{i}.png") for i in range(3)]
    order = force.order(force.write_list(*rows))
    force.gate.import_watchlist(force.actor, order, lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_digest_is_of_what_the_list_says(force: Force) -> None:
    digests = [
        force.gate.import_watchlist(
            force.actor,
            force.order(force.write_list(row(reason=reason)), name=WatchlistName(name)),
        ).digest
        for name, reason in (("a", "one"), ("b", "one"), ("c", "another"))
    ]
    assert digests[0] == digests[1]
    assert digests[0] != digests[2]


@pytest.mark.requirement("R52")
def test_a_list_dies_with_its_profiles_period(force: Force) -> None:
    file = force.write_list(row(category="wanted-by-court"))
    report = force.gate.import_watchlist(force.actor, force.order(file, profile="uk-police-2026"))
    assert report.delete_after is not None
    assert (report.delete_after - force.clock.now()).total_seconds() <= 24 * 3600


@pytest.mark.requirement("R2")
def test_an_entrys_own_necessity_is_sealed_signed_and_shown(force: Force) -> None:
    need = {"necessity": "seen here thrice", "less_intrusive": "patrols did not do"}
    force.write_list(row(image="s1.png"))
    file = force.folder / "list" / "list.csv"
    file.write_bytes(list_csv(row(image="s1.png", **need), columns=(*REQUIRED, *OF_NEED)))
    report = force.gate.import_watchlist(force.actor, force.order(file))
    assert force.last("watchlist-imported")["necessity_stated"] == 1
    (entry,) = force.gate.watchlist(force.actor, LIST).entries
    assert (entry.necessity, entry.less_intrusive) == tuple(need.values())
    unlike = list_csv(
        row(image="s1.png", **{**need, "necessity": "-"}), columns=(*REQUIRED, *OF_NEED)
    )
    file.write_bytes(unlike)
    other = force.gate.import_watchlist(force.actor, force.order(file, name="other"))
    assert other.digest != report.digest
    for path in (force.folder / "home").rglob("*"):
        assert not path.is_file() or b"seen here thrice" not in path.read_bytes()
