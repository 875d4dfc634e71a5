"""Mail: the account in ``smtp.toml`` beside the branch's data, and one letter over SMTP."""

import os
import smtplib
import socket
import ssl
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from report.formats import TYPES

EXAMPLE = (
    'host = "mail.example.org", port = 587, security = "starttls", user = "…", password = "…", '
    'from = "antrean@example.org"'
)
PATIENCE_S = 20.0
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_KEYS = {"host", "port", "security", "user", "password", "from"}
_NEAR = {"localhost", "127.0.0.1", "::1"}


class MailProblemError(Exception):
    """A letter could not be sent; ``code`` names why, for a sentence that people understand."""

    def __init__(self, code: str, server: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.server = server


@dataclass(frozen=True, slots=True)
class Account:
    """The branch's account at a mail server; the password is never shown."""

    host: str
    port: int
    security: str
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def server(self) -> str:
        """As people call it."""
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one address; files by name."""

    to: str
    subject: str
    words: str
    files: Mapping[str, bytes]
    id: str
    at_ms: int


def read_account(path: Path) -> Account:
    """The account; raises MailProblemError that names what to mend, never what stands there."""
    try:
        text = path.read_text(encoding="utf-8")
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise MailProblemError("no-account") from None
    except (OSError, UnicodeDecodeError):
        raise MailProblemError("bad-account") from None
    # What systemd hands over (LoadCredential=) is private by a list that the mode does not show.
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    is_private = os.name != "posix" or not mode & 0o077
    if not is_private and not (handed_over and path.parent == Path(handed_over)):
        raise MailProblemError("open-account")
    try:
        return _account(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValueError, TypeError):
        # Without its words: they may repeat the line, and the line the password.
        raise MailProblemError("bad-account") from None


def _account(given: Mapping[str, object]) -> Account:
    if given.keys() - _KEYS:
        raise ValueError
    security = given.get("security", "starttls")
    texts = {name: given.get(name, "") for name in ("host", "user", "password", "from")}
    for value in texts.values():
        if not isinstance(value, str) or any(not char.isprintable() for char in value):
            raise ValueError
    if not isinstance(security, str) or security not in _PORTS:
        raise ValueError
    port = given.get("port", _PORTS[security])
    host, user, password, sender = (str(one) for one in texts.values())
    if not isinstance(port, int) or not 0 < port < 65536 or not host or "@" not in sender:
        raise ValueError
    # A password in the open is nobody's wish.
    if bool(user) != bool(password) or (user and security == "none" and host not in _NEAR):
        raise ValueError
    return Account(host, port, security, sender, user, password)


def send_letter(account: Account, letter: Letter) -> None:
    """Hand one letter to the server; raises MailProblemError."""
    message = _message(account, letter)
    try:
        with _connected(account) as server:
            if account.user:
                server.login(account.user, account.password)
            server.send_message(message, account.sender, [letter.to])
    except smtplib.SMTPAuthenticationError as error:
        raise MailProblemError("login", account.server) from error
    except smtplib.SMTPRecipientsRefused as error:
        raise MailProblemError("recipient", account.server) from error
    except smtplib.SMTPSenderRefused as error:
        raise MailProblemError("sender", account.server) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailProblemError("security", account.server) from error
    except ssl.SSLError as error:
        raise MailProblemError("security", account.server) from error
    except (smtplib.SMTPConnectError, socket.gaierror, ConnectionError, TimeoutError) as error:
        raise MailProblemError("unreachable", account.server) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailProblemError("failed", account.server) from error


def try_account(account: Account) -> None:
    """Go as far as the sign-in, and send nothing; raises MailProblemError."""
    try:
        with _connected(account) as server:
            if account.user:
                server.login(account.user, account.password)
    except smtplib.SMTPAuthenticationError as error:
        raise MailProblemError("login", account.server) from error
    except (ssl.SSLError, smtplib.SMTPNotSupportedError) as error:
        raise MailProblemError("security", account.server) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailProblemError("unreachable", account.server) from error


def _connected(account: Account) -> smtplib.SMTP:
    if account.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(account.host, account.port, timeout=PATIENCE_S, context=context)
    server = smtplib.SMTP(account.host, account.port, timeout=PATIENCE_S)
    if account.security == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _message(account: Account, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"] = account.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(datetime.fromtimestamp(letter.at_ms / 1000, UTC))
    domain = account.sender.rpartition("@")[2].strip("<> ")
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.words)
    for name, data in letter.files.items():
        kind, subkind = TYPES[name.rpartition(".")[2]]
        message.add_attachment(data, maintype=kind, subtype=subkind, filename=name)
    return message
