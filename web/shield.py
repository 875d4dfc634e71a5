"""Around every page: what browsers may load, how large a request may be, how fast one may ask."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from web.limits import Limits

BODY_BYTES_MAX = 64 * 1024

# No script and no style of a page's own text: whatever gets into a page cannot run (F49).
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # The secret in a page's address goes to nobody else. Not "no-referrer": then browsers say
    # "Origin: null" with our own forms, and a forged one looks the same.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex, nofollow",
}

App = Callable[[Any, Any, Any], Awaitable[None]]


class Shield:
    """The outermost layer, in plain ASGI: streams pass through it without being gathered."""

    def __init__(
        self, app: App, limits: Limits, monotonic_s: Callable[[], float], *, is_https: bool
    ) -> None:
        self._app = app
        self._limits = limits
        self._monotonic_s = monotonic_s
        self._headers = dict(HEADERS)
        if is_https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_shielded(message: Any) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
            await send(message)

        request = Request(scope)
        if (refused := self._refusal(request)) is not None:
            await refused(scope, receive, send_shielded)
            return
        await self._app(scope, _bounded(receive), send_shielded)

    def _refusal(self, request: Request) -> PlainTextResponse | None:
        wait_s = self._limits.pages.take(address_of(request), self._monotonic_s())
        if wait_s and request.url.path != "/healthz":
            return PlainTextResponse(
                "Terlalu banyak permintaan; tunggu sebentar. / Too many requests; wait a moment.\n",
                429,
                headers={"Retry-After": str(int(wait_s) + 1)},
            )
        length = request.headers.get("content-length", "0")
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            return PlainTextResponse("Terlalu besar. / Too large.\n", 413)
        return None


def _bounded(receive: Any) -> Any:
    """The request's body, ended where it becomes too large whatever its head said."""
    seen = 0

    async def receive_bounded() -> Any:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > BODY_BYTES_MAX:
                return {"type": "http.disconnect"}
        return message

    return receive_bounded


def address_of(request: Request) -> str:
    """Who asks, as the socket says: a header could be made up."""
    return request.client.host if request.client is not None else "unknown"
