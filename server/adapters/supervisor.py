"""Telling systemd that the server is ready and alive (sd_notify); nothing without systemd."""

import asyncio
import os
import socket


def tell_supervisor(state: str) -> None:
    """Send a state such as ``READY=1``; silent when nobody supervises."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to:
        to.sendto(state.encode(), address)


async def keep_watchdog_quiet() -> None:
    """Say twice in each watchdog interval that the loop still turns, until cancelled."""
    interval_us = int(os.environ.get("WATCHDOG_USEC", "0"))
    while interval_us:
        tell_supervisor("WATCHDOG=1")
        await asyncio.sleep(interval_us / 2_000_000)
