"""The search over tickets: what it finds, for whom, in which order, whatever is typed; and by which index."""

from typing import Any

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import event, text

from bot.services import search
from models.lifecycle import Action
from models.pages import TicketsFound
from models.tickets.ticket import Ticket
from tests.support.use_case_desk import SmallDesk


@pytest.fixture
def any_desk(shared_desk: SmallDesk) -> SmallDesk:
    """On each database."""
    return shared_desk


@pytest.fixture(params=["among the newest", "by the index"])
def desk(request: pytest.FixtureRequest, any_desk: SmallDesk, mocker: MockerFixture) -> SmallDesk:
    """Each way a ticket is found."""
    if request.param == "by the index":
        mocker.patch.object(search, "NEWEST", 1)
    return any_desk


def put(desk: SmallDesk, title: str, description: str = "", *, team: str = "assistance") -> int:
    """A ticket of these words; its number."""
    ticket = desk.open(desk.draft(title, description=description))
    with desk.sessions.begin() as session:
        session.get_one(Ticket, ticket.id).team_id = team
    return ticket.id


def result_numbers(desk: SmallDesk, words: str, *teams: str, page: int = 0, size: int = 10) -> TicketsFound:
    actor = desk.actor("karim", *(teams or ("assistance",)))
    with desk.sessions() as session:
        return search.search(session, actor, words, page=page, size=size)


def numbers(desk: SmallDesk, words: str, *teams: str, **more: int) -> list[int]:
    return [ticket.id for ticket in result_numbers(desk, words, *teams, **more).tickets]


def test_it_looks_at_title_description_requester_and_solution(desk: SmallDesk) -> None:
    number = desk.open(desk.draft("Écran noir", description="Depuis la mise à jour")).id
    desk.act(desk.open(desk.draft("Autre chose")), Action.CANCEL, desk.actor("camille"), "Finalement non")
    with desk.sessions() as session:
        ticket = session.get_one(Ticket, number)
    desk.act(ticket, Action.RESOLVE, desk.actor("karim", "assistance"), "Câble HDMI remplacé")
    for words in ("écran", "mise jour", "câble", "camille noir"):
        assert numbers(desk, words) == [number], words
    assert numbers(desk, "finalement") == []


def test_what_a_solution_said_is_no_longer_found_once_it_is_refused(desk: SmallDesk) -> None:
    ticket = desk.open(desk.draft("Écran noir"))
    desk.act(ticket, Action.RESOLVE, desk.actor("karim", "assistance"), "Câble remplacé")
    desk.act(ticket, Action.REFUSE, desk.actor("camille"), "Toujours noir")
    assert numbers(desk, "remplacé") == []
    assert numbers(desk, "écran") == [ticket.id]


@pytest.mark.parametrize("words", ["ÉCRAN éteint", "ecran ETEINT", "éteint, écran !", "écr étei", "L'écran"])
def test_accents_case_order_and_endings_do_not_matter(desk: SmallDesk, words: str) -> None:
    number = put(desk, "L’écran de la salle est éteint")
    assert numbers(desk, words) == [number]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Manœuvre du cœur de réseau", "coeur manoeuvre"),
        ("Adresse jean.dupont@univ.example refusée", "dupont univ"),
        ("Lien https://intranet.univ.example/page_2", "intranet page"),
        ("Wi-Fi de l’IUT", "wi-fi"),
        ("Poste 10h30 salle B-204", "b204"),
        ("Straße", "STRASSE"),
        ("Ошибка 404", "ошиб"),
        ("電話が鳴らない", "電話"),
        ("snake_case", "case"),
    ],
)
def test_words_are_letters_and_digits_on_every_database(desk: SmallDesk, title: str, words: str) -> None:
    number = put(desk, title)
    assert numbers(desk, words) == [number]


def test_all_words_are_needed_and_only_their_beginnings(desk: SmallDesk) -> None:
    put(desk, "Imprimante en panne")
    both = put(desk, "Imprimante sans toner")
    assert numbers(desk, "imprimante toner") == [both]
    assert numbers(desk, "primante") == []


def test_the_newest_come_first_page_by_page(desk: SmallDesk) -> None:
    put(desk, "Autre chose")
    known = [put(desk, f"Imprimante {number}") for number in range(7)]
    pages = [result_numbers(desk, "imprimante", page=page, size=3) for page in (0, 1, 2, 3)]
    expected = [*reversed(known)]
    assert [[ticket.id for ticket in page.tickets] for page in pages] == [
        expected[:3],
        expected[3:6],
        expected[6:],
        [],
    ]
    assert [page.has_more for page in pages] == [True, True, False, False]


@pytest.mark.parametrize("typed", ["{}", "n° {}", "N°{}", "#{}", "no {}", "  {} "])
def test_a_number_finds_its_ticket_first(desk: SmallDesk, typed: str) -> None:
    number = put(desk, "Écran noir")
    later = put(desk, f"Comme le {number}")
    assert numbers(desk, typed.format(number)) == [number, later]


def test_a_numbered_ticket_is_not_said_twice(desk: SmallDesk) -> None:
    number = desk.open().id
    with desk.sessions.begin() as session:
        ticket = session.get_one(Ticket, number)
        ticket.title = f"Le {number}"
    put(desk, f"Encore le {number}")
    assert numbers(desk, str(number), size=1) == [number]
    assert len(numbers(desk, str(number))) == 2


def test_nothing_of_another_team_is_ever_found(desk: SmallDesk) -> None:
    theirs = put(desk, "Imprimante en panne", team="reseau")
    for words in ("imprimante", str(theirs), "reseau", "@reseau", "assistance"):
        assert numbers(desk, words) == [], words
    assert numbers(desk, "imprimante", "assistance", "reseau") == [theirs]


def test_who_is_in_no_team_finds_nothing(any_desk: SmallDesk) -> None:
    number = put(any_desk, "Imprimante en panne")
    actor = any_desk.actor("karim")
    with any_desk.sessions() as session:
        for words in ("imprimante", str(number)):
            assert search.search(session, actor, words, page=0, size=10).tickets == []


def test_a_ticket_that_is_handed_over_is_found_by_its_new_team_only(desk: SmallDesk) -> None:
    number = put(desk, "Imprimante en panne")
    with desk.sessions.begin() as session:
        session.get_one(Ticket, number).team_id = "reseau"
    assert numbers(desk, "imprimante") == []
    assert numbers(desk, "imprimante", "reseau") == [number]


def test_a_team_whose_name_begins_like_anothers_does_not_see_its_tickets(desk: SmallDesk) -> None:
    put(desk, "Imprimante en panne", team="reseau")
    assert numbers(desk, "imprimante", "res") == []


ODD = [
    "",
    "   ",
    "«?!» … — ' \" * : - ^ ( )",
    '"',
    "'",
    "''; DROP TABLE ticket; --",
    "imprimante OR écran",
    "NEAR(imprimante, 2)",
    "NOT",
    "AND",
    "search_text:imprimante zzz",
    "imprimante* & !toner | zzz",
    "zzz:*",
    "%",
    "_",
    "\\",
    "\x00",
    "imprimante\x00zzz",
    "😀",
    "9" * 18,
    "9" * 40,
    "z" * 5000,
    "mot " * 2000,
]


def test_whatever_is_typed_is_words(desk: SmallDesk) -> None:
    put(desk, "Imprimante en panne")
    put(desk, "Écran noir")
    assert [typed for typed in ODD if numbers(desk, typed)] == []


def test_a_word_of_many_letters_is_found_by_its_beginning(desk: SmallDesk) -> None:
    number = put(desk, "z" * 140)
    assert numbers(desk, "z" * 140) == numbers(desk, "z" * 100) == [number]


def test_it_reads_no_further_than_anybody_would(any_desk: SmallDesk) -> None:
    put(any_desk, "Imprimante")
    far = result_numbers(any_desk, "imprimante", page=10**9)
    assert (far.page, far.tickets) == (search.PAGE_MAX, [])


def test_what_is_typed_comes_back_as_it_was(any_desk: SmallDesk) -> None:
    assert result_numbers(any_desk, "  Écran   <b> ").words == "Écran <b>"


@pytest.mark.parametrize("written", ["Wi-Fi lent", "WiFi lent", "Wi‑Fi lent"])
@pytest.mark.parametrize("typed", ["wifi", "wi-fi", "WI-FI lent"])
def test_a_compound_is_found_however_it_is_written(any_desk: SmallDesk, written: str, typed: str) -> None:
    ticket = put(any_desk, written)
    assert numbers(any_desk, typed) == [ticket]


# -- by which index ------------------------------------------------------------------------------------------


def test_a_rare_word_is_found_by_the_full_text_index(any_desk: SmallDesk, mocker: MockerFixture) -> None:
    mocker.patch.object(search, "NEWEST", 1)
    first = any_desk.open(any_desk.draft("Imprimante"))
    engine, seen = any_desk.sessions.kw["bind"], list[tuple[str, Any]]()
    same = ", ".join(
        column.name
        for column in Ticket.__table__.columns
        if column.name not in {"id", "submission", "search_text"}
    )
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
    rows = f"SELECT {same}, 'copy ' || i, 'mot' || i FROM ticket, n WHERE ticket.id = {first.id}"
    with any_desk.sessions.begin() as session:
        session.execute(text(f"INSERT INTO ticket ({same}, submission, search_text) {many}{rows}"))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))

    def note(*call: Any) -> None:
        seen.append((call[2], call[3]))

    event.listen(engine, "before_cursor_execute", note)
    assert numbers(any_desk, "imprimante") == [first.id]
    event.remove(engine, "before_cursor_execute", note)
    [(statement, parameters)] = [each for each in seen if "hit" in each[0]]
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))
    if engine.dialect.name == "sqlite":
        assert plan.startswith("SCAN ticket_search VIRTUAL TABLE")
        assert "TEMP B-TREE" not in plan, "its hits come newest first"
    else:
        assert "Bitmap Index Scan on ix_ticket_search" in plan
        assert "Seq Scan on ticket" not in plan


def test_the_index_follows_every_change(any_desk: SmallDesk) -> None:
    """SQLite's is kept by triggers of ours; PostgreSQL keeps its own."""
    ticket = any_desk.ticket_in_state(
        Action.TAKE, Action.RESOLVE, Action.REFUSE, Action.RESOLVE, Action.APPROVE
    )
    put(any_desk, "Écran", team="reseau")
    if any_desk.sessions.kw["bind"].dialect.name == "sqlite":
        with any_desk.sessions.begin() as session:
            check = "INSERT INTO ticket_search (ticket_search, rank) VALUES ('integrity-check', 1)"
            session.execute(text(check))
    assert numbers(any_desk, "imprimante") == [ticket.id]


def test_a_common_and_a_rare_word_are_found_beyond_the_newest(
    any_desk: SmallDesk, mocker: MockerFixture
) -> None:
    """The index is asked for the rare one, and what it has is compared with the common one."""
    mocker.patch.object(search, "NEWEST", 3)
    mocker.patch.object(search, "SAMPLE", 3)
    both = put(any_desk, "Imprimante licorne")
    put(any_desk, "Écran licorne")
    for _ in range(5):
        put(any_desk, "Imprimante en panne")
    asked = mocker.spy(search, "without_common")
    assert numbers(any_desk, "imprimantes licornes") == [both]
    assert [word.prefix for word in asked.spy_return] == ["licornes"]
