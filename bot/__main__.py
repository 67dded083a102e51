"""The `guichet` command; `python -m bot` is the same."""

import signal
import sys


def main() -> None:
    """Run a subcommand. Ctrl-C ends it at once with status 130 until the subcommand handles it itself; Python
    would print a traceback."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # not ignored, as below nohup(1)
        signal.signal(signal.SIGINT, lambda number, _frame: sys.exit(128 + number))
    from bot.cli import main as run  # only now: it takes a while

    run()


if __name__ == "__main__":
    main()
