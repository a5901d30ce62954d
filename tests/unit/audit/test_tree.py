"""The tree gives the roots and proofs of RFC 6962, and its proofs prove nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from overt.audit.tree import (
    EMPTY_ROOT,
    CompactRange,
    TreeHash,
    TreeHead,
    consistency_proof,
    consistent,
    included,
    inclusion_proof,
    leaf_hash,
    tree_of,
)

# The leaves, roots and proofs with which Certificate Transparency's own programs are tested.
LEAVES = [
    leaf_hash(bytes.fromhex(leaf))
    for leaf in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def _hashes(*texts: str) -> list[TreeHash]:
    return [TreeHash(bytes.fromhex(text)) for text in texts]


def test_the_root_of_an_empty_tree_is_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex().startswith("e3b0c44298fc1c149afbf4c8996fb924")


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_rfc_6962(size: int) -> None:
    assert tree_of(LEAVES[:size]).root().hex() == ROOTS[size - 1]


def test_an_inclusion_proof_is_that_of_rfc_6962() -> None:
    assert inclusion_proof(LEAVES, 0) == _hashes(
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    )


def test_a_consistency_proof_is_that_of_rfc_6962() -> None:
    assert consistency_proof(LEAVES, 6) == _hashes(
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    )


@pytest.mark.parametrize(("index", "size"), [(i, n) for n in range(1, 20) for i in range(n)])
def test_every_leaf_is_shown_to_be_in_its_tree(index: int, size: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    proof = inclusion_proof(leaves, index)
    root = tree_of(leaves).root()
    assert included(leaves[index], index, size=size, root=root, proof=proof)
    assert not included(leaf_hash(b"other"), index, size=size, root=root, proof=proof)
    assert not included(leaves[index], index, size=size, root=root, proof=[*proof, root])
    assert not included(leaves[index], size, size=size, root=root, proof=proof)


@pytest.mark.parametrize(("old", "new"), [(o, n) for n in range(1, 20) for o in range(1, n + 1)])
def test_every_earlier_tree_is_shown_to_be_a_prefix(old: int, new: int) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(new)]
    before = TreeHead(old, tree_of(leaves[:old]).root())
    after = TreeHead(new, tree_of(leaves).root())
    proof = consistency_proof(leaves, old)
    assert consistent(before, after, proof)
    assert not consistent(TreeHead(old, leaf_hash(b"other")), after, proof)
    assert not consistent(before, TreeHead(new, leaf_hash(b"other")), proof)
    assert not consistent(before, after, [*proof, leaf_hash(b"more")])


@given(size=st.integers(2, 40), old=st.data())
def test_no_proof_shows_a_rewritten_log_to_be_consistent(size: int, old: st.DataObject) -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(size)]
    kept = old.draw(st.integers(1, size - 1))
    before = TreeHead(kept, tree_of(leaves[:kept]).root())
    rewritten = list(leaves)
    rewritten[old.draw(st.integers(0, kept - 1))] = leaf_hash(b"rewritten")
    after = TreeHead(size, tree_of(rewritten).root())
    assert not consistent(before, after, consistency_proof(rewritten, kept))


def test_a_tree_whose_edges_do_not_fit_its_size_is_not_made() -> None:
    with pytest.raises(ValueError, match="has not 1 edges"):
        CompactRange(3, (leaf_hash(b""),))


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(ValueError, match="no leaf 8"):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(ValueError, match="had never 9"):
        consistency_proof(LEAVES, 9)
