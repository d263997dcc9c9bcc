"""Tiles: the examples of the specification, one spelling for each tile, and no tile that the log has not."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.translog.tiles import NoTile, Tile, bundle

pytestmark = pytest.mark.one_engine

PATHS = [
    (Tile(0, 0), "0/000"),
    (Tile(0, 7), "0/007"),
    (Tile(0, 999), "0/999"),
    (Tile(0, 1000), "0/x001/000"),
    (Tile(0, 1_234_067), "0/x001/x234/067"),
    (Tile(3, 123_456_789), "3/x123/x456/789"),
    (Tile(7, 1_000_000_000), "7/x001/x000/x000/000"),
    (Tile(0, 273, 112), "0/273.p/112"),
    (Tile(1, 0, 1), "1/000.p/1"),
    (Tile(2, 1_234_067, 255), "2/x001/x234/067.p/255"),
    (Tile(None, 0), "entries/000"),
    (Tile(None, 1_234_067), "entries/x001/x234/067"),
    (Tile(None, 5, 17), "entries/005.p/17"),
]
LEVELS = st.one_of(st.none(), st.integers(0, 7))
SIZES = st.integers(0, 2**63 - 1)


def has(tile: Tile, size: int) -> bool:
    try:
        tile.require_within(size)
    except NoTile:
        return False
    return True


def tiles_of(size: int, level: int) -> tuple[int, int]:
    """How many full tiles a level has, and the width of the partial one, as the specification says."""
    return size // 256 ** (level + 1), size // 256**level % 256


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_a_tile_is_written_as_specified(tile: Tile, path: str) -> None:
    assert tile.path == path


@pytest.mark.parametrize(("tile", "path"), PATHS)
def test_a_path_is_read_as_specified(tile: Tile, path: str) -> None:
    assert Tile.parse(path) == tile


@given(LEVELS, SIZES, st.integers(1, 256))
def test_every_tile_is_read_as_it_was_written(level: int | None, index: int, width: int) -> None:
    tile = Tile(level, index, width)
    assert Tile.parse(tile.path) == tile


NO_PATHS = """
/0/000 0/000/ 0//000 0 0/ entries entries/ /000 000
00/000 01/000 -1/000 +1/000 a/000 8/000 63/000 64/000 100/000 Entries/000 data/000 ./000
0/0 0/00 0/0000 0/1000 0/67 0/+01 0/-01 0/00a 0/x000 0/067/000 0/001/234 0/x001/x234/x067 0/x001/234/067
0/001/x234/067 0/X001/000 0/x1/000 0/x01/000 0/x0001/000 0/xx001/000 0/x001x/000 0/x001 0/x001/ 0/x001//000
0/x000/000 0/x000/001 0/x000/x001/000 0/x001/x234/67
0/000.p/0 0/000.p/00 0/000.p/01 0/000.p/256 0/000.p/257 0/000.p/999 0/000.p/1000 0/000.p/-1 0/000.p/+1 0/000.p/ 0/000.p
0/000.p/1/ 0/000.p/a 0/000p/1 0/000/p/1 0/000.P/1 0/000.p/1.p/1 0/x001.p/1/000 0/000.q/1 0/000.p1 0/000/1
entries/0 entries/x000/001 entries/000.p/256 entries/000.p/0 entries/entries/000
0/x001/x001/x001/x001/x001/x001/x001/000
""".split()


STRANGE_PATHS = [
    "",
    " 0/000",
    "0/000 ",
    "0/000\n",
    "\n0/000",
    "0/００１",
    "0/٠٠١",
    "٠/000",
    "0/000.p/٥",
    "0\\000",
]


@pytest.mark.parametrize("path", [*NO_PATHS, *STRANGE_PATHS])
def test_a_path_in_another_spelling_is_refused(path: str) -> None:
    with pytest.raises(NoTile):
        Tile.parse(path)


@given(st.lists(st.sampled_from([*"0179x/.p", "entries/", "0/", "000", "007", "x001/", ".p/"]), max_size=6))
def test_any_path_is_refused_or_the_only_spelling_of_its_tile(pieces: list[str]) -> None:
    path = "".join(pieces)
    try:
        tile = Tile.parse(path)
    except NoTile:
        return
    assert tile.path == path


@pytest.mark.parametrize(
    ("size", "level", "full", "partial"),
    [
        (70_000, 0, 273, 112),
        (70_000, 1, 1, 17),
        (70_000, 2, 0, 1),
        (256, 0, 1, 0),
        (256, 1, 0, 1),
        (0, 0, 0, 0),
    ],
)
def test_a_log_has_exactly_the_tiles_of_the_published_examples(
    size: int, level: int, full: int, partial: int
) -> None:
    there = [index for index in range(full + 3) if has(Tile(level, index), size)]
    assert there == list(range(full))
    assert [width for width in range(1, 256) if has(Tile(level, full, width), size)] == [
        *range(1, partial + 1)
    ]


@given(SIZES, st.integers(0, 7))
def test_a_log_of_any_size_has_its_last_tiles_and_none_behind_them(size: int, level: int) -> None:
    full, partial = tiles_of(size, level)
    assert full == 0 or has(Tile(level, full - 1), size)
    assert not has(Tile(level, full), size)
    assert partial == 0 or has(Tile(level, full, partial), size)
    assert not has(Tile(level, full, partial + 1), size)
    assert not has(Tile(level, full + 1, 1), size)


@given(SIZES, SIZES, st.integers(1, 256))
def test_bundles_of_leaves_are_there_where_tiles_of_their_hashes_are(
    size: int, index: int, width: int
) -> None:
    for at in (index, size // 256, size // 256 + 1):
        assert has(Tile(None, at, width), size) == has(Tile(0, at, width), size)


@pytest.mark.parametrize(
    ("tile", "first"), [(Tile(0, 0), 0), (Tile(None, 3, 5), 768), (Tile(2, 1000), 256_000)]
)
def test_a_tile_begins_at_its_index_in_steps_of_256(tile: Tile, first: int) -> None:
    assert tile.first == first


def test_a_bundle_holds_every_leaf_behind_its_length() -> None:
    assert bundle([b"abc", b"", "片".encode()]) == b"\x00\x03abc\x00\x00\x00\x03\xe7\x89\x87"


def test_an_empty_bundle_is_empty() -> None:
    assert bundle([]) == b""


def test_a_bundle_holds_the_longest_leaf_and_refuses_a_longer_one() -> None:
    assert bundle([bytes(65_535)]) == b"\xff\xff" + bytes(65_535)
    with pytest.raises(struct.error):
        bundle([bytes(65_536)])


@given(st.lists(st.binary(max_size=300)))
def test_a_bundle_is_taken_apart_without_rest(leaves: list[bytes]) -> None:
    rest, found = bundle(leaves), []
    while rest:
        length = int.from_bytes(rest[:2], "big")
        found.append(rest[2 : 2 + length])
        rest = rest[2 + length :]
    assert found == leaves
