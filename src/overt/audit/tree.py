"""The Merkle tree of RFC 6962: what a size and a root commit to, and proofs of it.

Leaves and nodes are hashed under different prefixes (section 2.1), so that no node can pass for a
leaf. The log appends to a compact range, the roots of the perfect subtrees that make up the tree;
proofs are made from the leaf hashes and verified as RFC 9162 sections 2.1.3.2 and 2.1.4.2 say.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Final, NewType

TreeHash = NewType("TreeHash", bytes)
"""32 bytes of SHA-256: of a leaf, of a node, or the root."""

HASH_SIZE: Final = 32
EMPTY_ROOT: Final = TreeHash(hashlib.sha256(b"").digest())


def leaf_hash(leaf: bytes) -> TreeHash:
    return TreeHash(hashlib.sha256(b"\x00" + leaf).digest())


def node_hash(left: TreeHash, right: TreeHash) -> TreeHash:
    return TreeHash(hashlib.sha256(b"\x01" + left + right).digest())


@dataclass(frozen=True, slots=True)
class CompactRange:
    """A tree without its leaves: enough to append to it and to know its root."""

    size: int = 0
    edges: tuple[TreeHash, ...] = ()
    """Roots of the perfect subtrees, largest first: one for each bit set in `size`."""

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.edges) != self.size.bit_count():
            raise ValueError(f"a tree of {self.size} leaves has not {len(self.edges)} edges")
        if any(len(edge) != HASH_SIZE for edge in self.edges):
            raise ValueError("an edge of a tree is 32 bytes")

    def append(self, leaf: TreeHash) -> "CompactRange":
        edges = [*self.edges, leaf]
        size = self.size
        while size & 1:  # two perfect subtrees of equal size make one of twice the size
            right, left = edges.pop(), edges.pop()
            edges.append(node_hash(left, right))
            size >>= 1
        return CompactRange(self.size + 1, tuple(edges))

    def root(self) -> TreeHash:
        if not self.edges:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.edges))


def tree_of(leaves: Iterable[TreeHash]) -> CompactRange:
    return reduce(lambda tree, leaf: tree.append(leaf), leaves, CompactRange())


def inclusion_proof(leaves: Sequence[TreeHash], index: int) -> list[TreeHash]:
    """PATH(m, D[n]) of RFC 6962 section 2.1.1: shows that leaf `index` is in the tree."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    split = _split(len(leaves))
    if index < split:
        return [*inclusion_proof(leaves[:split], index), _root(leaves[split:])]
    return [*inclusion_proof(leaves[split:], index - split), _root(leaves[:split])]


def included(
    leaf: TreeHash, index: int, *, size: int, root: TreeHash, proof: Sequence[TreeHash]
) -> bool:
    """Whether the proof shows the leaf at this index of the tree with this size and root."""
    if not 0 <= index < size:
        return False
    node, last, computed = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            computed = node_hash(step, computed)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            computed = node_hash(computed, step)
        node, last = node >> 1, last >> 1
    return last == 0 and computed == root


def consistency_proof(leaves: Sequence[TreeHash], old_size: int) -> list[TreeHash]:
    """PROOF(m, D[n]) of RFC 6962 section 2.1.2: shows that the old tree is a prefix of this one."""
    if not 0 < old_size <= len(leaves):
        raise ValueError(f"a tree of {len(leaves)} leaves had never {old_size}")
    return _subproof(leaves, old_size, complete=True)


def _subproof(leaves: Sequence[TreeHash], old_size: int, *, complete: bool) -> list[TreeHash]:
    if old_size == len(leaves):
        return [] if complete else [_root(leaves)]
    split = _split(len(leaves))
    if old_size <= split:
        left = _subproof(leaves[:split], old_size, complete=complete)
        return [*left, _root(leaves[split:])]
    right = _subproof(leaves[split:], old_size - split, complete=False)
    return [*right, _root(leaves[:split])]


@dataclass(frozen=True, slots=True)
class TreeHead:
    size: int
    root: TreeHash


def consistent(old: TreeHead, new: TreeHead, proof: Sequence[TreeHash]) -> bool:
    """Whether the proof shows that the new tree only appended to the old one."""
    if not 0 < old.size <= new.size:
        return False
    if old.size == new.size:
        return not proof and old.root == new.root
    # RFC 9162 2.1.4.2: an old tree that is perfect is itself the first step of the proof.
    steps = [old.root, *proof] if old.size.bit_count() == 1 else list(proof)
    if not steps:
        return False
    node, last = old.size - 1, new.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    old_root = new_root = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_root, new_root = node_hash(step, old_root), node_hash(step, new_root)
            while node and not node & 1:
                node, last = node >> 1, last >> 1
        else:
            new_root = node_hash(new_root, step)
        node, last = node >> 1, last >> 1
    return last == 0 and old_root == old.root and new_root == new.root


def _root(leaves: Sequence[TreeHash]) -> TreeHash:
    return tree_of(leaves).root()


def _split(count: int) -> int:
    """Give the largest power of two smaller than `count` (RFC 6962 section 2.1)."""
    return 1 << ((count - 1).bit_length() - 1)
