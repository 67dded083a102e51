"""The notice says what is set, and does not hide what is not."""

import pytest

from blocks.i18n import translator
from blocks.own_data.notice import SAFEGUARDS, Notice, notice_sections
from bot.delivery import periodic
from bot.services.message_drafts import drafts
from bot.settings.privacy import Safeguard
from models.search import gap as search_gap

SET = Notice(
    controller="Université d’Exemple",
    contact="dpo@univ.example",
    url="https://univ.example/rgpd",
    safeguards=("framework", "clauses"),
    files_months=12,
    tickets_months=24,
)


def said(notice: Notice, locale: str) -> str:
    sections = notice_sections(translator(locale), notice)
    return "\n".join(f"{each.title}\n{each.text}" for each in sections)


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_it_names_who_is_responsible_whom_to_ask_and_the_authority(locale: str) -> None:
    text = said(SET, locale)
    for each in ("Université d’Exemple", "dpo@univ.example", "https://univ.example/rgpd", "CNIL", "12", "24"):
        assert each in text


def test_what_is_not_chosen_is_said() -> None:
    text = said(Notice(), "en-GB")
    assert "its name has not been set yet" in text
    assert "The address of the data-protection officer has not been set yet" in text
    assert "Not decided yet: until it is, nothing is erased by itself." in text
    assert "Ask the data-protection officer which safeguards apply" in text


def test_one_period_alone_decides_nothing() -> None:
    assert "Not decided yet" in said(Notice(files_months=12), "en-GB")


def test_safeguards_are_those_that_are_set() -> None:
    text = said(SET, "en-GB")
    assert "Data Privacy Framework" in text
    assert "standard contractual clauses" in text
    assert "binding corporate rules" not in text


def test_each_safeguard_of_the_setting_has_its_words() -> None:
    assert set(Safeguard.__args__) == set(SAFEGUARDS)


def test_erasure_is_not_promised_where_it_does_not_reach() -> None:
    text = said(SET, "en-GB")
    assert "What you wrote or uploaded in Slack yourself stays there" in text
    assert "Backups" in text
    assert "What you wrote or decided on other people’s tickets stays, without your name" in text


def test_periods_that_no_setting_chooses_are_those_of_the_jobs() -> None:
    text = said(SET, "en-GB")
    assert periodic.KEPT_FOR == search_gap.KEPT
    assert (
        f"What was sent to you, and searches of the catalogue that found nothing: {search_gap.KEPT.days} days"
        in text
    )
    assert f"What you write to Guichet outside of tickets: {drafts.KEPT_FOR.days} days" in text
    assert "until your profile is erased" in text


def test_files_are_not_said_to_outlive_their_ticket() -> None:
    text = said(Notice(files_months=36, tickets_months=24), "en-GB")
    assert "Files and internal notes: 24 months" in text
