"""What the log tells of perceived groups is added up by deployment, and ending one clears nothing."""

from datetime import UTC, datetime

import pytest

from overt.identifiers import ActorId
from overt.policy.footfall import FOOTFALL, PERCEIVED, RESUMED, SUSPENDED, THE_TEST, counted
from overt.policy.profiles import UK_POLICE
from overt.policy.told import Told
from overt.rates.sequential import GroupCounts
from overt.units import UtcTime

AT = UtcTime(datetime(2026, 11, 30, 12, tzinfo=UTC))


def line(event: str, deployment: str = "one", profile: str = "", **detail: str) -> Told:
    governs = profile or UK_POLICE.governs
    told = {"deployment": deployment, "profile": governs, **detail}
    return Told(1, AT, ActorId("ana"), event, told)


FALSE = line(PERCEIVED, group="black")
PASSED = line(FOOTFALL, counts="black=10; white=90")
STOPPED = line(SUSPENDED, test=THE_TEST)

pytestmark = pytest.mark.requirement("R67")


def test_each_deployment_is_a_batch_of_its_own() -> None:
    other = line(FOOTFALL, "two", counts="black=1; white=1")
    assert counted([PASSED, FALSE, other, FALSE, PASSED], UK_POLICE) == (
        GroupCounts({"black": 2}, {"black": 20, "white": 180}),
        GroupCounts({}, {"black": 1, "white": 1}),
    )


def test_other_regimes_count_for_themselves() -> None:
    assert counted([line(PERCEIVED, profile="eu-ai-act/2 sha256:0", group="black")], UK_POLICE) == (
    )  # fmt: skip


def test_once_it_goes_on_false_alerts_count_anew_and_the_footfall_stays() -> None:
    goes_on = [PASSED, FALSE, STOPPED, line(RESUMED), FALSE]
    assert counted(goes_on, UK_POLICE) == (GroupCounts({"black": 1}, {"black": 10, "white": 90}),)


@pytest.mark.parametrize(
    "after",
    [
        [line("deployment-closed"), line("deployment-signed", "two")],
        [line(RESUMED, "two")],
        [],
    ],
)
def test_ending_a_suspended_one_and_opening_another_clears_nothing(after: list[Told]) -> None:
    (batch, *_) = counted([PASSED, FALSE, STOPPED, *after], UK_POLICE)
    assert batch.false_alerts == {"black": 1}


def test_what_another_test_stopped_clears_nothing() -> None:
    stopped = [FALSE, line(SUSPENDED, test="validated-envelope"), line(RESUMED)]
    assert counted(stopped, UK_POLICE) == (GroupCounts({"black": 1}, {}),)
