"""A voice process that hangs, dies or lies: one line of a script file for each thing it is asked.

Speaks the words of the real one. The lines: ``play`` `LENGTH_S` `TAKES_S`, ``no-device``,
``hang``, ``die``, ``die-playing``, ``endless``, ``early``, ``silent`` (says it played, with no
sound), ``short``, ``garbage``, ``mangled`` (bytes that are no text), ``deaf`` (plays and does not
stop); and for its start ``start-hang``, ``start-die``.
"""

import argparse
import os
import sys
import threading
import time
from pathlib import Path

import msgspec

from voice.port import VoiceHealth
from voice.words import Ask, Done, Playing, Ready, Speak, Status, Stop, Tell


def tell(words: Tell) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(words) + b"\n")
    sys.stdout.buffer.flush()


def next_line(script: Path) -> str:
    """Take the first line of the script, so that the next life goes on after it."""
    lines = script.read_text().splitlines()
    if not lines:
        return "play 0.3"
    rest = script.with_suffix(".rest")
    rest.write_text("\n".join(lines[1:]))
    rest.replace(script)
    return lines[0]


def hang() -> None:
    threading.Event().wait()


def act(line: str, ask: Speak, stopped: threading.Event) -> None:
    what, *numbers = line.split()
    length_s = float(numbers[0]) if numbers else 0.3
    takes_s = float(numbers[1]) if len(numbers) > 1 else length_s
    match what:
        case "play":
            tell(Playing(ask.job, length_s))
            stopping = stopped.wait(takes_s)
            tell(Done(ask.job, "stopped" if stopping else "played"))
        case "deaf":
            tell(Playing(ask.job, length_s))
            time.sleep(length_s)
            tell(Done(ask.job, "played"))
        case "no-device":
            tell(Playing(ask.job, length_s))
            tell(Done(ask.job, "failed", VoiceHealth.NO_DEVICE, detail="no card"))
            tell(Status(VoiceHealth.NO_DEVICE, (), "no card"))
        case "hang":
            hang()
        case "die":
            os._exit(3)
        case "die-playing":
            tell(Playing(ask.job, length_s))
            time.sleep(0.1)
            os._exit(3)
        case "endless":
            tell(Playing(ask.job, length_s))
            hang()
        case "early":
            tell(Playing(ask.job, 30.0))
            tell(Done(ask.job, "played"))
        case "silent":
            tell(Done(ask.job, "played"))
        case "short":
            tell(Playing(ask.job, 0.01))
            time.sleep(0.02)
            tell(Done(ask.job, "played"))
        case "garbage":
            sys.stdout.buffer.write(b"Audio saved to /tmp/x.wav\n")
            sys.stdout.buffer.flush()
            hang()
        case "mangled":
            sys.stdout.buffer.write(b'{"type":"Done","detail":"\xff"}\n')
            sys.stdout.buffer.flush()
            hang()
        case other:
            raise SystemExit(f"unknown line {other!r}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("script", type=Path)
    script = parser.parse_args().script
    if script.read_text().startswith("start-"):
        line = next_line(script)
        if line == "start-die":
            os._exit(4)
        hang()
    asked: list[Speak] = []
    stopped, news = threading.Event(), threading.Semaphore(0)

    def listen() -> None:
        decoder = msgspec.json.Decoder(Ask)
        for line in sys.stdin.buffer:
            match decoder.decode(line):
                case Speak() as ask:
                    asked.append(ask)
                    news.release()
                case Stop():
                    stopped.set()
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    tell(Status(VoiceHealth.OK))
    tell(Ready())
    while True:
        news.acquire()
        stopped.clear()
        act(next_line(script), asked.pop(0), stopped)


if __name__ == "__main__":
    main()
