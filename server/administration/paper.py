"""The form of the branch's ticket at the console: load it, show it, save it."""

import base64
import os
import tomllib
from collections.abc import Iterator
from pathlib import Path

from assets import asset_path
from db import tables as t
from db.rows import put_row
from protocol.paper_form import DEFAULT_FORM_TEXT, Fault, FormError, read_form
from server.administration.png_check import PngError, check_logo
from server.administration.refusal import RefusedError
from server.settings_of_paper import LOGO_BYTES_MAX
from server.store import Store

_FILE_BYTES_MAX = 64_000


def load_paper(store: Store, file: Path, logo: Path | None, language: str) -> list[str]:
    """Take a form, and a logo if one is given; returns what the person should know.

    Raises RefusedError with line and cure, and changes nothing then.
    """
    text = _text_of(file)
    try:
        form = read_form(text)
    except FormError as error:
        told = "\n".join(f"{file}: {line}" for line in _sentences(error.faults, language))
        raise RefusedError(told) from error
    values = {"paper.form": text}
    if logo is not None:
        values["paper.logo"] = _logo_of(logo)
    with store.database.writing() as connection:
        for name, value in values.items():
            put_row(connection, t.setting, store.branch_code, {"key": name, "value": value})
    has_logo = bool(store.settings().get("paper.logo"))
    wants_logo = any(block.kind == "logo" for block in form.blocks)
    notes = [f"{file} is the form of the tickets from the server's next start on"]
    if wants_logo and not has_logo:
        notes.append("it has a place for a logo, but the branch has none: give --logo PNG")
    if has_logo and not wants_logo:
        notes.append("the branch's logo has no place in it: add a line with the word logo")
    return notes


def form_text(store: Store) -> str:
    """The branch's form, or the shipped one."""
    return str(store.settings().get("paper.form")) or DEFAULT_FORM_TEXT


def save_paper(store: Store, file: Path, logo: Path | None) -> list[str]:
    """Write the form to a new file, and the logo to another; returns what was written."""
    wrote = [_write_new(file, form_text(store).encode())]
    if logo is not None:
        png = base64.b64decode(str(store.settings().get("paper.logo")))
        if not png:
            return [*wrote, "this branch has no logo"]
        wrote.append(_write_new(logo, png))
    return wrote


def _write_new(file: Path, data: bytes) -> str:
    try:
        with file.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except FileExistsError as error:
        raise RefusedError(f"{file} exists already. Name another file.") from error
    except OSError as error:
        raise RefusedError(f"{file} cannot be written: {error.strerror}.") from error
    return f"wrote {file}; change it, and load it again"


def _text_of(file: Path) -> str:
    data = _read(file, _FILE_BYTES_MAX)
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise RefusedError(
            f"{file} is no text in UTF-8. Save it as UTF-8, and try again."
        ) from error


def _logo_of(file: Path) -> str:
    data = _read(file, LOGO_BYTES_MAX)
    try:
        check_logo(data)
    except PngError as error:
        raise RefusedError(
            f"{file}: {error}. Choose the picture in 'antrean-kiosk --edit-paper FILE'; "
            "it saves one that fits beside the form."
        ) from error
    return base64.b64encode(data).decode("ascii")


def _read(file: Path, bytes_max: int) -> bytes:
    try:
        with file.open("rb") as opened:
            data = opened.read(bytes_max + 1)
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error
    if len(data) > bytes_max:
        raise RefusedError(
            f"{file} is too large: at most {bytes_max} bytes. A logo gets small enough in "
            "'antrean-kiosk --edit-paper FILE'."
        )
    return data


def _sentences(faults: list[Fault], language: str) -> Iterator[str]:
    """The same words as in the editor."""
    path = asset_path("translations", f"paper.{language}.toml")
    words = tomllib.loads(path.read_text("utf-8"))["form"]
    for fault in faults:
        yield words[fault.key].format(line=fault.line, **fault.facts)
