"""The catalogue's views: what Slack accepts, what a person reads, and the way back."""

import gettext
import json
from collections.abc import Sequence
from typing import Any

import pytest
from slack_sdk.models.views import View

from blocks import ids
from blocks.catalogue.page import PAGE_SIZE, catalogue_page, service_view
from blocks.catalogue.results import search_results
from blocks.catalogue.state import CatalogueState, dump_catalogue_state, load_catalogue_state
from blocks.i18n import Translator
from models.base import LocalizedText
from models.catalogue import Group, Service
from models.pages import CatalogueItem, CataloguePage, SearchHit, SearchPage, ServicePage
from playground.block_kit import check_view
from tests.support.factories import make_group, make_service, make_team

Json = dict[str, Any]

EN = Translator("en", gettext.NullTranslations())
FR = Translator("fr", gettext.NullTranslations())
TOP = CatalogueState()


def words(text: str) -> LocalizedText:
    return LocalizedText(fr=f"{text} fr", en=f"{text} en")


def group(name: str = "g", description: str = "About") -> Group:
    return make_group(name[:60], name=words(name), description=words(description))


def service(name: str = "s", description: str = "About", **more: Any) -> Service:
    return make_service(name[:60], name=words(name), description=words(description), **more)


def group_page(items: Sequence[CatalogueItem], *, of: Group | None = None, **more: Any) -> CataloguePage:
    values: Json = {"above": (), "page": 0, "has_more": False, **more}
    return CataloguePage(of, items=items, **values)


def page(shown: Service, above: Sequence[Group] = ()) -> ServicePage:
    return ServicePage(shown, make_team("t", name=words("Network")), above)


def search_page(*items: CatalogueItem, above: Sequence[Group] = (), **more: Any) -> SearchPage:
    values: Json = {"words": "wifi", "total": len(items), "page": 0, "has_more": False, **more}
    return SearchPage(items=[SearchHit(item, above) for item in items], **values)


def rendered(view: View) -> Json:
    """The view as Slack gets it, once it is known to be accepted."""
    sent: Json = json.loads(json.dumps(view.to_dict()))
    assert check_view(sent, scopes=[]) == []
    return sent


def texts(node: object) -> list[str]:
    """Every text of a view, in the order they are read."""
    if isinstance(node, list):
        return [text for each in node for text in texts(each)]
    if not isinstance(node, dict):
        return []
    own = [node["text"]] if isinstance(node.get("text"), str) else []
    return own + [text for value in node.values() for text in texts(value)]


def buttons(view: Json) -> dict[str, Json]:
    """The buttons of a view, by what they say; of two alike, the last."""
    accessories = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    rows = [block["elements"] for block in view["blocks"] if block["type"] == "actions"]
    return {
        each["text"]["text"]: each for each in [*accessories, *(button for row in rows for button in row)]
    }


def arrived(view: Json, typed: str | None = None) -> Json:
    """The view as Slack hands it back, with what stands in its search field."""
    has_field = any(block.get("block_id") == ids.SEARCH for block in view["blocks"])
    state = {ids.SEARCH: {ids.SEARCH: {"type": "plain_text_input", "value": typed}}} if has_field else {}
    return {**view, "state": {"values": state}}


def test_a_box_says_what_it_is_in_words_and_names_itself_on_its_button() -> None:
    view = rendered(catalogue_page(EN, group_page([group("Network"), service("eduroam")]), state=TOP))
    assert "📁 Group · Network en" in texts(view)
    assert "🛎️ Service · eduroam en" in texts(view)
    rows = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    assert [row["action_id"] for row in rows] == [ids.GROUP, ids.SERVICE]
    assert [row["value"] for row in rows] == ["Network", "eduroam"]
    assert rows[0]["accessibility_label"] == "Open the group Network en"
    assert rows[1]["accessibility_label"] == "Open the service eduroam en"


def test_the_desk_s_own_texts_are_in_the_reader_s_language() -> None:
    shown = group_page([service("eduroam")], of=group("Network"))
    state = TOP.to_group("Network")
    french, english = (texts(rendered(catalogue_page(_, shown, state=state))) for _ in (FR, EN))
    assert not [text for text in english if text.endswith(" fr")]
    assert not [text for text in french if text.endswith(" en")]
    assert "Network fr" in french


def test_nothing_of_the_desk_s_data_is_mrkdwn() -> None:
    items = [service("*bold* <@U1>", "_not_ ~so~")]
    views = [
        catalogue_page(EN, group_page(items, of=group("`g`")), state=TOP.to_group("g")),
        search_results(EN, search_page(*items, words="*x*"), state=TOP.to_search("*x*")),
        service_view(EN, page(items[0]), state=TOP.to_service("s")),
    ]
    for view in views:
        assert "mrkdwn" not in json.dumps(rendered(view))


def test_the_fullest_views_fit_in_what_slack_accepts() -> None:
    long = "é" * 72
    above = [group(f"{n}{long}"[:72]) for n in range(30)]
    items: list[CatalogueItem] = [service(f"{n}{long}"[:72], "d" * 2990) for n in range(PAGE_SIZE)]
    state = TOP.to_group("a").to_search("w" * 150).to_page("1")
    in_group = group_page(items, of=group(long, "d" * 2990), above=above, page=1, has_more=True)
    rendered(catalogue_page(EN, in_group, state=state))
    results = rendered(
        search_results(EN, search_page(*items, above=above, page=1, has_more=True), state=state)
    )
    assert len(results["blocks"]) <= 99  # room for an alert
    whole = service(
        long, "d" * 2990, have_ready=words("h" * 2990), url="https://dnum.univ.example/" + "u" * 2900
    )
    rendered(service_view(EN, page(whole, above), state=state.to_service("s")))


def test_a_long_description_is_cut_in_a_list_and_whole_on_its_page() -> None:
    long = service("s", "d" * 2990)
    assert "d" * 2990 not in "".join(texts(rendered(catalogue_page(EN, group_page([long]), state=TOP))))
    assert "d" * 2990 + " en" in texts(rendered(service_view(EN, page(long), state=TOP.to_service("s"))))


def test_the_breadcrumb_names_the_way_and_keeps_both_ends_of_a_long_one() -> None:
    state = TOP.to_group("b")
    view = rendered(catalogue_page(EN, group_page([], of=group("b"), above=[group("a")]), state=state))
    assert "Catalogue › a en › b en" in texts(view)
    deep = group_page([], of=group("end"), above=[group(f"{n:030}") for n in range(30)])
    (way,) = [text for text in texts(rendered(catalogue_page(EN, deep, state=state))) if "›" in text]
    assert way == f"Catalogue › … › {29:030} en › end en"


def test_back_stands_everywhere_but_at_the_top() -> None:
    assert "Back" not in buttons(rendered(catalogue_page(EN, group_page([]), state=TOP)))
    for view in (
        catalogue_page(EN, group_page([], of=group()), state=TOP.to_group("g")),
        search_results(EN, search_page(), state=TOP.to_search("wifi")),
        service_view(EN, page(service()), state=TOP.to_service("s")),
    ):
        assert buttons(rendered(view))["Back"]["action_id"] == ids.BACK


def test_paging_buttons_lead_to_the_pages_that_exist() -> None:
    def numbers(page: int, has_more: bool) -> dict[str, str]:
        shown = group_page([service()], page=page, has_more=has_more)
        found_buttons = buttons(rendered(catalogue_page(EN, shown, state=TOP)))
        return {name: found_buttons[name]["value"] for name in ("Previous", "Next") if name in found_buttons}

    assert numbers(0, False) == {}
    assert numbers(0, True) == {"Next": "1"}
    assert numbers(3, True) == {"Previous": "2", "Next": "4"}
    assert numbers(3, False) == {"Previous": "2"}


def test_a_view_stands_on_the_page_that_it_shows() -> None:
    view = rendered(catalogue_page(EN, group_page([service()], page=2), state=TOP.to_page("99")))
    assert load_catalogue_state(arrived(view)).page == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_search_says_how_much_it_found_and_what_to_do_when_nothing(count: int) -> None:
    found = search_page(*[service()] * count, is_near=count == 0)
    view = rendered(search_results(EN, found, state=TOP.to_search("wifi")))
    said = "\n".join(texts(view))
    assert {
        0: "Nothing in the catalogue matches “wifi”",
        1: "1 result for “wifi”",
        2: "2 results for “wifi”",
    }[count] in said
    assert "Raise a ticket with these words" in said
    assert ("Browse the catalogue" in said) is (count == 0)


def test_an_empty_level_says_so() -> None:
    assert any("/ticket" in text for text in texts(rendered(catalogue_page(EN, group_page([]), state=TOP))))
    empty = catalogue_page(EN, group_page([], of=group()), state=TOP.to_group("g"))
    assert any("There is nothing here yet" in text for text in texts(rendered(empty)))


@pytest.mark.parametrize("request_", [True, False])
@pytest.mark.parametrize("incident", [True, False])
@pytest.mark.parametrize("url", ["https://dnum.univ.example/vpn", None])
def test_a_service_offers_what_the_desk_says(request_: bool, incident: bool, url: str | None) -> None:
    shown = service("vpn", offers_request=request_, offers_incident=incident, url=url)
    offered = buttons(rendered(service_view(EN, page(shown), state=TOP.to_service("vpn"))))
    assert ("Request this service" in offered) is request_
    assert ("Report a problem" in offered) is incident
    assert ("Open the page" in offered) is bool(url)
    if request_:
        assert offered["Request this service"]["action_id"] == ids.REQUEST_SERVICE
        assert offered["Request this service"]["value"] == "vpn"


def test_a_service_s_page_names_its_team_and_what_to_have_at_hand() -> None:
    shown = service("vpn", have_ready=words("Your badge"))
    said = texts(rendered(service_view(EN, page(shown, [group("Network")]), state=TOP.to_service("vpn"))))
    assert "Catalogue › Network en › vpn en" in said
    assert "🛎️ Service · Team: Network en" in said
    assert "What you will need" in said
    assert "Your badge en" in said


def test_only_views_with_the_search_field_have_a_submit() -> None:
    assert rendered(catalogue_page(EN, group_page([]), state=TOP))["submit"]["text"] == "Search"
    assert "submit" not in rendered(service_view(EN, page(service()), state=TOP.to_service("s")))


def test_what_is_typed_and_not_yet_searched_is_there_again_after_a_service() -> None:
    top = rendered(catalogue_page(EN, group_page([service()]), state=TOP))
    on_service = load_catalogue_state(arrived(top, "wifi at  home")).to_service("s")
    view = rendered(service_view(EN, page(service()), state=on_service))
    back = load_catalogue_state(arrived(view)).back()
    assert back == CatalogueState(field_text="wifi at home")
    field = rendered(catalogue_page(EN, group_page([]), state=back))["blocks"][1]["element"]
    assert field["initial_value"] == "wifi at home"


def test_back_retraces_every_step_across_views() -> None:
    steps = [TOP.to_page("2")]
    steps.append(steps[-1].to_group("network"))
    steps.append(steps[-1].to_page("1"))
    steps.append(steps[-1].to_search("wifi"))
    steps.append(steps[-1].to_page("3"))
    steps.append(steps[-1].to_group("wireless"))
    steps.append(steps[-1].to_service("eduroam"))
    here = steps[-1]
    for page, words_, group_id in [
        (0, None, "wireless"),
        (3, "wifi", None),
        (1, None, "network"),
        (2, None, None),
    ]:
        here = load_catalogue_state({"private_metadata": dump_catalogue_state(here)}).back()
        assert (here.page, here.query, here.group, here.service) == (page, words_, group_id, None)
    assert here.is_top
    assert here.back().back() == CatalogueState(field_text="wifi")


def test_another_search_takes_the_place_of_the_last() -> None:
    state = TOP.to_group("network").to_search("wifi").to_page("2").to_search(" VPN  client ")
    assert (state.query, state.field_text, state.page) == ("VPN client", "VPN client", 0)
    assert state.back().group == "network"


@pytest.mark.parametrize("blank", [None, "", " \n "])
def test_a_search_without_words_leaves_the_results_and_changes_nothing_elsewhere(blank: str | None) -> None:
    in_group = TOP.to_group("network")
    assert in_group.to_search(blank) == in_group
    assert in_group.to_search("wifi").to_search(blank).group == "network"


def test_a_long_trail_fits_in_the_private_metadata() -> None:
    state = TOP
    for number in range(200):
        state = state.to_search('"\\' * 75).to_group(f"{number}-" + "g" * 50)
    text = dump_catalogue_state(state)
    assert len(text) <= 3000
    read = load_catalogue_state({"private_metadata": text})
    assert read.group == state.group
    assert read.trail == state.trail[-len(read.trail) :] != ()


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "not json",
        "[]",
        "7",
        '{"group": 7, "page": "x", "words": ["a"], "service": {"id": 1}, "typed": 3, "trail": "abc"}',
        '{"group": "", "page": -1, "words": "  ", "service": "", "trail": [1, null, "x"]}',
        '{"page": true}',
        '{"page": 1e99}',
        '{"page": 99999999999999999999}',
    ],
)
def test_a_forged_state_reads_as_the_top(forged: str) -> None:
    assert load_catalogue_state({"private_metadata": forged}) == TOP


def test_a_forged_state_is_cut_to_size() -> None:
    forged = {"group": "g" * 500, "words": "w\0" * 500, "trail": [{"trail": [{}], "page": 3}] * 2}
    state = load_catalogue_state({"private_metadata": json.dumps(forged), "state": None})
    assert len(state.group or "") == 64
    assert state.query == "w" * 150
    assert state.trail == (CatalogueState(page=3),) * 2


@pytest.mark.parametrize("value", ["", "x", "-1", "1.5", "9" * 30, "99999"])
def test_a_forged_page_is_the_first(value: str) -> None:
    assert TOP.to_page(value).page == 0


@pytest.mark.parametrize("text", ["\u200d", "\u200b \u200d", "\u2800", "\u3164"])
def test_a_search_of_which_nothing_is_seen_is_none(text: str) -> None:
    assert CatalogueState().to_search(text) == CatalogueState()
