"""The tree: published vectors, the definitions of the RFC at every size, and another library."""

import pymerkle
import pytest

from portal.translog import tree
from portal.translog.tree import EMPTY_ROOT, Frontier, ProofError, leaf_hash
from tests.translog.textbook import Textbook

pytestmark = pytest.mark.one_engine

# The leaves and hashes of the reference implementation of Certificate Transparency.
PUBLISHED = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", bytes(range(96, 112)).hex())
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAF_0, LEAF_1 = ROOTS[1], "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
LEAF_4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
LEAF_6 = "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"
LEAVES_2_3 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
LEAVES_4_5 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
LEAVES_6_7 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
LEAVES_4_7 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
PATHS = [
    (0, 1, []),
    (0, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (5, 8, [LEAF_4, LEAVES_6_7, ROOTS[4]]),
    (2, 3, [ROOTS[2]]),
    (1, 5, [LEAF_0, LEAVES_2_3, LEAF_4]),
]
PROOFS = [
    (1, 1, []),
    (1, 8, [LEAF_1, LEAVES_2_3, LEAVES_4_7]),
    (6, 8, [LEAVES_4_5, LEAVES_6_7, ROOTS[4]]),
    (2, 5, [LEAVES_2_3, LEAF_4]),
    (6, 7, [LEAVES_4_5, LEAF_6, ROOTS[4]]),
]

LAST = 300
EXHAUSTIVE = 128
BOOK = Textbook([f"leaf {number}".encode() * (number % 5) for number in range(LAST)])


def frontier_of(leaves: list[bytes]) -> Frontier:
    frontier = Frontier.empty()
    frontier.extend(map(leaf_hash, leaves))
    return frontier


def some_below(size: int) -> list[int]:
    """Every number at small sizes; at larger ones the ends and each eleventh, shifted from size to size."""
    if size <= EXHAUSTIVE:
        return list(range(size))
    return sorted({0, 1, size // 2, size - 2, size - 1, *range(size % 11, size, 11)})


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_published(size: int) -> None:
    assert frontier_of(PUBLISHED[:size]).root().hex() == ROOTS[size]


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_inclusion_proofs_are_those_published(index: int, size: int, path: list[str]) -> None:
    subtree = Textbook(PUBLISHED).subtree
    assert [one.hex() for one in tree.inclusion_proof(index, size, subtree)] == path


@pytest.mark.parametrize(("index", "size", "path"), PATHS)
def test_published_inclusion_proofs_verify(index: int, size: int, path: list[str]) -> None:
    root, hashes = bytes.fromhex(ROOTS[size]), [bytes.fromhex(one) for one in path]
    tree.verify_inclusion(index, size, leaf_hash(PUBLISHED[index]), hashes, root)


@pytest.mark.parametrize(("old", "new", "proof"), PROOFS)
def test_consistency_proofs_are_those_published(old: int, new: int, proof: list[str]) -> None:
    subtree = Textbook(PUBLISHED).subtree
    assert [one.hex() for one in tree.consistency_proof(old, new, subtree)] == proof


@pytest.mark.parametrize(("old", "new", "proof"), PROOFS)
def test_published_consistency_proofs_verify(old: int, new: int, proof: list[str]) -> None:
    roots, hashes = (bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new])), list(map(bytes.fromhex, proof))
    tree.verify_consistency(old, new, *roots, hashes)


def test_the_root_of_every_size_is_that_of_the_definition() -> None:
    frontier = Frontier.empty()
    for size, leaf in enumerate(BOOK.leaves):
        assert frontier.root() == BOOK.root(size)
        frontier.append(leaf_hash(leaf))
    assert (frontier.size, frontier.root()) == (LAST, BOOK.root(LAST))


def test_the_root_of_every_earlier_size_is_found_from_subtrees() -> None:
    assert all(tree.root_at(size, BOOK.subtree) == BOOK.root(size) for size in range(LAST + 1))


def test_the_right_edge_of_every_earlier_size_is_the_one_that_was_appended() -> None:
    frontier = Frontier.empty()
    for leaf in BOOK.leaves:
        frontier.append(leaf_hash(leaf))
        assert tree.frontier_at(frontier.size, BOOK.subtree) == frontier


def test_appending_returns_every_subtree_that_it_completes_and_no_other() -> None:
    frontier = Frontier.empty()
    for size, leaf in enumerate(BOOK.leaves, start=1):
        levels = [level for level in range(1, 10) if size % 2**level == 0]
        due = [(level, (size >> level) - 1, BOOK.subtree(level, (size >> level) - 1)) for level in levels]
        assert frontier.append(leaf_hash(leaf)) == due


def test_every_right_edge_survives_packing() -> None:
    for size in range(LAST + 1):
        frontier = tree.frontier_at(size, BOOK.subtree)
        assert Frontier.unpack(size, frontier.pack()) == frontier


@pytest.mark.parametrize(("size", "length"), [(0, 32), (1, 0), (3, 32), (3, 63), (3, 65), (4, 64), (-1, 32)])
def test_a_packed_right_edge_of_the_wrong_length_is_refused(size: int, length: int) -> None:
    with pytest.raises(ValueError, match="right edge"):
        Frontier.unpack(size, bytes(length))


def test_a_copied_right_edge_grows_on_its_own() -> None:
    frontier = frontier_of(PUBLISHED[:5])
    frontier.copy().extend([EMPTY_ROOT] * 3)
    assert (frontier.size, frontier.root().hex()) == (5, ROOTS[5])


def test_inclusion_proofs_of_every_leaf_are_those_of_the_definition_and_verify() -> None:
    for size in range(1, LAST + 1):
        for index in some_below(size):
            path = tree.inclusion_proof(index, size, BOOK.subtree)
            assert path == BOOK.path(index, 0, size)
            tree.verify_inclusion(index, size, BOOK.mth(index, index + 1), path, BOOK.root(size))


def test_consistency_proofs_of_every_two_sizes_are_those_of_the_definition_and_verify() -> None:
    for new in range(1, LAST + 1):
        for old in (one + 1 for one in some_below(new)):
            proof = tree.consistency_proof(old, new, BOOK.subtree)
            assert proof == BOOK.proof(old, new)
            tree.verify_consistency(old, new, BOOK.root(old), BOOK.root(new), proof)


@pytest.mark.parametrize("size", [0, 1, 5])
def test_every_tree_begins_with_the_empty_one(size: int) -> None:
    tree.verify_consistency(0, size, EMPTY_ROOT, BOOK.root(size), [])


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (5, 4), (0, 0), (0, -1)])
def test_a_leaf_that_a_tree_has_not_is_neither_proven_nor_verified(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="has no leaf"):
        tree.inclusion_proof(index, size, BOOK.subtree)
    with pytest.raises(ProofError):
        tree.verify_inclusion(index, size, EMPTY_ROOT, [], EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(5, 4), (4, 3), (-1, 4), (1, 0), (-2, -1)])
def test_no_tree_begins_with_a_larger_or_impossible_one(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no consistency"):
        tree.consistency_proof(old, new, BOOK.subtree)
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, EMPTY_ROOT, EMPTY_ROOT, [])


def test_there_is_no_proof_from_the_empty_tree_since_it_needs_none() -> None:
    for size in (0, 1, 5):
        with pytest.raises(ValueError, match="no consistency"):
            tree.consistency_proof(0, size, BOOK.subtree)


def test_trees_of_one_size_are_consistent_only_with_one_root() -> None:
    for size in range(9):
        for roots in [(BOOK.root(size), BOOK.root(9)), (BOOK.root(9), BOOK.root(size))]:
            with pytest.raises(ProofError):
                tree.verify_consistency(size, size, *roots, [])


def test_consistency_from_nothing_needs_the_root_of_nothing_and_no_proof() -> None:
    for old_root, proof in [(BOOK.root(1), []), (EMPTY_ROOT, [BOOK.root(1)])]:
        with pytest.raises(ProofError):
            tree.verify_consistency(0, 5, old_root, BOOK.root(5), proof)


def pymerkle_tree(size: int) -> pymerkle.InmemoryTree:
    other = pymerkle.InmemoryTree()
    other.append_entries(BOOK.leaves[:size])
    return other


def test_pymerkle_finds_the_same_roots() -> None:
    other = pymerkle_tree(70)
    assert all(other.get_root(size) == tree.root_at(size, BOOK.subtree) for size in range(71))


def test_pymerkle_finds_the_same_inclusion_proofs() -> None:
    other = pymerkle_tree(70)
    for size in range(1, 71):
        for index in range(size):
            leaf, *path = other.prove_inclusion(index + 1, size).path
            assert path == tree.inclusion_proof(index, size, BOOK.subtree)
            tree.verify_inclusion(index, size, leaf, path, other.get_root(size))


def test_pymerkle_proves_that_every_tree_begins_with_every_earlier_one() -> None:
    """Its proofs hold other hashes than those of the RFC, so each goes with our roots to its own verifier."""
    other = pymerkle_tree(70)
    for new in range(1, 71):
        for old in range(1, new + 1):
            roots = (tree.root_at(size, BOOK.subtree) for size in (old, new))
            pymerkle.verify_consistency(*roots, other.prove_consistency(old, new))
