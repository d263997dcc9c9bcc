"""What every account of a beancount ledger holds at the end, as JSON. Run by the Python that beancount lives with."""

import json
import sys
from collections import defaultdict
from decimal import Decimal

from beancount import loader
from beancount.core.data import Transaction


def main() -> None:
    """Print ``{account: "1234.56"}``; exit 1 and the messages when the ledger is refused."""
    entries, errors, _options = loader.load_file(sys.argv[1])
    if errors:
        for one in errors:
            print(one.message, file=sys.stderr)
        sys.exit(1)
    held: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        if isinstance(entry, Transaction):
            for posting in entry.postings:
                held[posting.account] += posting.units.number
    print(json.dumps({account: str(amount) for account, amount in held.items()}))


if __name__ == "__main__":
    main()
