"""What `guichet doctor` says of the articles, and of the approvers that the catalogue names."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from bot.ops.finding import Finding
from models.approval_rule import ApprovalStep, Approvers, Source
from models.article import Article
from models.base import LocalizedText
from models.catalogue import Service
from playground.state import fixture
from tests.support.doctor import examined
from tests.support.help_desk import Desk

WORDS = "article wifi (Se connecter au Wi-Fi eduroam): review due since 2020-01-02, by Réseau et téléphonie"


def about_articles(desk: Desk) -> list[Finding]:
    return [finding for finding in examined(desk.settings) if finding.text.startswith("article ")]


def review(desk: Desk, on: date, **values: object) -> None:
    with desk.sessions.begin() as session:
        article = session.get_one(Article, "wifi")
        article.review_on = on
        for name, value in values.items():
            setattr(article, name, value)


def test_an_article_past_its_review_is_a_warning_with_its_owner(desk: Desk) -> None:
    review(desk, date(2020, 1, 2))
    (finding,) = about_articles(desk)
    assert (finding.text, finding.ok, finding.sign) == (WORDS, True, "warn")


def test_an_article_before_its_review_or_archived_is_not_listed(desk: Desk) -> None:
    review(desk, date(2999, 1, 1))
    assert about_articles(desk) == []
    review(desk, date(2020, 1, 2), archived=True)
    assert about_articles(desk) == []


NAME = LocalizedText("Responsable", "Head")
NOT_SET = "MANAGER_FIELD is not set, so no manager is known and requesters choose"
ADVISED = "set MANAGER_FIELD to a profile field of type user (team.profile.get lists them)"


def named(desk: Desk, *who: Approvers, **settings: object) -> list[tuple[str, str]]:
    """What is said when the steps of a service name these, and no other has steps."""
    with desk.sessions.begin() as session:
        for service in session.scalars(select(Service)):
            service.approval = []
        session.get_one(Service, "vpn").approval = [ApprovalStep(each, NAME) for each in who]
    found = examined(desk.settings.model_copy(update=settings))
    lines = [(each.sign, each.text) for each in found]
    return [(sign, text) for sign, text in lines if text.startswith("approvers: ")]


def test_approvers_whom_slack_knows_have_a_line_for_each_kind(desk: Desk) -> None:
    group = fixture.stable_id("S", "dnum")
    lea = desk.person("lea").slack_id
    who = (
        Approvers(Source.MANAGER),
        Approvers(Source.PEOPLE, (lea,)),
        Approvers(Source.CHANNEL, ("#habilitations",)),
        Approvers(Source.GROUP, (group,)),
    )
    kinds = ("user groups", "private channels", "people", "managers")
    assert named(desk, *who) == [("ok", f"approvers: {kind}") for kind in kinds]
    assert named(desk) == []


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (
            Approvers(Source.GROUP, ("S0NOBODY00",)),
            "S0NOBODY00: Slack answers no_such_subteam; correct the catalogue, or enable the group in Slack",
        ),
        (
            Approvers(Source.CHANNEL, ("#general",)),
            "#general is no private channel that the bot is in; invite the bot there, make the channel "
            "private, or correct the catalogue",
        ),
        (
            Approvers(Source.PEOPLE, ("U0NOBODY000",)),
            "U0NOBODY000: Slack answers user_not_found; name other members in the catalogue",
        ),
    ],
)
def test_approvers_whom_slack_does_not_know_are_named_with_what_to_do(
    desk: Desk, who: Approvers, said: str
) -> None:
    assert named(desk, who) == [("FAIL", f"approvers: {said}")]
    desk.slack.run(desk.slack.slack.workspace.violations.clear)


def test_without_the_managers_field_the_desk_works(desk: Desk) -> None:
    manager = Approvers(Source.MANAGER)
    assert named(desk, manager, manager_field=None) == [("warn", f"approvers: {NOT_SET}; {ADVISED}")]
    [(sign, text)] = named(desk, manager, manager_field="Xf0OTHER")
    assert (sign, text) == (
        "FAIL",
        f"approvers: the profiles have no field Xf0OTHER of type user; {ADVISED}",
    )


def test_a_scope_that_was_declined_is_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    given = desk.slack.slack.manifest
    scopes = given.bot_scopes - {"usergroups:read"}
    monkeypatch.setattr(desk.slack.slack, "manifest", replace(given, bot_scopes=scopes))
    said = "user groups cannot be read: install the app again with the scope usergroups:read"
    who = Approvers(Source.GROUP, ("S0NOBODY00", "S0OTHER000"))
    assert named(desk, who) == [("FAIL", f"approvers: {said}")]
