"""Names that people gave their groups are drawn as they are, and break nothing."""

import pytest

from overt.assurance.figures import as_svg, figures_of


@pytest.mark.parametrize("name", ["$20k_$", "\\frac{", "\u9ed2\u4eba"])
def test_a_groups_name_is_no_formula_and_warns_of_nothing(name: str) -> None:
    group = {"value": name, "rate": 0.1, "low": 0.05, "high": 0.2, "trials": 100}
    disparity = {"column": "pay", "measure": "fpir", "crossed": False, "groups": [group]}
    report = {
        "det": {"insufficient_data": True},
        "rates": [],
        "equality": {"disparities": [disparity]},
    }
    (figure,) = figures_of(report).values()
    assert name in as_svg(figure)
