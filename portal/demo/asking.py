"""What citizens of the demonstration asked: answered in time and late, waiting, withheld, and one complaint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.demo.stage import Stage
from portal.disclosure.models import Bill
from portal.ledger.models import Entry, EntryKind
from portal.periods import noon
from portal.questions import answering, asking, complaints, withholding
from portal.questions.asking import Asking
from portal.questions.complaint_models import Finding
from portal.questions.guards import AgedForm
