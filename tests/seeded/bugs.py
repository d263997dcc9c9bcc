"""Bugs that somebody could write tomorrow, each as a small change of the code, and the test that must turn red by it.

The list is part of the promise: a rule that no test would miss when it is gone is no rule.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bug:
    """A change of one file: the old words, the new ones, and the test that must fail then."""

    name: str
    file: str
    old: str
    new: str
    test: str


_POSTING = "tests/ledger/test_posting.py"
_PRIVACY = "tests/disclosure/test_privacy.py"
_SIGNING = "tests/translog/test_signing.py"
_PUBLISHING = "tests/translog/test_publishing.py"

OF_THE_BOOKS = (
    Bug(
        "a key used again with other content is let through",
        "portal/ledger/posting.py",
        "if row.content_hash != wanted[row.idempotency_key].content_hash():",
        "if False:",
        f"{_POSTING}::test_the_same_key_with_other_content_is_refused",
    ),
    Bug(
        "no key: every repeat is posted again",
        "portal/giving/service.py",
        "if earlier is not None:",
        "if False:",
        "tests/giving/test_counter.py::test_a_double_click_logs_one_gift",
    ),
    Bug(
        "self-approval",
        "portal/staff/review.py",
        "if checker.id in hands:",
        "if False:",
        "tests/staff/test_review.py::test_the_maker_never_approves_even_as_a_reviewer",
    ),
    Bug(
        "a version that was not shown is approved",
        "portal/staff/documents.py",
        "if self.version != version:",
        "if False:",
        "tests/staff/test_review.py::test_a_version_that_was_not_shown_is_not_approved",
    ),
    Bug(
        "a fund is overdrawn: the condition of the update is gone",
        "portal/ledger/balances.py",
        "_BALANCE.c.balance_fen + _CAME - _WENT >= _BALANCE.c.reserved_fen - _RELEASED,",
        "",
        f"{_POSTING}::test_what_is_reserved_is_not_available",
    ),
    Bug(
        "double reversal",
        "portal/reversals/service.py",
        "if session.scalar(select(Entry.id).where(Entry.reverses_id == entry.id)) is not None:",
        "if False:",
        "tests/reversals/test_rules.py::test_an_entry_is_reversed_once",
    ),
    Bug(
        "a payout is reversed with the wrong sign",
        "portal/ledger/posting.py",
        "amount_fen=-entry.amount_fen,",
        "amount_fen=abs(entry.amount_fen),",
        f"{_POSTING}::test_a_reversal_brings_every_figure_back_and_both_stay",
    ),
    Bug(
        "wrong sign in an answer of the API",
        "portal/disclosure/documents.py",
        '"amount_fen": entry.amount_fen,',
        '"amount_fen": abs(entry.amount_fen),',
        "tests/api/test_api.py::test_an_entry_has_exactly_the_fields_of_the_contract",
    ),
    Bug(
        "commits that a power cut undoes",
        "portal/db.py",
        '"synchronous=FULL",',
        '"synchronous=NORMAL",',
        "tests/watch/test_start_up.py::test_every_connection_writes_through_to_the_disk",
    ),
    Bug(
        "a ledger that can be changed",
        "portal/ledger/triggers.py",
        'for action in ("UPDATE", "DELETE")',
        'for action in ("DELETE",)',
        f"{_POSTING}::test_the_database_refuses_to_change_what_was_posted",
    ),
)

OF_NAMES_AND_PROOFS = (
    Bug(
        "a name without consent",
        "portal/giving/models.py",
        "if donor_name and publish_name and not anonymous:",
        "if donor_name:",
        f"{_PRIVACY}::test_without_consent_nothing_of_the_donor_is_anywhere",
    ),
    Bug(
        "a name in the title of a PDF",
        "portal/reports/bill.py",
        "title=bill.title,",
        'title=str(__import__("portal.db", fromlist=["db"]).db.session.execute('
        '__import__("sqlalchemy").text("SELECT donor_name FROM donation")).all()),',
        f"{_PRIVACY}::test_without_consent_nothing_of_the_donor_is_anywhere",
    ),
    Bug(
        "a name in a leaf",
        "portal/giving/entries.py",
        'yield "donor", seal(donation.donor_salt, donation.donor_part)',
        'yield "donor", donation.donor_name',
        f"{_PRIVACY}::test_without_consent_nothing_of_the_donor_is_anywhere",
    ),
    Bug(
        "one salt for all",
        "portal/translog/canonical.py",
        "return secrets.token_bytes(SALT_SIZE)",
        "return bytes(SALT_SIZE)",
        f"{_PRIVACY}::test_nobody_can_guess_a_donor_from_the_log",
    ),
    Bug(
        "a withdrawn consent that hides nothing",
        "portal/giving/consent.py",
        "donation.publish_name = False",
        "donation.publish_name = True",
        f"{_PRIVACY}::test_a_withdrawn_consent_hides_the_name_everywhere_and_every_proof_holds",
    ),
    Bug(
        "an erasure that keeps the salt",
        "portal/imports/erasing.py",
        "donation.donor_salt = None",
        "pass",
        f"{_PRIVACY}::test_an_erased_donor_is_gone_from_the_database_and_every_proof_holds",
    ),
    Bug(
        "an entry without its leaf",
        "portal/ledger/posting.py",
        "    log.write()\n",
        "",
        f"{_PUBLISHING}::test_every_entry_has_exactly_one_leaf_and_proves_it",
    ),
    Bug(
        "the signer signs before it remembers",
        "portal/translog/signing.py",
        "            self._keep(frontier)\n",
        "",
        f"{_SIGNING}::test_its_state_is_kept_before_it_signs",
    ),
    Bug(
        "the signer takes a root on faith",
        "portal/translog/signing.py",
        "if frontier.root() != root:",
        "if False:",
        f"{_SIGNING}::test_leaves_that_lead_to_another_root_are_refused_and_nothing_is_kept",
    ),
    Bug(
        "an older copy of the books is written to",
        "portal/watch/doubts.py",
        "if size < signed.size:",
        "if False:",
        "tests/watch/test_doubts.py::test_books_behind_the_signer_are_not_written_to",
    ),
)
