"""The scripts of visitors' pages run in browsers of 2014: ES5, and nothing newer unasked (V9)."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
SCRIPTS = ("phone.js", "again.js", "tablet.js")
STYLE = (STATIC / "phone.css").read_text(encoding="utf-8")

# What a browser of 2014 stumbles over while it reads, before a line of it runs.
NEWER = {
    "arrow function": r"=>",
    "let or const": r"\b(?:let|const)\s+[\w\[{$]",
    "template string": r"`",
    "class": r"\bclass\s+\w+\s*(?:extends\s+\w+\s*)?\{",
    "async or await": r"\b(?:async|await)\s",
    "spread": r"\.\.\.",
    "optional chaining": r"\?\.[A-Za-z_$\[(]",
    "nullish": r"\?\?",
    "power": r"\*\*",
    "for of": r"\bfor\s*\([^;)]*\bof\b",
    "default value": r"function\s*\w*\([^)]*=[^)]*\)",
    "short method": r"[{,]\s*(?!(?:if|for|while|switch|function|catch)\b)\w+\s*\([\w\s,]*\)\s*\{",
    "fetch": r"\bfetch\s*\(",
    "Promise": r"\bPromise\b",
    "Map or Set": r"\bnew (?:Map|Set|WeakMap|URL|URLSearchParams)\b",
    "newer method": r"\.(?:includes|closest|padStart|assign|entries|append|remove)\(",
}


def bare(script: str) -> str:
    """The script without comments and without what stands in quotes or between slashes."""
    parts = re.compile(r"/\*.*?\*/|//[^\n]*|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
    return parts.sub(lambda found: "''" if found.group()[0] in "'\"" else " ", script)


def newer_in(script: str) -> list[str]:
    return [name for name, pattern in NEWER.items() if re.search(pattern, bare(script))]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_of_visitors_hold_nothing_that_old_browsers_cannot_read(script: str) -> None:
    assert newer_in((STATIC / script).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "planted",
    [
        "list.map(one => one)",
        "let x = 1;",
        "const x = 1;",
        "var x = `a`;",
        "class A {}",
        "async function a() {}",
        "f(...x)",
        "a?.b",
        "a ?? b",
        "for (var x of y) {}",
        "function f(a = 1) {}",
        "x = { run() { } }",
        "fetch('/x')",
        "new Promise(f)",
        "new Map()",
        "'abc'.includes('b')",
    ],
)
def test_what_is_newer_would_be_seen(planted: str) -> None:
    assert newer_in(planted)


def test_words_in_quotes_and_comments_are_no_findings() -> None:
    assert newer_in("/* let x => `` */ var a = 'let b = `c`'; // await it\n") == []


def test_the_style_asks_for_nothing_that_leaves_an_old_browser_without_a_page() -> None:
    assert not re.search(r"display:\s*(?:inline-)?grid|var\(|--\w+:|:is\(|:where\(|&", STYLE)
    assert "@import" not in STYLE
    assert "url(" not in STYLE
