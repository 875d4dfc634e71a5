"""Applies the changes of docs/proof.md one by one to a copy, and expects red every time."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

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


@contextmanager
def applied(proof: Proof, checkout: Path) -> Iterator[None]:
    """The one line is changed, and afterwards as it was; it must stand there exactly once."""
    path = checkout / proof.file
    content, facts = path.read_bytes(), path.stat()
    lines = content.decode("utf-8").splitlines(keepends=True)
    places = [index for index, line in enumerate(lines) if line.rstrip("\n") == proof.old]
    if len(places) != 1:
        raise ProofError(f"{proof.claim}: stands {len(places)} times in {proof.file}: {proof.old}")
    lines[places[0]] = f"{proof.new}\n" if proof.new else ""
    path.write_text("".join(lines), "utf-8")
    _forget_compiled(path)
    try:
        yield
    finally:
        path.write_bytes(content)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        _forget_compiled(path)


def _forget_compiled(path: Path) -> None:
    """Python knows a changed file by its second and length, which two changes may share."""
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def copy_checkout(target: Path) -> None:
    """The files that git knows, as they are in the working tree."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def turns_red(proof: Proof, checkout: Path) -> bool:
    """Whether the test fails (not: cannot be run) with the change applied."""
    with applied(proof, checkout):
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


def try_all(proofs: list[Proof]) -> Iterator[tuple[Proof, bool]]:
    """Each with whether it turned red, in their order, a few at a time in a copy of its own."""
    with tempfile.TemporaryDirectory(prefix="mutated-") as folder:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(AT_ONCE):
            copy_checkout(Path(folder) / str(number))
            free.put(Path(folder) / str(number))

        def one(proof: Proof) -> bool:
            checkout = free.get()
            try:
                return turns_red(proof, checkout)
            finally:
                free.put(checkout)

        with ThreadPoolExecutor(AT_ONCE) as workers:
            yield from zip(proofs, workers.map(one, proofs), strict=True)


def main() -> int:
    """Exit code 0 if every change turned its test red."""
    words = [word.lower() for word in sys.argv[1:]]
    proofs = read_proofs(PROOF.read_text("utf-8"))
    chosen = [p for p in proofs if all(word in p.claim.lower() for word in words)]
    started_s = time.monotonic()
    green = []
    for proof, red in try_all(chosen):
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
