from pathlib import Path

import numpy as np
import pytest
from tests.fakes.templates import MODEL, drawn, template, unit

from overt.errors import ModelMismatch
from overt.identifiers import ModelId, SubjectId
from overt.matches.gallery import Gallery, Reference, gallery_of, make_gallery
from overt.matches.search import search
from overt.templates.template import Template
from overt.units import Float32

ANNA, BEN, CARA = SubjectId("anna"), SubjectId("ben"), SubjectId("cara")


def gallery(*people: tuple[SubjectId, tuple[float, ...]]) -> Gallery:
    return make_gallery(MODEL, [Reference(name, template(*numbers)) for name, numbers in people])


def test_the_most_alike_person_is_named_with_the_cosine() -> None:
    match = search(template(3, 4), gallery((ANNA, (1.0, 0.0)), (BEN, (0.0, 1.0))))

    assert match is not None
    assert match.subject_id == BEN
    assert match.similarity == pytest.approx(0.8, abs=1e-6)


def test_the_best_of_a_persons_images_counts() -> None:
    match = search(template(0, 1), gallery((ANNA, (1.0,)), (BEN, (3.0, 4.0)), (ANNA, (0.1, 1.0))))

    assert match is not None
    assert (match.subject_id, match.reference) == (ANNA, 1)


@pytest.mark.requirement("R22")
def test_the_second_is_another_person_not_another_image_of_the_first() -> None:
    match = search(template(1), gallery((ANNA, (1.0, 0.1)), (ANNA, (1.0, 0.2)), (BEN, (3.0, 4.0))))

    assert match is not None
    assert (match.subject_id, match.second) == (ANNA, BEN)
    assert match.second_similarity == pytest.approx(0.6, abs=1e-6)


def test_on_a_list_of_one_there_is_no_second() -> None:
    match = search(template(1), gallery((ANNA, (1.0,))))

    assert match is not None
    assert (match.second, match.second_similarity, match.margin) == (None, None, None)


def test_an_empty_list_matches_nobody() -> None:
    assert search(template(1), make_gallery(MODEL, [])) is None


def test_of_two_equally_alike_the_first_on_the_list_is_named_and_the_other_is_second() -> None:
    match = search(template(1), gallery((CARA, (1.0,)), (ANNA, (1.0,)), (BEN, (1.0,))))

    assert match is not None
    assert (match.subject_id, match.second, match.margin) == (CARA, ANNA, 0.0)


def test_a_resemblance_below_zero_is_still_told() -> None:
    match = search(template(-1), gallery((ANNA, (1.0,))))

    assert match is not None
    assert match.similarity == -1.0


def test_templates_of_two_models_are_never_compared() -> None:
    other = ModelId("fake@sha256:00/bf16")
    with pytest.raises(ModelMismatch) as refusal:
        search(template(1, model=other), gallery((ANNA, (1.0,))))

    assert (refusal.value.probe, refusal.value.reference) == (other, MODEL)


def test_templates_of_two_models_are_not_compared_with_an_empty_list_either() -> None:
    with pytest.raises(ModelMismatch):
        search(template(1, model=ModelId("another")), make_gallery(MODEL, []))


@pytest.mark.parametrize("worth", [np.nan, np.inf, 0.0, 2.0])
def test_a_probe_that_is_no_template_is_not_called_a_stranger(worth: float) -> None:
    broken = np.full(8, worth, np.float32)
    with pytest.raises(ValueError, match="unit length"):
        search(Template(MODEL, broken), gallery((ANNA, (1.0,))))


def test_a_probe_of_another_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        search(Template(MODEL, unit(1, dimension=4)), gallery((ANNA, (1.0,))))


def test_no_copy_of_the_probe_stays_in_the_memory_of_the_process() -> None:
    people = [SubjectId(str(row)) for row in range(500)]
    listed = gallery_of(MODEL, people, drawn(500, dimension=256))
    probe = _canary(seed=7)
    window = _backwards(probe)

    search(Template(MODEL, probe), listed)
    probe.fill(0)

    assert _copies_in_memory(window) == 0


def test_the_search_of_memory_finds_a_copy_that_was_kept() -> None:
    probe = _canary(seed=8)
    window = _backwards(probe)
    kept = probe.copy()
    probe.fill(0)

    assert _copies_in_memory(window) == 1
    kept.fill(0)


def _canary(seed: int) -> Float32:
    """Draw a template in place, so that making it leaves no copy."""
    probe = np.empty(256, np.float32)
    np.random.default_rng(seed).standard_normal(out=probe, dtype=np.float32)
    probe /= np.linalg.norm(probe)
    return probe


def _backwards(probe: Float32) -> bytes:
    """Read 64 bytes of the probe from back to front: this is no copy itself."""
    return probe[100:116].view(np.uint8)[::-1].tobytes()


def _copies_in_memory(backwards: bytes) -> int:
    """Count where this process's own memory holds the window, read in the right order."""
    found = 0
    with Path("/proc/self/mem").open("rb", buffering=0) as memory:
        for line in Path("/proc/self/maps").read_text().splitlines():
            addresses, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            start, end = (int(edge, 16) for edge in addresses.split("-"))
            memory.seek(start)
            # Turned round before it is searched, so that the search leaves no copy to find.
            found += memory.read(end - start)[::-1].count(backwards)
    return found
