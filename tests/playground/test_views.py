"""Modals and App Homes through the playground's Web API."""

from typing import Any

import pytest
from slack_sdk import WebClient

from playground.testing import Playground
from tests.playground.web_api_calls import HOME, TEXT_INPUT, call, find, modal, refusal, rules, trigger


def open_modal(playground: Playground, client: WebClient, **more: Any) -> dict[str, Any]:
    answer = client.views_open(trigger_id=trigger(playground), view=modal(**more))
    return dict(answer["view"])


def test_a_trigger_opens_one_view_within_3_seconds(
    playground: Playground, client: WebClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = trigger(playground)
    assert client.views_open(trigger_id=used, view=modal())["view"]["root_view_id"]
    answer = refusal(playground, client, "views.open", trigger_id=used, view=modal())
    assert answer["error"] == "exchanged_trigger_id"
    late = trigger(playground)
    playground.control.post("clock", advance=3600)
    assert client.views_open(trigger_id=trigger(playground), view=modal())["ok"]  # by no clock that is moved
    monkeypatch.setattr(playground.slack, "trigger_seconds", 0.0)
    answer = refusal(playground, client, "views.open", trigger_id=late, view=modal())
    assert answer["error"] == "expired_trigger_id"


def test_a_refused_view_leaves_its_trigger_good(playground: Playground, client: WebClient) -> None:
    good = trigger(playground)
    assert refusal(playground, client, "views.open", trigger_id=good, view={})["error"] == "invalid_arguments"
    assert client.views_open(trigger_id=good, view=modal())["ok"]


def test_at_most_three_views_are_stacked(playground: Playground, client: WebClient) -> None:
    root = open_modal(playground, client)
    below = root["id"]
    for _ in range(2):
        view = client.views_push(trigger_id=trigger(playground, view_id=below), view=modal())["view"]
        assert (view["root_view_id"], view["previous_view_id"]) == (root["id"], below)
        below = view["id"]
    fourth = {"trigger_id": trigger(playground, view_id=below), "view": modal()}
    assert refusal(playground, client, "views.push", **fourth)["error"] == "push_limit_reached"


@pytest.mark.parametrize("place", ["home", "message"])
def test_only_a_click_in_a_modal_pushes(playground: Playground, client: WebClient, place: str) -> None:
    camille = find(playground, "@camille")
    home = client.views_publish(user_id=camille, view=HOME)["view"]["id"]
    clicked = trigger(playground, view_id=home if place == "home" else None)
    answer = refusal(playground, client, "views.push", trigger_id=clicked, view=modal())
    assert answer["error"] == {"home": "invalid_arguments", "message": "invalid_trigger_id"}[place]


def test_a_stale_hash_is_refused_without_blame(playground: Playground, client: WebClient) -> None:
    first = open_modal(playground, client)
    second = client.views_update(view_id=first["id"], hash=first["hash"], view=modal())["view"]
    assert second["hash"] != first["hash"]
    stale = {"view_id": first["id"], "hash": first["hash"], "view": modal()}
    assert refusal(playground, client, "views.update", **stale)["error"] == "hash_conflict"
    assert rules(playground) == []


def test_an_update_keeps_entered_text_where_the_ids_are_the_same(
    playground: Playground, client: WebClient
) -> None:
    view = open_modal(playground, client)
    values = playground.slack.workspace.views[view["id"]].state
    values["title"]["value"]["value"] = "Écran noir"
    same = client.views_update(view_id=view["id"], view=modal("Autre titre"))["view"]
    assert same["state"]["values"]["title"]["value"]["value"] == "Écran noir"
    other = modal(blocks=[{**TEXT_INPUT, "block_id": "title-2"}])
    changed = client.views_update(view_id=view["id"], view=other)["view"]
    assert changed["state"]["values"] == {"title-2": {"value": {"type": "plain_text_input", "value": None}}}


def test_an_update_keeps_the_type_of_the_view(playground: Playground, client: WebClient) -> None:
    view = open_modal(playground, client)
    answer = refusal(playground, client, "views.update", view_id=view["id"], view=HOME)
    assert answer["error"] == "invalid_arguments"


def test_an_external_id_names_one_view(playground: Playground, client: WebClient) -> None:
    open_modal(playground, client, external_id="ticket-1")
    renamed = client.views_update(external_id="ticket-1", view=modal("Deux", external_id="ticket-1"))["view"]
    assert renamed["title"]["text"] == "Deux"
    again = {"trigger_id": trigger(playground, "karim"), "view": modal(external_id="ticket-1")}
    assert refusal(playground, client, "views.open", **again)["error"] == "duplicate_external_id"


@pytest.mark.parametrize(("letters", "accepted"), [(2_400, True), (2_600, False)])
def test_a_view_is_at_most_250_kilobytes(
    playground: Playground, client: WebClient, letters: int, accepted: bool
) -> None:
    block = {"type": "section", "text": {"type": "plain_text", "text": "é" * (letters // 2)}}
    large = {"trigger_id": trigger(playground), "view": modal(blocks=[block] * 96)}
    if accepted:  # "é" is two bytes, however a client writes it in JSON
        assert call(playground, client, "views.open", **large)["ok"]
    else:
        assert refusal(playground, client, "views.open", **large)["error"] == "view_too_large"


def test_opening_over_a_modal_is_recorded(playground: Playground, client: WebClient) -> None:
    view = open_modal(playground, client)
    client.views_open(trigger_id=trigger(playground, view_id=view["id"]), view=modal())
    assert rules(playground) == ["open_over_modal"]


def test_a_home_is_published_and_replaced(playground: Playground, client: WebClient) -> None:
    camille = find(playground, "@camille")
    first = client.views_publish(user_id=camille, view=HOME)["view"]
    second = client.views_publish(user_id=camille, view=HOME, hash=first["hash"])["view"]
    assert second["id"] == first["id"]
    stale = {"user_id": camille, "view": HOME, "hash": first["hash"]}
    assert refusal(playground, client, "views.publish", **stale)["error"] == "hash_conflict"
