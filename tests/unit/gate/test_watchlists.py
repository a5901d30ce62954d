"""A list only ever narrows: people are stood down for good, and a deleted list is unreadable."""

import pytest
from tests.fakes.authority import LIST, Force

from overt.errors import Refused
from overt.identifiers import SubjectId, WatchlistName
from overt.records.schema import DataKeyRow, ManifestRow, WatchlistRow
from overt.records.work import Reading


def stand_down(force: Force, subject: str, reason: str = "arrested") -> None:
    force.gate.stand_down(force.actor, LIST, SubjectId(subject), reason=reason)


def test_lists_are_shown_with_their_counts(force: Force) -> None:
    assert force.gate.watchlists(force.actor) == ()
    force.import_people(2)
    (line,) = force.gate.watchlists(force.actor)
    assert (line.name, line.people, line.stood_down, line.images) == (LIST, 2, 0, 2)


@pytest.mark.requirement("R17")
def test_somebody_stood_down_is_not_looked_for_any_more(force: Force) -> None:
    force.import_people(2)
    stand_down(force, "S1")
    view = force.gate.watchlist(force.actor, LIST)
    assert [entry.stood_down for entry in view.entries] == [True, False]
    assert (view.line.people, view.line.stood_down) == (1, 1)
    assert force.last("entry-stood-down") == {
        "watchlist": LIST, "subject": "S1", "profile": "none named yet"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "subject", "reason", "said"),
    [
        ("volunteers", "S1", " ", "takes a reason"),
        ("volunteers", "S1", "x" * 2001, "takes a reason"),
        ("volunteers", "S9", "left", "nobody on volunteers has the id 'S9'"),
        ("another", "S1", "left", "there is no watchlist 'another'; there is volunteers"),
    ],
)
def test_a_stand_down_without_reason_person_or_list_is_refused(
    force: Force, name: str, subject: str, reason: str, said: str
) -> None:
    force.import_people(1)
    with pytest.raises(Refused, match=said):
        force.gate.stand_down(force.actor, WatchlistName(name), SubjectId(subject), reason=reason)


def test_nobody_is_stood_down_twice(force: Force) -> None:
    force.import_people(1)
    stand_down(force, "S1")
    with pytest.raises(Refused, match="stood down before"):
        stand_down(force, "S1")


def test_the_reason_of_a_stand_down_is_sealed(force: Force) -> None:
    force.import_people(1)
    stand_down(force, "S1", reason="a very private reason")
    for path in (force.folder / "home").rglob("*"):
        if path.is_file():
            assert b"a very private reason" not in path.read_bytes()


@pytest.mark.requirement("R52")
def test_a_deleted_list_loses_its_key_and_keeps_its_manifest(force: Force) -> None:
    force.import_people(2)
    force.gate.delete_watchlist(force.actor, LIST)
    with Reading(force.gate._records) as reading:
        assert reading.session.query(WatchlistRow).count() == 0
        assert all(key.destroyed_at for key in reading.session.query(DataKeyRow))
    assert force.gate._records.keys.ids() == set()
    with Reading(force.gate._records) as reading:
        manifest = {row.subject_id for row in reading.session.query(ManifestRow)}
    assert manifest == {"S1", "S2"}  # R24: ids and categories, for enquiries later


def test_the_name_of_a_deleted_list_is_free_again(force: Force) -> None:
    force.import_people(1)
    force.gate.delete_watchlist(force.actor, LIST)
    assert force.import_people(2).people == 2


def test_a_list_that_is_not_there_cannot_be_shown_or_deleted(force: Force) -> None:
    with pytest.raises(Refused, match="there is no watchlist 'volunteers'; import one"):
        force.gate.watchlist(force.actor, LIST)
    with pytest.raises(Refused, match="there is no watchlist"):
        force.gate.delete_watchlist(force.actor, LIST)
