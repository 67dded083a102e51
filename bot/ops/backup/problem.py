"""Why a backup was not made, or not restored."""

import os


class BackupProblem(Exception):
    """One sentence for the administrator: what is wrong, and what to do."""


class Interrupted(BackupProblem):
    """SIGINT or SIGTERM came."""


def in_words(error: OSError) -> str:
    """What a file or a disk refused, in a sentence."""
    reason = (error.strerror or "no reason is given").lower()
    name = error.filename2 or error.filename  # of two, what is written
    where = os.fsdecode(name) if name else "the disk"
    advice = {"no space left on device": ": free some space", "permission denied": ": give it to this user"}
    return f"{where} cannot be used: {reason}{advice.get(reason, '')}"
