"""Applies the changes of docs/proof.md one by one, each to a copy, and expects red every time."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROOF = ROOT / "docs" / "proof.md"
AT_ONCE = 2
DEADLINE_S = 300

_ENTRY = re.compile(
    r"^### (?P<claim>.+?)\n+"
    r"- test: `(?P<test>[^`]+)`\n"
    r"- change: `(?P<file>[^`]+)`\n+"
    r"```diff\n(?P<diff>.*?)```",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim, the test that holds it, and a change that must turn the test red."""

    claim: str
    test: str
    file: str
    old: str
    new: str


class ProofError(Exception):
    """The page itself is wrong; the text says how to mend it."""


def read_proofs(page: str) -> list[Proof]:
    """All entries of the page; every heading of the third level must be one."""
    proofs = [_proof(found) for found in _ENTRY.finditer(page)]
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    if missing := set(headings) - {proof.claim for proof in proofs}:
        raise ProofError(f"no test, change and diff under: {', '.join(sorted(missing))}")
    return proofs


def _proof(found: re.Match[str]) -> Proof:
    lines = found["diff"].splitlines()
    old = [line[1:] for line in lines if line.startswith("-")]
    new = [line[1:] for line in lines if line.startswith("+")]
    if len(old) != 1 or len(new) > 1:
        raise ProofError(f"{found['claim']}: one line out, at most one line in")
    return Proof(found["claim"], found["test"], found["file"], old[0], new[0] if new else "")


def apply(proof: Proof, checkout: Path) -> None:
    """Change the one line; it must stand there exactly once."""
    path = checkout / proof.file
    lines = path.read_text("utf-8").splitlines(keepends=True)
    places = [index for index, line in enumerate(lines) if line.rstrip("\n") == proof.old]
    if len(places) != 1:
        raise ProofError(f"{proof.claim}: stands {len(places)} times in {proof.file}: {proof.old}")
    lines[places[0]] = f"{proof.new}\n" if proof.new else ""
    path.write_text("".join(lines), "utf-8")


def copy_checkout(target: Path) -> None:
    """The files that git knows, as they are in the working tree."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def turns_red(proof: Proof) -> bool:
    """Whether the test fails (not: cannot be run) with the change applied."""
    with tempfile.TemporaryDirectory(prefix="mutated-") as folder:
        checkout = Path(folder)
        copy_checkout(checkout)
        apply(proof, checkout)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", proof.test],
            cwd=checkout,
            env={**os.environ, "ANTREAN_EXAMPLES": "unshrunk"},
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
    if done.returncode not in (0, 1):
        raise ProofError(f"{proof.claim}: the test could not be run\n{done.stdout[-2000:]}")
    return done.returncode == 1


def main() -> int:
    """Exit code 0 if every change turned its test red."""
    words = [word.lower() for word in sys.argv[1:]]
    proofs = read_proofs(PROOF.read_text("utf-8"))
    chosen = [p for p in proofs if all(word in p.claim.lower() for word in words)]
    started_s = time.monotonic()
    green = []
    with ThreadPoolExecutor(AT_ONCE) as workers:
        for proof, red in zip(chosen, workers.map(turns_red, chosen), strict=True):
            print(f"{'red  ' if red else 'GREEN'}  {proof.claim}", flush=True)
            if not red:
                green.append(proof)
    took_s = time.monotonic() - started_s
    print(f"{len(chosen) - len(green)} of {len(chosen)} changes turned red in {took_s:.0f} s")
    for proof in green:
        print(f"stayed green: {proof.claim} ({proof.test})", file=sys.stderr)
    return 1 if green or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
