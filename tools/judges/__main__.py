"""Every outside judge, on a served portal: ``python -m tools.judges [BASE_URL]``.

Without an address a demonstration is made on a database of its own and served. Before a judge speaks it is shown
a planted fault; one that is silent about it, or that cannot run, counts as a finding. Exits 1 when there is any.
"""

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tools.judges import demonstration, error_pages, installed, pages
from tools.judges.bench import bench
from tools.judges.examples import Examples
from tools.judges.findings import hear
from tools.judges.portal import Portal
from tools.judges.variants import Shown


def main() -> None:
    """Judge, and tell what was found."""
    if len(sys.argv) > 2:
        sys.exit("usage: python -m tools.judges [BASE_URL]")
    unseen = pages.unseen(pages.public_endpoints())
    if unseen:
        sys.exit(
            f"no judge reads these pages; name them in tools/judges/pages.py: {', '.join(sorted(unseen))}"
        )
    installed.set_up()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="judges-")))
        portal = _portal(stack, folder)
        errors = Portal(stack.enter_context(error_pages.served()))
        examples = Examples(portal)
        shown = [Shown(portal, list(pages.pages(examples))), Shown(errors, error_pages.pages())]
        loud = hear(bench(portal, shown, pages.feeds(examples), folder))
    sys.exit(f"found something: {', '.join(loud)}" if loud else 0)


def _portal(stack: ExitStack, folder: Path) -> Portal:
    if len(sys.argv) == 2:
        return Portal(sys.argv[1])
    print("making a demonstration …", flush=True)
    return stack.enter_context(demonstration.served(folder))


if __name__ == "__main__":
    main()
