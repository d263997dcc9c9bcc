"""``make bench``: every measurement, one JSON object a line; or those named: ``make bench ARGS=posting``."""

import sys
from collections.abc import Callable, Iterator

from bench import appendix, importing, long_lists, pages, papers, payouts, posting, searching, serving, trails
from bench.measuring import Measurement

BENCHES: dict[str, Callable[[], Iterator[Measurement]]] = {
    "posting": posting.measurements,
    "importing": importing.measurements,
    "long_lists": long_lists.measurements,
    "papers": papers.measurements,
    "appendix": appendix.measurements,
    "searching": searching.measurements,
    "pages": pages.measurements,
    "payouts": payouts.measurements,
    "trails": trails.measurements,
    "serving": serving.measurements,
}


def main() -> None:
    """Measure and print."""
    unknown = set(sys.argv[1:]) - BENCHES.keys()
    if unknown:
        raise SystemExit(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    for name in sys.argv[1:] or BENCHES:
        for measurement in BENCHES[name]():
            print(measurement.as_json(), flush=True)


if __name__ == "__main__":
    main()
