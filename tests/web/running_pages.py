"""A real branch with real pages: antrean-server and antrean-web, each in a process of its own."""

import itertools
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import httpx
import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.running_branch import PIN, RunningBranch

READY_WITHIN_S = 30.0
CHROMIUM = "/usr/bin/chromium"


class RunningPages:
    """``antrean-web`` beside a running branch; ``url`` is where it is."""

    def __init__(self, branch: RunningBranch, *, device: str = "web-1", options: Any = ()) -> None:
        self.branch = branch
        self.url = ""
        self.log = branch.data.parent / f"{branch.data.name}-web.log"
        self._device = device
        self._options = options
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "web", "--server", self.branch.url),
                    *("--device", self._device, "--token", self.branch.tokens[self._device]),
                    *("--data", str(self.branch.data), "--port", "0"),
                    *self._options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={k: v for k, v in os.environ.items() if not k.startswith("ANTREAN_")},
            )
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        assert "is ready" in ready, self.log.read_text("utf-8", "replace")[-4000:]
        self.url = ready.split()[-1].rstrip("/")
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()

    @property
    def pid(self) -> int:
        """The number of its process."""
        assert self._process is not None
        return self._process.pid

    def said(self) -> str:
        """What the pages wrote to their log."""
        return self.log.read_text("utf-8", "replace")

    def client(self, **options: Any) -> httpx.Client:
        """A browser without pictures and scripts."""
        return httpx.Client(base_url=self.url, timeout=20, **options)


_addresses = itertools.count()


def token_of(page: str) -> str:
    """The mark of the first form of a page."""
    return page.split('name="token" value="', 1)[1].split('"', 1)[0]


class HttpManager:
    """A manager without a real browser: forms as a browser of today would send them."""

    def __init__(self, pages: RunningPages, staff: str, second_step: str = "") -> None:
        # From an address of its own, as each desk has: limits are by address.
        transport = httpx.HTTPTransport(local_address=f"127.0.1.{next(_addresses) % 250 + 1}")
        self.http = pages.client(follow_redirects=False, transport=transport)
        self.origin = pages.url
        self.staff = staff
        self.secret = second_step

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def post(self, path: str, *, on: str | None = None, **fields: str) -> httpx.Response:
        """Send the form of a page (``on``), as its own."""
        token = token_of(self.http.get(on).text) if on else ""
        return self.send(path, token, **fields)

    def send(self, path: str, token: str, **fields: str) -> httpx.Response:
        return self.http.post(
            path,
            data={"token": token, **fields},
            headers={"Origin": self.origin, "Sec-Fetch-Site": "same-origin"},
        )

    def sign_in(self) -> Self:
        """With the PIN and the second step, which is set up if there is none yet."""
        done = self.post("/sign-in", on="/sign-in", staff=self.staff, word=PIN)
        assert done.headers["location"] == "/second-step", (done.status_code, done.text)
        if not self.secret:
            page = self.get("/second-step").text
            shown = page.split('<code class="secret">', 1)[1].split("</code>", 1)[0]
            self.secret = "".join(part.split("<")[0] for part in shown.split("<span>")[1:])
        for _ in range(3):
            code = fresh_code(self.secret)
            done = self.post("/second-step", on="/second-step", code=code)
            if done.status_code == 303:
                return self
        raise AssertionError(done.text)


_used: set[tuple[str, int]] = set()


def fresh_code(secret: str) -> str:
    """A code that was not used yet: each is good once, within one step of now."""
    now_s = int(time.time())
    for ahead in (0, 1, -1):
        step = now_s // 30 + ahead
        if (secret, step) not in _used and all(s != secret or at < step for s, at in _used):
            _used.add((secret, step))
            return pyotp.TOTP(secret).at(step * 30)
    time.sleep(30 - now_s % 30)
    return fresh_code(secret)


@contextmanager
def real_browser() -> Iterator[Browser]:
    """Debian's Chromium; playwright downloads nothing of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()


def signed_in_context(
    browser: Browser, manager: HttpManager, *, language: str = "id", **options: Any
) -> BrowserContext:
    """A window of the browser in which the manager is signed in already."""
    context = browser.new_context(**options)
    cookies = [{"name": c.name, "value": c.value} for c in manager.http.cookies.jar]
    cookies = [c for c in cookies if c["name"] == "session"] + [{"name": "lang", "value": language}]
    context.add_cookies([{**c, "url": manager.origin} for c in cookies])  # type: ignore[typeddict-item]
    return context


def sound(page: Page, errors: list[str]) -> None:
    """Gather what the page complains of: broken scripts, refused styles, missing files."""
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda said: errors.append(said.text) if said.type in ("error", "warning") else None,
    )


def branch_with_people(data: Path) -> RunningBranch:
    """Devices of each role and a manager, an admin and a frontliner; not started yet."""
    branch = RunningBranch(data)
    branch.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1", "counter-2")
    branch.add_devices("web", "web-1").add_devices("display", "tv-1")
    branch.add_staff("manager-1", role="manager").add_staff("admin-1", role="admin")
    branch.add_staff("staff-1", "staff-2")
    return branch
