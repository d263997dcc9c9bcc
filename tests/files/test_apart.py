"""A stranger's workbook is read in a child with limits: whatever it does to the child, the parent answers in words."""

import io
import pickle
from pathlib import Path

import pytest
import xlsxwriter

from portal.files import workbooks
from portal.files.apart import UnreadableWorkbook, read_workbook

pytestmark = pytest.mark.one_engine


def _book() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名单")
        sheet.write_row(0, 0, ["姓名", "金额"])
        sheet.write_row(1, 0, ["王小明", 12.5])
    return made.getvalue()


def _refused(content: bytes) -> str:
    with pytest.raises(UnreadableWorkbook) as refused:
        read_workbook(content)
    return str(refused.value)


def test_cells_come_over_as_they_are() -> None:
    assert read_workbook(_book()) == [("名单", [["姓名", "金额"], ["王小明", 12.5]], {})]


def test_what_is_cut_off_or_no_workbook_is_refused_in_words() -> None:
    assert "损坏" in _refused(_book()[:900])
    assert "损坏" in _refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


class _Evil:
    def __reduce__(self) -> tuple[object, tuple[str, ...]]:
        return (Path.touch, (Path("never"),))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import os; os.kill(os.getpid(), 9)", "大得不合常理"),
        ("import sys; sys.exit(3)", "损坏"),
        ("", "损坏"),
        ("import sys; sys.stdout.buffer.write(b'nonsense')", "损坏"),
        (f"import sys; sys.stdout.buffer.write({pickle.dumps(('', _Evil()))!r})", "损坏"),
    ],
    ids=["killed", "failed", "silent", "nonsense", "evil"],
)
def test_whatever_the_child_does_the_parent_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    child = tmp_path / "child.py"
    child.write_text(script)
    monkeypatch.setattr(workbooks, "__file__", str(child))
    assert words in _refused(_book())
    assert not (tmp_path / "never").exists()


def test_the_child_has_no_more_memory_than_a_list_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = tmp_path / "child.py"
    source = Path(workbooks.__file__).read_text()
    greedy = source.replace("read(sys.stdin.buffer.read())", "bytearray(4 * 1024**3)")
    assert greedy != source
    child.write_text(greedy)
    monkeypatch.setattr(workbooks, "__file__", str(child))
    assert "大得不合常理" in _refused(_book())
