"""Merkle trees by RFC 6962: known roots, the plain definition beside the growing tree, proofs, and removed parts."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics.evidence.sealing import EMPTY, GrowingTree, Part, joined, leaf_hash, node_hash, proof_of, root_by, root_of

# The leaves and roots by which Certificate Transparency logs try themselves.
LEAVES = [
    bytes.fromhex(leaf)
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


def leaves(number: int) -> list[bytes]:
    return [leaf_hash(str(place).encode()) for place in range(number)]


def by_definition(hashes: list[bytes]) -> bytes:
    """The tree's root as the RFC's text defines it."""
    if len(hashes) < 2:
        return hashes[0] if hashes else hashlib.sha256(b"").digest()
    split = 1 << (len(hashes) - 1).bit_length() - 1
    return node_hash(by_definition(hashes[:split]), by_definition(hashes[split:]))


@pytest.mark.parametrize("number", range(len(ROOTS)))
def test_roots_are_those_of_certificate_transparency(number: int) -> None:
    assert root_of([leaf_hash(leaf) for leaf in LEAVES[:number]]).hex() == ROOTS[number]


@given(st.integers(0, 130))
def test_the_growing_tree_has_the_root_of_the_definition(number: int) -> None:
    assert root_of(leaves(number)) == by_definition(leaves(number))


@given(st.integers(1, 70), st.data())
def test_every_leaf_is_proved_and_another_is_not(number: int, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, number - 1))
    proof = proof_of(leaves(number), position)
    assert root_by(leaves(number)[position], proof) == root_of(leaves(number))
    assert root_by(leaf_hash(b"another"), proof) != root_of(leaves(number))
    assert len(proof) <= number.bit_length()


@given(st.integers(1, 70), st.data())
def test_the_root_holds_whatever_was_removed_and_proofs_of_the_rest_too(number: int, data: st.DataObject) -> None:
    removed = data.draw(st.sets(st.integers(0, number - 1)))
    hashes = leaves(number)
    stumps = list(joined(Part(place, 0, hashes[place]) for place in sorted(removed)))
    starts = {part.start: part for part in stumps}
    kept = [place for place in range(number) if place not in removed]
    for watched in (None, *kept[:1]):
        tree = GrowingTree(watched)
        while tree.size < number:
            part = starts.get(tree.size) or Part(tree.size, 0, hashes[tree.size])
            tree.add(part.digest, part.height)
        assert tree.root() == root_of(hashes)
    if kept:
        tree = GrowingTree(kept[0])
        while tree.size < number:
            part = starts.get(tree.size) or Part(tree.size, 0, hashes[tree.size])
            tree.add(part.digest, part.height)
        assert root_by(hashes[kept[0]], tree.proof()) == root_of(hashes)


def test_what_is_removed_whole_leaves_few_hashes() -> None:
    hashes = leaves(1000)
    stumps = list(joined(Part(place, 0, digest) for place, digest in enumerate(hashes)))
    assert [part.height for part in stumps] == [9, 8, 7, 6, 5, 3]  # 1000 = 512 + 256 + 128 + 64 + 32 + 8
    around_one = list(joined(Part(place, 0, digest) for place, digest in enumerate(hashes) if place != 500))
    assert len(around_one) < 20


def test_parts_removed_later_join_those_removed_before() -> None:
    hashes = leaves(8)
    before = list(joined([Part(0, 0, hashes[0]), Part(1, 0, hashes[1])]))
    assert list(joined([*before, Part(2, 0, hashes[2]), Part(3, 0, hashes[3])])) == [Part(0, 2, root_of(hashes[:4]))]


def test_a_part_stands_only_where_its_size_divides_the_place() -> None:
    tree = GrowingTree()
    tree.add(EMPTY)
    with pytest.raises(ValueError, match="begins at leaf 1"):
        tree.add(EMPTY, height=1)
