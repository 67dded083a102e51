"""What the commands say, and what they leave to the administrator."""

from bot.ops.backup.databases.after_restore import SKIPPED
from bot.ops.backup.databases.target import Say, Source
from bot.ops.backup.folder import BackupFolder
from bot.ops.backup.manifest import Manifest
from bot.settings import Settings


def tell(say: Say, folder: BackupFolder, manifest: Manifest, seconds: float) -> None:
    """What was made."""
    size = sum(each.size for each in manifest.files.values()) / 1e6
    say(
        f"backup {folder.names()[-1]} in {folder.path}: {manifest.made_by}, tickets up to no. "
        f"{manifest.highest_ticket}, {size:,.1f} MB, in {seconds:.1f} s"
    )


def say_what_is_not_there(settings: Settings, say: Say) -> None:
    """What the administrator keeps elsewhere."""
    say("not in it, to be kept elsewhere: the settings and secrets (.env)")
    if settings.erasures_file is not None:
        say(
            f"not in it, and never to be restored with it: ERASURES_FILE: copy {settings.erasures_file} by "
            "itself, whenever somebody was erased"
        )


def say_what_remains(settings: Settings, source: Source, in_doubt: int | None, say: Say) -> None:
    """What a restore does not do. `in_doubt`: `None` when it was done before."""
    at = f"{source.manifest.taken_at:%Y-%m-%d %H:%M} UTC"
    if in_doubt is not None:
        say(f"numbers: skipped by {SKIPPED}; messages that may have been sent already: {in_doubt}")
    say("what remains for you, before you start Guichet:")
    if settings.erasures_file is None:
        say("  ERASURES_FILE is not set: if anybody was ever erased, set it again with its key")
    else:
        say(
            f"  put the newest copy of {settings.erasures_file} in its place, with the same ERASURES_KEY: the"
        )
        say("  first process that starts erases again who was erased since")
    say(f"  compare catalogue.yaml and articles/ with those in {source.folder}, and the settings (.env)")
    say("then: guichet doctor; start Guichet; tell the technicians, and the data-protection officer, that")
    say(f"  what was written after {at} is lost, and that what people took back since is there again")
