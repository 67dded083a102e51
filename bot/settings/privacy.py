"""What the notice about personal data says of this organisation: PRIVACY_*."""

from email.utils import parseaddr
from typing import Literal, get_args

from bot.mail_address import ascii_address
from bot.settings.formats import http_url
from models.characters import one_line

CONTROLLER_MAX, CONTACT_MAX = 150, 320
Safeguard = Literal["framework", "clauses", "rules"]
Transfers = tuple[Safeguard, ...]


def controller(value: str | None) -> str | None:
    """The name and postal address of an organisation (GDPR art. 13(1)(a))."""
    if value and (len(value) > CONTROLLER_MAX or one_line(value) != value):
        raise ValueError(
            "expected the name and address of the organisation, in one line of at most "
            f"{CONTROLLER_MAX} characters"
        )
    return value or None


def contact(value: str | None) -> str | None:
    """`name@domain`."""
    if not value:
        return None
    try:
        ascii_address(parseaddr(value)[1])
    except ValueError:
        raise ValueError("expected an email address, such as dpo@univ.fr") from None
    if len(value) > CONTACT_MAX or parseaddr(value)[1] != value:
        raise ValueError("expected an email address, such as dpo@univ.fr")
    return value


def notice_url(value: str | None) -> str | None:
    """An http(s) address, as it was written."""
    if value:
        http_url(value)
    return value or None


def transfers(value: object) -> object:
    """Names between commas; none by default."""
    if not isinstance(value, str):
        return value
    names = tuple(dict.fromkeys(filter(None, (part.strip() for part in value.split(",")))))
    if not set(names) <= set(get_args(Safeguard)):
        raise ValueError("expected framework, clauses or rules, or several with commas between them")
    return names
