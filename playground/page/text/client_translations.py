"""The Slack client's own messages (errors, invalid inputs), in the reader's language.

The client's messages are English sentences and error codes; each pattern has its French and English sentence.
The app's texts match no pattern and are not translated.
"""

import re

from playground.page.text.localized_text import LocalizedText

_SENTENCES = [
    (r"Please complete this required field\.", "Ce champ est obligatoire.", None),
    (r"Please enter at least (\d+) characters\.", "Saisissez au moins {0} caractères.", None),
    (r"Please enter at most (\d+) characters\.", "Saisissez au plus {0} caractères.", None),
    (r"Please enter a valid number\.", "Saisissez un nombre valide.", None),
    (r"Please enter a number of at least (.+)\.", "Saisissez un nombre d’au moins {0}.", None),
    (r"Please enter a number of at most (.+)\.", "Saisissez un nombre d’au plus {0}.", None),
    (r"Please enter a valid email address\.", "Saisissez une adresse e-mail valide.", None),
    (r"Please enter a valid URL\.", "Saisissez une adresse web valide (https://…).", None),
    (r"Please enter a valid date\.", "Saisissez une date valide.", None),
    (r"Please enter a valid time\.", "Saisissez une heure valide.", None),
    (r"Please add at most (\d+) files\.", "Ajoutez au plus {0} fichiers.", None),
    (r"(.+) is larger than 10 MB\.", "{0} dépasse 10 Mo.", None),
    (r"(.+) is not one of: (.+)\.", "{0} n’est pas de ces types : {1}.", None),
    (
        r"We had some trouble connecting\. Try again\?",
        "La connexion a rencontré un problème. Réessayez.",
        None,
    ),
    (r"(/\S+) is not a valid command\.", "{0} n’est pas une commande valide.", None),
    (
        r"operation_timeout",
        "L’application n’a pas répondu à temps. Réessayez.",
        "The app did not answer in time. Try again.",
    ),
    (
        r"dispatch_failed",
        "L’application n’est pas joignable. Est-elle démarrée ?",
        "The app cannot be reached. Is it running?",
    ),
    (
        r"(/\S+) failed with the error “operation_timeout”",
        "{0} : l’application n’a pas répondu à temps.",
        "{0}: the app did not answer in time.",
    ),
    (
        r"(/\S+) failed with the error “dispatch_failed”",
        "{0} : l’application n’est pas joignable. Est-elle démarrée ?",
        "{0}: the app cannot be reached. Is it running?",
    ),
]


def translate(text: str, words: LocalizedText) -> str:
    """A message of the client, translated for this reader."""
    for pattern, french, english in _SENTENCES:
        match = re.fullmatch(pattern, text)
        if match:
            sentence = french if words.language == "fr" else english
            return sentence.format(*match.groups()) if sentence else text
    return text
