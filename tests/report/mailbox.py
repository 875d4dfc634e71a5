"""A mailbox on loopback that says what a test wants it to say."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class _AnyPort(Controller):
    """On whatever port is free; it tries itself once it knows which."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Mailbox:
    """Letters that arrived; ``refuses`` are addresses that it does not know."""

    def __init__(self, *, password: str = "", refuses: tuple[str, ...] = ()) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = refuses
        self._password = password
        self._controller = _AnyPort(
            self,
            hostname="127.0.0.1",
            port=0,
            auth_required=bool(password),
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    def __enter__(self) -> "Mailbox":
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop()

    @property
    def port(self) -> int:
        return self._controller.port

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        if address in self.refuses:
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    def _authenticate(
        self, _server: object, _session: object, _envelope: object, _mechanism: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        return AuthResult(success=given.password == self._password.encode(), handled=False)
