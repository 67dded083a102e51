"""Oliver reads English: what he writes, what waits for him, what he is told; then as a technician.

The same gestures in French are in `tests/listeners/`."""

import re
from datetime import timedelta

import pytest

from models.lifecycle import Action, Status
from playground.state.workspace import BOT_USER_ID
from tests.support.databases import ON_SQLITE_ONLY
from tests.support.help_desk import DIRECT, ENGLISH_FORM, FORM, TRIAGE, Desk, Person, file

# The words do not depend on the database; the same gestures in French are tested on both.
pytestmark = ON_SQLITE_ONLY
APPROVE, REFUSE, REOPEN, WHY_REOPEN = (
    "It works, close",
    "It still does not work",
    "Reopen",
    "Why are you reopening this ticket?",
)


@pytest.fixture
def karim(desk: Desk, oliver: Person) -> Person:
    """Karim, who has Oliver's ticket."""
    oliver.have_filed("Printer on fire")
    karim = desk.person("karim")
    karim.take()
    return karim


def write(person: Person, text: str, channel: str = DIRECT) -> None:
    """Write under the newest message of a channel."""
    person.write(text, channel, thread_ts=person.messages(channel)[-1]["ts"])
    person.desk.deliver()


def say(person: Person, text: str) -> str:
    """Write outside of threads. Returns the answer."""
    person.write(text)
    person.desk.ahead += timedelta(seconds=8)
    person.desk.deliver()
    return person.reads()[-1]


def ask(karim: Person) -> None:
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Which room?", "Et ensuite ?": ["Le ticket attend sa réponse"]})


def test_a_first_visit_says_what_can_be_done(oliver: Person) -> None:
    assert oliver.home().splitlines()[3:] == [
        "How it works",
        "Something not working? Press “New IT ticket”, or write to us in the “Messages” tab.",
        "Need something? Look in the IT service catalogue.",
        "What next? We write to you in Slack, and you can follow everything here.",
        "[My absence]",
        "[My data]",
    ]


def test_words_become_a_ticket_or_lead_to_the_catalogue(desk: Desk, oliver: Person) -> None:
    assert say(oliver, "The printer smokes") == (
        "Would you like to raise a ticket with what you wrote?\n[Raise a ticket]\n[IT service catalogue]\n"
        "Your message is kept for 7 days. Until you choose, no technician reads it."
    )
    oliver.press("IT service catalogue", DIRECT)
    assert oliver.modal["title"] == "Service catalogue"
    oliver.close()
    oliver.press("Raise a ticket", DIRECT)
    assert oliver.modal["values"]["Description"] == "The printer smokes"
    oliver.submit(ENGLISH_FORM)
    assert "No. 1 has been raised." in oliver.reads()


def test_words_below_a_solution_and_below_a_closed_ticket(desk: Desk, oliver: Person, karim: Person) -> None:
    karim.resolve()
    write(oliver, "It still smokes.")
    prompt = oliver.messages()[-1]["replies"][-1]["text"]
    assert prompt.startswith(
        "We have received your message. This ticket is still waiting for your sign-off: does it work?"
    )
    assert say(oliver, "Thank you") == (
        "You’re welcome. No. 1 (Printer on fire) awaits your sign-off: does the solution work for you?\n"
        f"[{APPROVE}]\n[{REFUSE}]"
    )
    oliver.press(APPROVE, DIRECT)
    assert say(oliver, "Thanks") == "You’re welcome."
    request = next(each for each in oliver.messages() if "You signed off" in each["text"])
    oliver.write("It is back.", thread_ts=request["ts"])
    desk.deliver()
    request = next(each for each in oliver.messages() if "You signed off" in each["text"])
    assert request["replies"][-1]["text"] == (
        "We have received your message, but this ticket is closed. If you still need us, reopen it.\n"
        f"[{REOPEN}]\n[View details]"
    )
    oliver.press(REOPEN, DIRECT)
    oliver.submit({WHY_REOPEN: "It is back."})
    assert desk.ticket().status is Status.IN_PROGRESS


def test_a_question_is_answered_from_the_home_and_shows_it(desk: Desk, oliver: Person, karim: Person) -> None:
    ask(karim)
    waiting = "Waiting for you\nNo. 1 · Printer on fire\nWe are waiting for your reply.\nWhich room?\n"
    before, _waiting, after = oliver.home().partition(waiting)
    assert "Waiting for you" not in before
    assert re.match(r"Without a reply from you, we will close it on .*\.\n\[Reply\]\n", after)
    oliver.press("Reply", "home")
    assert (oliver.modal["title"], oliver.modal["submit"]) == ("Reply", "Send")
    oliver.submit({"Your message": "B204", "Attachments": [file("room.pdf")]})
    assert "You wrote " in oliver.home_text
    question = oliver.messages()[-1]
    assert "✅ Your reply has arrived." in question["text"]
    assert "To reply" not in question["text"]
    assert "Your message to the team\nB204" in question["replies"][0]["text"]


def test_what_is_agreed_to_answers_the_question(desk: Desk, oliver: Person, karim: Person) -> None:
    ask(karim)
    assert say(oliver, "Perfect!").startswith("Is this about No. 1 (Printer on fire)?")
    oliver.press("Yes, add it", DIRECT)
    assert desk.history()[-1] == (Action.ANSWER, None)


def test_a_solution_is_answered_from_the_home(desk: Desk, oliver: Person, karim: Person) -> None:
    karim.resolve("New toner.")
    assert "Here is the solution. Does it work for you?\nNew toner." in oliver.home()
    oliver.press(REFUSE, "home")
    assert (oliver.modal["title"], oliver.modal["submit"]) == (
        "Reject the solution",
        "Send back to technician",
    )
    oliver.submit({"What still does not work?": "It smokes."})
    assert "You rejected the solution " in oliver.home_text
    karim.resolve("New printer.")
    oliver.press(APPROVE, "home")
    assert "Waiting for you" not in oliver.home_text
    assert "\nClosed " in oliver.home_text


def test_a_found_ticket_leads_back_to_what_was_found(oliver: Person, karim: Person) -> None:
    oliver.home()
    oliver.press("Search my tickets", "home")
    oliver.type_in("Keywords or ticket number", "printer")
    oliver.press("Open")
    assert oliver.modal["title"] == "No. 1"
    oliver.press("Back")
    assert "Tickets matching “printer”, newest first" in oliver.modal_text


def test_what_others_decide_is_told(desk: Desk, oliver: Person, karim: Person) -> None:
    karim.menu("Annuler…")
    karim.submit({"Pourquoi annuler ce ticket ?": "Retired."})
    assert "Karim Benali has cancelled your ticket.\nRetired.\n[Reopen]" in oliver.reads()[-1]
    oliver.press(REOPEN, DIRECT)
    oliver.submit({WHY_REOPEN: "I need it."})
    karim.resolve()
    karim.menu("Approuvé de vive voix…")
    karim.submit({"Quand et comment a-t-il été approuvé ?": "Au téléphone."})
    told = "Your ticket is closed. Karim Benali recorded that you signed off the solution verbally."
    assert told in oliver.reads()[-1]
    assert [mail["subject"].partition("] ")[0] for mail in desk.mails()][1:] == [
        "[No. 1 · Cancelled",
        "[No. 1 · Please check the solution",
        "[No. 1 · Closed",
    ]


def test_who_is_dissatisfied_says_why(oliver: Person, karim: Person) -> None:
    karim.resolve()
    oliver.press(APPROVE, DIRECT)
    oliver.press("🙁 Dissatisfied", DIRECT)
    oliver.submit({"Anything to add?": "Too long."})
    *_before, line, comment = karim.reads_thread()
    assert "Oliver Smith : 🙁 mécontent·e · @Karim Benali" in line
    assert "Too long." in comment


def test_the_card_says_where_the_ticket_is(oliver: Person, karim: Person) -> None:
    karim.menu("Mettre en attente…")
    karim.submit({"En attente de": "une pièce"})
    assert "Your ticket is on hold: we are waiting for a part." in oliver.reads()[0]
    karim.press("Reprendre", TRIAGE)
    assert "We have resumed work on your ticket." in oliver.reads()[0]


# Forms, in both languages


def at_form(desk: Desk, name: str, search: str, *buttons: str) -> Person:
    """Somebody who searched the catalogue and pressed these buttons up to the form."""
    somebody = desk.person(name)
    somebody.command("/catalogue", search)
    for button in buttons:
        somebody.press(button)
    return somebody


@pytest.mark.parametrize(
    ("name", "path", "values", "label", "refused"),
    [
        (
            "camille",
            ("prise en main", "Ouvrir le service Prise en main et formation", "Demander un service"),
            {
                "Quels outils souhaitez-vous aborder ?": ["Messagerie et agenda"],
                "Combien de personnes ?": "2",
                **FORM,
            },
            "Date souhaitée",
            "passé",
        ),
        (
            "oliver",
            ("getting started", "Open the service Getting started and training", "Request this service"),
            {
                "Which tools would you like to cover?": ["Email and calendar"],
                "How many people?": "2",
                **ENGLISH_FORM,
            },
            "Preferred date",
            "past",
        ),
    ],
)
def test_a_date_in_the_past_is_refused_at_its_question(
    desk: Desk, name: str, path: tuple[str, ...], values: dict[str, object], label: str, refused: str
) -> None:
    somebody = at_form(desk, name, *path)
    assert refused in somebody.submit({**values, label: "2020-01-31"})["errors"][label]
    assert desk.count_tickets() == 0


@pytest.mark.parametrize(
    ("name", "commands", "labels", "refused"),
    [
        ("karim", ("Écran noir", FORM), "Demandeur", "celui d’un bot"),
        ("oliver", ("Black screen", ENGLISH_FORM), "Requester", "belongs to a bot"),
    ],
)
def test_a_bot_is_no_requester(
    desk: Desk, name: str, commands: tuple[str, dict[str, str]], labels: str, refused: str
) -> None:
    technician = desk.person(name)
    if name == "oliver":
        technician.join(TRIAGE)
    title, form = commands
    technician.command("/ticket", title)
    assert refused in technician.submit({**form, labels: BOT_USER_ID})["errors"][labels]
    assert desk.count_tickets() == 0


@pytest.mark.parametrize(
    ("name", "path", "values", "label", "refused"),
    [
        (
            "camille",
            ("prolongation ou départ", "Ouvrir le service Prolongation ou départ", "Demander un service"),
            {"Date d’échéance ou de départ": "2030-01-31", **FORM},
            "Compte de",
            "celui d’un bot",
        ),
        (
            "oliver",
            ("departure", "Open the service Account extension or departure", "Request this service"),
            {"Expiry or leaving date": "2030-01-31", **ENGLISH_FORM},
            "Account holder",
            "belongs to a bot",
        ),
    ],
)
def test_a_bot_is_nobody_who_is_asked_for(
    desk: Desk, name: str, path: tuple[str, ...], values: dict[str, object], label: str, refused: str
) -> None:
    somebody = at_form(desk, name, *path)
    assert refused in somebody.submit({**values, label: BOT_USER_ID})["errors"][label]
    somebody.submit({**values, label: somebody.slack_id})
    assert desk.count_tickets() == 1


# A technician


def test_a_note_is_offered_to_be_sent(desk: Desk, oliver: Person) -> None:
    camille = desk.person("camille")
    oliver.join(TRIAGE)
    camille.file_ticket()
    oliver.take()
    write(camille, "Toujours rien.")
    write(oliver, "Please restart it.", TRIAGE)
    assert oliver.ephemeral_messages() == [
        "Saved for the team only: Camille Bernard will not see it.\n"
        "[Send it to Camille Bernard]\n[Do not suggest this again]"
    ]
    oliver.press("Send it to Camille Bernard", TRIAGE)
    assert oliver.modal["values"]["Your reply"] == "Please restart it."
    oliver.submit({})
    assert "Please restart it." in camille.reads()[-1]
    write(camille, "Rien.")
    write(oliver, "Bring it here.", TRIAGE)
    oliver.press("Do not suggest this again", TRIAGE)
    assert oliver.ephemeral_messages()[-1] == "Understood: this will no longer be suggested."


def test_the_queue_says_who_wrote_last(desk: Desk, oliver: Person) -> None:
    camille = desk.person("camille")
    oliver.join(TRIAGE)
    camille.file_ticket()
    oliver.take()
    write(camille, "Toujours rien.")
    oliver.command("/my-queue")
    oliver.press("Mine (1)")
    assert "💬 Camille Bernard replied " in oliver.modal_text
    oliver.close()
    oliver.command("/find-ticket", "imprimante")
    assert "No. 1 · Imprimante en panne" in oliver.modal_text
    oliver.close()
    oliver.command("/outage", "Email is down")
    assert oliver.modal["values"]["Title"] == "Email is down"
