"""Whole journeys, one an ending: what each person sees, the database, and the mailbox."""

from models.catalogue import QuestionType
from models.lifecycle import Action, Ending, Kind, Status
from tests.support.help_desk import APPROVE, DELIVERED, DETAIL, DIRECT, REFUSE, RESOLVE, TAKE, TRIAGE, Desk

WHY_REFUSE, WHY_REOPEN = "Qu'est-ce qui ne marche toujours pas ?", "Pourquoi rouvrir ce ticket ?"
WHY_CANCEL = "Pourquoi annuler ce ticket ?"


def first_lines(desk: Desk) -> list[str]:
    """What each mail says in its first line, oldest first."""
    return [mail["text"].splitlines()[0] for mail in desk.mails()]


def test_a_ticket_is_filed_taken_resolved_and_approved(desk: Desk) -> None:
    camille, karim, lea = desk.person("camille"), desk.person("karim"), desk.person("lea")

    camille.file_ticket("Imprimante en panne", Description="Elle fume.")
    assert not camille.has_modal
    [card] = camille.reads()
    assert "n° 1 · Incident · Nouveau · Priorité moyenne\nImprimante en panne\nNous avons bien reçu" in card
    [triage] = lea.reads(TRIAGE)
    for words in ("Demandeur : @Camille Bernard", "Site : IUT", "Elle fume.", "Personne ne l’a encore pris."):
        assert words in triage

    karim.take()
    assert "En charge : @Karim Benali" in lea.reads(TRIAGE)[0]
    assert f"[{TAKE}]" not in lea.reads(TRIAGE)[0]
    assert "En charge : @Karim Benali" in camille.reads()[0]

    karim.resolve("Toner changé.")
    assert f"[{RESOLVE}]" not in lea.reads(TRIAGE)[0]
    assert "Toner changé." in lea.reads(TRIAGE)[0]
    card, request = camille.reads()
    assert "n° 1 · Incident · Résolu" in card
    assert "Toner changé.\n[C’est réparé, clore]\n[Ça ne marche toujours pas]" in request

    camille.press(APPROVE, DIRECT)
    card, request = camille.reads()
    assert "Ce ticket est clos." in card
    assert "Vous avez approuvé cette solution : le ticket est clos." in request
    assert "[C’est réparé, clore]" not in request
    assert "n° 1 · Incident · Clos (approuvé)" in lea.reads(TRIAGE)[0]

    ticket = desk.ticket()
    assert (ticket.status, ticket.ending, ticket.solution) == (
        Status.CLOSED,
        Ending.APPROVED,
        "Toner changé.",
    )
    assert desk.history() == [
        (Action.OPEN, None),
        (Action.TAKE, None),
        (Action.RESOLVE, "Toner changé."),
        (Action.APPROVE, None),
    ]
    assert [mail["subject"] for mail in desk.mails()] == [
        "[n° 1 · Reçu] Imprimante en panne",
        "[n° 1 · Solution à vérifier] Imprimante en panne",
    ]
    assert {mail["headers"]["To"] for mail in desk.mails()} == {
        "Camille Bernard <camille.bernard@univ.example>"
    }
    assert first_lines(desk) == [
        "Nous avons bien reçu votre ticket.",
        "Une solution est proposée pour votre ticket.",
    ]
    received, resolved = desk.mails()
    assert "Toner changé." in resolved["text"]
    assert "Toner changé." in resolved["html"]
    assert resolved["headers"]["References"] == received["headers"]["Message-ID"]


def test_a_refused_solution_comes_back_and_the_next_is_approved(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.take()
    karim.resolve("Toner changé.")

    camille.press(REFUSE, DIRECT)
    camille.submit({WHY_REFUSE: "Elle imprime toujours gris."})
    assert not camille.has_modal
    card, request = camille.reads()
    assert "Un technicien s’en occupe." in card
    assert "Vous avez refusé cette solution : le ticket est retourné au technicien." in request
    assert "[C’est réparé, clore]" not in request
    [triage] = karim.reads(TRIAGE)
    assert "Ce qui ne marche toujours pas :\nElle imprime toujours gris.\n[Répondre]\n[Résoudre]" in triage
    assert "Toner changé." not in triage
    assert karim.reads_thread() == [
        "Solution refusée par Camille Bernard · @Karim Benali\nElle imprime toujours gris."
    ]
    assert desk.ticket().solution is None

    karim.resolve("Tambour changé.")
    assert "Ce qui ne marche toujours pas" not in karim.reads(TRIAGE)[0]
    assert "Tambour changé." in camille.reads()[2]
    camille.press(APPROVE, DIRECT)

    ticket = desk.ticket()
    assert (ticket.ending, ticket.solution) == (Ending.APPROVED, "Tambour changé.")
    assert desk.history()[2:] == [
        (Action.RESOLVE, "Toner changé."),
        (Action.REFUSE, "Elle imprime toujours gris."),
        (Action.RESOLVE, "Tambour changé."),
        (Action.APPROVE, None),
    ]
    assert "Vous avez refusé cette solution" in camille.reads()[1]
    assert "Vous avez approuvé cette solution" in camille.reads()[2]
    assert first_lines(desk) == [
        "Nous avons bien reçu votre ticket.",
        "Une solution est proposée pour votre ticket.",
        "Une solution est proposée pour votre ticket.",
    ]


def test_an_approved_ticket_is_reopened_and_approved_again(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.take()
    karim.resolve("Toner changé.")
    camille.press(APPROVE, DIRECT)

    camille.press("Rouvrir", DIRECT)
    camille.submit({WHY_REOPEN: "Elle est retombée en panne."})
    card, request = camille.reads()
    assert "n° 1 · Incident · En cours" in card
    assert "le ticket est clos" not in request
    assert "[Rouvrir]" not in request
    [triage] = karim.reads(TRIAGE)
    assert "En charge : @Karim Benali" in triage
    assert "Elle est retombée en panne.\n[Répondre]\n[Résoudre]" in triage
    assert karim.reads_thread()[-1] == (
        "Rouvert par Camille Bernard · @Karim Benali\nElle est retombée en panne."
    )
    ticket = desk.ticket()
    assert (ticket.status, ticket.ending, ticket.closed_at) == (Status.IN_PROGRESS, None, None)

    karim.resolve("Imprimante remplacée.")
    camille.press(APPROVE, DIRECT)
    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.APPROVED)
    assert [action for action, _said in desk.history()] == [
        Action.OPEN,
        Action.TAKE,
        Action.RESOLVE,
        Action.APPROVE,
        Action.REOPEN,
        Action.RESOLVE,
        Action.APPROVE,
    ]
    assert len(desk.mails()) == 3


def test_requests_with_every_type_of_question_are_answered_served_and_approved(desk: Desk) -> None:
    """Two services of the catalogue ask questions of all eight types between them."""
    camille, karim, marc = desk.person("camille"), desk.person("karim"), desk.person("marc")
    about = {"Impact utilisateur": "Mon service ou une salle", "Urgence utilisateur": "Moyenne"}

    camille.command("/catalogue", "machine virtuelle")
    camille.press("Ouvrir le service Machine virtuelle")
    camille.press("Demander un service")
    assert camille.modal["title"] == "Demande de service"
    assert camille.modal["values"]["Titre"] == "Machine virtuelle"
    camille.submit(
        {
            "Usage prévu": "Un wiki.\nPour l’équipe.",
            "Système": "Debian",
            "Mémoire (en Go)": "8",
            "Disque (en Go)": "100",
            "Doit-elle être joignable depuis Internet ?": "Non",
            "Administratrice ou administrateur": "lea",
            "Site": "IUT",
            **about,
        }
    )
    camille.command("/catalogue", "captation")
    camille.press("Ouvrir le service Captation de cours ou de conférence")
    camille.press("Demander un service")
    camille.submit(
        {
            "Titre": "Filmer la leçon inaugurale",
            "Amphithéâtre ou salle": "Amphi C",
            "Jour": "2027-01-18",
            "Prestations souhaitées": ["Diffusion en direct", "Sous-titrage"],
            "Les autorisations d’enregistrement sont-elles signées ?": "Oui",
            **about,
        }
    )
    assert not camille.has_modal
    assert [text.splitlines()[0] for text in camille.reads()] == [
        "n° 1 · Demande de service · Nouveau · Priorité moyenne",
        "n° 2 · Demande de service · Nouveau · Priorité moyenne",
    ]

    [machine] = karim.reads("#dnum-infrastructures")
    for question, answer in (
        ("Service", " : Machine virtuelle"),
        ("Usage prévu", "\nUn wiki.\nPour l’équipe."),
        ("Système", "\nDebian"),
        ("Mémoire (en Go)", "\n8"),
        ("Disque (en Go)", "\n100"),
        ("Doit-elle être joignable depuis Internet ?", "\nNon"),
        ("Administratrice ou administrateur", "\n@Léa Martin"),
    ):
        assert f"{question}{answer}\n" in machine
    [capture] = marc.reads("#dnum-pedagogie")
    for question, answer in (
        ("Amphithéâtre ou salle", "Amphi C"),
        ("Jour", "18 janvier 2027"),
        ("Prestations souhaitées", "Diffusion en direct\nSous-titrage"),
        ("Les autorisations d’enregistrement sont-elles signées ?", "Oui"),
    ):
        assert f"{question}\n{answer}\n" in capture
    ticket = desk.ticket(1)
    assert (ticket.kind, ticket.service_id, ticket.team_id) == (
        Kind.REQUEST,
        "machine-virtuelle",
        "infrastructures",
    )
    kept = {answer.id: (answer.label.fr, answer.value) for answer in ticket.answers}
    assert kept["systeme"] == ("Système", "debian")
    assert kept["administrateur"] == ("Administratrice ou administrateur", desk.person("lea").slack_id)
    asked = {answer.type for number in (1, 2) for answer in desk.ticket(number).answers}
    assert asked == set(QuestionType)

    karim.resolve("La machine vm-42 vous attend.", "#dnum-infrastructures")
    marc.take("#dnum-pedagogie")
    marc.resolve("Réservé.", "#dnum-pedagogie")
    for _ in range(2):
        camille.press(DELIVERED, DIRECT)
    assert [desk.ticket(number).ending for number in (1, 2)] == [Ending.APPROVED] * 2
    assert desk.ticket(1).assignee_id is not None
    assert len(desk.mails()) == 4
    received = desk.mails()[0]["text"]
    assert "Service : Machine virtuelle" in received
    assert "Système : Debian" in received
    assert "Administratrice ou administrateur : Léa Martin" in received
    assert received.startswith("Nous avons bien reçu votre demande.")


def test_a_requester_cancels_their_ticket(desk: Desk) -> None:
    camille, karim = desk.person("camille"), desk.person("karim")
    camille.file_ticket()
    karim.take()

    camille.press(DETAIL, DIRECT)
    camille.press("Annuler ce ticket")
    camille.submit({WHY_CANCEL: "Elle remarche toute seule."})
    assert "Annulé par Camille Bernard" in camille.modal_text
    assert "Elle remarche toute seule." in camille.modal_text
    assert "[Annuler ce ticket]" not in camille.modal_text
    [card] = camille.reads()
    assert "n° 1 · Incident · Clos (annulé)" in card
    [triage] = karim.reads(TRIAGE)
    assert "n° 1 · Incident · Clos (annulé)" in triage
    assert f"[{RESOLVE}]" not in triage
    assert karim.reads_thread() == ["Annulé par Camille Bernard · @Karim Benali\nElle remarche toute seule."]

    ticket = desk.ticket()
    assert (ticket.status, ticket.ending) == (Status.CLOSED, Ending.CANCELLED)
    assert desk.history()[-1] == (Action.CANCEL, "Elle remarche toute seule.")
    assert first_lines(desk) == ["Nous avons bien reçu votre ticket."], "they did it themselves"
