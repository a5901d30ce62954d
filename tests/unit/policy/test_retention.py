"""Every kind of record has a period in every profile, and the shortest start counts."""

from datetime import timedelta

import pytest
from tests.fakes.deployment_files import NOW

from overt.policy.profiles import PROFILES, UK_POLICE
from overt.policy.retention import RETENTION, RecordKind, delete_after


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
