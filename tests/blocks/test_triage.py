"""The technicians' forms and cards: what Slack accepts, what is read back, in both languages."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from slack_sdk.models.blocks import Block, RichTextBlock
from slack_sdk.models.views import View

from blocks import ids
from blocks.i18n import Translator, translator
from blocks.kit.text import quote, user_text
from blocks.kit.view_state import load_view_state
from blocks.tickets import insertion, resolution, satisfaction
from blocks.tickets.actions import read_menu
from blocks.tickets.card import moved_card, requester_card, triage_card
from blocks.tickets.conversation import comments as conversation
from blocks.tickets.detail.view import Detail, ticket_detail
from blocks.tickets.insertion import Offers
from blocks.tickets.state import DetailState, FormState, ListState
from blocks.tickets.triage.assignment import assign_form, read_assign
from blocks.tickets.triage.duplicate import duplicate_form, read_duplicate
from blocks.tickets.triage.hold import hold_form, read_hold
from blocks.tickets.triage.requalification import (
    NO_SERVICE,
    Offered,
    read_requalify,
    requalify_form,
    service_options,
)
from models.base import LocalizedText
from models.catalogue import QuestionType, Service, Team
from models.details import EventDetails
from models.lifecycle import (
    Action,
    Ending,
    HoldReason,
    Impact,
    Rating,
    Role,
    Status,
    Urgency,
)
from models.tickets.answer import Answer
from models.tickets.attachment import AttachmentState
from models.tickets.comment import PART_MAX, Comment
from models.tickets.event import Event, Line
from models.tickets.ticket import Ticket
from models.tickets.transitions import allowed
from playground.block_kit import (
    MOST_TEXT,
    check_blocks,
    check_view,
    complete_ids,
    initial_state,
    total_text,
    view_too_large,
)
from tests.support.factories import (
    both,
    loaded,
    make_attachment,
    make_comment,
    make_event,
    make_person,
    make_service,
    make_site,
    make_team,
    make_ticket,
)

Json = dict[str, Any]

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EN, FR = translator("en-GB"), translator("fr-FR")
SCOPES = ["files:read"]
DETAIL = DetailState(ListState("open", 3))
SUBMISSION = "7f1de1a2-6a55-4e0b-9c2f-0d9f6f0b3a11"
LONG = "É" * 75  # the longest name that a catalogue takes
CAMILLE = make_person("Camille Martin", id=1)
KARIM = make_person("Karim Benali", id=2)
SITES = [make_site(f"s{number}", name=both(LONG)) for number in range(100)]
TEAMS = [make_team(f"t{number}", name=both(LONG)) for number in range(30)]
SERVICE = make_service("wifi", name=both(LONG))
PHRASES = loaded(
    Team.phrases,
    [
        {"title": {"fr": "Redémarrer", "en": "Restart"}, "text": {"fr": "Redémarrez.", "en": "Restart it."}},
        {"title": {"fr": LONG * 2, "en": LONG * 2}, "text": {"fr": "L" * 3000, "en": "L" * 3000}},
    ],
)


def ticket(status: Status = Status.IN_PROGRESS, **more: Any) -> Ticket:
    """A ticket in this state, with nothing but what it must have."""
    resolved = {"solution": "Redémarrée.", "resolution": 3} if status in _ENDED else {}
    closed = {"ending": Ending.APPROVED, "closed_at": NOW} if status is Status.CLOSED else {}
    taken = {} if status is Status.NEW else {"assignee": KARIM, "assignee_id": KARIM.id}
    waits = {"hold_reason": HoldReason.PART} if status is Status.PENDING else {}
    given: Json = {
        "site": SITES[0],
        "team": TEAMS[0],
        "service": None,
        **resolved,
        **closed,
        **taken,
        **waits,
        **more,
    }
    for row in ("site", "team", "service"):  # as the database would
        given[f"{row}_id"] = given[row] and given[row].id
    people = {"requester": CAMILLE, "requester_id": CAMILLE.id}
    return make_ticket(id=1042, status=status, opened_at=NOW, event_count=3, **people, **given)


_ENDED = {Status.RESOLVED, Status.CLOSED}


def sent(view: View) -> Json:
    """The view as Slack gets it, once it is known to be accepted."""
    drawn: Json = json.loads(json.dumps(view.to_dict()))
    assert check_view(drawn, scopes=SCOPES) == []
    assert not view_too_large(drawn)
    return drawn


def message(blocks: Sequence[Block]) -> list[Json]:
    """The blocks of a message as Slack gets them, once they are known to be accepted."""
    drawn: list[Json] = json.loads(json.dumps([block.to_dict() for block in blocks]))
    assert check_blocks(drawn) == []
    assert total_text(drawn) <= MOST_TEXT
    return drawn


def texts(node: object) -> Iterator[str]:
    """Every text of some blocks, in the order they are read."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from texts(value)
    elif isinstance(node, list):
        for each in node:
            yield from texts(each)


KEYS = {
    "static_select": "selected_option",
    "external_select": "selected_option",
    "users_select": "selected_user",
    "datepicker": "selected_date",
    "checkboxes": "selected_options",
    "file_input": "files",
}


def filled(view: View, values: Mapping[str, Any] | None = None) -> Json:
    """The view as Slack hands it back: these inputs (by block id) filled, the others as they were."""
    drawn = sent(view)
    drawn["blocks"] = complete_ids(drawn["blocks"])
    state = initial_state(drawn["blocks"])
    for block_id, value in (values or {}).items():
        [held] = state[block_id].values()
        key = KEYS.get(held["type"], "value")
        if key == "selected_option":
            value = {"text": {"type": "plain_text", "text": "…"}, "value": value}
        elif key == "selected_options":
            value = [{"text": {"type": "plain_text", "text": "…"}, "value": each} for each in value]
        held[key] = value
    return drawn | {"state": {"values": state}}


FORMS: dict[str, Callable[[Translator, Ticket], View]] = {
    "reply": lambda _, made: conversation.reply_form(
        _, made, offers=Offers(PHRASES), may_wait=True, submission=SUBMISSION, detail=DETAIL
    ),
    "note": lambda _, made: conversation.note_form(_, made, submission=SUBMISSION, detail=DETAIL),
    "assign": lambda _, made: assign_form(_, made, me="U0KARIM", detail=DETAIL),
    "hold": lambda _, made: hold_form(_, made, detail=DETAIL),
    "requalify": lambda _, made: requalify_form(_, made, Offered(SITES, TEAMS), detail=DETAIL),
    "duplicate": lambda _, made: duplicate_form(_, made, detail=DETAIL),
    "resolve": lambda _, made: resolution.resolve_form(_, made, detail=DETAIL),
    "opinion": lambda _, made: satisfaction.opinion_form(_, made, detail=DETAIL),
    **{
        f"why {action}": lambda _, made, action=action: resolution.reason_form(_, made, action, detail=DETAIL)
        for action in resolution.WHY
    },
}


SHARED = {"Impact", "Site", "Service", "Note", "Solution"}  # words of both languages

# Every form


@pytest.mark.parametrize("_", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("form", FORMS)
def test_slack_takes_every_form_with_the_longest_names(form: str, _: Translator) -> None:
    """A title of a modal has 24 characters, an option 75, a menu 100 options."""
    assert "submit" in sent(FORMS[form](_, ticket(title="T" * 150, service=SERVICE)))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_names_its_ticket_and_knows_the_way_back(form: str) -> None:
    view = filled(FORMS[form](FR, ticket()))
    assert "n° 1042 · Imprimante en panne" in texts(view["blocks"])
    state = FormState.load(load_view_state(view))
    assert (state.ticket_id, state.detail) == (1042, DETAIL)


@pytest.mark.parametrize("form", FORMS)
def test_every_word_of_a_form_is_in_both_languages(form: str) -> None:
    """What is equal in both is data: names, and the few words that both languages share."""
    english, french = (set(_words_of(FORMS[form](_, ticket()))) for _ in (EN, FR))
    assert english & french <= {LONG, LONG[:74] + "…", (LONG * 2)[:74] + "…", *SHARED}


def _words_of(view: View) -> Iterator[str]:
    drawn = sent(view)
    yield from texts([drawn["title"], drawn["submit"], drawn["close"], drawn["blocks"]])


@pytest.mark.parametrize("form", FORMS)
def test_every_input_has_a_label_and_one_place_to_begin(form: str) -> None:
    drawn = sent(FORMS[form](FR, ticket()))
    elements = [block["element"] for block in drawn["blocks"] if block["type"] == "input"]
    assert all(block["label"]["text"] for block in drawn["blocks"] if block["type"] == "input")
    assert sum(bool(element.get("focus_on_load")) for element in elements) <= 1


# What is asked is what is read


def test_a_reply_is_read_as_it_was_written() -> None:
    view = FORMS["reply"](FR, ticket())
    reply_block = f"{ids.REPLY}:0"
    file = {"id": "F1", "name": "mode.pdf", "mimetype": "application/pdf", "size": 12}
    form = conversation.read_reply(
        filled(view, {reply_block: " Bonjour,\n*voilà* ", ids.WAITS: ["waits"], ids.FILES: [file]})
    )
    assert (form.state.ticket_id, form.text, form.waits) == (1042, " Bonjour,\n*voilà* ", True)
    assert [(each.slack_file_id, each.name) for each in form.files] == [("F1", "mode.pdf")]
    empty = conversation.read_reply(filled(view))
    assert (empty.text, empty.waits, list(empty.files)) == ("", False, [])
    assert form.state.submission == empty.state.submission == SUBMISSION


def test_a_note_is_read_as_it_was_written() -> None:
    form = conversation.read_note(filled(FORMS["note"](FR, ticket()), {ids.REASON: " *Vu*\navec Léa "}))
    assert (form.state.ticket_id, form.state.detail) == (1042, DETAIL)
    assert (form.text, form.state.submission) == (" *Vu*\navec Léa ", SUBMISSION)


@pytest.mark.parametrize("read", [conversation.read_reply, conversation.read_note])
def test_a_forged_submission_is_no_longer_than_a_real_one(
    read: Callable[[Json], conversation.Reply | conversation.Note],
) -> None:
    """The database takes 36 characters."""
    view = conversation.note_form(FR, ticket(), submission="x" * 100)
    assert read(filled(view)).state.submission == "x" * 36


def test_only_a_ticket_in_progress_is_made_to_wait() -> None:
    view = conversation.reply_form(
        FR, ticket(Status.NEW), offers=Offers(), may_wait=False, submission=SUBMISSION
    )
    assert ids.WAITS not in {block.get("block_id") for block in sent(view)["blocks"]}


def test_a_reply_says_who_will_read_it() -> None:
    drawn = sent(FORMS["reply"](FR, ticket()))
    assert drawn["title"]["text"] == "Répondre au demandeur"
    assert any("Camille Martin" in text for text in texts(drawn["blocks"]))


@pytest.mark.parametrize(
    ("typed", "phrase", "text"),
    [
        ("", "Redémarrez.", "Redémarrez."),
        ("Bonjour,\n", "Redémarrez.", "Bonjour,\nRedémarrez."),
        ("Bonjour,", "", "Bonjour,"),  # the team's phrases have changed meanwhile
        ("a" * 3000, "Redémarrez.", "a" * 3000),  # an input holds no more
    ],
)
def test_a_phrase_goes_after_what_was_typed(typed: str, phrase: str, text: str) -> None:
    view = filled(FORMS["reply"](FR, ticket()), {f"{ids.REPLY}:0": typed, ids.WAITS: ["waits"]})
    again = filled(insertion.with_phrase(view, conversation.reply_field(FR), phrase))
    assert (conversation.read_reply(again).text, conversation.read_reply(again).state.submission) == (
        text,
        SUBMISSION,
    )
    twice = filled(insertion.with_phrase(again, conversation.reply_field(FR), ""))
    assert conversation.read_reply(twice).text == text.rstrip()


def test_who_opens_the_form_is_proposed_as_technician() -> None:
    view = FORMS["assign"](FR, ticket())
    assert read_assign(filled(view)).to == "U0KARIM"
    assert read_assign(filled(view, {ids.ASSIGNEE: "U0LEA"})).to == "U0LEA"


@pytest.mark.parametrize(("status", "seen"), [(Status.NEW, None), (Status.PENDING, "U0KARIM")])
def test_the_form_of_an_assignment_keeps_the_assignee(status: Status, seen: str | None) -> None:
    view = filled(FORMS["assign"](FR, ticket(status)), {ids.ASSIGNEE: "U0LEA"})
    assert read_assign(view).state.assignee == seen


@pytest.mark.parametrize("reason", list(HoldReason))
def test_a_hold_is_read_with_its_day(reason: HoldReason) -> None:
    view = FORMS["hold"](FR, ticket())
    values = {ids.HOLD_REASON: reason.value, ids.HOLD_UNTIL: "2026-12-01", ids.REASON: "Devis."}
    form = read_hold(filled(view, values))
    assert (form.reason, form.why) == (reason, "Devis.")
    assert form.day == date(2026, 12, 1)


def test_an_empty_hold_form_chooses_nothing() -> None:
    form = read_hold(filled(FORMS["hold"](FR, ticket())))
    assert (form.reason, form.day, form.why) == (None, None, "")


@pytest.mark.parametrize("service", [SERVICE, None])
def test_a_requalification_begins_with_what_is_and_changes_nothing(service: Service | None) -> None:
    view = FORMS["requalify"](FR, ticket(service=service))
    chosen = initial_state(complete_ids(sent(view)["blocks"]))
    began = {
        block_id: held["selected_option"]["value"]
        for block_id, inputs in chosen.items()
        for held in inputs.values()
        if "selected_option" in held
    }
    assert began == {
        ids.IMPACT: "person",
        ids.URGENCY: "high",
        ids.SITE: "s0",
        ids.SERVICE_CHOICE: "wifi" if service else NO_SERVICE,
        ids.TEAM: "t0",
    }
    form = read_requalify(filled(view))
    assert (form.changed, form.why) == ({}, "")


def test_a_requalification_reads_what_was_changed() -> None:
    view = FORMS["requalify"](FR, ticket(service=SERVICE))
    form = read_requalify(
        filled(
            view,
            {
                ids.IMPACT: "service",
                ids.URGENCY: "low",
                ids.SITE: "s9",
                ids.SERVICE_CHOICE: NO_SERVICE,
                ids.TEAM: "t9",
                ids.REASON: "Le réseau.",
            },
        )
    )
    assert form.state.ticket_id == 1042
    assert form.changed == {
        "impact": "service",
        "urgency": "low",
        "site": "s9",
        "service": None,
        "team": "t9",
    }
    assert form.why == "Le réseau."


def test_one_field_that_was_changed_is_all_that_is_read() -> None:
    view = FORMS["requalify"](FR, ticket())
    form = read_requalify(filled(view, {ids.SERVICE_CHOICE: "wifi", ids.TEAM: "t0"}))
    assert form.changed == {"service": "wifi"}


def test_a_forged_word_is_left_for_the_use_case_to_refuse() -> None:
    view = FORMS["requalify"](FR, ticket())
    form = read_requalify(filled(view, {ids.IMPACT: "galaxy", ids.URGENCY: ""}))
    assert form.changed == {"impact": "galaxy", "urgency": ""}


def test_a_requalification_shows_what_was_declared() -> None:
    made = ticket(declared_impact=Impact.ORGANISATION, declared_urgency=Urgency.LOW)
    declared = "As reported: impact “Several departments”, urgency “Low”."
    assert declared in list(texts(sent(FORMS["requalify"](EN, made))["blocks"]))


def test_an_archived_site_or_team_is_still_offered_to_its_ticket() -> None:
    """Among as many as a menu holds."""
    old = make_site("ancien", name=LocalizedText("Ancien site", "Old site"))
    gone = make_team("partie", name=LocalizedText("Ancienne équipe", "Old team"))
    view = FORMS["requalify"](FR, ticket(site=old, team=gone))
    state = initial_state(complete_ids(sent(view)["blocks"]))
    for block_id, row_id in ((ids.SITE, "ancien"), (ids.TEAM, "partie")):
        [held] = state[block_id].values()
        assert held["selected_option"]["value"] == row_id
    assert read_requalify(filled(view)).changed == {}


def test_the_services_found_fit_into_the_menu_with_none_on_top() -> None:
    found = [make_service(f"v{number}", name=LocalizedText(LONG * 2, LONG)) for number in range(150)]
    options = service_options(FR, found)
    assert (len(options), options[0].value) == (100, NO_SERVICE)
    assert all(len(option.to_dict()["text"]["text"]) <= 75 for option in options)


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), (None, None), ("", None), ("-3", None), ("1.5", None), ("9" * 10, None), ("²", None)],
)
def test_the_number_of_the_original_is_a_number(typed: str | None, number: int | None) -> None:
    view = filled(FORMS["duplicate"](FR, ticket()), {ids.DUPLICATE_OF: typed})
    assert read_duplicate(view).original == number


@pytest.mark.parametrize("action", resolution.WHY)
def test_the_reason_form_reads_its_action_and_its_words(action: Action) -> None:
    made = ticket(Status.RESOLVED)
    form = resolution.read_reason(filled(FORMS[f"why {action}"](FR, made), {ids.REASON: "Voilà."}))
    assert (form.state.ticket_id, form.state.action, form.text) == (1042, action, "Voilà.")
    assert (form.state.resolution, form.state.detail) == (3, DETAIL)


# Satisfaction


@pytest.mark.parametrize("_", [EN, FR], ids=["en", "fr"])
def test_three_faces_with_words_are_read_back(_: Translator) -> None:
    drawn = message(satisfaction.faces(_, ticket(Status.CLOSED)))
    buttons = drawn[-1]["elements"]
    assert [satisfaction.read_face(button["value"]) for button in buttons] == [
        (1042, rating) for rating in Rating
    ]
    assert all(any(letter.isalpha() for letter in button["text"]["text"]) for button in buttons)


@pytest.mark.parametrize(
    ("made", "lines"),
    [
        (ticket(Status.CLOSED, rating=Rating.FAIR), ["Votre avis : 😐 Plutôt satisfait·e"]),
        (ticket(Status.CLOSED, ending=Ending.CANCELLED), []),
        (ticket(Status.RESOLVED), []),
    ],
)
def test_nothing_is_asked_twice_or_too_early(made: Ticket, lines: list[str]) -> None:
    drawn = message(satisfaction.faces(FR, made))
    assert all(block["type"] != "actions" for block in drawn)
    assert len(list(texts(drawn))) == len(lines)


# The card

FILES = [make_attachment("n" * 255, id=number, slack_file_id=f"F{number}") for number in range(60)]


def card(status: Status, _: Translator = FR, **more: Any) -> list[Json]:
    return message(triage_card(_, ticket(status, **more), files=[]))


def offered(drawn: list[Json]) -> tuple[set[str], set[Action]]:
    """What a card's buttons and its menu offer."""
    elements = drawn[-1]["elements"]
    menus = [each["options"] for each in elements if each["type"] == "overflow"]
    assert all(len(options) <= 5 for options in menus)
    chosen = [read_menu(option["value"]) for options in menus for option in options]
    assert {number for _action, number in chosen} <= {1042}
    return {each["action_id"] for each in elements if each["type"] == "button"}, {a for a, _n in chosen}


OPEN_MENU = {Action.ASSIGN, Action.REQUALIFY, Action.ATTACH, Action.CANCEL}


@pytest.mark.parametrize("_", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize(
    ("status", "buttons", "menu"),
    [
        (
            Status.NEW,
            {ids.TAKE, ids.ANSWER_REQUESTER, ids.RESOLVE, ids.WRITE_NOTE},
            OPEN_MENU | {Action.HOLD},
        ),
        (
            Status.IN_PROGRESS,
            {ids.ANSWER_REQUESTER, ids.RESOLVE, ids.WRITE_NOTE},
            OPEN_MENU | {Action.HOLD},
        ),
        (Status.PENDING, {ids.RESUME, ids.ANSWER_REQUESTER, ids.RESOLVE, ids.WRITE_NOTE}, OPEN_MENU),
        (Status.RESOLVED, {ids.ANSWER_REQUESTER, ids.WRITE_NOTE}, {Action.RECORD_APPROVAL}),
        (Status.CLOSED, set(), set()),
    ],
)
def test_a_card_offers_what_its_state_allows(
    status: Status, buttons: set[str], menu: set[Action], _: Translator
) -> None:
    assert offered(card(status, _)) == (buttons | {ids.DETAIL}, menu)


@pytest.mark.parametrize("status", list(Status))
def test_each_card_says_who_has_the_ticket(status: Status) -> None:
    drawn = json.dumps(card(status))
    assert ("U0KARIM" in drawn) is (status is not Status.NEW)


def test_a_card_shows_what_was_declared_beside_what_was_qualified() -> None:
    same = "\n".join(texts(card(Status.NEW)))
    other = "\n".join(texts(card(Status.NEW, declared_impact=Impact.ORGANISATION)))
    assert ("Plusieurs services" in same, "Plusieurs services" in other) == (False, True)


def test_a_card_tells_of_a_recorded_approval() -> None:
    made = ticket(Status.CLOSED)
    made.turning_point = make_event(KARIM, Action.RECORD_APPROVAL, number=3, at=NOW)
    said = list(texts(message(triage_card(EN, made, files=[]))))
    assert "☎️ Solution signed off verbally, recorded by Karim Benali" in said


def longest(status: Status, letter: str = "a") -> Ticket:
    """As much as people can write into one ticket."""
    answers = [
        Answer(f"q{number}", QuestionType.LONG_TEXT, both(LONG), letter * 3000, both(letter * 3000))
        for number in range(80)
    ]
    return ticket(
        status,
        title="T" * 150,
        description=letter * 3000,
        answers=answers,
        service=SERVICE,
        filed_by=KARIM,
        follows_id=7,
        duplicate_of_id=8,
        source="https://univ.slack.com/" + "p" * 2900,
        declared_impact=Impact.ORGANISATION,
        rating=Rating.BAD,
        rating_comment="r" * 3000,
        **({"solution": letter.upper() * 3000} if status in _ENDED else {}),
    )


@pytest.mark.parametrize(("status", "_"), list(product(Status, [EN, FR])))
def test_the_longest_card_stays_within_slacks_limits(status: Status, _: Translator) -> None:
    refusal = None if status in _ENDED else "w" * 3000
    blocks = triage_card(_, longest(status), files=FILES, refusal=refusal, notice=LONG)
    drawn = message(blocks)
    assert len(drawn) <= 50
    said = "".join(texts(drawn))
    assert "a" * 3000 in said
    if status in _ENDED:
        assert "A" * 3000 in said
    message(requester_card(_, longest(status)))


def test_a_card_shows_the_newest_of_many_files() -> None:
    files = [make_attachment(f"{number}.png", state=AttachmentState.KEPT) for number in range(12)]
    said = list(texts(message(triage_card(FR, ticket(), files=files))))
    shown = [line for line in said if line.startswith("📎")]
    assert shown == ["📎 …", *(f"📎 {number}.png" for number in range(2, 12))]


def test_what_is_left_of_a_card_has_nothing_to_press() -> None:
    details = EventDetails(team="t0", from_=both(LONG), to=both(LONG))
    event = make_event(KARIM, Action.TRANSFER, number=4, at=NOW, details=details, text="w" * 3000)
    drawn = message(moved_card(FR, longest(Status.NEW), event))
    assert {block["type"] for block in drawn} <= {"context", "header", "rich_text"}


# What people say to each other


def comment(text: str, action: Action = Action.REPLY, **more: Any) -> Comment:
    event = make_event(KARIM, action, number=4, actor_id=KARIM.id, at=NOW)
    return make_comment(text, event, **more)


@pytest.mark.parametrize("_", [EN, FR], ids=["en", "fr"])
@pytest.mark.parametrize("draw", [conversation.for_requester, conversation.for_team])
def test_the_longest_part_of_a_comment_is_one_message(draw: Any, _: Translator) -> None:
    said = comment("w" * PART_MAX * 2, edited_at=NOW)
    for part in range(said.pieces):
        text, blocks = draw(_, ticket(title="T" * 150), said, part)
        assert "w" * PART_MAX in "".join(texts(message(blocks)))
        assert len(text) < 1000


@pytest.mark.parametrize("draw", [conversation.for_requester, conversation.for_team])
def test_words_that_are_too_long_for_one_text_are_one_block_all_the_same(draw: Any) -> None:
    """One after the other, as typed: between two blocks Slack would put a gap."""
    typed = "".join(chr(97 + number % 26) for number in range(PART_MAX))
    _text, blocks = draw(FR, ticket(), comment(typed), 0)
    drawn = message(blocks)
    [whole] = [block for block in drawn if "".join(texts(block)) == typed]
    [section] = whole["elements"]
    assert (whole["type"], len(section["elements"]) > 1) == ("rich_text", True)


@pytest.mark.parametrize("put", [user_text, quote])
def test_long_words_are_one_block_with_several_texts(put: Callable[[str], list[RichTextBlock]]) -> None:
    words = "é" * 9_000
    [block] = message(put(words))
    [element] = block["elements"]
    assert len(element["elements"]) > 1
    assert "".join(texts(block)) == words
    assert put("") == []


def test_signs_and_emoji_of_a_comment_read_as_they_were_typed() -> None:
    typed = "*gras* <@U1> :tada: & <!here>"
    text, blocks = conversation.for_requester(FR, ticket(), comment(typed), 0)
    assert typed in list(texts(message(blocks)))
    assert "<" not in text.replace("&lt;", "")


def test_who_has_the_ticket_is_called_when_the_requester_answers() -> None:
    answer = comment("Salle B204.", Action.ANSWER)
    answer.event.actor, answer.event.actor_id = CAMILLE, CAMILLE.id
    _text, blocks = conversation.for_team(FR, ticket(), answer, 0)
    assert "U0KARIM" in json.dumps(message(blocks))
    _text, blocks = conversation.for_team(FR, ticket(), comment("Bonjour."), 0)
    assert "U0KARIM" not in json.dumps(message(blocks))


# What is done by others


def thread_note(assignee: str | None, **details: str) -> str:
    """What the team reads in the thread when Karim gave a ticket to Léa, or somebody else has it."""
    event = make_event(KARIM, Action.ASSIGN, number=4, actor_id=KARIM.id, at=NOW, text="")
    event.details = loaded(Event.details, {"to": "Léa", **details})
    return json.dumps(message(resolution.thread_note(FR, event, assignee)))


@pytest.mark.parametrize(
    ("assignee", "had_it", "called"),
    [
        ("U0LEA", {}, {"U0LEA"}),
        ("U0LEA", {"from": "Oliver", "from_slack_id": "U0OLIVER"}, {"U0LEA", "U0OLIVER"}),
        ("U0LEA", {"from": "Karim Benali", "from_slack_id": "U0KARIM"}, {"U0LEA"}),
        ("U0KARIM", {"from": "Oliver", "from_slack_id": "U0OLIVER"}, {"U0OLIVER"}),
        ("U0LEA", {"from": "Léa", "from_slack_id": "U0LEA"}, {"U0LEA"}),
    ],
)
def test_who_has_the_ticket_and_who_had_it_are_called_once_but_not_who_acted(
    assignee: str, had_it: dict[str, str], called: set[str]
) -> None:
    said = thread_note(assignee, **had_it)
    named = {each: said.count(each) for each in ("U0LEA", "U0OLIVER", "U0KARIM")}
    assert {each: count for each, count in named.items() if count} == dict.fromkeys(called, 1)


def test_who_held_a_ticket_is_called_when_it_wakes() -> None:
    """The history names them, though nobody acted but the date."""
    event = make_event(KARIM, Action.WAKE, number=4, actor_id=KARIM.id, at=NOW)
    assert "U0KARIM" in json.dumps(message(resolution.thread_note(FR, event, "U0KARIM")))


# The detail


def history(count: int, words: str, *, edited: bool = True) -> list[Line]:
    event = make_event(KARIM, Action.REPLY, at=NOW)
    return [Line(event, text=words, is_edited=edited) for _line in range(count)]


def detail(made: Ticket, lines: list[Line], _: Translator = FR) -> Json:
    roles = {Role.REQUESTER, Role.TECHNICIAN}
    actions = allowed(made, roles, now=NOW, reopen_days=10)
    return sent(ticket_detail(_, Detail(made, lines, FILES, actions, roles, follow_up=True), DETAIL))


@pytest.mark.parametrize("letter", ["w", "é", "\n", "字", "😀"])
@pytest.mark.parametrize(("count", "length"), [(200, 1), (200, 3001), (30, 40_000), (200, 900), (0, 0)])
@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.CLOSED])
def test_a_detail_with_many_long_comments_stays_within_slacks_limits(
    status: Status, count: int, length: int, letter: str
) -> None:
    """100 blocks and 250 kB, whatever the alphabet."""
    drawn = detail(longest(status, letter), history(count, letter * length))
    assert len(drawn["blocks"]) <= 100


@pytest.mark.parametrize("letter", ["w", "é"])
def test_the_longest_comment_is_whole_in_the_detail(letter: str) -> None:
    drawn = detail(longest(Status.IN_PROGRESS), history(1, letter * 40_000))
    assert letter * 40_000 in "".join(texts(drawn))


def test_the_newest_lines_are_those_that_are_shown() -> None:
    lines = [*history(60, "ancien", edited=False), *history(1, "le plus récent", edited=False)]
    said = list(texts(detail(ticket(), lines)))
    assert "le plus récent" in said
    assert said.count("ancien") == 24
    assert "Les 25 lignes les plus récentes :".replace(" :", "\u00a0:") in said


def test_a_technician_finds_every_action_of_the_menu_as_a_button_and_more() -> None:
    drawn = detail(ticket(), history(1, "w"))
    pressed = [
        read_menu(element["value"])[0]
        for block in drawn["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith(f"{ids.MORE}.")
    ]
    in_detail = {Action.DUPLICATE, Action.REQUEST_AGREEMENT, Action.RECORD_AGREEMENT}
    assert set(pressed) == OPEN_MENU | {Action.HOLD} | in_detail
