"""The demo on a screen: three real windows that a person may use, and a full branch around them."""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from uuid import UUID

from protocol.roles import DeviceRole
from simulation.arrivals import Visit
from simulation.demo_branch import MANAGER, PASSWORD, PIN, DemoBranch, figures, staff_of
from simulation.demo_stage import Stage, has_screen
from simulation.door_officer import DOOR
from simulation.headless_day import Say
from simulation.paper_roll import PaperRoll
from simulation.programs import DrivenProgram, ProgramFailedError
from simulation.shown_day import KIOSK, FastClock, ShownDay, counter_device
from simulation.tiling import Area, Tiles, tile

MINE = 1
"""The counter at which the person in front of this screen sits."""
COLLEAGUES: Sequence[int] = (2, 3, 4, 5, 6)
DEVICES = {
    "kiosk-1": DeviceRole.KIOSK,
    KIOSK: DeviceRole.KIOSK,
    "display-1": DeviceRole.DISPLAY,
    DOOR: DeviceRole.SCREENING,
    **{counter_device(number): DeviceRole.COUNTER for number in (MINE, *COLLEAGUES)},
}

VOICE_ALL_UP_TO = 4.0
"""Above this speed the voice would never end: only the calls of a person are spoken."""
START_S = 3.0
"""So many real seconds before its opening the branch's clock starts: programs need that long."""
CLOSED_WITHIN_S = 20.0
LOOK_S = 0.05

GUIDE = """
  Cabang contoh sedang buka; jamnya {speed:g} kali lebih cepat. Peserta lain disimulasikan.
  The example branch is open; its clock runs {speed:g} times as fast. Others are simulated.

  KIOS (kiri)    Sentuh "Sentuh untuk ambil nomor", pilih layanan.
  KIOSK (left)   Press the big button, then a service: you are a visitor.

  LOKET {mine} (kanan bawah)      Anda {name}, sudah masuk. F2 memanggil berikutnya,
  COUNTER {mine} (lower right)    You are {name}, signed in. F2 calls the next visitor,
                            F4 mulai/start, F8 selesai/finish, F7 tidak hadir/no-show.

  KEPALA CABANG / MANAGER   {pages}  ({manager}, kata sandi / password {password})
  PONSEL / PHONE            kode QR di karcis / the QR on the paper

  TV (kanan atas / upper right)   {voice}

  Keluar lalu masuk lagi / to sign in again: kode/code {staff}, PIN {pin}.
  Kertas karcis / paper: {paper}
  Tutup satu jendela atau tekan Ctrl+C untuk berhenti. / Close a window or press Ctrl+C to stop.
"""
VOICED = (
    "Hanya panggilan Anda yang diucapkan. / Only your calls are spoken.",
    "Semua panggilan diucapkan. / All calls are spoken.",
)


class NoScreenError(Exception):
    """There is nothing to show windows on; the text says what to do instead."""


async def play_on_screen(
    branch: DemoBranch,
    visits: Sequence[Visit],
    random: Random,
    speed: float,
    new_id: Callable[[], UUID],
    say: Say,
) -> bool:
    """Play until the day is over (then it is closed, True) or a window is closed (False).

    Raises ProgramFailedError, or NoScreenError.
    """
    tiles = tile(await _free_area())
    async with Stage(branch, _x11_if_possible()) as stage:
        start = branch.opens_at - timedelta(seconds=START_S * speed)
        server = await stage.start_server(
            "--clock-speed", f"{speed:g}", "--clock-start", start.isoformat()
        )
        await stage.start_pages()
        clock = FastClock(speed, -START_S * speed)
        counter = _arrange(stage, tiles, speed)
        await stage.start_screens()
        await _sit_down(counter)
        say(_guide(stage, speed))
        day = ShownDay(branch, server.url, COLLEAGUES, visits, random, clock, new_id)
        is_over = await _until_over_or_closed(day, stage, say)
    if is_over:
        await _close_day(branch)
    return is_over


def _arrange(stage: Stage, tiles: Tiles, speed: float) -> DrivenProgram:
    pace = ("--clock-speed", f"{speed:g}")
    stage.screen(
        "kiosk", "kiosk-1", tiles.kiosk.geometry(), *pace, "--printer", f"file://{stage.paper}"
    )
    voiced = () if speed <= VOICE_ALL_UP_TO else ("--voice-counters", str(MINE))
    stage.screen("display", "display-1", tiles.display.geometry(), *pace, *voiced)
    scale = tiles.counter_scale
    return stage.driven(
        *("counter", counter_device(MINE), tiles.counter.geometry(scale), *pace),
        *("--counter", str(MINE)),
        QT_SCALE_FACTOR=f"{scale:.4f}",
    )


async def _sit_down(counter: DrivenProgram) -> None:
    """Sign the person in and open the counter, so that the first key already calls somebody."""
    staff, _ = staff_of(MINE)
    await counter.wait(name="sign-in", enabled=True)
    await counter.ask("type", name="staff", text=staff)
    await counter.ask("type", name="pin", text=PIN)
    await counter.ask("press", name="sign-in")
    await counter.wait(name="open", enabled=True)
    await counter.ask("key", keys="Ctrl+O")
    await counter.wait(name="next")


def _guide(stage: Stage, speed: float) -> str:
    staff, name = staff_of(MINE)
    return GUIDE.format(
        speed=speed,
        mine=MINE,
        name=name,
        staff=staff,
        pin=PIN,
        voice=VOICED[speed <= VOICE_ALL_UP_TO],
        paper=stage.paper,
        pages=f"http://127.0.0.1:{stage.branch.pages_port}/",
        manager=MANAGER[0],
        password=PASSWORD,
    )


async def _until_over_or_closed(day: ShownDay, stage: Stage, say: Say) -> bool:
    """True when the day is over, False when somebody closed a window."""
    assert stage.server is not None
    playing = asyncio.create_task(day.run(), name="the simulated day")
    paper = asyncio.create_task(PaperRoll(stage.paper, say).follow(), name="paper")
    programs = [stage.server, *stage.screens]
    ends = [asyncio.create_task(one.ended(), name=one.name) for one in programs]
    try:
        await asyncio.wait([playing, *ends], return_when=asyncio.FIRST_COMPLETED)
        for end, one in zip(ends, programs, strict=True):
            if end.done() and end.result() != 0:
                raise ProgramFailedError(f"{one.name} fell over: {one.last_words()}")
        if playing.done():
            playing.result()
        return playing.done()
    finally:
        unfinished = [task for task in (playing, paper, *ends) if not task.done()]
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)


async def _close_day(branch: DemoBranch) -> None:
    """Start the server once more after midnight: what is still open ends by the day's rule."""
    async with Stage(branch, {}) as night:
        after_midnight = branch.next_day.isoformat()
        await night.start_server("--simulated-clock", "--clock-start", after_midnight)
        gives_up_s = time.monotonic() + CLOSED_WITHIN_S
        while figures(branch.data, branch.business_date).closed_at_ms is None:
            if time.monotonic() > gives_up_s:
                raise ProgramFailedError("server: the day was not closed after midnight")
            await asyncio.sleep(LOOK_S)


async def _free_area() -> Area:
    """The part of the main screen that panels leave free, as Qt sees it."""
    if not has_screen():
        raise NoScreenError(
            "di sini tidak ada layar / there is no screen here (DISPLAY is not set). "
            "Pakai / use: script/demo --headless"
        )
    asking = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "ui.screens"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | _x11_if_possible(),
    )
    said, complaint = await asking.communicate()
    if asking.returncode != 0:
        words = complaint.decode("utf-8", "replace").strip()
        raise NoScreenError(
            f"layar tidak dapat dipakai / the screen cannot be used: {words[-600:]}\n"
            "Pakai / use: script/demo --headless"
        )
    return Area(**json.loads(said))


def _x11_if_possible() -> dict[str, str]:
    # On Wayland a program may not place its windows; through Xwayland it may.
    if os.environ.get("DISPLAY") and os.environ.get("WAYLAND_DISPLAY"):
        return {"QT_QPA_PLATFORM": "xcb"}
    return {}
