import pytest

from overt.alerts.track_evidence import Hold, why_not_matched
from overt.faces.quality import Rejection
from overt.tracks.passage import Standing

R = Rejection


@pytest.mark.parametrize(
    ("standing", "rejections", "hold", "reason"),
    [
        (Standing.TOO_SMALL, [R.TOO_SMALL], None, "too_small"),
        (Standing.OUT_OF_ZONE, [], None, "out_of_zone"),
        (Standing.PASSAGE, [R.BLURRED], Hold.BELOW_THRESHOLD, "below_threshold"),
        (Standing.PASSAGE, [], Hold.COOLDOWN, "cooldown"),
        (Standing.PASSAGE, [R.BLURRED, R.TOO_DARK, R.BLURRED], None, "quality:blurred"),
        (Standing.PASSAGE, [], None, "too_few_shots"),
        (Standing.GLIMPSE, [R.BLURRED], None, None),
    ],
)
def test_what_came_nearest_to_an_alert_is_the_reason_that_there_is_none(
    standing: Standing, rejections: list[Rejection], hold: Hold | None, reason: str | None
) -> None:
    assert why_not_matched(standing, rejections, hold) == reason
