"""The account of a run: what it did, held against a count of its own. Uses nothing of `bot/`, nor of
`models/calendar`."""

from tests.chaos.account.table import Account
from tests.year.account.agreements import reckon_agreements
from tests.year.account.approvers import reckon_approvers
from tests.year.account.facts import Facts
from tests.year.account.mails import reckon_mails
from tests.year.account.once import reckon_once
from tests.year.account.reminders import reckon_reminders
from tests.year.account.silence import reckon_silence
from tests.year.account.targets import reckon_targets
from tests.year.account.technicians import reckon_technicians
from tests.year.account.terms import reckon_terms
from tests.year.account.told import Told
from tests.year.books import Books


def reckon(books: Books) -> Account:
    """The whole account."""
    account, facts = Account(), Facts(books)
    account.rows["tickets"] = len(books.requesters)
    account.rows["events"] = len(books.steps)
    account.rows["messages posted"] = len(books.posts)
    account.rows["e-mails"] = len({mail.key for mail in books.mails})
    for where in sorted(books.deaths):
        account.rows[f"workers that died {where}"] = books.deaths[where]
    reckon_targets(facts, account)
    reckon_technicians(facts, account)
    reckon_reminders(facts, account)
    reckon_silence(facts, account)
    reckon_agreements(facts, account)
    told = Told(facts)
    reckon_approvers(told, account)
    reckon_terms(told, account)
    reckon_once(facts, account)
    reckon_mails(facts, account)
    return account
