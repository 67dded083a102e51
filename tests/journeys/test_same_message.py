"""Two technicians make a ticket from the same message: the second is told of the first, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from blocks import ids
from bot.services.tickets.draft import check_same_message
from bot.services.tickets.new_ticket import open_ticket
from models.catalogue import Team
from models.errors import MadeFromMessage
from models.tickets.ticket import Ticket
from tests.support.help_desk import ENGLISH_FORM, FORM, TRIAGE, Desk, Person
from tests.support.use_case_desk import SmallDesk

ADDRESS = "https://univ.slack.com/archives/C1/p1"


@dataclass(frozen=True)
class Words:
    """What the second technician reads."""

    name: str
    before: str
    open: str
    meanwhile: str
    form: dict[str, str]


SECOND = (
    Words(
        "lea",
        "Le n° 1 a déjà été créé depuis ce message.",
        "Ouvrir le n° 1",
        "Le n° 1 a été créé depuis ce message entre-temps.",
        FORM,
    ),
    Words(
        "oliver",
        "No. 1 was already raised from this message.",
        "Open No. 1",
        "No. 1 was raised from this message in the meantime.",
        ENGLISH_FORM,
    ),
)


@pytest.fixture
def from_message(desk: Desk) -> Callable[[str], Person]:
    """Opens the form of a ticket from Camille's message for somebody, and returns them."""
    ts = desk.person("camille").write("Mon écran est noir", "#general")["message"]["ts"]
    desk.person("oliver").join(TRIAGE)

    def opened(name: str) -> Person:
        desk.slack.control.post(
            "shortcut", user=name, callback_id=ids.SHORTCUT_FROM_MESSAGE, channel="#general", ts=ts
        )
        return desk.person(name)

    return opened


@pytest.mark.parametrize("words", SECOND, ids=lambda words: str(words.name))
def test_the_form_opens_the_ticket_that_was_made_and_stays_below_it(
    desk: Desk, from_message: Callable[[str], Person], words: Words
) -> None:
    from_message("karim").submit(FORM)
    second = from_message(words.name)
    assert words.before in second.modal_text
    second.press(words.open)
    assert "Mon écran est noir" in second.modal_text
    second.close()
    assert words.before in second.modal_text
    second.submit(words.form)
    assert desk.count_tickets() == 2, "who was told is not asked again"


@pytest.mark.parametrize("words", SECOND, ids=lambda words: str(words.name))
def test_a_ticket_made_meanwhile_is_said_once(
    desk: Desk, from_message: Callable[[str], Person], words: Words
) -> None:
    second = from_message(words.name)
    assert words.before not in second.modal_text
    from_message("karim").submit(FORM)
    second.submit(words.form)
    assert desk.count_tickets() == 1
    assert words.meanwhile in second.modal_text
    second.press(words.open)
    second.close()
    second.submit()
    assert desk.count_tickets() == 2, "what was typed has stayed"


def test_a_ticket_of_another_team_is_named_by_its_number_only(
    desk: Desk, from_message: Callable[[str], Person]
) -> None:
    from_message("karim").submit(FORM)
    with desk.sessions.begin() as session:
        session.get_one(Ticket, 1).team = session.get_one(Team, "reseau")
    lea = from_message("lea")
    assert "Le n° 1 a déjà été créé depuis ce message." in lea.modal_text
    assert "Ouvrir le n° 1" not in lea.modal_text
    lea.forge_click_in_modal(ids.MADE_BEFORE, 1)
    assert "Ce ticket n’existe pas, ou n’est pas le vôtre." in lea.modal_text


def test_who_is_no_technician_is_told_nothing(desk: Desk, from_message: Callable[[str], Person]) -> None:
    from_message("karim").submit(FORM)
    aurelie = from_message("aurelie")
    assert "n° 1" not in aurelie.modal_text
    aurelie.submit(FORM)
    assert desk.count_tickets() == 2


def test_of_two_forms_sent_at_the_same_moment_one_is_asked(shared_desk: SmallDesk) -> None:
    technicians = [shared_desk.actor(name, "assistance") for name in ("karim", "lea")]

    def send(index: int) -> str:
        draft = shared_desk.draft(source=ADDRESS, submission=f"s{index}")
        try:
            shared_desk.do(lambda uow: open_ticket(uow, draft), technicians[index])
        except MadeFromMessage as asked:
            return f"made: {asked.number}"
        return "filed"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, range(2))) == ["filed", "made: 1"]
    assert shared_desk.count(Ticket) == 1


def test_the_second_waits_until_the_first_is_saved(shared_desk: SmallDesk) -> None:
    """Not only by chance: the first holds the message until its transaction ends."""
    karim, lea = (shared_desk.actor(name, "assistance") for name in ("karim", "lea"))
    draft = shared_desk.draft(source=ADDRESS)

    with ThreadPoolExecutor(1) as pool:

        def first(uow: object) -> object:
            open_ticket(uow, draft)  # type: ignore[arg-type]
            later = shared_desk.draft(source=ADDRESS)
            return pool.submit(
                shared_desk.do,
                lambda other: check_same_message(other, later),
                lea,
            )

        waiting = shared_desk.do(first, karim)
        with pytest.raises(MadeFromMessage):
            waiting.result()
