"""What tests see of a page in a real browser: its bytes, its complaints, what axe finds."""

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 360, "height": 640}
SERIOUS = ("serious", "critical")
TARGET_PX = 48

# Writes down what the phone would do, and does it.
SPY = """
window.__shaken = []; window.__notes = [];
navigator.vibrate = function (pattern) { window.__shaken.push(pattern); return true; };
(function () {
  var made = window.AudioContext.prototype.createOscillator;
  window.AudioContext.prototype.createOscillator = function () {
    var one = made.call(this), begin = one.start;
    one.start = function (at) { window.__notes.push(one.frequency.value); begin.call(one, at); };
    return one;
  };
}());
"""


def serious_findings(page: Page) -> list[str]:
    """What axe holds for serious, with the place; AAA contrast is asked for, too."""
    found = Axe().run(
        page,
        options={
            "resultTypes": ["violations"],
            "rules": {"color-contrast-enhanced": {"enabled": True}},
        },
    )
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]}"
        for one in found.response["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]


def small_targets(page: Page) -> list[str]:
    """What can be touched and is smaller than a thumb needs."""
    return list(
        page.evaluate(
            """least => Array.from(document.querySelectorAll(
                'a, button, select, textarea, label.switch, label.option'))
              .filter(one => one.offsetParent !== null)
              .filter(one => { const box = one.getBoundingClientRect();
                return box.width < least || box.height < least; })
              .map(one => one.outerHTML.slice(0, 100))""",
            TARGET_PX,
        )
    )


def too_wide(page: Page) -> bool:
    """Whether one must scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def complaints_of(page: Page) -> list[str]:
    """What goes wrong in the page from now on: broken scripts, refused styles."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda one: said.append(one.text) if one.type in ("error", "warning") else None,
    )
    return said
