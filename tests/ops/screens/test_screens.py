"""All screens are drawn, and Slack would show each of them."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from blocks import ids, labels
from blocks.i18n import translator
from bot.articles.contents import Contents
from bot.delivery.rendering.render import RENDERERS
from bot.ops.screens import check, drawing
from bot.ops.screens.check import check_screens
from bot.ops.screens.desk import SampleDesk, sample_contents
from bot.ops.screens.drawing import screens
from bot.ops.screens.screen import Screen
from bot.ops.screens.sending import NAMES
from bot.ops.screens.stories import agreements, undecided
from bot.slack.client import worker_client
from bot.views import approvers
from models.base import LocalizedText
from models.lifecycle import Status
from models.outbox.kinds import DeliveryKind
from playground.state.workspace import BOT_TOKEN
from playground.testing import Playground
from tests.architecture.modules import tree_of, under
from tests.ops.screens.conftest import Judged

NOT_IN_SLACK = {
    DeliveryKind.MAIL: "an e-mail",
    DeliveryKind.FILE: "a file, without blocks",
    DeliveryKind.OWN_DATA: "a file, with a text",
    DeliveryKind.CHANNEL: "a channel to read",
    DeliveryKind.APPROVERS: "people to read",
    DeliveryKind.DEPARTURE: "members to read",
}
HEADS = {"FormHead", "ArticleFrame"}
"""What our builders are given the id of a view in, as the first argument."""


def test_slack_shows_every_screen(
    drawn: Sequence[Screen], slack: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "screens", lambda *_contents, **_more: iter(drawn))
    [finding] = check_screens(worker_client(BOT_TOKEN, slack.api_url))
    assert (finding.sign, finding.text) == ("ok", f"screens: {len(drawn)} judged by Slack, no fault")


def test_each_view_that_a_builder_makes_is_among_them(drawn: Sequence[Screen]) -> None:
    shown = {screen.content.get("callback_id") for screen in drawn}
    assert {getattr(ids, name) for name in _callback_names()} - shown == set()


def _callback_names() -> Iterator[str]:
    """The names of the ids that views are made with, and that listeners are registered for."""
    for module in (*under("blocks"), *under("bot.listeners")):
        for call in ast.walk(tree_of(module)):
            if isinstance(call, ast.Call):
                named = [each.value for each in call.keywords if each.arg == "callback_id"]
                called = ast.unparse(call.func)
                given = call.args[:1] if called in HEADS or called == "app.view" else []
                yield from (each.attr for each in (*named, *given) if ast.unparse(each).startswith("ids."))


def test_the_ids_of_views_are_found() -> None:
    assert {"TICKET_FORM", "QUEUE", "MY_SEARCH", "ARTICLE_IN_FORM", "HOME", "NOTICE"} <= {*_callback_names()}


def test_each_kind_of_delivery_that_slack_shows_is_among_them(drawn: Sequence[Screen]) -> None:
    assert {screen.kind for screen in drawn} - {None} == RENDERERS.keys() - NOT_IN_SLACK


def test_each_kind_that_is_drawn_has_a_name() -> None:
    assert NAMES.keys() == RENDERERS.keys() - NOT_IN_SLACK


def test_every_screen_is_drawn_in_both_languages(drawn: Sequence[Screen]) -> None:
    french, english = ([each.title for each in drawn if each.locale == locale] for locale in ("fr", "en"))
    assert french == english


@pytest.mark.parametrize("status", Status)
def test_cards_are_drawn_in_each_status(drawn: Sequence[Screen], status: Status) -> None:
    label = translator("fr")(labels.STATUS[status])
    kinds = {screen.kind for screen in drawn if label in str(screen.content)}
    assert {DeliveryKind.CARD, DeliveryKind.TRIAGE_CARD} <= kinds


def test_each_group_service_and_article_of_the_catalogue_is_drawn(
    drawn: Sequence[Screen], contents: Contents
) -> None:
    titles = {screen.title for screen in drawn}
    for service in contents.catalogue.all_services():
        assert f"the page of the service “{service.id}”" in titles
        assert not service.questions or f"the form of the service “{service.id}”" in titles
    for group in contents.catalogue.all_groups():
        assert f"the group “{group.id}” of the catalogue" in titles
    for article in contents.articles:
        assert f"the article “{article.id}”" in titles


def test_a_builder_that_slack_would_refuse_is_named(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "STORIES", {"agreements": agreements.agreed})
    absence_form = approvers.absence_form

    def with_a_block_twice(*arguments: object) -> object:
        view = absence_form(*arguments)  # type: ignore[arg-type]
        view.blocks.append(view.blocks[0])  # type: ignore[union-attr, arg-type]
        return view

    monkeypatch.setattr(approvers, "absence_form", with_a_block_twice)
    *faults, last = [finding.text for finding in judged(*screens())]
    assert len(faults) == 4
    for fault in faults:
        assert fault.startswith("screens: the form of an absence")
        assert " is refused by Slack: " in fault
    assert last.endswith("judged by Slack, with the faults above")


def test_a_text_that_is_too_long_for_a_builder_is_named(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "STORIES", {"agreements": agreements.agreed})
    absence_form = approvers.absence_form

    def with_a_long_title(*arguments: object) -> object:
        view = absence_form(*arguments)  # type: ignore[arg-type]
        view.title.text = "x" * 25  # type: ignore[union-attr]
        return view

    monkeypatch.setattr(approvers, "absence_form", with_a_long_title)
    first, *_others = judged(*screens())
    assert not first.ok
    assert first.text.startswith("screens: the form of an absence, in French ")
    assert "24" in first.text


def test_a_defect_ends_one_story_and_no_other(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_desk: SampleDesk) -> Iterator[Screen]:
        raise KeyError("no such row")
        yield

    monkeypatch.setattr(drawing, "STORIES", {"a defect": broken, "agreements": undecided.declined})
    fault, summary = judged(*screens())
    assert fault.text == (
        "screens: the samples of a defect, or the rest of them, cannot be drawn: 'no such row'"
    )
    assert summary.text.endswith(" judged by Slack, with the faults above")
    assert int(summary.text.split()[1]) > 10


def test_a_catalogue_that_slack_would_not_show_is_named(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "STORIES", {})
    contents = sample_contents()
    [article] = contents.articles
    long = "## Étape\n\nCliquez.\n\n" * 60
    articles = [replace(article, body=LocalizedText(long, article.body.en))]
    fault, summary = judged(*screens(replace(contents, articles=articles)))
    assert fault.text == (
        "screens: the article “wifi”, in French cannot be drawn: views must contain between 1 and 100 blocks"
    )
    assert summary.text.endswith(" judged by Slack, with the faults above")


def test_a_catalogue_that_cannot_be_loaded_is_a_fault(
    judged: Judged, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "STORIES", {})
    contents = sample_contents()
    nothing = replace(contents, catalogue=contents.catalogue.model_copy(update={"teams": ()}))
    fault, _summary = judged(*screens(nothing))
    assert fault.text.startswith("screens: the catalogue cannot be drawn: ")
