"""Every kind of public page, with an example found on the served portal.

The kinds come from the app's own addresses: one that no table here names stops the judging, so that no new page
stays unseen.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from portal import create_app
from portal.application import PUBLIC
from portal.config import Settings
from tools.judges.examples import Examples

LANGUAGES = ("zh_Hans_CN", "zh_Hant_HK", "en")
VIEWS = ("standard", "elder")

PAGES: Mapping[str, Mapping[str, str]] = {
    "site.home": {"home": "/"},
    "site.about": {"about": "/about"},
    "site.search": {
        "search": "/search",
        "search-found": "/search?q=%E5%9F%BA%E9%87%91",
        "search-kind": "/search?q=%E7%AB%99&kind=stations",
        "search-nothing": "/search?q=qqqqzzzz",
    },
    "disclosure.ledger": {
        "ledger": "/ledger",
        "ledger-filtered": "/ledger?direction=out&form=money&min=1000&fund={fund}",
        "ledger-empty": "/ledger?q=qqqqzzzz",
    },
    "disclosure.entry": {
        "entry-gift": "/ledger/{gift}",
        "entry-goods": "/ledger/{goods}",
        "entry-payout": "/ledger/{payout}",
        "entry-reversal": "/ledger/{reversal}",
        "entry-reversed": "/ledger/{reversed}",
        "entry-transfer": "/ledger/{transfer}",
    },
    "disclosure.organisations": {
        "organisations": "/organisations",
        "organisations-empty": "/organisations?q=qqqqzzzz",
    },
    "disclosure.organisation": {"organisation": "/organisations/{organisation}"},
    "disclosure.funds": {"funds": "/funds"},
    "disclosure.fund": {"fund": "/funds/{fund}"},
    "disclosure.stations": {"stations": "/stations", "stations-near": "/stations?near={street}"},
    "disclosure.station": {"station": "/stations/{station}"},
    "disclosure.projects": {"projects": "/projects"},
    "disclosure.project": {"project": "/projects/{project}"},
    "disclosure.project_people": {"project-people": "/projects/{project}/people"},
    "disclosure.campaigns": {"campaigns": "/campaigns"},
    "disclosure.campaign": {"campaign": "/campaigns/{campaign}"},
    "disclosure.landmarks": {"landmarks": "/landmarks"},
    "disclosure.landmark": {"landmark": "/landmarks/{landmark}"},
    "disclosure.bills": {"bills": "/bills"},
    "disclosure.bill": {"bill": "/bills/{bill}"},
    "disclosure.overview": {"overview": "/overview"},
    "disclosure.streets": {"streets": "/streets"},
    "disclosure.street": {"street": "/streets/{street}"},
    "disclosure.honour_roll": {"honour-roll": "/honour-roll"},
    "disclosure.how_to_give": {"how-to-give": "/how-to-give"},
    "disclosure.verify": {
        "verify": "/verify",
        "verify-good": "/verify?q={gift}",
        "verify-bad": "/verify?q=qqqqzzzz",
    },
    "indicators.per_capita": {"per-capita": "/indicators"},
    "ratio_pages.rules": {"ratio-rules": "/ratios/rules"},
    "reports.index": {"reports": "/reports"},
    "reports.charity_day_twin": {"charity-day": "/reports/charity-day/{year}"},
    "reports.organisation_twin": {"charity-day-organisation": "/reports/charity-day/{year}/{organisation}"},
    "reports.annual_twin": {"annual-report": "/reports/annual/{organisation}/{year}"},
    "reports.fund_twin": {"fund-report": "/reports/fund/{fund}/{year}"},
    "questions.index": {"questions": "/questions", "questions-late": "/questions?state=late"},
    "questions.show": {"question": "/questions/{question}"},
    "questions.ask": {"ask": "/questions/ask/entry/{gift}"},
    "questions.follow_up": {"follow-up": "/questions/{question}/more"},
    "complaints.index": {"complaints": "/complaints"},
    "complaints.show": {"complaint": "/complaints/{complaint}"},
    "complaints.about": {"complain": "/complaints/about/entry/{gift}"},
    "complaints.of_question": {"complain-answer": "/complaints/questions/{question}"},
    "my_gift.ask_for_code": {"my-gift": "/my-gift"},
    "notices.index": {"notices": "/notices"},
    "notices.show": {"notice": "/notices/{notice}"},
    "opendata.index": {"open-data": "/open-data"},
    "opendata.dictionary": {"dictionary": "/open-data/dictionary"},
    "opendata.badge_page": {"badge": "/embed/fund/{fund}"},
    "api.readable": {"api": "/api/v1/"},
}
"""By endpoint, the kinds of page that it shows, each with an address; a word in braces is an example."""

FEEDS: Mapping[str, tuple[str, ...]] = {
    "disclosure.feed": ("/feed.atom",),
    "questions.feed": ("/questions/feed.atom",),
    "opendata.bill_feed": ("/bills/feed.atom",),
    "opendata.correction_feed": ("/corrections/feed.atom",),
    "opendata.feed_of": (
        "/organisations/{organisation}/feed.atom",
        "/funds/{fund}/feed.atom",
        "/stations/{station}/feed.atom",
        "/projects/{project}/feed.atom",
        "/campaigns/{campaign}/feed.atom",
    ),
}
"""By endpoint, the feeds that the judge of feeds reads."""

API = frozenset(
    f"api.{name}"
    for name in (
        "bill bills campaigns entry funds ledger openapi organisations per_capita projects proof question questions "
        "stations summary"
    ).split()
)
"""What the judge of the API calls, by the API's own description."""

OTHER: Mapping[str, str] = {
    "disclosure.attachment": "a file that somebody handed in",
    "disclosure.bill_file": "one bill as data",
    "disclosure.proof": "a proof, judged by Go's libraries in tests/translog",
    "evidence.file": "a picture or PDF that somebody handed in",
    "health.healthz": "for machines",
    "health.readyz": "for machines",
    "log.checkpoint": "the log, judged by Go's libraries in tests/translog",
    "log.entries": "the log",
    "log.key": "the log",
    "log.tile": "the log",
    "log.verifier": "a program",
    "opendata.badge_picture": "a picture, read with the page that shows it",
    "opendata.file": "open data, read by the judges of data",
    "opendata.bill_rows": "open data",
    "opendata.ledger_csv": "open data",
    "opendata.ledger_jsonl": "open data",
    "opendata.ledger_summary": "open data",
    "opendata.ledger_xlsx": "open data",
    "opendata.manifest": "open data, read by the judges of data",
    "opendata.manifest_of": "open data, read by the judges of data",
    "reports.bill_card": "a picture, read with the page that shows it",
    "reports.pdf": "a PDF, judged in tests/reports",
    "reports.published": "a PDF, judged in tests/reports",
    "reports.bill_pdf": "a PDF, judged in tests/reports",
    "reports.charity_day": "a PDF, judged in tests/reports",
    "reports.station_poster": "a PDF, judged in tests/reports",
    "site.robots": "for crawlers",
    "site.sitemap": "for crawlers",
    "site.suggest": "names for a script",
}
"""Public addresses that are no page, and why no judge of pages reads them."""

_WORD = re.compile(r"\{(\w+)\}")


class Page(NamedTuple):
    """One page to be judged; ``status`` is what its answer must say."""

    kind: str
    address: str
    status: int = 200


def public_endpoints() -> set[str]:
    """Every endpoint of a public blueprint that answers to GET."""
    app = create_app(Settings(environment="test", database_url="sqlite:///:memory:"))
    names = {blueprint.name for blueprint in PUBLIC}
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint.split(".")[0] in names and "GET" in (rule.methods or ())
    }


def unseen(endpoints: set[str]) -> set[str]:
    """The endpoints that no judge reads and that nobody excused."""
    return endpoints - PAGES.keys() - FEEDS.keys() - OTHER.keys() - API


def pages(examples: Examples) -> Iterator[Page]:
    """One page of each kind.

    Raises:
        LookupError: the portal shows no example of something.
    """
    for kinds in PAGES.values():
        for kind, address in kinds.items():
            yield Page(kind, filled(address, examples))


def feeds(examples: Examples) -> list[str]:
    """The path of every kind of feed."""
    return [filled(path, examples) for paths in FEEDS.values() for path in paths]


def filled(path: str, examples: Examples) -> str:
    """A path with its words in braces replaced by examples."""
    return _WORD.sub(lambda word: examples.named(word[1]), path)
