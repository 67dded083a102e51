"""What a ticket is found by: all that belongs to it, whatever changes; the notes by its team only."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_mock import MockerFixture
from sqlalchemy import select

from bot.context.actor import Actor
from bot.services import search_refresh
from bot.services.my_search import search_own
from bot.services.search import search
from bot.services.tickets.comments import edits
from bot.services.tickets.comments.early_changes import EditedMessage
from models.base import LocalizedText
from models.catalogue import QuestionType, Service, Site, Team
from models.person import Person
from models.search import text as search_text
from models.search.refresh import SearchRefresh
from models.search.text import CONVERSATION_MAX, READ_MAX
from models.tickets.answer import Answer
from models.tickets.attachment import Attachment, AttachmentReason
from models.tickets.comment import Comment
from models.tickets.draft import NewFile
from models.tickets.ticket import Ticket
from models.words.search_words import TEXT_MAX, search_words
from tests.support.factories import create_ticket
from tests.support.scenarios import DIRECT, again, assign, cards, edit_ticket, hear, note, reply
from tests.support.use_case_desk import SmallDesk

PHOTO = NewFile("F1", "facture-toner.pdf", "application/pdf", 12)


@pytest.fixture
def desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


@pytest.fixture
def camille(desk: SmallDesk) -> Actor:
    """A requester."""
    return desk.actor("camille")


@pytest.fixture
def karim(desk: SmallDesk) -> Actor:
    """A technician of the default team."""
    return desk.actor("karim", "assistance")


def by_team(desk: SmallDesk, words: str, *teams: str) -> list[int]:
    actor = desk.actor("karim", *(teams or ("assistance",)))
    with desk.sessions() as session:
        return [ticket.id for ticket in search(session, actor, words, page=0, size=10).tickets]


def by_requester(desk: SmallDesk, words: str, name: str = "camille") -> list[int]:
    with desk.sessions() as session:
        found = search_own(session, desk.actor(name).id, words, page=0, size=10)
        return [ticket.id for ticket in found.tickets]


def by_both(desk: SmallDesk, words: str) -> list[int]:
    """What the team finds, which has to be what the requester does."""
    assert by_team(desk, words) == by_requester(desk, words), words
    return by_team(desk, words)


def refresh(desk: SmallDesk) -> None:
    desk.work_off(search_refresh.refresh_search)


# -- what is found -------------------------------------------------------------------------------------------


def test_names_of_service_site_team_requester_and_technician(
    desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = desk.open(desk.draft("Bourrage", service_id="imprimante"))
    with desk.sessions.begin() as session:
        session.get_one(Service, "imprimante").name = LocalizedText("Photocopieurs", "Copiers")
    refresh(desk)
    assign(desk, ticket, karim, desk.actor("lea", "assistance"))
    for words in ("photocopieur", "copier", "IUT", "assistance", "support", "camille", "lea"):
        assert by_both(desk, words) == [ticket.id], words


def test_answers_to_the_services_questions_in_both_languages(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    label = LocalizedText("Couleur", "Colour")
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).answers = [
            Answer("c", QuestionType.CHOICE, label, "r", LocalizedText("Rouge vif", "Bright red")),
            Answer("d", QuestionType.TEXT, label, None, None),
        ]
    assert [by_both(desk, words) for words in ("rouges", "bright", "couleur")] == [[ticket.id]] * 2 + [[]]


def test_replies_the_requesters_words_and_file_names(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    ticket = desk.open()
    cards(desk, ticket)
    reply(desk, ticket, karim, "Avez-vous essayé le bac inférieur ?", files=[PHOTO])
    hear(desk, ticket, camille, "Oui, et le tiroir grince")
    for words in ("bac inférieur", "tiroirs", "grincer", "facture toner", "facture-toner.pdf"):
        assert by_both(desk, words) == [ticket.id], words


def test_a_word_of_a_note_is_found_by_the_team_and_not_by_the_requester(
    desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = desk.open()
    note(desk, ticket, karim, "Encore ce fusible défectueux")
    for words in ("fusible", "fusibles", "imprimante fusible", "defectueuse"):
        assert by_team(desk, words) == [ticket.id], words
        assert by_requester(desk, words) == [], words
    reply(desk, ticket, karim, "Le fusible est changé")
    assert by_both(desk, "fusible") == [ticket.id]
    assert by_requester(desk, "defectueux") == []


def test_a_file_of_a_note_is_found_by_the_team_only(desk: SmallDesk, camille: Actor, karim: Actor) -> None:
    ticket = desk.open()
    note(desk, ticket, karim, "Voir le fichier")
    with desk.sessions.begin() as session:
        comment = session.scalars(select(Comment)).one()
        file = Attachment(ticket_id=ticket.id, comment_id=comment.id, is_internal=True, slack_file_id="F9")
        file.name, file.media_type, file.size = "devis.pdf", "application/pdf", 3
        session.add(file)
    assert (by_team(desk, "devis"), by_requester(desk, "devis")) == ([ticket.id], [])


def test_nobody_finds_anothers_ticket_by_its_words(desk: SmallDesk, karim: Actor) -> None:
    ticket = desk.open()
    reply(desk, ticket, karim, "Le toner arrive")
    assert by_requester(desk, "toner", "oliver") == []
    assert by_requester(desk, f"[n° {ticket.id}] toner", "oliver") == []
    assert by_team(desk, "toner", "reseau") == []


# -- what changes --------------------------------------------------------------------------------------------


def test_an_edited_and_a_deleted_message(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open()
    cards(desk, ticket)
    hear(desk, ticket, camille, "Mon code est secret", files=[PHOTO])
    desk.do(lambda uow: edits.edit(uow, EditedMessage(DIRECT, "9.001", "Le scanner aussi")))
    assert (by_both(desk, "secret"), by_both(desk, "scanners")) == ([], [ticket.id])
    assert "secret" not in again(desk, ticket).search_text
    desk.do(lambda uow: edits.delete(uow, DIRECT, "9.001"))
    assert [by_both(desk, words) for words in ("scanner", "facture", "imprimante")] == [[], [], [ticket.id]]


def test_a_withdrawn_file(desk: SmallDesk, karim: Actor) -> None:
    ticket = desk.open()
    reply(desk, ticket, karim, "Voici", files=[PHOTO])
    assert by_both(desk, "facture") == [ticket.id]
    with desk.sessions.begin() as session:
        session.scalars(select(Attachment)).one().reason = AttachmentReason.DELETED
    assert by_both(desk, "facture") == []


def test_a_ticket_that_its_requester_edits(desk: SmallDesk, camille: Actor) -> None:
    ticket = desk.open(desk.draft(description="Elle fume."))
    edited = edit_ticket(desk, ticket, camille, title="Écran noir", description="Rien.")
    assert set(search_words("Écran noir Rien")) <= set(edited.search_text.split())
    assert (by_both(desk, "imprimante"), by_both(desk, "écrans noirs")) == ([], [ticket.id])


def test_another_technician_and_another_team(desk: SmallDesk, karim: Actor) -> None:
    ticket = desk.open()
    assign(desk, ticket, karim, karim)
    assert by_both(desk, "karim") == [ticket.id]
    assign(desk, ticket, karim, desk.actor("lea", "assistance"), seen=karim)
    assert (by_both(desk, "karim"), by_both(desk, "lea")) == ([], [ticket.id])
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).team_id = "reseau"
    assert (by_team(desk, "support", "reseau"), by_team(desk, "network", "reseau")) == ([], [ticket.id])


@pytest.mark.parametrize("name", ["requester", "technician", "service", "site", "team"])
def test_a_new_name_is_found_once_its_tickets_are_refreshed(desk: SmallDesk, karim: Actor, name: str) -> None:
    tickets = [desk.open(desk.draft("Bourrage", service_id="imprimante")) for _ in range(3)]
    for ticket in tickets:
        assign(desk, ticket, karim, karim)
    everything = [each.id for each in reversed(tickets)]
    desk.open(desk.draft("Sans rapport"), by=desk.actor("oliver"))
    with desk.sessions.begin() as session:
        if name in {"requester", "technician"}:
            person = session.get_one(Person, desk.actor("camille" if name == "requester" else "karim").id)
            person.name = "Zénobie Rebaptisée"
        else:
            model: type[Service | Site | Team] = {"service": Service, "site": Site, "team": Team}[name]
            key = {"service": "imprimante", "site": "iut", "team": "assistance"}[name]
            session.get_one(model, key).name = LocalizedText("Zénobie Rebaptisée", "Zenobia")
    refresh(desk)
    found = by_team(desk, "zenobie")
    assert found[-3:] == everything
    assert len(found) == (4 if name in {"site", "team"} else 3)
    assert desk.count(SearchRefresh) == 0


def test_the_catalogue_loaded_again_unchanged_asks_for_no_refreshment(desk: SmallDesk) -> None:
    with desk.sessions.begin() as session:
        for model in (Service, Site, Team):
            for row in session.scalars(select(model)):
                row.name = LocalizedText(row.name.fr, row.name.en)
                row.position += 1
    assert desk.count(SearchRefresh) == 0


def test_a_refreshment_goes_on_in_portions_the_newest_first(
    desk: SmallDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_refresh, "PORTION", 2)
    monkeypatch.setattr(search_refresh, "WINDOW", 3)
    numbers = [desk.open().id for _ in range(7)]
    with desk.sessions.begin() as session:
        session.get_one(Site, "iut").name = LocalizedText("Zénobie", "Zenobia")
    seen = []
    while desk.do(search_refresh.refresh_search):
        seen.append(len(by_team(desk, "zenobie")))
    assert seen[0] == 2
    assert (seen, seen[-1]) == (sorted(seen), len(numbers))
    assert by_team(desk, "zenobie") == numbers[::-1]


def test_a_change_of_no_words_writes_no_text(desk: SmallDesk) -> None:
    ticket = desk.open()
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).search_text = "marque"
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).changed_at = ticket.changed_at.replace(year=2030)
    assert again(desk, ticket).search_text == "marque"


def test_a_ticket_is_inserted_with_the_texts_that_would_be_read_back(desk: SmallDesk, karim: Actor) -> None:
    label = LocalizedText("Couleur", "Colour")
    shown = Answer("c", QuestionType.CHOICE, label, "r", LocalizedText("Rouge vif", "Bright red"))
    before = desk.open(desk.draft("Bourrage", service_id="imprimante"))
    assign(desk, before, karim, karim)
    with desk.sessions.begin() as session:
        old = session.get_one(Ticket, before.id)
        named = {key: getattr(old, key) for key in ("requester", "assignee", "service", "site", "team")}
        new = create_ticket(session, **named, description="Salle 12", answers=[shown], solution="Un toner")
        inserted = search_text.SearchText(new.search_text, new.internal_search_text)
        assert search_text.update_search_texts(session.connection(), [new.id]) == {new.id: inserted}
    for words in ("imprimante", "iut", "assistance", "camille", "karim", "salle 12", "rouge", "toner"):
        assert new.id in by_both(desk, words), words


def test_the_row_that_a_use_case_returns_has_the_text_that_is_stored(desk: SmallDesk) -> None:
    ticket = desk.open()
    assert ticket.search_text == again(desk, ticket).search_text != ""


# -- bounds --------------------------------------------------------------------------------------------------


def test_of_a_very_long_conversation_the_newest_words_are_found(
    desk: SmallDesk, camille: Actor, karim: Actor
) -> None:
    ticket = desk.open(desk.draft("Bourrage"))
    reply(desk, ticket, karim, "ancien " + " ".join(f"mot{number}x" for number in range(300)))
    for portion in range(12):
        said = " ".join(f"p{portion}z{number}" for number in range(400))
        reply(desk, ticket, karim, f"{said} recent{portion}q"[-TEXT_MAX:])
    kept = again(desk, ticket)
    assert len(kept.search_text) < CONVERSATION_MAX * 2
    assert by_both(desk, "recent11q") == [ticket.id]
    assert by_both(desk, "ancien") == []
    assert by_both(desk, "bourrage camille iut") == [ticket.id]


def test_one_long_note_leaves_room_for_the_others(desk: SmallDesk, karim: Actor) -> None:
    ticket = desk.open()
    note(desk, ticket, karim, "Fusible")
    note(desk, ticket, karim, " ".join(f"ligne{number}" for number in range(5_000)))
    assert by_team(desk, "fusible") == [ticket.id]
    assert by_team(desk, "ligne7") == [ticket.id]


def test_the_same_words_again_and_again_are_not_all_read(desk: SmallDesk, mocker: MockerFixture) -> None:
    ticket, karim = desk.open(), desk.actor("karim", "assistance")
    for _ in range(20):
        reply(desk, ticket, karim, "toujours la même chose " * 170)
    read = mocker.spy(search_text, "search_terms")
    reply(desk, ticket, karim, "vu")
    assert read.call_count <= READ_MAX // TEXT_MAX + 4


def test_what_can_be_found_of_a_ticket_is_bounded(desk: SmallDesk) -> None:
    number = desk.open().id
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, number)
        ticket.description = " ".join(f"mot{each}" for each in range(100_000))
    assert len(again(desk, ticket).search_text) < 8 * TEXT_MAX
    assert by_both(desk, "camille") == [number]


def test_words_of_the_most_letters_and_bytes_are_kept(desk: SmallDesk, karim: Actor) -> None:
    """PostgreSQL's index takes 1 MB of one ticket."""
    ticket = desk.open()
    for start in range(0x20000, 0x20000 + 40 * 70, 70):
        text = " ".join(chr(start + each) * 64 for each in range(60))
        (note if start % 140 else reply)(desk, ticket, karim, text)
    assert by_team(desk, chr(0x20000 + 39 * 70) * 3) == [ticket.id]


# -- any words -----------------------------------------------------------------------------------------------

_WORDS = st.text(st.characters(categories=["L", "N", "P", "S", "Z"]), min_size=1, max_size=40)
_PARTS = st.lists(st.from_regex(r"[0-9A-Za-z]{1,5}", fullmatch=True), min_size=1, max_size=5)
_SEPARATORS = st.sampled_from(["-", ":", ".", "/", "_", "\u2011", "–", "·"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=_WORDS, data=st.data())
def test_a_ticket_is_found_by_any_whole_word_of_its_title(
    desk: SmallDesk, title: str, data: st.DataObject
) -> None:
    words = title.split()
    if not search_words(title):
        return
    ticket = desk.open(desk.draft(f"Bonjour {title}"[:100]))
    word = data.draw(st.sampled_from([each for each in words if search_words(each)]))
    written = data.draw(st.sampled_from([word, word.upper(), word.lower(), f"« {word} »", f"{word}\u00ad"]))
    assert ticket.id in by_team(desk, f"bonjour {written}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=_PARTS, one=_SEPARATORS, other=_SEPARATORS)
def test_a_code_is_found_whatever_separates_its_parts(
    desk: SmallDesk, parts: list[str], one: str, other: str
) -> None:
    ticket = desk.open(desk.draft(f"Poste {one.join(parts)} en panne"))
    looked_for = [other.join(parts), "".join(parts), one.join(parts).lower()]
    assert [each for each in looked_for if ticket.id not in by_team(desk, f"poste {each}")] == []
