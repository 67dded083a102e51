"""Oliver reads English: every word of Guichet's that reaches him, from the form to the last mail."""

import re
from datetime import timedelta

import pytest

from blocks import ids
from models.lifecycle import Ending, Status
from tests.support.agreement_forms import BADGE, ENGLISH_BADGE, open_form, request
from tests.support.help_desk import TRIAGE, Desk, Person, file

APPROVE, REFUSE, DETAIL = "It works, close", "It still does not work", "View details"
DIRECT = "@guichet"
# Letters and words that no English text of Guichet's has; names of people and of places apart.
FRENCH = re.compile(
    r"[àâçèêîôùû«»]|\b(?:le|la|les|un|une|est|pour|vous|votre|dans|ticket informatique)\b", re.I
)
ABOUT = {"User impact": "Just me", "User urgency": "Low", "Site": "INSPÉ (Institute of Education)"}


def french_in(text: str) -> list[str]:
    return FRENCH.findall(text)


def test_the_whole_journey_is_in_english(desk: Desk, oliver: Person) -> None:
    karim = desk.person("karim")
    seen = [oliver.home()]
    oliver.press("New IT ticket", "home")
    form = oliver.modal
    assert (form["title"], form["submit"], form["close"]) == ("IT ticket", "Save and close", "Cancel")
    assert form["labels"] == [
        "Title",
        "Status",
        "User impact",
        "User urgency",
        "Site",
        "Description",
        "Attachments",
    ]
    assert form["values"]["Status"] == "New"
    assert "“Add an attachment”" in form["text"]
    seen.append(form["text"])
    oliver.choose("User impact", "Several departments")
    oliver.choose("User urgency", "Critical (work has stopped)")
    assert "Resulting priority: Critical\n" in oliver.modal_text
    oliver.submit(
        {
            "Title": "Printer on fire",
            "Site": "IUT (University Institute of Technology)",
            "Description": "It smokes.",
            "Attachments": [file("photo.pdf")],
        }
    )
    assert oliver.reads()[0].startswith("No. 1 · Incident · New · 🔴 Critical priority\nPrinter on fire\n")
    seen += oliver.reads()

    karim.take()
    karim.resolve("Fire put out.")
    assert "Here is the solution. Does it work for you?\nFire put out." in oliver.reads()[1]
    seen += oliver.reads()
    oliver.press(REFUSE, DIRECT)
    seen.append(oliver.modal_text)
    oliver.submit({"What still does not work?": "It still smokes."})
    assert "You rejected this solution. The ticket is back with the technician." in oliver.reads()[1]
    karim.resolve("Printer replaced.")
    oliver.press(APPROVE, DIRECT)
    assert "You signed off this solution. The ticket is closed." in oliver.reads()[2]
    oliver.press("Reopen", DIRECT)
    oliver.submit({"Why are you reopening this ticket?": "The new one smokes."})
    seen += oliver.reads()
    oliver.press(DETAIL, DIRECT)
    for words in (
        "Raised by Oliver Smith",
        "Taken by Karim Benali",
        "Solution rejected by Oliver Smith",
        "History",
    ):
        assert words in oliver.modal_text
    seen.append(oliver.modal_text)
    oliver.press("Cancel this ticket")
    oliver.submit({"Why are you cancelling this ticket?": "Never mind."})
    seen += [oliver.modal_text, oliver.home_text, *oliver.reads()]
    assert "\nIncident · Closed (cancelled) · 🔴 Critical priority" in oliver.home_text

    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.CANCELLED)
    mails = desk.mails()
    assert {mail["subject"] for mail in mails} == {
        "[No. 1 · Received] Printer on fire",
        "[No. 1 · Please check the solution] Printer on fire",
    }
    assert [mail["text"].splitlines()[0] for mail in mails] == [
        "We have received your ticket.",
        "We have proposed a solution for your ticket.",
        "We have proposed a solution for your ticket.",
    ]
    assert {mail["headers"]["Content-Language"] for mail in mails} == {"en"}
    for mail in mails:
        assert '<html lang="en">' in mail["html"]
        seen += [mail["text"], re.sub(r"<[^>]*>", " ", mail["html"])]
    assert [found for text in seen for found in french_in(text)] == []


def test_the_team_reads_its_own_language(desk: Desk, oliver: Person) -> None:
    """The card in the channel speaks the desk's language, whoever filed the ticket."""
    oliver.file_ticket("Printer on fire")
    [card] = desk.person("karim").reads(TRIAGE)
    assert card.startswith("n° 1 · Incident · Nouveau · Priorité moyenne\nPrinter on fire\nDemandeur : ")


def test_the_catalogue_and_a_request_are_in_english(desk: Desk, oliver: Person) -> None:
    oliver.command("/catalogue")
    assert oliver.modal["title"] == "Service catalogue"
    seen = [oliver.modal_text]
    assert "📁 Group · Purchasing" in oliver.modal_text
    oliver.press("Open the group Purchasing")
    oliver.press("Open the group Hardware")
    seen.append(oliver.modal_text)
    oliver.press("Open the service Second screen")
    assert "Catalogue › Purchasing › Hardware › Second screen" in oliver.modal_text
    seen.append(oliver.modal_text)
    oliver.press("Request this service")
    assert oliver.modal["title"] == "Service request"
    seen.append(oliver.modal_text)
    oliver.submit(
        {
            "Size": "27 inches",
            "Would a refurbished display suit you?": "Yes",
            "Office where it is to be set up": "B204",
            **ABOUT,
        }
    )
    assert "No. 1 · Service request · New" in oliver.reads()[0]
    oliver.press(DETAIL, DIRECT)
    assert "Size\n27 inches\nWould a refurbished display suit you?\nYes\n" in oliver.modal_text
    seen.append(oliver.modal_text)
    [card] = desk.person("marc").reads("#dnum-postes")
    assert "Taille\n27 pouces\n" in card
    assert [found for text in seen for found in french_in(text)] == []


def test_a_search_in_english_finds_english_names(oliver: Person) -> None:
    oliver.command("/catalogue", "second screen")
    assert "Service · Second screen" in oliver.modal_text
    oliver.press("Back")
    oliver.submit({"Search the catalogue": "unicorn"})
    assert "Nothing in the catalogue matches “unicorn”." in oliver.modal_text


def test_lists_and_answers_to_messages_are_in_english(desk: Desk, oliver: Person) -> None:
    desk.add_tickets("oliver", 12)
    oliver.command("/my-tickets")
    assert oliver.modal["title"] == "My tickets"
    oliver.press("Older")
    oliver.press("Newer")
    oliver.press("My closed tickets")
    assert "You have no closed tickets yet." in oliver.modal_text
    oliver.close()
    oliver.write("Hello")
    desk.ahead += timedelta(seconds=8)
    desk.deliver()
    assert oliver.reads()[-1] == (
        "Hello. How can we help you?\n[New IT ticket]\n[IT service catalogue]\n[My tickets]"
    )


def test_refusals_are_in_english(desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("Printer on fire")
    karim = desk.person("karim")
    karim.resolve()
    oliver.press(APPROVE, DIRECT)
    oliver.press(APPROVE, DIRECT, stale=True)
    oliver.forge_click(ids.DETAIL, 999)
    late, nowhere = oliver.ephemeral_messages()
    assert late.startswith("Too late. Solution signed off by Oliver Smith on ")
    assert late.endswith(": the ticket is now “closed”.")
    assert nowhere == "This ticket does not exist or is not yours."
    oliver.command("/ticket", "Printer on fire")
    with desk.locked_database():
        answer = oliver.submit(
            {"User impact": "Just me", "User urgency": "High", "Site": ABOUT["Site"]}, deliver=False
        )
    assert answer["errors"]["Title"].startswith("The help desk cannot save anything right now.")


def test_written_dates_are_in_the_readers_language_and_time_zone(desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("Printer on fire")
    oliver.forge_click(ids.APPROVE, 1)
    opened = desk.ticket().opened_at
    assert re.search(
        rf"on {opened.day} {opened:%B} {opened.year}, \d\d:\d\d: ", oliver.ephemeral_messages()[0]
    )


def test_a_follow_up_is_offered_in_english(desk: Desk, oliver: Person) -> None:
    oliver.file_ticket("Printer on fire")
    desk.person("karim").resolve()
    oliver.press(APPROVE, DIRECT)
    desk.ahead = timedelta(days=30)
    oliver.press(DETAIL, DIRECT)
    oliver.press("Raise a follow-up ticket")
    oliver.submit()
    oliver.press(DETAIL, DIRECT)
    assert "Follow-up to: No. 1" in oliver.modal_text


def test_people_of_two_languages_share_a_desk(desk: Desk, oliver: Person) -> None:
    camille = desk.person("camille")
    camille.file_ticket("Imprimante")
    oliver.file_ticket("Printer")
    assert "n° 1 · Incident · Nouveau" in camille.reads()[0]
    assert "No. 2 · Incident · New" in oliver.reads()[0]
    assert [mail["headers"]["Content-Language"] for mail in desk.mails()] == ["fr", "en"]


def test_a_conversation_and_the_opinion_are_in_english(desk: Desk, oliver: Person) -> None:
    karim = desk.person("karim")
    oliver.file_ticket("Printer on fire")
    karim.take()
    karim.press("Répondre", TRIAGE)
    karim.submit({"Votre réponse": "Is the paper on fire too?"})
    assert "Reply from Karim Benali\nIs the paper on fire too?" in oliver.reads()[-1]
    assert "To reply, press “Reply” or write in the thread of this message." in oliver.reads()[-1]
    seen = oliver.reads()
    karim.resolve("Fire put out.")
    oliver.press(APPROVE, DIRECT)
    seen += oliver.reads()
    oliver.press("😐 Neutral", DIRECT)
    assert "Thank you for your feedback." in oliver.modal_text
    seen.append(oliver.modal_text)
    oliver.submit({"Anything to add?": "It still smells."})
    oliver.press(DETAIL, DIRECT)
    assert "Your rating: 😐 Neutral" in oliver.modal_text
    seen += [oliver.modal_text, *oliver.reads()]
    assert [found for text in seen for found in french_in(text)] == []


@pytest.mark.parametrize(
    ("choice", "title", "labels"),
    [
        ("Assign to…", "Assign", ["Technician"]),
        ("Put on hold…", "Put on hold", ["Waiting for", "Until", "Details"]),
        (
            "Reclassify or transfer…",
            "Reclassify",
            ["Impact", "Urgency", "Site", "Service", "Team", "Reason, for the other team"],
        ),
        ("Attach…", "Attach", ["Attach to"]),
        ("Link as duplicate…", "Link as duplicate", ["Original ticket number", "Message to the requester"]),
        ("Cancel…", "Cancel the ticket", ["Why are you cancelling this ticket?"]),
        ("Reply", "Reply to the requester", ["Your reply", "What next?", "Attachments"]),
        ("Internal note", "Internal note", ["Note"]),
        ("Resolve", "Resolve", ["Solution"]),
    ],
)
def test_a_technician_who_reads_english_fills_english_forms(
    desk: Desk, oliver: Person, choice: str, title: str, labels: list[str]
) -> None:
    """The card in the channel speaks the desk's language; what Oliver opens from it speaks his."""
    oliver.join(TRIAGE)
    desk.person("camille").file_ticket("Imprimante")
    desk.person("karim").take()
    oliver.press("Voir le détail", TRIAGE)
    oliver.press(choice)
    form = oliver.modal
    assert (form["title"], form["labels"]) == (title, labels)
    assert french_in(form["text"].replace("Imprimante", "").replace("INSPÉ", "")) == []


def test_an_agreement_is_asked_for_and_given_in_english(desk: Desk, oliver: Person) -> None:
    """Oliver asks for a badge, completes his request, and decides on somebody else's."""
    aurelie, camille = desk.person("aurelie"), desk.person("camille")
    seen = []
    open_form(oliver, ENGLISH_BADGE)
    assert "Before we start, we will ask for the agreement of:" in oliver.modal_text
    seen.append(oliver.modal_text)
    oliver.close()
    request(oliver, ENGLISH_BADGE, "aurelie", "Badge for B204")
    assert "Waiting for the agreement of Aurélie D'Hérouville" in oliver.reads()[0]
    aurelie.press("Il me manque une information", DIRECT)
    aurelie.submit({"Que vous manque-t-il ?": "Until when?"})
    assert "asked for more information before agreeing" in oliver.reads()[-1]
    seen += [*oliver.reads(), oliver.home()]
    oliver.press("Complete the request", DIRECT)
    seen.append(oliver.modal_text)
    oliver.submit({"Your message": "Until June."})
    aurelie.press("Ne pas donner mon accord", DIRECT)
    aurelie.submit({"Pourquoi ne donnez-vous pas votre accord ?": "Works are under way."})
    assert "Aurélie D'Hérouville has declined your request." in oliver.reads()[-1]
    seen += oliver.reads()
    assert "has declined your request." in desk.mails()[-1]["text"]
    seen.append(desk.mails()[-1]["text"])

    request(camille, BADGE, "oliver", "Badge")
    oliver.command("/my-approvals")
    assert "Camille Bernard needs your agreement to this request." in oliver.modal_text
    oliver.press("I need more information")
    oliver.submit({"What do you need to know?": "Until when?"})
    assert "Camille Bernard will complete No. 2." in oliver.modal_text
    oliver.close()
    assert "You asked for more information. You will be asked again." in oliver.reads()[-1]
    camille.press("Compléter la demande", DIRECT)
    camille.submit({"Votre message": "June."})
    oliver.press("Authorise", DIRECT)
    assert "✅ You gave your agreement." in oliver.reads()[-1]
    own = "\n".join(seen).replace("Aurélie D'Hérouville", "").replace("D'Hérouville", "")
    assert french_in(own) == []
