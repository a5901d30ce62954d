"""What keeps every rule can be signed, by a trusted key; nothing else can."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from tests.fakes.authority import Force, Hands, a_force, models_folder
from tests.fakes.packs import write_own_pack
from tests.fakes.police import BEFORE, ID, Police, police_force
from tests.fakes.staff import staffed_home
from tests.unit.policy.test_officer_key import OTHER

from overt.errors import Refused
from overt.policy.authorisation import read_signed
from overt.policy.officer_key import read_signing_key
from overt.policy.rule import Rule


def signature(force: Force) -> Path:
    return force.toml.with_name("deployment.toml.sig")


def broken(force: Force) -> list[Rule]:
    checked = force.gate.check_deployment(force.actor, force.toml)
    return [result.rule for result in checked.results if not result.met]


def test_what_was_signed_keeps_every_rule(force: Force) -> None:
    report = force.ready().sign()
    assert report.signature == signature(force)
    assert broken(force) == []
    assert force.last("deployment-signed")["key"] == report.key


def test_signing_and_checking_show_the_banner_of_the_profile(force: Force) -> None:
    assert "CONSENT PROFILE" in force.ready().sign().checked.banner
    assert "CONSENT PROFILE" in force.gate.check_deployment(force.actor, force.toml).banner


def test_an_unsigned_deployment_is_told_so(force: Force) -> None:
    force.ready().sign()
    signature(force).unlink()
    assert Rule.SIGNATURE in broken(force)


def test_a_rule_that_is_broken_cannot_be_signed_away(force: Force) -> None:
    force.ready()
    signature(force).unlink()
    force.write_deployment(use_case='"shopping"', threshold="0.05")
    with pytest.raises(Refused) as refused:
        force.gate.sign_deployment(force.actor, force.toml, force.key)
    assert "R4" in str(refused.value)
    assert "R32" in str(refused.value)
    assert not signature(force).exists()
    assert force.last("refused")["to"] == "sign a deployment"


@pytest.mark.requirement("R1")
def test_an_edited_deployment_cannot_be_signed_again_with_another_key(force: Force) -> None:
    force.ready()
    before = signature(force).read_bytes()
    force.write_deployment(threshold="0.2")
    (force.folder / "other.key").write_text(OTHER.text())
    with pytest.raises(Refused, match="is not trusted"):
        force.gate.sign_deployment(force.actor, force.toml, force.folder / "other.key")
    assert signature(force).read_bytes() == before


@pytest.mark.requirement("R1")
def test_the_officers_rank_is_in_what_is_signed_and_published(police: Police) -> None:
    silver = police.force.folder / "silver"
    police.force.gate.new_officer_key(police.administrator, "Ode", silver, rank="superintendent")
    police.before_the_signature()
    police.force.gate.sign_deployment(police.silver, police.force.toml, silver / "officer.key")
    payload = json.loads(signature(police.force).read_text())["payload"]
    assert payload["rank"] == "superintendent"
    assert police.force.last("deployment-signed")["rank"] == "superintendent"
    police.noticed()
    assert police.force.last("deployment-noticed")["rank"] == "superintendent"
    record = police.force.gate.public_record(police.assessor, ID)
    assert record.columns(drill=False)["Authorising officer's rank"] == "superintendent"


@pytest.mark.requirement("R1")
def test_nobody_signs_as_a_higher_rank_than_their_key_is_registered_with(police: Police) -> None:
    """With the key and a program of one's own, which no gate sees."""
    police.authorised()
    signed = read_signed(signature(police.force).read_bytes(), file="x")
    raised = replace(signed.authorisation, rank="superintendent")
    key = read_signing_key(police.force.key.read_bytes(), file="officer.key")
    signature(police.force).write_bytes(raised.with_signature(key.sign(raised.message())))
    checked = police.force.gate.check_deployment(police.silver, police.force.toml)
    (found,) = [result for result in checked.results if result.rule is Rule.SIGNATURE]
    assert not found.met
    assert "signed as superintendent, and its key is registered with no rank" in found.message


def test_a_revoked_key_signs_nothing(force: Force) -> None:
    force.ready()
    force.gate.revoke_officer_key(force.actor, force.key.with_suffix(".pub"))
    with pytest.raises(Refused, match="is revoked"):
        force.sign()


def test_without_a_list_nothing_is_signed(force: Force) -> None:
    force.gate.new_officer_key(force.actor, "Silver", force.key.parent)
    with pytest.raises(Refused, match="there is no watchlist volunteers"):
        force.sign()


def test_signing_for_another_pack_makes_templates_from_the_sealed_images(force: Force) -> None:
    force.ready()
    write_own_pack(force.folder / "models", "theirs", allows='"demonstration"')
    report = force.sign(model_pack='"theirs"')
    assert report.templates_made == 3
    assert report.model.startswith("theirs@")
    assert force.sign(model_pack='"theirs"').templates_made == 0
    opened = force.open()
    assert opened.model.startswith("theirs@")
    assert force.gate.live_list(opened.actor, opened).gallery.size == 3


@pytest.mark.requirement("R34")
def test_a_pack_whose_licence_forbids_the_use_is_not_signed(force: Force) -> None:
    force.ready()
    write_own_pack(force.folder / "models", "study", allows='"evaluation"')
    with pytest.raises(Refused, match="does not allow demonstration"):
        force.sign(model_pack='"study"')


def test_a_damaged_signature_file_is_refused_and_not_taken_for_none(force: Force) -> None:
    force.ready()
    signature(force).write_bytes(b"{}")
    with pytest.raises(Refused, match="damaged or no signature"):
        force.gate.check_deployment(force.actor, force.toml)


def test_another_forces_signature_counts_for_nothing(force: Force, tmp_path: Path) -> None:
    force.ready()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with a_force(elsewhere) as other:
        other.ready()
        theirs = signature(other).read_bytes()
        toml = other.toml.read_bytes()
    force.toml.write_bytes(toml)
    signature(force).write_bytes(theirs)
    assert Rule.SIGNATURE in broken(force)


@pytest.mark.requirement("R6")
def test_under_a_police_profile_nobody_signs_before_the_founder_has_handed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERT_MODELS", str(models_folder(tmp_path)))
    staffed_home(tmp_path / "home", BEFORE, hand_over=False)
    with a_force(tmp_path, Hands(BEFORE.timestamp())) as force:
        police = police_force(force, force.actor).before_the_signature()
        with pytest.raises(Refused, match="overt users hand-over"):
            police.signed()


def test_signing_under_a_profile_lets_the_list_die_when_the_profile_says(police: Police) -> None:
    police.authorised()
    (line,) = police.force.gate.watchlists(police.builder)
    assert (line.delete_after - line.imported_at).total_seconds() == 24 * 3600
