"""A document that lies beside its deployment is held against the digest that is signed."""

from hashlib import sha256

import pytest
from tests.fakes.deployment_files import document, documents
from tests.fakes.police import Police

from overt.errors import Refused


@pytest.mark.requirement("R4")
def test_what_shows_why_this_place_is_the_file_whose_digest_is_signed(police: Police) -> None:
    analysis = police.force.folder / "analysis.pdf"
    analysis.write_bytes(b"twelve robberies within 200 metres, with dates")
    digest = sha256(analysis.read_bytes()).hexdigest()
    stated = {"sha256": f'"{digest}"', "file": '"analysis.pdf"'}
    papers = documents() + document("place-evidence", **stated)
    police.wanted().verified().tested().written(papers=papers)
    analysis.write_bytes(b"two robberies, somewhere else")
    with pytest.raises(Refused, match=r"R4 .*not the one stated"):
        police.submitted()
    analysis.unlink()
    with pytest.raises(Refused, match=r"R4 .*cannot be read"):
        police.submitted()
    analysis.write_bytes(b"twelve robberies within 200 metres, with dates")
    police.submitted().signed()
    assert digest in (police.force.folder / "deployment.toml.sig").read_text()


def test_a_document_below_another_folder_is_refused(police: Police) -> None:
    police.written(papers=documents() + document("place-evidence", file='"../../etc/passwd"'))
    with pytest.raises(Refused, match="leads out of the deployment's folder"):
        police.submitted()
