"""What counts as a finding: what a judge says, a judge that is blind, and a judge that cannot run."""

import pytest

from tools.judges import lighthouse
from tools.judges.findings import Judge, Report, hear


def _silent() -> Report:
    return Report("one page", [])


def _broken() -> Report:
    raise FileNotFoundError("java")


def test_silence_counts_only_from_a_judge_that_sees(capsys: pytest.CaptureFixture[str]) -> None:
    judges = [
        Judge("sees", lambda: ["a fault"], _silent),
        Judge("blind", list, _silent),
        Judge("broken", lambda: ["a fault"], _broken),
        Judge("loud", lambda: ["a fault"], lambda: Report("one page", ["no alt"])),
    ]
    assert hear(judges) == ["blind", "broken", "loud"]
    said = capsys.readouterr().out
    assert "sees: 0 findings" in said and "silent about the planted fault" in said
    assert "it could not run: FileNotFoundError: java" in said and "no alt" in said


def _page(name: str, score: int | None) -> dict[str, object]:
    categories = [{"name": one, "score": 100, "lowered": []} for one in lighthouse.CATEGORIES]
    categories[-1] = {"name": "seo", "score": score, "lowered": ["meta-description"]}
    return {"name": name, "failed": None, "categories": categories}


@pytest.mark.parametrize(("score", "found"), [(100, 0), (95, 0), (94, 1), (None, 1)])
def test_a_category_under_95_is_found(score: int | None, found: int) -> None:
    assert len(list(lighthouse.findings(_page("home", score)))) == found


def test_only_what_is_excused_by_name_may_be_low() -> None:
    assert list(lighthouse.findings(_page("badge", 50))) == []


def test_a_page_that_did_not_load_is_found() -> None:
    assert list(lighthouse.findings({"name": "home", "failed": "no answer", "categories": []}))
