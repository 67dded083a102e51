"""Drafts: what belongs to one, small talk, titles; events at once and out of order."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select

from blocks.kit.text import cut_words
from bot.services.message_drafts import changes, use
from bot.services.message_drafts.drafts import delete_message_drafts
from bot.services.message_drafts.receive import (
    MESSAGES_MAX,
    TEXT_MAX,
    WrittenMessage,
    receive,
    receive_mention,
)
from bot.services.message_drafts.small_talk import SmallTalk, small_talk, title_line
from bot.services.tickets.attachments import keep_form
from bot.services.tickets.comments.early_changes import EditedMessage
from bot.views.tickets.new_ticket import draft_of_text, new_draft
from models.characters import split_words
from models.errors import DraftExpired, DraftUsed, HelpDeskError, TicketNotFound
from models.lifecycle import DESCRIPTION_MAX, TITLE_MAX, Action, Status
from models.message_draft import MessageDraft
from models.outbox.delivery import Delivery
from models.outbox.kinds import DeliveryKind
from models.outbox.slack_event import HeardMessage
from models.tickets.comment import Comment
from models.tickets.draft import TicketDraft
from models.tickets.event import Event
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import NOW, SmallDesk, at_once

GREETING, THANKS, AGREEMENT = SmallTalk
DM = "D0CAMILLE"
MINUTE = timedelta(minutes=1)


def ts(number: int) -> str:
    return f"{NOW.timestamp() + number:.6f}"


def say(
    desk: SmallDesk, words: str, number: int = 1, *, by: str = "camille", after: timedelta = MINUTE
) -> None:
    message = WrittenMessage(DM, ts(number), words)
    desk.do(lambda uow: receive(uow, message), desk.actor(by), NOW + after)


def drafts(desk: SmallDesk) -> list[MessageDraft]:
    with desk.sessions() as session:
        return list(session.scalars(select(MessageDraft).order_by(MessageDraft.id)))


def texts(desk: SmallDesk) -> list[str]:
    return [draft.text for draft in drafts(desk)]


def answers(desk: SmallDesk) -> list[Delivery]:
    return [row for row in desk.deliveries() if row.kind is DeliveryKind.DRAFT]


def edited(number: int, words: str, at: int) -> EditedMessage:
    return EditedMessage(DM, ts(number), words, ts(at), writer="U0CAMILLE")


# -- small talk ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Bonjour", GREETING),
        ("bonjour à tous !!", GREETING),
        ("BONSOIR…", GREETING),
        ("Salut :wave:", GREETING),
        ("👋", GREETING),
        ("Hello everyone", GREETING),
        ("hi there", GREETING),
        ("Bonjour Madame, Monsieur,", GREETING),
        ("merci", THANKS),
        ("Merci beaucoup pour votre aide", THANKS),
        ("ok merci 🙂", THANKS),
        ("Bonjour, merci !", THANKS),
        ("Thank you so much", THANKS),
        ("Merci, bonne journée", THANKS),
        ("👍🏽", AGREEMENT),
        (":+1:", AGREEMENT),
        ("ok", AGREEMENT),
        ("D’accord.", AGREEMENT),
        ("c’est parfait", AGREEMENT),
        ("", None),
        ("?", None),
        ("a tous", None),
        ("Bonjour, mon PC ne démarre plus", None),
        ("merci de me rappeler", None),
        ("ok mais non", None),
        ("hi" * 200, None),
        ("merci " * 100, None),
    ],
)
def test_small_talk_is_told_from_words(words: str, meaning: SmallTalk | None) -> None:
    assert small_talk(words) is meaning


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Bonjour,\n\nLe Wi-Fi ne marche plus\nMerci", "Le Wi-Fi ne marche plus"),
        ("Bonjour, le Wi-Fi ne marche plus", "Bonjour, le Wi-Fi ne marche plus"),
        ("Bonjour", "Bonjour"),
        ("\n \n", ""),
        ("> transféré\n— Karim", "transféré"),
    ],
)
def test_a_title_is_the_first_line_that_says_something(words: str, title: str) -> None:
    assert title_line(words) == title


# -- texts that are too long for a form ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("court", ("court", "")),
        ("un mot de trop", ("un mot de", " trop")),
        ("xxxxxxxxxxxxxx", ("xxxxxxxxxx", "xxxx")),
        ("x xxxxxxxxxxxx", ("x xxxxxxxx", "xxxx")),
        ("dix lettre suite", ("dix lettre", " suite")),
    ],
)
def test_a_text_is_split_between_words(text: str, parts: tuple[str, str]) -> None:
    assert split_words(text, 10) == parts
    assert "".join(split_words(text, 10)) == text


def test_a_cut_title_ends_after_a_word() -> None:
    assert cut_words("un mot de trop", 10) == "un mot de…"
    assert cut_words("un mot de", 10) == "un mot de"


def test_a_commands_long_first_line_goes_on_in_the_description() -> None:
    line = " ".join(["imprimante"] * 30)
    draft = new_draft(f"{line}\nEn B204")
    assert len(draft.title) <= TITLE_MAX
    assert draft.title.split() + draft.description.split() == f"{line} En B204".split()
    assert draft.title.endswith("imprimante")
    assert draft.rest == ""


@pytest.mark.parametrize("make", [new_draft, draft_of_text])
def test_what_a_form_cannot_hold_is_its_rest(make: Callable[[str], TicketDraft]) -> None:
    words = "Panne\n" + " ".join(str(number) for number in range(2000))
    draft = make(words)
    assert len(draft.description) <= 3000
    whole = f"{draft.description}{draft.rest}"
    assert whole.split()[-2000:] == words.split()[-2000:]
    assert draft.has_more


def kept(desk: SmallDesk, words: str, **changed: object) -> Ticket:
    """The ticket of a form that was made of these words."""
    made = draft_of_text(words)
    desk.do(lambda uow: keep_form(uow, made), desk.actor("camille"))
    given = {"description": made.description, "title": made.title, "submission": made.submission, **changed}
    sent = desk.draft(**given, is_kept=True)
    return desk.do(lambda uow: use.submit(uow, sent), desk.actor("camille"), surface="form").ticket


def test_the_rest_is_added_to_the_description(shared_desk: SmallDesk) -> None:
    words = "Panne\n" + "mot " * 1500 + "fin"
    assert kept(shared_desk, words).description == words


def test_what_a_person_changed_stays_before_the_rest(shared_desk: SmallDesk) -> None:
    words = "Panne\n" + "mot " * 1500 + "fin"
    ticket = kept(shared_desk, words, description="Autrement")
    assert ticket.description.startswith("Autrement mot")
    assert ticket.description.endswith("mot fin")


def test_what_a_description_cannot_show_is_a_comment(shared_desk: SmallDesk) -> None:
    words = "Panne\n" + "mot " * 5000 + "fin"
    ticket = kept(shared_desk, words)
    with shared_desk.sessions() as session:
        [comment] = session.scalars(select(Comment).where(Comment.ticket_id == ticket.id))
    assert len(ticket.description) <= DESCRIPTION_MAX
    assert f"{ticket.description} {comment.text}".split() == words.split()


# -- what belongs to a draft ---------------------------------------------------------------------------------


def test_messages_within_an_hour_are_one_draft(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    say(small_desk, "deux", 2, after=timedelta(minutes=60))
    say(small_desk, "trois", 3, after=timedelta(minutes=120))
    assert texts(small_desk) == ["un\ndeux", "trois"]


def test_a_message_that_comes_late_stands_at_its_place(small_desk: SmallDesk) -> None:
    say(small_desk, "deux", 2)
    say(small_desk, "un", 1)
    say(small_desk, "un", 1)
    assert texts(small_desk) == ["un\ndeux"]


def test_a_draft_holds_so_many_messages_and_so_much_text(small_desk: SmallDesk) -> None:
    for number in range(MESSAGES_MAX + 1):
        say(small_desk, str(number), number)
    assert [len(draft.messages) for draft in drafts(small_desk)] == [MESSAGES_MAX, 1]
    say(small_desk, "x" * TEXT_MAX, MESSAGES_MAX + 1)
    assert [len(draft.messages) for draft in drafts(small_desk)] == [MESSAGES_MAX, 1, 1]


def test_each_person_has_their_own(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    say(small_desk, "deux", 2, by="oliver")
    assert texts(small_desk) == ["un", "deux"]


def test_after_its_use_a_draft_grows_no_more(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    say(small_desk, "un", 1)
    small_desk.do(lambda uow: use.add(uow, drafts(small_desk)[0].id, ticket.id), small_desk.actor("camille"))
    say(small_desk, "deux", 2)
    assert texts(small_desk) == ["un", "deux"]


def test_messages_at_once_make_one_draft(shared_desk: SmallDesk) -> None:
    at_once([partial(say, shared_desk, str(number), number) for number in range(4)])
    assert [len(draft.messages) for draft in drafts(shared_desk)] == [4]
    assert len(answers(shared_desk)) == 1


def test_the_same_message_at_once_is_one(shared_desk: SmallDesk) -> None:
    at_once([partial(say, shared_desk, "un", 1)] * 3)
    assert texts(shared_desk) == ["un"]


def test_a_draft_is_used_once_whoever_presses_first(shared_desk: SmallDesk) -> None:
    first, second = shared_desk.open(), shared_desk.open()
    say(shared_desk, "un", 1)
    [draft], camille = drafts(shared_desk), shared_desk.actor("camille")

    def add(ticket: Ticket) -> object:
        try:
            return shared_desk.do(lambda uow: use.add(uow, draft.id, ticket.id), camille)
        except DraftUsed as error:
            return error

    done = at_once([partial(add, first), partial(add, second), partial(add, first)])
    assert sum(isinstance(each, Ticket) for each in done) == 1
    assert shared_desk.count(Comment) == 1


def test_a_comment_answers_a_ticket_that_waits(small_desk: SmallDesk) -> None:
    ticket = small_desk.ticket_in_state(Action.TAKE, Action.ASK)
    say(small_desk, "un", 1)
    small_desk.do(lambda uow: use.add(uow, drafts(small_desk)[0].id, ticket.id), small_desk.actor("camille"))
    assert [event.action for event in small_desk.history(ticket)][-1] is Action.ANSWER


@pytest.mark.parametrize(
    ("by", "draft_id", "error"),
    [("oliver", 1, DraftExpired), ("camille", 2, DraftExpired), ("camille", 1, TicketNotFound)],
)
def test_only_an_own_draft_goes_to_an_own_ticket(
    small_desk: SmallDesk, by: str, draft_id: int, error: type[HelpDeskError]
) -> None:
    ticket = small_desk.open(by=small_desk.actor("lea"))
    say(small_desk, "un", 1)
    with pytest.raises(error):
        small_desk.do(lambda uow: use.add(uow, draft_id, ticket.id), small_desk.actor(by, "assistance"))
    assert small_desk.count(Event) == 1


def test_drafts_are_deleted_when_their_time_is_over(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    mention = WrittenMessage("C0GENERAL", ts(2), "deux")
    small_desk.do(lambda uow: receive_mention(uow, mention, None), small_desk.actor("camille"))
    for days, left in ((0, 2), (2, 1), (8, 0)):
        small_desk.do(delete_message_drafts, now=NOW + timedelta(days=days))
        assert small_desk.count(MessageDraft) == left


def test_an_id_is_not_used_again(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    first = drafts(small_desk)[0].id
    small_desk.do(delete_message_drafts, now=NOW + timedelta(days=8))
    say(small_desk, "deux", 2)
    assert drafts(small_desk)[0].id > first


# -- edits and deletions -------------------------------------------------------------------------------------


def test_an_older_edit_changes_nothing(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    small_desk.do(lambda uow: changes.edit(uow, edited(1, "trois", 30)))
    small_desk.do(lambda uow: changes.edit(uow, edited(1, "deux", 20)))
    small_desk.do(lambda uow: changes.edit(uow, edited(1, "trois", 30)))
    assert texts(small_desk) == ["trois"]
    assert drafts(small_desk)[0].revision == 2


def test_an_edit_to_nothing_deletes_the_words(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    small_desk.do(lambda uow: changes.edit(uow, edited(1, " ", 20)))
    assert [list(draft.messages) for draft in drafts(small_desk)] == [[]]


def test_the_text_of_an_edit_is_kept_only_for_a_message_that_may_come(small_desk: SmallDesk) -> None:
    small_desk.do(lambda uow: changes.edit(uow, edited(-3 * 86400, "vieux", 20)))
    small_desk.do(lambda uow: changes.edit(uow, edited(1, "neuf", 20)))
    with small_desk.sessions() as session:
        assert set(session.scalars(select(HeardMessage.text))) == {None, "neuf"}
    say(small_desk, "avant", 1)
    with small_desk.sessions() as session:
        assert set(session.scalars(select(HeardMessage.text))) == {None}
    assert texts(small_desk) == ["neuf"]


def test_a_deletion_without_a_word_about_its_author_counts(small_desk: SmallDesk) -> None:
    say(small_desk, "un", 1)
    small_desk.do(lambda uow: changes.delete(uow, DM, ts(1)))
    small_desk.do(lambda uow: changes.delete(uow, DM, ts(1)))
    assert [list(draft.messages) for draft in drafts(small_desk)] == [[]]
    say(small_desk, "un", 1)
    assert [list(draft.messages) for draft in drafts(small_desk)] == [[]]


def test_each_message_of_a_used_draft_follows_its_edits_and_its_deletion(small_desk: SmallDesk) -> None:
    ticket = small_desk.open()
    say(small_desk, "un", 1)
    say(small_desk, "deux", 2)
    small_desk.do(lambda uow: use.add(uow, drafts(small_desk)[0].id, ticket.id), small_desk.actor("camille"))
    small_desk.do(lambda uow: changes.edit(uow, edited(1, "autre", 20)))
    small_desk.do(lambda uow: changes.delete(uow, DM, ts(2), "U0CAMILLE"))
    with small_desk.sessions() as session:
        assert session.scalars(select(Comment.text)).all() == ["autre", ""]
    assert ticket.status is Status.NEW
