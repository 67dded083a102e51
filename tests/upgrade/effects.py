"""What comes of each recorded payload, as `upgrade.send` tells it."""

from typing import Any

MOVES: dict[str, dict[str, list[str]]] = {
    # Payloads that show something and change nothing.
    "ways in": {
        "command /ticket": ["opens ticket_form kind=incident, site=iut"],
        "command /catalogue": ["opens catalogue trail=[], typed=imprimante, words=imprimante"],
        "command /mes-tickets": ["opens my_tickets which=open"],
        "command /ma-file": ["opens queue from=queue, queue=tab=unassigned"],
        "command /chercher": ["opens ticket_search from=search, queue=tab=unassigned, words=imprimante"],
        "command /panne": ["opens declare_outage_form"],
        "shortcut new_ticket": ["opens ticket_form kind=incident, site=iut"],
        "shortcut ticket_from_message": [
            "opens ticket_form kind=incident, site=iut, source=https://playground.slack.com/archives/CB7VOC3KVGZ/p1795426988915897",
        ],
        "door open.my_tickets": ["opens my_tickets which=open"],
    },
    "messages": {
        "card ticket.reply": ["opens reply_form event=2, ticket=2"],
        "card ticket.resolve": ["opens resolve_form event=2, ticket=2"],
        "card ticket.note": ["opens note_form ticket=2"],
        "card ticket.detail": ["opens ticket_detail ticket=2"],
        "card ticket.more assign": ["opens assign_form ticket=2"],
        "card ticket.more hold": ["opens hold_form event=6, ticket=1"],
        "card ticket.more requalify": [
            "opens requalify_form ticket=2, was=impact=person, service=-, site=iut, team=assistance, urgency=high",  # noqa: E501
        ],
        "card ticket.more duplicate": ["opens duplicate_form ticket=2"],
        "card ticket.more cancel": ["opens reason_form action=cancel, ticket=2"],
        "card ticket.more record_approval": [
            "opens reason_form action=record_approval, resolution=2, ticket=7"
        ],
        "card outage.amend": ["opens amend_outage_form outage=1"],
        "card outage.resolve": ["opens resolve_outage_form outage=1"],
        "own card ticket.detail": ["opens ticket_detail ticket=1"],
        "request ticket.refuse": ["opens reason_form action=refuse, resolution=2, ticket=7"],
        "request ticket.reopen": ["opens reason_form action=reopen, ticket=9"],
    },
    "homes": {
        "home open.ticket_form": ["opens ticket_form kind=incident, site=iut"],
        "home open.catalogue": ["opens catalogue"],
        "home my_tickets.page": ["draws home open=1"],
        "home ticket.detail": ["opens ticket_detail ticket=39"],
        "home open.outage_form": ["opens declare_outage_form"],
        "home open.search": ["opens ticket_search from=search, queue=tab=on_hold"],
        "home queue.tab": ["draws home queue=tab=mine"],
        "home queue.site": ["draws home queue=site=inspe, tab=on_hold"],
    },
    "lists": {
        "list my_tickets.closed": ["shows my_tickets which=closed"],
        "list my_tickets.page": ["shows my_tickets page=1, which=open"],
        "list my_tickets.open": ["shows my_tickets which=open"],
    },
    "details": {
        "detail my_tickets.back": ["shows my_tickets page=1, which=open"],
        "detail ticket.cancel": ["shows reason_form action=cancel, detail=page=1, which=open, ticket=16"],
        "detail ticket.refuse": ["shows reason_form action=refuse, resolution=2, ticket=7"],
        "detail ticket.reopen": ["shows reason_form action=reopen, ticket=9"],
        "detail ticket.continue": ["shows ticket_form follows=17, kind=incident, site=iut"],
        "detail ticket.note": ["shows note_form ticket=1"],
        "detail ticket.more": ["shows assign_form seen=UX2DZ65KJZS, ticket=1"],
        "detail queue.back": ["shows queue from=queue, queue=tab=mine"],
        "detail search.back": ["shows ticket_search from=search, queue=tab=unassigned, words=sujet"],
    },
    "queues": {
        "queue queue.tab unassigned": ["shows queue from=queue, queue=tab=unassigned"],
        "queue queue.tab mine": ["shows queue from=queue, queue=tab=mine"],
        "queue queue.tab on_hold": ["shows queue from=queue, queue=tab=on_hold"],
        "queue queue.tab late": ["shows queue from=queue, queue=tab=late"],
        "queue queue.priority": ["shows queue from=queue, queue=priority=P2, tab=unassigned"],
        "queue queue.service": ["shows queue from=queue, queue=service=vpn, tab=unassigned"],
        "queue queue.page": ["shows queue from=queue, queue=tab=mine"],
    },
    "searches": {
        "search search.page": ["shows ticket_search from=search, page=1, queue=tab=unassigned, words=sujet"],
        "search ticket_search": ["shows ticket_search from=search, queue=tab=unassigned, words=doute"],
        "search queue.back": ["shows queue from=queue, queue=tab=unassigned"],
        "search": ["shows ticket_search from=search, queue=tab=unassigned, words=imprimante"],
    },
    "catalogue": {
        "catalogue catalogue.group": ["shows catalogue group=enseignement, trail=[]"],
        "catalogue search": ["shows catalogue trail=[], typed=vidéo, words=vidéo"],
        "catalogue catalogue.service": [
            "shows catalogue service=plateforme-video, trail=[; group=enseignement; group=salles-audiovisuel; group=captation-diffusion], typed=vidéo",  # noqa: E501
        ],
        "catalogue catalogue.back": [
            "shows catalogue group=captation-diffusion, trail=[; group=enseignement; group=salles-audiovisuel], typed=vidéo",  # noqa: E501
        ],
        "catalogue catalogue.incident": [
            "shows ticket_form kind=incident, service=plateforme-video, site=iut"
        ],
        "catalogue catalogue.link": [],
        "catalogue catalogue.page": ["shows catalogue trail=[], typed=de, words=de"],
        "catalogue": ["shows catalogue trail=[], typed=machine virtuelle, words=machine virtuelle"],
        "catalogue catalogue.request": [
            "shows ticket_form kind=request, service=machine-virtuelle, site=iut"
        ],
    },
    "forms": {
        "ticket form impact": ["shows ticket_form kind=incident"],
        "reply reply.phrase": ["shows reply_form round=1, ticket=1"],
        "requalify service": ["offers 2"],
    },
}

DEEDS: dict[str, tuple[list[str], list[str]]] = {
    # What changes something; and how what comes of the same a second time begins.
    "words under a requester's card": (["1: comment"], []),
    "words under a team's card": (["1: note"], []),
    "words told already": ([], []),
    "card ticket.take": (["2: take"], ["tells Trop tard. Pris par Karim Benali"]),
    "card ticket.resume": (["4: resume"], ["tells Trop tard. Repris par Karim Benali"]),
    "request ticket.approve": (["7: approve"], ["tells Trop tard. Solution approuvée par Camille Bernard"]),
    "request ticket.rate good": (
        ["9: rate", "opens satisfaction_form ticket=9"],
        ["tells Vous nous l’avez déjà dit"],
    ),
    "request ticket.rate fair": (
        ["9: rate", "opens satisfaction_form ticket=9"],
        ["tells Vous nous l’avez déjà dit"],
    ),
    "request ticket.rate bad": (
        ["9: rate", "opens satisfaction_form ticket=9"],
        ["tells Vous nous l’avez déjà dit"],
    ),
    "home outage.follow": (["40: open", "opens notice"], ["opens notice"]),
    "reason cancel, in the detail": (
        ["16: cancel", "shows ticket_detail page=1, ticket=16, which=open"],
        ["refuses reason: Trop tard. Annulé par Camille Bernard"],
    ),
    "detail ticket.approve": (
        ["7: approve", "shows ticket_detail ticket=7"],
        ["shows ticket_detail ticket=7"],
    ),
    "ticket form, of a follow-up": (["40: open"], []),
    "ticket form": (["40: open"], []),
    "ticket form outage.follow": (["40: open", "shows notice"], ["shows notice"]),
    "ticket form, on behalf": (["40: open", "shows notice"], ["shows notice"]),
    "ticket form, already solved": (["40: open", "40: resolve", "shows notice"], ["shows notice"]),
    "ticket form, in English": (["40: open"], []),
    "ticket form, of a service: machine virtuelle": (["40: open"], []),
    "ticket form, of a service: captation": (["40: open"], []),
    "reply": (["1: reply"], []),
    "reply, with a phrase, that waits": (["1: ask"], []),
    "note": (["1: note"], []),
    "assign": (["1: assign"], ["refuses assignee: Trop tard. Affecté à Léa Martin par Karim Benali"]),
    "hold": (["1: hold"], ["refuses hold_reason: Trop tard. Mis en attente par Karim Benali (attend"]),
    "requalify": (["1: requalify"], []),
    "requalify, to another team": (
        ["1: transfer"],
        ["refuses impact: Seuls les membres de l’équipe de ce ticket peuvent faire cela."],
    ),
    "duplicate": (["12: duplicate"], ["refuses duplicate_of: Trop tard. Clos par Karim Benali"]),
    "reason cancel": (["12: cancel"], ["refuses reason: Trop tard. Annulé par Karim Benali"]),
    "reason record_approval": (
        ["7: record_approval"],
        ["refuses reason: Trop tard. Solution approuvée de vive voix, noté par Karim Benali"],
    ),
    "resolve": (
        ["1: resolve", "11: original_resolved"],
        ["refuses solution: Trop tard. Résolu par Karim Benali"],
    ),
    "note, in the detail": (["1: note", "shows ticket_detail ticket=1"], ["shows ticket_detail ticket=1"]),
    "reason refuse": (["7: refuse"], ["refuses reason: Trop tard. Solution refusée par Camille Bernard"]),
    "reason reopen": (["9: reopen"], ["refuses reason: Trop tard. Rouvert par Camille Bernard"]),
    "opinion": (["shows ticket_detail ticket=27"], ["refuses opinion: Vous nous l’avez déjà dit"]),
    "outage declared": (
        ["outage 5: declare", "shows attach_to_outage_form outage=5"],
        ["shows attach_to_outage_form outage=5"],
    ),
    "outage amended": (["outage 1: amend"], []),
    "outage over": (
        ["outage 1: resolve", "shows notice"],
        ["refuses solution: Trop tard"],
    ),
}

WRITTEN: dict[str, tuple[int, dict[str, Any]]] = {
    # What a ticket is once a form was sent.
    "ticket form": (
        40,
        {
            "title": "Écran fissuré",
            "description": "Depuis hier.",
            "site_id": "iut",
            "impact": "person",
            "urgency": "high",
        },
    ),
    "ticket form, of a follow-up": (
        40,
        {"follows_id": 17, "description": "Elle recommence.", "requester_id": 1},
    ),
    "ticket form, on behalf": (40, {"requester_id": 1, "filed_by_id": 2}),
    "ticket form, already solved": (
        40,
        {"status": "resolved", "solution": "Réinitialisé.", "filed_by_id": 2},
    ),
    "ticket form, in English": (40, {"title": "Broken screen", "requester_id": 5}),
    "ticket form outage.follow": (40, {"outage_id": 4, "is_outage_child": True, "requester_id": 3}),
    "hold": (1, {"status": "pending", "hold_reason": "date"}),
    "reply, with a phrase, that waits": (1, {"status": "pending", "hold_reason": "requester"}),
    "assign": (1, {"assignee_id": 4}),
    "requalify": (1, {"impact": "organisation", "urgency": "critical", "team_id": "assistance"}),
    "requalify, to another team": (1, {"team_id": "reseau", "assignee_id": None}),
    "duplicate": (12, {"ending": "duplicate", "duplicate_of_id": 1}),
    "resolve": (1, {"status": "resolved", "solution": "Tambour changé."}),
    "reason cancel": (12, {"status": "closed", "ending": "cancelled"}),
    "reason record_approval": (7, {"status": "closed", "ending": "approved"}),
    "reason refuse": (7, {"status": "in_progress", "solution": None}),
    "reason reopen": (9, {"status": "in_progress", "ending": None}),
    "request ticket.rate bad": (9, {"rating": "bad"}),
    "opinion": (27, {"rating": "fair", "rating_comment": "Un peu lent."}),
}

ANSWERS: dict[str, Any] = {
    # Of two services whose questions are of all types; a person's is a Slack id.
    "usage": "Un wiki.\nPour l’équipe.",
    "systeme": "debian",
    "memoire": "8",
    "disque": "100",
    "exposition": "no",
    "lieu": "Amphi C",
    "jour": "2027-01-18",
    "prestations": ["direct", "sous-titres"],
    "consentements": "yes",
}
