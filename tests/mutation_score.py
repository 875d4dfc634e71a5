"""Changes the core of the rules in a copy, one place at a time, and counts the red ones."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.mutate_proof import copy_checkout

LEAST = 95.0
SURVIVED, NO_TESTS = 0, 33  # mutmut's words for a change that no test saw


def results(folder: Path) -> dict[str, int | None]:
    """What became of each change: how the tests ended, None if they never ran."""
    found: dict[str, int | None] = {}
    for file in sorted((folder / "mutants" / "server" / "domain").glob("*.meta")):
        found |= json.loads(file.read_text("utf-8"))["exit_code_by_key"]
    return found


def tell(codes: dict[str, int | None], folder: Path) -> float:
    """Print who survived and the score of each file; returns the score of all, in percent."""
    seen = {name: code not in (SURVIVED, NO_TESTS, None) for name, code in codes.items()}
    for name, was_seen in seen.items():
        if not was_seen:
            show = [sys.executable, "-m", "mutmut", "show", name]
            told = subprocess.run(show, cwd=folder, capture_output=True, text=True, check=False)
            lines = [
                line for line in told.stdout.splitlines() if line[:1] in "+-" and line[1:2] == " "
            ]
            print(name, *lines, sep="\n", end="\n\n")
    per_file: dict[str, Counter[bool]] = {}
    for name, was_seen in seen.items():
        per_file.setdefault(name.split(".x")[0], Counter())[was_seen] += 1
    for file, count in per_file.items():
        print(f"{100 * count[True] / count.total():6.1f} %  {count.total():4}  {file}")
    score = 100 * sum(seen.values()) / len(seen)
    print(f"{score:6.1f} %  {len(seen):4}  in all; at least {LEAST} % are wanted")
    return score


def main() -> int:
    """Exit code 0 if enough changes were seen; arguments name changes (``*selection*``)."""
    folder = Path(tempfile.mkdtemp(prefix="mutated-"))
    try:
        copy_checkout(folder)
        run = [sys.executable, "-m", "mutmut", "run", "--max-children", "2", *sys.argv[1:]]
        environment = {**os.environ, "ANTREAN_EXAMPLES": "few"}
        if subprocess.run(run, cwd=folder, env=environment, check=False).returncode:
            print(
                "nothing was counted: without any change the tests must be green", file=sys.stderr
            )
            return 1
        codes = results(folder)
        if sys.argv[1:]:
            codes = {name: code for name, code in codes.items() if code is not None}
        return 0 if codes and tell(codes, folder) >= LEAST else 1
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
