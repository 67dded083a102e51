"""Requests that need an agreement, filed through the local Slack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.help_desk import Person


@dataclass(frozen=True)
class Words:
    """What a request says on the screen in one language."""

    find: str
    open: str
    ask: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    approver: str = ""
    """The label of the question that names who decides."""


BADGE = Words(
    "badge",
    "Ouvrir le service Badge et contrôle d’accès",
    "Demander un service",
    {
        "Titulaire du badge": "camille",
        "Portes ou zones à ouvrir": "B204",
        "Un accès le soir ou le week-end est-il nécessaire ?": "Non",
        "Impact utilisateur": "Moi seul·e",
        "Urgence utilisateur": "Basse",
        "Site": "IUT",
    },
    "Responsable des locaux",
)
ENGLISH_BADGE = Words(
    "badge",
    "Open the service Badge and door access",
    "Request this service",
    {
        "Badge holder": "oliver",
        "Doors or areas to open": "B204",
        "Is evening or weekend access needed?": "No",
        "User impact": "Just me",
        "User urgency": "Low",
        "Site": "IUT (University Institute of Technology)",
    },
    "Person in charge of the premises",
)
COMPUTER = Words(
    "achat poste de travail",
    "Ouvrir le service Achat d’un poste de travail",
    "Demander un service",
    {
        "Quel type de poste ?": "Portable 14 pouces",
        "Système d’exploitation": "Linux",
        "Quantité": "1",
        "Centre financier": "7A12",
        "Montant estimé, en euros": "750",
        "Ce poste en remplace-t-il un autre ?": "Non",
        "Impact utilisateur": "Moi seul·e",
        "Urgence utilisateur": "Basse",
        "Site": "IUT",
    },
    "Responsable du budget",
)


ENGLISH_COMPUTER = Words(
    "buy a computer",
    "Open the service Workstation purchase",
    "Request this service",
    {
        "Which kind of workstation?": "14-inch laptop",
        "Operating system": "Linux",
        "Quantity": "1",
        "Cost centre": "7A12",
        "Estimated amount, in euros": "750",
        "Does it replace another workstation?": "No",
        "User impact": "Just me",
        "User urgency": "Low",
        "Site": "IUT (University Institute of Technology)",
    },
    "Budget holder",
)
APPLICATION = Words(
    "droits dans une application",
    "Ouvrir le service Droits dans une application",
    "Demander un service",
    {
        "Application": "Finances",
        "Pour qui ?": "camille",
        "Rôle et périmètre": "Consultation, IUT",
        "Impact utilisateur": "Moi seul·e",
        "Urgence utilisateur": "Basse",
        "Site": "IUT",
    },
    "Responsable hiérarchique",
)


def open_form(person: Person, words: Words) -> None:
    """Open the form of the service."""
    person.command("/catalogue", words.find)
    person.press(words.open)
    person.press(words.ask)


def request(person: Person, words: Words, approver: str, title: str = "Badge pour B204", **more: Any) -> Any:
    """File a request for the service that names this approver; `more`: other answers, by label."""
    open_form(person, words)
    title_label = "Title" if words.ask == ENGLISH_BADGE.ask else "Titre"
    return person.submit({title_label: title, **words.answers, words.approver: approver, **more})
