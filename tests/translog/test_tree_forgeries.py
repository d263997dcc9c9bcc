"""Forged proofs: every changed bit, hash, index and size is refused, as far as the tree itself can tell."""

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.translog import tree
from portal.translog.tree import ProofError, leaf_hash, node_hash
from tests.translog.textbook import Textbook, way_from, way_up

pytestmark = pytest.mark.one_engine

LAST = 300
BOOK = Textbook([f"leaf {number}".encode() for number in range(LAST)])
SIZES = st.integers(2, LAST)
STRANGE = leaf_hash(b"strange")


def flip(data: bytes, bit: int) -> bytes:
    return (int.from_bytes(data) ^ (1 << bit)).to_bytes(len(data))


def holds(verify: Callable[..., None], *claim: object) -> bool:
    try:
        verify(*claim)
    except ProofError:
        return False
    return True


def positions(last: int) -> Iterator[tuple[int, int]]:
    """Every leaf of every tree up to a size."""
    return ((index, size) for size in range(1, last + 1) for index in range(size))


def two_sizes(last: int) -> Iterator[tuple[int, int]]:
    """Every two sizes of which one can come before the other."""
    return ((old, new) for new in range(2, last + 1) for old in range(1, new))


def changed_in_length(hashes: list[bytes]) -> Iterator[list[bytes]]:
    """With one hash taken out, put in or put in twice, at every place."""
    for at in range(len(hashes)):
        yield hashes[:at] + hashes[at + 1 :]
        yield hashes[: at + 1] + hashes[at:]
    for at in range(len(hashes) + 1):
        yield [*hashes[:at], STRANGE, *hashes[at:]]


def swapped(hashes: list[bytes]) -> Iterator[list[bytes]]:
    """With two neighbours in each other's place."""
    for at in range(len(hashes) - 1):
        yield [*hashes[:at], hashes[at + 1], hashes[at], *hashes[at + 2 :]]


@given(st.data())
def test_no_inclusion_proof_survives_a_changed_bit(data: st.DataObject) -> None:
    size = data.draw(SIZES)
    index, bit = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, 255))
    hashes = [BOOK.mth(index, index + 1), BOOK.root(size), *BOOK.path(index, 0, size)]
    changed = data.draw(st.integers(0, len(hashes) - 1))
    hashes[changed] = flip(hashes[changed], bit)
    leaf, root, *path = hashes
    with pytest.raises(ProofError):
        tree.verify_inclusion(index, size, leaf, path, root)


@given(st.data())
def test_no_consistency_proof_survives_a_changed_bit(data: st.DataObject) -> None:
    new = data.draw(SIZES)
    old, bit = data.draw(st.integers(1, new - 1)), data.draw(st.integers(0, 255))
    hashes = [BOOK.root(old), BOOK.root(new), *BOOK.proof(old, new)]
    changed = data.draw(st.integers(0, len(hashes) - 1))
    hashes[changed] = flip(hashes[changed], bit)
    old_root, new_root, *proof = hashes
    with pytest.raises(ProofError):
        tree.verify_consistency(old, new, old_root, new_root, proof)


def test_an_inclusion_proof_holds_at_no_other_index_of_its_tree() -> None:
    for index, size in positions(33):
        path, leaf = BOOK.path(index, 0, size), BOOK.mth(index, index + 1)
        held = [
            one
            for one in range(-1, 66)
            if holds(tree.verify_inclusion, one, size, leaf, path, BOOK.root(size))
        ]
        assert held == [index]


def test_an_inclusion_proof_holds_at_another_size_only_where_the_way_up_is_the_same() -> None:
    """The root does not say how many leaves there are: only the signed size beside it does."""
    for index, size in positions(33):
        path, leaf = BOOK.path(index, 0, size), BOOK.mth(index, index + 1)
        for other in range(-1, 70):
            same = index < other and way_up(index, other) == way_up(index, size)
            assert holds(tree.verify_inclusion, index, other, leaf, path, BOOK.root(size)) == same


def test_a_consistency_proof_holds_for_other_sizes_only_where_the_way_up_is_the_same() -> None:
    for old, new in two_sizes(14):
        roots, proof = (BOOK.root(old), BOOK.root(new)), BOOK.proof(old, new)
        for claimed in two_sizes(20):
            same = way_from(*claimed) == way_from(old, new)
            assert holds(tree.verify_consistency, *claimed, *roots, proof) == same


def test_a_single_bit_of_a_size_makes_a_proof_fail_unless_the_way_up_is_the_same() -> None:
    for size in range(1, LAST + 1, 7):
        for other in (size ^ 1 << bit for bit in range(12)):
            for index in {0, size // 2, size - 1}:
                path, leaf = BOOK.path(index, 0, size), BOOK.mth(index, index + 1)
                same = index < other and way_up(index, other) == way_up(index, size)
                assert holds(tree.verify_inclusion, index, other, leaf, path, BOOK.root(size)) == same


def test_an_inclusion_proof_with_hashes_missing_added_or_swapped_is_refused() -> None:
    for index, size in positions(40):
        path, leaf = BOOK.path(index, 0, size), BOOK.mth(index, index + 1)
        for forged in (*changed_in_length(path), *swapped(path)):
            assert not holds(tree.verify_inclusion, index, size, leaf, forged, BOOK.root(size))


def test_a_consistency_proof_with_hashes_missing_added_or_swapped_is_refused() -> None:
    for old, new in two_sizes(40):
        roots, proof = (BOOK.root(old), BOOK.root(new)), BOOK.proof(old, new)
        for forged in (*changed_in_length(proof), *swapped(proof)):
            assert not holds(tree.verify_consistency, old, new, *roots, forged)


def test_no_proof_shows_that_a_tree_had_fewer_than_no_leaves() -> None:
    roots, proof = (BOOK.root(1), BOOK.root(2)), [BOOK.mth(0, 1), BOOK.mth(1, 2)]
    assert not any(holds(tree.verify_consistency, old, 2, *roots, proof) for old in range(-9, 1))


def test_an_empty_consistency_proof_shows_nothing_of_a_tree_that_grew() -> None:
    for old, new in two_sizes(40):
        for roots in [(BOOK.root(old), BOOK.root(new)), (BOOK.root(new), BOOK.root(new))]:
            assert not holds(tree.verify_consistency, old, new, *roots, [])


def test_a_consistency_proof_does_not_turn_time_around() -> None:
    for old, new in two_sizes(40):
        roots, proof = (BOOK.root(new), BOOK.root(old)), BOOK.proof(old, new)
        assert not holds(tree.verify_consistency, old, new, *roots, proof)


def test_a_tree_that_changed_an_old_leaf_is_not_consistent() -> None:
    for old, new in two_sizes(17):
        for changed in range(old):
            forged = Textbook([*BOOK.leaves[:changed], b"changed", *BOOK.leaves[changed + 1 : new]])
            roots = (BOOK.root(old), forged.root(new))
            for proof in (BOOK.proof(old, new), forged.proof(old, new)):
                assert not holds(tree.verify_consistency, old, new, *roots, proof)


def test_an_inner_node_does_not_pass_for_a_leaf() -> None:
    """Its two halves as the bytes of a leaf would have the same hash, if leaves were not hashed in their own way."""
    halves = BOOK.mth(0, 1) + BOOK.mth(1, 2)
    assert not holds(tree.verify_inclusion, 0, 2, leaf_hash(halves), [BOOK.mth(2, 4)], BOOK.root(4))


def test_bytes_moved_from_one_hash_to_its_neighbour_are_refused() -> None:
    leaf, beside = BOOK.mth(0, 1), BOOK.mth(1, 2)
    for cut in (-1, 1):
        moved = (leaf + beside)[: 32 + cut], [(leaf + beside)[32 + cut :]]
        assert node_hash(moved[0], *moved[1]) == BOOK.root(2)
        assert not holds(tree.verify_inclusion, 0, 2, *moved, BOOK.root(2))


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_root_of_another_length_is_refused(length: int) -> None:
    wrong = bytes(length)
    assert not holds(tree.verify_inclusion, 0, 1, wrong, [], wrong)
    assert not holds(tree.verify_consistency, 1, 1, wrong, wrong, [])
