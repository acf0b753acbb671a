"""Files that are whole or not there: new bytes take the place of the old in one step."""

import os
import secrets
import shutil
from pathlib import Path


def write(file: Path, data: bytes) -> bool:
    """Make *file* hold *data*; whether that changed anything. Raises OSError.

    A link stays a link, what it leads to is written; the file's mode stays as it is.
    """
    target = Path(os.path.realpath(file))
    if target.is_file() and target.read_bytes() == data:
        return False
    # A name of its own, so that two that write at once do not meet.
    fresh = target.with_name(f".{target.name}.{secrets.token_hex(4)}.new")
    try:
        with fresh.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        if target.is_file():
            shutil.copymode(target, fresh)
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return True
