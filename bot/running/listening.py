"""Whether HOST and PORT can be listened on, said in words before the server starts."""

import errno
import socket
from ipaddress import ip_address

from bot.settings import SettingsError

_NOT_HERE = "HOST: expected an address of this machine, such as 127.0.0.1; 0.0.0.0 stands for all of them"


def require_free(host: str, port: int, name: str = "PORT") -> None:
    """Raise `SettingsError` unless a server can listen there. `host`: an IP address, as Granian needs it;
    `name`: the port's setting."""
    try:
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
    except ValueError:
        raise SettingsError(_NOT_HERE) from None
    try:
        with socket.socket(family) as probe:
            # As servers do: connections of one that just ended do not count (ip(7)).
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
            probe.listen(1)
    except OSError as error:
        raise _cannot_listen(name, port, error) from None


def _cannot_listen(name: str, port: int, error: OSError) -> SettingsError:
    """The error of a port, `name` being PORT or METRICS_PORT, that cannot be listened on."""
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return SettingsError(_NOT_HERE)
    if error.errno == errno.EADDRINUSE:
        return SettingsError(
            f"{name}: another program listens on {port}: stop that program, or choose another port"
        )
    if error.errno == errno.EACCES:
        return SettingsError(f"{name}: this user may not listen on {port}: choose a port above 1023")
    return SettingsError(f"{name}: {port} cannot be listened on: {(error.strerror or 'no reason').lower()}")
