"""Every event says which of the acts of section 62(1) it is; what must be said with it is asked."""

import pytest

from overt.audit.events import ASKED, KINDS, AuditEvent, Kind, unsaid


@pytest.mark.requirement("R55")
def test_every_event_has_its_kind_and_every_kind_its_event() -> None:
    assert set(KINDS) == set(AuditEvent)
    assert set(KINDS.values()) == set(Kind)


@pytest.mark.requirement("R56")
@pytest.mark.parametrize("event", [e for e, kind in KINDS.items() if kind in ASKED])
def test_a_consultation_or_disclosure_asks_for_its_justification(event: AuditEvent) -> None:
    assert "justification" in unsaid(event, {"recipients": "the custody desk"})
    assert "justification" in unsaid(event, {"justification": " \t", "recipients": "x"})
    assert unsaid(event, {"justification": "review", "recipients": "the custody desk"}) == ()


@pytest.mark.requirement("R56")
@pytest.mark.parametrize("event", [e for e, k in KINDS.items() if k is Kind.DISCLOSURE])
def test_a_disclosure_asks_for_its_recipients(event: AuditEvent) -> None:
    assert unsaid(event, {"justification": "review"}) == ("recipients",)
