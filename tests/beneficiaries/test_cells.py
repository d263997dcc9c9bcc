"""Small groups of people helped are merged before they are published (I25)."""

from hypothesis import given
from hypothesis import strategies as st

from portal.beneficiaries.cells import FEWEST, merged_cells

COUNTED = st.lists(st.tuples(st.sampled_from("甲乙丙丁戊己庚"), st.integers(1, 40)), max_size=12)


@given(COUNTED)
def test_no_published_cell_is_small_and_nobody_is_lost(counted: list[tuple[str, int]]) -> None:
    cells = merged_cells(counted)
    everybody = sum(people for _key, people in counted)
    keys = [key for cell in cells for key in cell.keys]
    assert sorted(keys) == sorted({key for key, _people in counted}), "each key is told once"
    assert all(cell.people is None or cell.people >= FEWEST for cell in cells)
    if everybody >= FEWEST or not counted:
        assert sum(cell.people or 0 for cell in cells) == everybody
    else:
        assert [cell.people for cell in cells] == [None]


@given(COUNTED)
def test_no_small_cell_can_be_worked_out(counted: list[tuple[str, int]]) -> None:
    sums: dict[str, int] = {}
    for key, people in counted:
        sums[key] = sums.get(key, 0) + people
    for cell in merged_cells(counted):
        assert len(cell.keys) > 1 or cell.people is None or sums[cell.keys[0]] == cell.people
        small = [key for key in cell.keys if sums[key] < FEWEST]
        assert not small or len(cell.keys) > 1 or len(sums) == 1


def test_three_of_one_group_join_the_smallest_other() -> None:
    cells = merged_cells([("学生", 40), ("老人", 3), ("儿童", 12)])
    assert [(cell.keys, cell.people) for cell in cells] == [(("学生",), 40), (("老人", "儿童"), 15)]
