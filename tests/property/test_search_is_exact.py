"""Fast search agrees with a search that anybody can check by eye."""

import numpy as np
import numpy.typing as npt
from hypothesis import given
from hypothesis import strategies as st
from tests.fakes.templates import MODEL

from overt.identifiers import SubjectId
from overt.matches.gallery import gallery_of
from overt.matches.search import search
from overt.templates.template import Template
from overt.units import Float32

Lists = tuple[list[str], Float32, Float32]


@st.composite
def lists(draw: st.DrawFn, numbers: st.SearchStrategy[float]) -> Lists:
    """Draw owners, references and a probe; few owners, so that images of one mix with others'."""
    rows = draw(st.integers(1, 12))
    dimension = draw(st.integers(2, 5))
    owners = draw(st.lists(st.sampled_from("abcd"), min_size=rows, max_size=rows))
    vectors = [
        draw(
            st.lists(numbers, min_size=dimension, max_size=dimension).filter(
                lambda v: np.linalg.norm(v) > 1e-3
            )
        )
        for _ in range(rows + 1)
    ]
    matrix = np.array(vectors, np.float64)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return owners, matrix[:-1].astype(np.float32), matrix[-1].astype(np.float32)


def exhaustive(owners: list[str], vectors: Float32, probe: Float32) -> dict[str, float]:
    best: dict[str, float] = {}
    for owner, vector in zip(owners, vectors, strict=True):
        cosine = sum(float(a) * float(b) for a, b in zip(vector, probe, strict=True))
        best[owner] = max(cosine, best.get(owner, -2.0))
    return best


@given(lists(st.floats(-1, 1)))
def test_the_best_and_the_second_are_those_of_an_exhaustive_search(drawn: Lists) -> None:
    owners, vectors, probe = drawn
    best = exhaustive(owners, vectors, probe)

    match = search(
        Template(MODEL, probe), gallery_of(MODEL, [SubjectId(o) for o in owners], vectors)
    )

    assert match is not None
    ranked = sorted(best.values(), reverse=True)
    assert abs(match.similarity - ranked[0]) < 2e-6
    assert abs(best[match.subject_id] - ranked[0]) < 2e-6
    if match.second is None:
        assert len(best) == 1
    else:
        assert match.second != match.subject_id
        assert abs(best[match.second] - ranked[1]) < 2e-6


@given(lists(st.sampled_from([-1.0, 0.0, 1.0])))
def test_ties_go_to_whoever_stands_first_on_the_list(drawn: Lists) -> None:
    owners, vectors, probe = drawn
    best = exhaustive(owners, vectors, probe)
    on_list = list(dict.fromkeys(owners))
    ranked = sorted(on_list, key=lambda o: (-round(best[o], 5), on_list.index(o)))

    match = search(
        Template(MODEL, probe), gallery_of(MODEL, [SubjectId(o) for o in owners], vectors)
    )

    assert match is not None
    assert match.subject_id == ranked[0]
    assert match.second == (ranked[1] if len(ranked) > 1 else None)


@given(lists(st.floats(-1, 1)), st.sampled_from("abcd"))
def test_standing_down_is_the_same_as_never_having_been_listed(drawn: Lists, gone: str) -> None:
    owners, vectors, probe = drawn
    rest: npt.NDArray[np.bool_] = np.array([owner != gone for owner in owners])
    names = [SubjectId(owner) for owner in owners]

    narrowed = search(
        Template(MODEL, probe), gallery_of(MODEL, names, vectors.copy()).without(SubjectId(gone))
    )

    if not rest.any():
        assert narrowed is None
        return
    never = search(
        Template(MODEL, probe),
        gallery_of(MODEL, [n for n in names if n != gone], vectors[rest]),
    )
    assert narrowed is not None
    assert never is not None
    assert abs(narrowed.similarity - never.similarity) < 2e-6
