"""E-mail addresses as SMTP carries them."""

from email.errors import MessageError
from email.headerregistry import Address

import idna


class NeedsSmtpUtf8(ValueError):
    """The local part is not ASCII, which needs SMTPUTF8 (RFC 6531); that is not supported."""


def ascii_address(address: str) -> str:
    """The address with its domain in ASCII: `helene@université.example` is at `xn--…` (RFC 5890, UTS #46).

    Raises `ValueError` for one that is malformed, or `NeedsSmtpUtf8`.
    """
    name, _at, domain = address.rpartition("@")
    if not name.isascii():
        raise NeedsSmtpUtf8
    if not domain.isascii():
        domain = idna.encode(domain, uts46=True).decode("ascii")
    try:
        return Address(addr_spec=f"{name}@{domain}").addr_spec
    except (
        AttributeError,
        IndexError,
        MessageError,
    ) as error:  # the email package raises these too for malformed addresses
        raise ValueError("malformed") from error
