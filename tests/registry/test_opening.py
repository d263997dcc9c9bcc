"""Opening hours are read as they are written, and never guessed at."""

from datetime import datetime, time

import pytest

from portal.periods import SHANGHAI
from portal.registry.opening import read_hours

FRIDAY, SATURDAY, SUNDAY = (datetime(2026, 3, day, tzinfo=SHANGHAI) for day in (6, 7, 8))


@pytest.mark.parametrize(
    ("words", "day", "open_at", "closed_at"),
    [
        ("周一至周五 9:00–17:30", FRIDAY, (9, 0), (17, 30)),
        ("周一至周五 9:00–17:30", FRIDAY, (17, 29), (8, 59)),
        ("每天 9:00-21:00", SUNDAY, (20, 59), (21, 0)),
        ("周二、周四、周六 14:00–17:00", SATURDAY, (14, 0), (13, 59)),
        ("工作日9：00～12：00，14：00～17：00", FRIDAY, (14, 0), (12, 30)),
        ("周一到周五 8:30-17:00；周六、周日 9:00-12:00", SUNDAY, (9, 0), (12, 0)),
        ("星期一至星期日 上午9:00至下午5:00（节假日除外）", SATURDAY, (16, 59), (17, 0)),
        ("周六至周一 10:00-11:00", SUNDAY, (10, 30), (11, 0)),
        ("9:00-24:00", FRIDAY, (23, 59), (8, 0)),
    ],
)
def test_a_place_is_open_when_its_words_say_so(
    words: str, day: datetime, open_at: tuple[int, int], closed_at: tuple[int, int]
) -> None:
    hours = read_hours(words)
    assert hours is not None
    assert hours.closes_after(day.replace(hour=open_at[0], minute=open_at[1])) is not None
    assert hours.closes_after(day.replace(hour=closed_at[0], minute=closed_at[1])) is None


def test_the_days_of_one_part_do_not_leak_into_the_next() -> None:
    hours = read_hours("周一至周五 9:00-17:00；周六 9:00-12:00")
    assert hours is not None
    assert hours.closes_after(SATURDAY.replace(hour=10)) == time(12)
    assert hours.closes_after(SUNDAY.replace(hour=10)) is None


def test_it_says_when_a_place_opens_later_today() -> None:
    hours = read_hours("周五 9:00-12:00、14:00-17:00")
    assert hours is not None
    assert hours.opens_later(FRIDAY.replace(hour=13)) == time(14)
    assert hours.opens_later(FRIDAY.replace(hour=18)) is None


@pytest.mark.parametrize(
    "words",
    [
        "",
        "社区服务中心开放时间",
        "周一至周五",
        "9:00 起",
        "周一 17:00-9:00",
        "周一至周五 9:00-17:00，请先预约",
        "周一 25:00-26:00",
    ],
)
def test_what_is_not_understood_gives_no_sign(words: str) -> None:
    assert read_hours(words) is None
