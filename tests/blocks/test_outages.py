"""Outages as blocks: their forms read back as they were filled, and all of it fits in Slack at any size."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import translator
from blocks.outages.cards import card_text, going_out_text, outage_banner, outage_card
from blocks.outages.forms import (
    Offered,
    amend_form,
    declare_form,
    read_outage_form,
    read_outage_solution,
    resolve_outage_form,
)
from models.base import LocalizedText
from models.tickets.outage import Following, KnownOutage, KnownOutages, Outage, OutageDraft, Portion
from playground.block_kit import check_blocks, check_view, initial_state, total_text
from tests.support.factories import (
    both,
    make_group,
    make_outage,
    make_person,
    make_service,
    make_site,
    make_team,
)
from tests.support.use_case_desk import NOW

Json = dict[str, Any]
_ = translator("en-GB")
LONG = "L" * 75
SITES = [make_site(f"site-{number}", name=both(LONG)) for number in range(100)]
SERVICES = [
    (
        make_group(f"group-{number}", name=both(LONG)),
        [make_service(f"service-{number}-{each}", name=both(LONG)) for each in range(150)],
    )
    for number in range(2)
]
TEAMS = [
    make_team("one", name=LocalizedText("Un", "One")),
    make_team("two", name=LocalizedText("Deux", "Two")),
]


def outage(**given: Any) -> Outage:
    values: Json = {
        "id": 7,
        "title": "T" * 150,
        "declared_at": NOW,
        **given,
    }
    return make_outage(declared_by=make_person("Karim"), **values)


def filled(view: View) -> Json:
    """The view as Slack accepts it and hands it back untouched."""
    sent: Json = json.loads(json.dumps(view.to_dict()))
    assert check_view(sent, scopes=[]) == []
    return sent | {"state": {"values": initial_state(sent["blocks"])}}


def sent(blocks: Sequence[Block]) -> list[Json]:
    """The blocks as Slack accepts them in a message, and in a Home if they stand there too."""
    drawn: list[Json] = [block.to_dict() for block in blocks]
    assert check_blocks(drawn) == []
    assert check_view({"type": "home", "blocks": drawn}, scopes=[]) == []
    return drawn


def test_an_empty_form_reads_as_an_empty_draft() -> None:
    draft = OutageDraft("uuid", "Down")
    view = filled(declare_form(_, draft, Offered(TEAMS[:1], SITES, SERVICES)))
    assert read_outage_form(view).draft == OutageDraft("uuid", "Down")
    assert ids.TEAM not in view["state"]["values"]


def test_who_is_in_several_teams_is_asked_which_one() -> None:
    draft = OutageDraft("uuid", "Down", team_id="two")
    view = filled(declare_form(_, draft, Offered(TEAMS, SITES, SERVICES)))
    assert read_outage_form(view).draft.team_id == "two"


def test_an_amend_form_reads_as_the_outage_stands() -> None:
    end = NOW + timedelta(hours=2)
    known = outage(
        site_ids=["site-3", "site-99"],
        service_ids=["service-0-2", "service-1-149", "gone"],
        expected_end=end,
    )
    form = read_outage_form(filled(amend_form(_, known, sites=SITES, services=SERVICES)))
    assert form.outage_id == 7
    assert (form.draft.title, form.draft.expected_end) == (known.title, end)
    assert form.draft.site_ids == ("site-3", "site-99")
    assert form.draft.service_ids == ("service-0-2", "service-1-149")


def test_a_catalogue_without_services_asks_for_none() -> None:
    view = filled(declare_form(_, OutageDraft("u"), Offered(TEAMS, SITES, [])))
    assert ids.SERVICES not in view["state"]["values"]


def test_a_solution_reads_as_typed() -> None:
    view = filled(resolve_outage_form(_, outage(), 5))
    view["state"]["values"][ids.SOLUTION][ids.SOLUTION]["value"] = "*Restarted*"
    solution = read_outage_solution(view)
    assert (solution.outage_id, solution.text) == (7, "*Restarted*")


def test_no_outage_takes_no_room() -> None:
    assert outage_banner(_, KnownOutages()) == []


def test_the_button_that_follows_names_its_outage_to_screen_readers() -> None:
    known = KnownOutage(outage(title="Email is down"), (), ())
    [section, *_rest] = sent(outage_banner(_, KnownOutages([known])))
    assert section["accessory"]["accessibility_label"] == "I am affected too: Email is down"
    assert section["accessory"]["value"] == "7"


def test_the_largest_banner_and_card_fit_in_slack() -> None:
    services = [service for _group, held in SERVICES for service in held]
    known = KnownOutage(outage(expected_end=NOW), SITES, services)
    sent(outage_banner(_, KnownOutages([known] * 3, more=40)))
    resolved_by = make_person("Léa")
    over = KnownOutage(outage(resolved_at=NOW, solution="S" * 3000, resolved_by=resolved_by), SITES, services)
    assert total_text(sent(outage_card(_, over, Following(500, 400, 9), notice="N" * 200))) < 10_000


def over(**given: Any) -> KnownOutage:
    known = outage(resolved_at=NOW, solution="Restarted", resolved_by=make_person("Léa"), **given)
    return KnownOutage(known, (), ())


def test_a_card_says_how_far_the_solution_has_gone_out() -> None:
    known = over(title="Email is down")
    going_out = Following(2431, next_portion=Portion(number=3, told=1200, of=2431))
    words = "Solution sent to 1,200 of 2,431 people so far."
    assert words in str(sent(outage_card(_, known, going_out)))
    assert words in card_text(_, known.outage, going_out)
    assert "so far" not in str(sent(outage_card(_, known, Following(2431))))


def test_an_outage_that_is_over_has_no_button_to_follow_it() -> None:
    banner = sent(outage_banner(_, KnownOutages([replace(over(), ticket_id=12)])))
    assert "The solution is being sent to everyone following this outage." in str(banner)
    assert "You are following this outage (No. 12)." in str(banner)
    assert ids.FOLLOW_OUTAGE not in str(banner)


def test_who_resolves_an_outage_reads_how_many_people_hear_of_it() -> None:
    assert going_out_text(_, 1) == "The solution is being sent to 1 person."
    assert going_out_text(_, 2431) == "The solution is being sent to 2,431 people."
    assert (
        going_out_text(translator("fr"), 2431) == "La solution est en cours d’envoi à 2\u202f431 personnes."
    )


def test_a_title_makes_no_mention() -> None:
    assert "&lt;!channel&gt;" in card_text(_, outage(title="<!channel>"), Following())
