"""The map on record raises the flag of a sensitive place, whatever the drafter says."""

from pathlib import Path

import pytest
from tests.fakes.police import ID, Police

from overt.errors import Refused
from overt.policy.rule import Rule, RuleResult

pytestmark = pytest.mark.requirement("R8")

MAP = """
profile = "uk-police-2026"
version = "2026-11"
[[place]]
name = "St Mary's School"
kind = "school"
point = [51.5152, -0.1419]
"""


def recorded(police: Police, text: str = MAP) -> Path:
    file = police.force.folder / "map.toml"
    file.write_text(text)
    police.force.gate.record_sensitive_map(police.assessor, file)
    return file


def sensitive(police: Police) -> RuleResult:
    results = police.force.gate.check_deployment(police.silver, police.force.toml).results
    return next(result for result in results if result.rule is Rule.SENSITIVE)


def test_a_deployment_beside_a_school_takes_an_approval_that_its_drafter_did_not_ask_for(
    police: Police,
) -> None:
    recorded(police)
    police.ready(position="[51.5155, -0.1419]")
    with pytest.raises(Refused, match=r"R8 .*school St Mary's School \(33 m away\)"):
        police.opened()
    police.force.gate.approve_deployment(police.gold, ID, rationale="term is over")
    assert sensitive(police).met
    police.opened()


def test_where_a_map_is_in_force_a_deployment_owes_its_position(police: Police) -> None:
    police.authorised()
    assert sensitive(police).met
    recorded(police)
    assert "write position" in sensitive(police).message
    assert police.force.last("sensitive-map-recorded")["places"] == 1


def test_the_newest_map_counts_and_far_away_nothing_is_asked(police: Police) -> None:
    recorded(police)
    recorded(police, MAP.replace("51.5152", "52.5152").replace("2026-11", "2026-12"))
    police.authorised(position="[51.5155, -0.1419]")
    assert "none is near on the map 2026-12" in sensitive(police).message


def test_a_kind_that_the_profile_does_not_know_is_refused(police: Police) -> None:
    with pytest.raises(Refused, match="kind pub: uk-police-2026 knows"):
        recorded(police, MAP.replace('"school"', '"pub"'))
