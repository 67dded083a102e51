"""A small catalogue's file: two groups at the top, one within, five services."""

from typing import Any

from bot.catalogue.schema import CatalogueFile

Row = dict[str, Any]

QUESTIONS: list[Row] = [
    {"id": "modele", "type": "choice", "label": "Quel modèle ?", "required": True, "options": (
        {"id": "grand", "label": {"fr": "Grand", "en": "Large"}}, {"id": "petit", "label": "Petit"})},
    {"id": "nombre", "type": "number", "label": "Combien ?", "hint": "De 1 à 9", "min": 1, "max": 9},
]  # fmt: skip


def text(fr: str, en: str) -> Row:
    return {"fr": fr, "en": en}


def service(service_id: str, name: Any, description: Any = "Sans plus.", **more: Any) -> Row:
    offers = ("request", "incident")
    return {"id": service_id, "name": name, "description": description, "team": "t", "offers": offers, **more}


def group(group_id: str, name: Any, *, groups: Any = (), services: Any = ()) -> Row:
    description = text(f"Tout sur {group_id}.", f"All about {group_id}.")
    return {"id": group_id, "name": name, "description": description, "groups": groups, "services": services}


MATERIAL = group("materiel", text("Matériel", "Hardware"), services=(
    service("imprimante", text("Imprimante", "Printer"), text("Papier coincé, toner vide.", "Paper jam."),
            questions=tuple(QUESTIONS), have_ready="L’étiquette", url="https://dnum.univ.example/i"),
    service("projecteur", "Vidéo-projecteur", text("Ni image, ni son.", "No picture. 100% silent.")),
))  # fmt: skip
NETWORK = group("reseau", text("Réseau", "Network"), groups=(
    group("sans-fil", text("Sans fil", "Wireless"), services=(
        service("wifi", text("Wi-Fi eduroam", "eduroam Wi-Fi"), text("Le cœur de l’accès", "Access")),
    )),
), services=(
    service("vpn", "VPN", text("Pour l’imprimante d’un autre site", "From anywhere"), offers=("incident",)),
    service("annuaire", text("Annuaire", "Directory"), offers=(), url="https://dnum.univ.example/a"),
))  # fmt: skip


def file(*groups: Row, teams: Any = None, sites: Any = None) -> CatalogueFile:
    data = {
        "sites": sites or ({"id": "s", "name": "Campus"},),
        "teams": teams or ({"id": "t", "name": "Équipe", "channel": "#equipe", "default": True},),
        "catalogue": groups,
    }
    return CatalogueFile.model_validate(data)
