"""No public page stays unseen by the judges, and every example that they ask for can be found."""

import pytest

from tools.judges import error_pages, pages
from tools.judges.examples import Examples
from tools.judges.portal import Portal

pytestmark = pytest.mark.one_engine


def test_every_public_page_is_judged_or_excused() -> None:
    assert pages.unseen(pages.public_endpoints()) == set()


def test_a_new_page_is_missed() -> None:
    assert pages.unseen({"site.home", "disclosure.something_new"}) == {"disclosure.something_new"}


def test_nothing_is_named_that_is_gone() -> None:
    named = {*pages.PAGES, *pages.FEEDS, *pages.OTHER, *pages.API}
    assert named - pages.public_endpoints() == set()


def test_no_two_kinds_of_page_share_a_name() -> None:
    kinds = [kind for several in pages.PAGES.values() for kind in several]
    assert len(kinds) == len(set(kinds))


def test_an_example_that_nobody_can_find_stops_the_judging() -> None:
    with pytest.raises(LookupError, match="unicorn"):
        pages.filled("/unicorns/{unicorn}", Examples(Portal("http://127.0.0.1:1")))


def test_every_error_has_a_page_with_a_way_on_though_the_database_is_away() -> None:
    with error_pages.served() as address:
        for page in error_pages.pages():
            answer = Portal(address).answer(page.address, {"portal_language": "en"})
            assert answer.status == page.status
            assert b'lang="en"' in answer.content and b'href="/"' in answer.content
