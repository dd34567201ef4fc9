"""Writes what the server sends to a file or to stdout: all of it or nothing."""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import UnavailableError

if TYPE_CHECKING:
    from app.cli.client import Client


class CannotWrite(UnavailableError):
    """The file asked for cannot be written."""

    slug = "cannot-write-file"
    title = "The file cannot be written"


def receive(client: "Client", path: str, output: Path | None, **parameters: str) -> int:
    """Get a representation and put it where it belongs; a file appears when it is complete.

    Returns
    -------
    int
        Its size in bytes.

    Raises
    ------
    CannotWrite
        If the file, or the directory it is to be in, cannot be written.
    """
    if output is None or (output.exists() and not output.is_file()):
        return _receive_into_stream(client, path, output, parameters)
    target = output.resolve()
    if not target.parent.is_dir():
        raise CannotWrite(f"{output}: there is no directory {target.parent}.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w+b") as file:
            client.download(path, file, **parameters)
            size_bytes = file.seek(0, os.SEEK_END)
        unfinished.replace(target)
    except OSError as error:
        raise CannotWrite(f"{output}: {error.strerror or error}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    return size_bytes


def _receive_into_stream(client: "Client", path: str, output: Path | None, parameters: dict[str, str]) -> int:
    with tempfile.TemporaryFile() as file:
        client.download(path, file, **parameters)
        size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)
        if output is None:
            shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.flush()
        else:
            with output.open("wb") as stream:
                shutil.copyfileobj(file, stream)
    return size_bytes
