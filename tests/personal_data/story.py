"""A story in which everything is written that can be written about a ticket, each with a needle.

Camille Bernard asks for a badge, which Aurélie agrees to and Karim gives; she has other tickets, one filed by
Karim for her, and she is named in a ticket of Oliver's.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tests.personal_data.needles import Needles
from tests.support.agreement_forms import BADGE, ENGLISH_BADGE, request
from tests.support.help_desk import DELIVERED, DIRECT, FORM, INCOMPLETE, TRIAGE, Desk, Person, file

IDENTITIES, NETWORK = "#dnum-identites", "#dnum-reseau"
AUTHORISE, DECLINE = "Donner mon accord", "Ne pas donner mon accord"
ASK, COMPLETE = "Il me manque une information", "Compléter la demande"
WHY = "Pourquoi, pour l’autre équipe"
WHY_INCOMPLETE = "Que manque-t-il ?"


@dataclass
class Story:
    """What happens, chapter by chapter."""

    desk: Desk
    needles: Needles = field(default_factory=Needles)
    of_first_ticket: set[str] = field(default_factory=set)
    """The places of the needles of her first ticket, which is closed."""

    def __post_init__(self) -> None:
        name, self.slack_id = self.needles.alone("name"), self.person("camille").slack_id
        changed = {"real_name": f"Camille {name}", "email": f"{self.needles.alone('email')}@univ.example"}
        assert self.desk.slack.control.post("person", user="camille", **changed)["ok"]

    def tell(self) -> None:
        """All of it."""
        self.a_request_with_an_agreement()
        self.a_technician_at_work()
        self.a_solution_that_is_refused_and_approved()
        self.of_first_ticket = {*self.needles.planted} - {"name", "email"}
        self.tickets_that_belong_together()
        self.words_of_no_ticket()
        self.another_persons_ticket()
        self.an_outage()
        assert self.desk.undelivered() == []
        self.what_waits()

    def person(self, name: str) -> Person:
        return self.desk.person(name)

    def file(self, place: str) -> dict[str, Any]:
        """A file whose name and content have needles."""
        content = b"%PDF-1.7 " + self.needles.words(f"{place} (content)").encode()
        return file(f"{self.needles.alone(f'{place} (name)')}.pdf", content)

    def a_request_with_an_agreement(self) -> None:
        """Camille's first ticket, until it is closed and rated."""
        say, camille, aurelie = self.needles.words, self.person("camille"), self.person("aurelie")
        request(camille, self._badge(), "aurelie", say("title"), **{"Pièces attachées": [self.file("file")]})
        aurelie.press(ASK, DIRECT)
        aurelie.submit({"Que vous manque-t-il ?": say("approver’s question")})
        camille.press(COMPLETE, DIRECT)
        camille.submit(
            {"Votre message": say("completion"), "Pièces attachées": [self.file("completion file")]}
        )
        aurelie.press(AUTHORISE, DIRECT)

    def a_technician_at_work(self) -> None:
        say, camille, karim = self.needles.words, self.person("camille"), self.person("karim")
        karim.take(IDENTITIES)
        karim.press("Répondre", IDENTITIES)
        karim.submit({"Votre réponse": say("reply")})
        self.thread(camille, say("answer in the thread"), DIRECT, self.file("answer file"))
        karim.press("Note interne", IDENTITIES)
        karim.submit({"Note": say("note")})
        self.thread(karim, say("note in the thread"), IDENTITIES, self.file("note file"))
        karim.menu("Mettre en attente…", IDENTITIES)
        karim.submit({"En attente de": "un fournisseur", "Précisions": say("hold")})
        karim.press("Reprendre", IDENTITIES)
        karim.resolve(say("solution"), IDENTITIES)

    def a_solution_that_is_refused_and_approved(self) -> None:
        say, camille, karim = self.needles.words, self.person("camille"), self.person("karim")
        camille.press(INCOMPLETE, DIRECT)
        camille.submit({WHY_INCOMPLETE: say("refusal")})
        karim.resolve(say("second solution"), IDENTITIES)
        camille.press(DELIVERED, DIRECT)
        camille.press("😀 Satisfait·e", DIRECT)
        camille.submit({"Un commentaire ?": say("rating")})

    def tickets_that_belong_together(self) -> None:
        """Her second ticket, filed for her and handed over."""
        say, karim = self.needles.words, self.person("karim")
        karim.command("/ticket", say("title of a call"))
        karim.choose("Demandeur", f"Camille {self.needles.alone('name')}")
        karim.submit({**FORM, "Demandeur": "camille", "Description": say("description of a call")})
        karim.menu("Requalifier, passer à une équipe…")
        karim.submit({"Équipe": "Réseau et téléphonie", WHY: say("hand-over")})

    def words_of_no_ticket(self) -> None:
        """What she writes to Guichet, looks for, and leaves unfinished in a form."""
        say, camille = self.needles.words, self.person("camille")
        camille.command("/catalogue", self.needles.alone("search"))
        camille.close()
        camille.write(say("draft"))
        self.desk.ahead += timedelta(seconds=30)
        self.desk.deliver()
        camille.press("Nouveau ticket", DIRECT)
        camille.close()

    def another_persons_ticket(self) -> None:
        """Oliver's, which Camille agrees to; she is away, and Léa stands in for her."""
        say, camille, oliver = self.needles.words, self.person("camille"), self.person("oliver")
        request(oliver, ENGLISH_BADGE, "camille", "Badge for B101")
        camille.press(DECLINE, DIRECT)
        camille.submit({"Pourquoi ne donnez-vous pas votre accord ?": say("decision")})
        camille.visit_home()
        camille.press("Mon absence", "home")
        today = self.desk.now.date()
        camille.submit(
            {
                "Premier jour": (today + timedelta(days=1)).isoformat(),
                "Dernier jour": (today + timedelta(days=9)).isoformat(),
                "Qui décide à votre place ?": "lea",
            }
        )

    def an_outage(self) -> None:
        """Karim declares one, which she follows, and writes under its card."""
        karim, camille = self.person("karim"), self.person("camille")
        karim.command("/panne", "Messagerie indisponible")
        karim.submit({"Sites": ["IUT"]})
        [card] = [each for each in karim.messages(TRIAGE) if "Panne connue" in each["text"]]
        karim.write("Vu avec l’hébergeur.", TRIAGE, thread_ts=card["ts"])
        camille.home()
        camille.press("Je suis concerné·e aussi", "home")
        camille.close()

    def what_waits(self) -> None:
        """The mail server is away when her second ticket is resolved."""
        marc = self.person("marc")
        assert self.desk.slack.control.post("faults", smtp=421, times=0)["ok"]
        marc.take(NETWORK)
        marc.resolve(self.needles.words("solution of a call"), NETWORK)
        assert len(self.desk.undelivered()) == 1

    def thread(self, person: Person, words: str, channel: str, *files: Any) -> None:
        """Write under the first message of a channel that has a title of hers."""
        root = next(each for each in person.messages(channel) if self.needles.alone("title") in each["text"])
        person.write(words, channel, thread_ts=root["ts"], files=list(files))
        self.desk.deliver()

    def _badge(self) -> Any:
        areas = {"Portes ou zones à ouvrir": self.needles.words("answer")}
        return replace(BADGE, answers={**BADGE.answers, **areas})
