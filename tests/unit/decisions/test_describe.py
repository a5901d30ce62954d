"""The page of states is what the table gives."""

from pathlib import Path

from overt.decisions.describe import states_in_words
from overt.decisions.states import AlertState

PAGE = Path(__file__).parents[3] / "docs" / "states.md"


def test_the_page_in_docs_is_the_one_that_the_table_gives() -> None:
    assert PAGE.read_text(encoding="utf-8").endswith(states_in_words())


def test_every_state_stands_on_the_page() -> None:
    page = states_in_words()
    assert [state for state in AlertState if f"| {state.value} |" not in page] == []
