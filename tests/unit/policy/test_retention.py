"""Every kind of record has a period in every profile, and the shortest start counts."""

from datetime import timedelta

import pytest
from tests.fakes.deployment_files import NOW

from overt.policy.profiles import CONSENT, PROFILES, UK_POLICE
from overt.policy.retention import RETENTION, ROWS, RecordKind, delete_after
from overt.policy.retention_in_words import notice_in_words, retention_in_words


@pytest.mark.requirement("R54")
def test_every_kind_has_a_period_in_every_profile() -> None:
    assert RETENTION.keys() == PROFILES.keys()
    for table in RETENTION.values():
        assert table.keys() == set(RecordKind)


@pytest.mark.requirement("R51")
def test_an_alert_lives_a_day() -> None:
    assert delete_after(RecordKind.ALERT, UK_POLICE.name, NOW) == NOW + timedelta(hours=24)


@pytest.mark.requirement("R52")
def test_a_police_list_dies_when_it_is_too_old_to_be_used() -> None:
    assert delete_after(RecordKind.WATCHLIST, UK_POLICE.name, NOW) == NOW + UK_POLICE.list_age


def test_a_list_bound_to_no_profile_lives_as_long_as_any_allows() -> None:
    assert delete_after(RecordKind.WATCHLIST, None, NOW) == max(
        delete_after(RecordKind.WATCHLIST, name, NOW) for name in PROFILES
    )


@pytest.mark.requirement("R54")
def test_every_kind_stands_in_the_document_of_every_profile() -> None:
    page = retention_in_words()
    for kind in RecordKind:
        assert page.count(f"| {kind.value} | ") == len(PROFILES)


def test_the_document_says_which_rows_live_by_which_line() -> None:
    page = retention_in_words()
    assert all(f"| `{name}` | {kind.value} |" in page for name, kind in ROWS.items())


@pytest.mark.requirement("R54")
def test_a_public_notice_says_what_the_table_says() -> None:
    police, consent = (" ".join(notice_in_words(each)) for each in (UK_POLICE, CONSENT))
    assert "the images are kept for 1 d and then destroyed" in police
    assert "destroyed when the deployment ends, and at the latest 1 d after the import" in police
    assert "destroyed at the latest 31 d after the import" in consent


def test_whoever_resembled_nobody_is_kept_for_no_time() -> None:
    for table in RETENTION.values():
        assert not table[RecordKind.NOT_MATCHED].period
