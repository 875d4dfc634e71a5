"""The form of a ticket on disk: a text file, and its logo beside it as a PNG of the same name."""

from pathlib import Path

from kiosk.durable_file import replace_durably
from protocol.paper_form import DEFAULT_FORM_TEXT

_BYTES_MAX = 64_000


class FormFileError(Exception):
    """The file cannot be read or written; the text is the system's own reason."""


class FormFile:
    """One form and its logo. What was saved is whole, or what was there before still is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.logo_path = path.with_suffix(".png")

    def load(self) -> tuple[str, bytes]:
        """Text and logo; the shipped form where there is no file yet, an empty logo likewise."""
        try:
            text = DEFAULT_FORM_TEXT
            if self.path.exists():
                text = self.path.read_bytes()[:_BYTES_MAX].decode("utf-8-sig")
            logo = self.logo_path.read_bytes()[:_BYTES_MAX] if self.logo_path.exists() else b""
        except (OSError, UnicodeDecodeError) as error:
            raise FormFileError(str(error)) from error
        return text.replace("\r\n", "\n"), logo

    def save(self, text: str, logo: bytes) -> None:
        """Write both durably; an empty logo takes its file away."""
        try:
            if logo:
                replace_durably(self.logo_path, logo)
            else:
                self.logo_path.unlink(missing_ok=True)
            replace_durably(self.path, text.encode("utf-8"))
        except OSError as error:
            raise FormFileError(str(error)) from error
