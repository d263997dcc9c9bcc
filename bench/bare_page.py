"""The floor of the ledger page: a Flask view of one raw query and one short template, and a view of a constant.

``python -m bench.bare_page FILE PORT`` serves them with the very server that ``portal serve`` is.
"""

import sqlite3
import sys
import threading

from flask import Flask, request

from portal.cli.kept_connections import listen
from portal.config import Settings

TEMPLATE = """<!doctype html>
<html lang="zh-Hans-CN"><head><meta charset="utf-8"><title>收支明细</title></head><body><table>
{% for row in rows %}
<tr><td><a href="/ledger/{{ row.entry_no }}">{{ row.donor if row.direction == "in" else row.purpose }}</a></td>
<td>{{ "{:,.2f}".format(row.amount_fen / 100) }}</td><td>{{ row.occurred_on }}</td><td>{{ row.fund }}</td>
<td>{{ row.station or row.project or "" }}</td><td>{{ row.entry_no }}</td></tr>
{% endfor %}
</table></body></html>"""
QUERY = """
    SELECT entry.entry_no, entry.direction, entry.amount_fen, entry.occurred_on, fund.name AS fund,
        station.name AS station, project.name AS project, disbursement.purpose,
        CASE WHEN donation.publish_name THEN donation.donor_name ELSE '爱心人士' END AS donor
    FROM ledger_entry AS entry
    JOIN fund ON fund.id = entry.fund_id
    LEFT JOIN station ON station.id = entry.station_id
    LEFT JOIN project ON project.id = entry.project_id
    LEFT JOIN donation ON donation.entry_id = entry.id
    LEFT JOIN disbursement ON disbursement.entry_id = entry.id
    WHERE entry.fund_id = (SELECT id FROM fund WHERE code = ?)
    ORDER BY entry."index" DESC LIMIT 50
"""


def bare_app(file: str) -> Flask:
    """The two views over a database file."""
    app, kept = Flask(__name__), threading.local()
    # The server asks for them, to tell whose long bodies it reads.
    app.config["PORTAL_SETTINGS"] = Settings(environment="test")
    template = app.jinja_env.from_string(TEMPLATE)

    @app.get("/ledger")
    def _ledger() -> str:
        if not hasattr(kept, "books"):
            kept.books = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
            kept.books.row_factory = sqlite3.Row
        return template.render(rows=kept.books.execute(QUERY, (request.args["fund"],)).fetchall())

    @app.get("/healthz")
    def _constant() -> str:
        return "constant"

    return app


if __name__ == "__main__":
    listen(bare_app(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), threads=8).run()
