"""What is on record of notices is what the public's feed tells."""

from datetime import timedelta

import pytest
from tests.fakes.authority import Force
from tests.fakes.police import ID, Police

pytestmark = pytest.mark.requirement("R59")


def test_the_feed_tells_what_was_put_on_record_and_when_it_was_changed(police: Police) -> None:
    gate = police.force.gate
    assert gate.public_notices(police.operator) == ()
    police.authorised().noticed()
    assert police.force.last("deployment-noticed")["digest"]
    (told,) = gate.public_notices(police.operator)
    assert (told.deployment, told.place) == (ID, "Oxford Circus, London W1")
    assert told.lead_minutes == 7 * 24 * 60 + 30
    assert not told.changed
    police.written(purpose='"Another."').submitted().signed()
    (told,) = gate.public_notices(police.operator)
    assert told.changed
    gate.close_deployment(police.silver, ID, reason="called off")
    (told,) = gate.public_notices(police.operator)
    assert told.ended_at is not None
    assert told.starts_at - told.ended_at == timedelta(minutes=30)


def test_what_nobody_had_to_be_told_of_is_in_no_feed(force: Force) -> None:
    force.ready()
    assert force.gate.public_notices(force.actor) == ()
