"""What the people of a sample desk write: as hard for Slack as real words may be."""

from uuid import uuid4

from models.lifecycle import DESCRIPTION_MAX, TITLE_MAX, Impact, Kind, Urgency
from models.tickets.draft import NewAnswer, NewFile, TicketDraft

TITLE = "L’imprimante <multifonction> & le scanner du 2ᵉ étage n’impriment plus les épreuves d’examen 🖨️ "
LONG_TITLE = (TITLE + "depuis ce matin, malgré deux redémarrages & un câble neuf ; urgent : jury demain")[
    :TITLE_MAX
]
SHORT = "Toner changé au bâtiment C ; testé avec <épreuve.pdf> & « couleur » ✅"
PARAGRAPH = (
    "Bonjour, depuis ce matin l’écran affiche « <E-53> & papier » à chaque copie.\n"
    "• redémarrée deux fois ; • câble changé ; • voir https://dnum.univ.example/aide?q=a&b=<c>\n"
    "> et le message *en gras* de _Zoë_ : `lpr -P c-2` ~rien~ <!channel> <@U0SAMPLE004> 🙃\n\n"
)
LONG = (PARAGRAPH * (DESCRIPTION_MAX // len(PARAGRAPH) + 1))[:DESCRIPTION_MAX]
"""As long as a description may be."""
PAGE = PARAGRAPH * 11
"""Longer than a text of Slack's."""
FULL = "…" * 2990
"""Leaves an input no room for more."""
SOURCE = "https://univ.slack.com/archives/C0SAMPLE900/p1764000000000100?thread_ts=1.2&cid=C0SAMPLE900"
FILES = (
    NewFile("F0SAMPLE001", "capture d’écran – <erreur> & co (1).png", "image/png", 204_800, True),
    NewFile("F0SAMPLE002", f"{'très-long-nom-de-fichier-' * 9}é.pdf", "application/pdf", 9_000_000, True),
)
OTHER_FILES = (NewFile("F0SAMPLE003", "photo 📷.heic", "image/heic", 4_000_000, True),)
ANSWERS = (
    NewAnswer("modele", "", "petit"),
    NewAnswer("options", "", ["souris", "ecran"]),
    NewAnswer("montant", "", "1850"),
    NewAnswer("pour-le", "", "2027-02-01"),
    NewAnswer("chiffrer", "", "yes"),
    NewAnswer("budget", "", "U0SAMPLE003"),
    NewAnswer("ligne", "", "UB-42 <recherche> & CR 7"),
    NewAnswer("usage", "", PARAGRAPH * 4),
)
"""To the questions of the service `ordinateur`."""


def submission() -> str:
    """The id of a form."""
    return str(uuid4())


def incident(title: str = TITLE, description: str = "", **more: object) -> TicketDraft:
    """The form of something broken, filled in."""
    given = {"impact": Impact.PERSON, "urgency": Urgency.HIGH, "site_id": "iut", **more}
    return TicketDraft(submission(), title=title.strip(), description=description, **given)  # type: ignore[arg-type]


def request(title: str = "Un ordinateur portable pour une doctorante <co-tutelle> 💻") -> TicketDraft:
    """The form of a request that two people have to agree to."""
    return incident(title, PARAGRAPH, kind=Kind.REQUEST, service_id="ordinateur", answers=ANSWERS)
