"""The live hall as its templates show it: what is instantaneous from the newest snapshot, every
figure of the day from ``DayReport``, which the paper shows, too."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from assets.texts import Texts
from protocol.messages import CounterView, StaffingHint
from report.day import Counted, Group, Measured
from report.wording import NOTHING
from web.hall import FigureWords, Hall, behind
from web.hall_cards import cards_of

_USUAL_DEVICE = re.compile(r"[a-z]+-(\d{1,4})")

REASONS_MOST = 3
HINTS_MOST = 2
"""The lines that one more counter helps most stand first."""


class HallShown:
    """What the templates ask, in one language."""

    def __init__(self, hall: Hall, texts: Texts, zone: ZoneInfo) -> None:
        self._hall = hall
        self._texts = texts
        self._zone = zone
        self._say = FigureWords(texts, zone)
        self._names = {one.code: one for one in hall.welcome.services}

    def context(self) -> Mapping[str, Any]:
        """For all parts of the page."""
        snapshot = self._hall.snapshot
        return {
            "cards": cards_of(self._hall, self._texts, self._say),
            "alerts": self._alerts(),
            "hints": [self._hint(one) for one in self._hall.hints[:HINTS_MOST]],
            "counters": [self._counter(one) for one in snapshot.counters],
            "services": self._services(),
            "total": self._service_row(self._hall.report.total if self._hall.report else None, ""),
            "hours": self._hours(),
            "door": self._door(),
            "devices": self._devices(),
            "report": self._hall.report,
            "snapshot": snapshot,
            "now_ms": _ms(self._hall.now),
            "clock": self._texts.clock(self._hall.now.astimezone(self._zone), seconds=True),
            "day": self._texts.day(snapshot.business_date, year=True),
            "discipline": self._discipline(),
            "posted": self._posted(),
            "adds_up": self._hall.report.adds_up if self._hall.report else None,
            "behind": behind,
        }

    def _alerts(self) -> list[dict[str, Any]]:
        return [
            {
                "code": one.code,
                "words": self._texts.pick(one.message),
                "to": self._what_to_do(one.ticket, one.counter, one.service),
                "do": self._do_words(one.ticket, one.counter, one.service),
            }
            for one in self._hall.snapshot.alerts
        ]

    def _what_to_do(self, ticket: str | None, counter: int | None, service: str | None) -> str:
        if ticket:
            return f"/tickets/{ticket}"
        if counter:
            return f"/counters/{counter}"
        return behind("waiting", service=service) if service else ""

    def _do_words(self, ticket: str | None, counter: int | None, service: str | None) -> str:
        if ticket:
            return self._texts("web.hall.open-ticket")
        if counter:
            return self._texts("web.hall.open-counter", number=counter)
        return self._texts("web.hall.open-line") if service else ""

    def _hint(self, one: StaffingHint) -> dict[str, Any]:
        texts = self._texts
        facts = {
            "service": self.service_sign(one.service),
            "then": self._whole_minutes(one.longest_then_s),
        }
        if one.longest_now_s is None:
            words = texts("web.hall.staffing-unserved", **facts)
        else:
            words = texts("web.hall.staffing", now=self._whole_minutes(one.longest_now_s), **facts)
        if one.counter is None:
            return {"words": words, "to": "", "do": ""}
        return {
            "words": words,
            "to": f"/counters/{one.counter}",
            "do": texts("web.hall.open-counter", number=one.counter),
        }

    # Counters, lines, hours.

    def _counter(self, one: CounterView) -> dict[str, Any]:
        texts = self._texts
        state = one.activity if one.state == "open" and one.activity else one.state
        if one.ticket_state in ("called", "serving"):
            state = one.ticket_state
        since = one.ticket_since if one.ticket else one.since
        return {
            "number": one.number,
            "who": one.staff_name or one.staff or texts("web.hall.nobody-there"),
            "state": texts(f"web.counter.{state}"),
            "kind": {"paused": "rest", "closed": "shut"}.get(one.state, ""),
            "ticket": one.ticket or "",
            "since_ms": _ms(since) if since else None,
            "timer": texts.timer(self._hall.now - since) if since else "",
            "serves": " ".join(self.service_sign(code) for code in one.services),
        }

    def _services(self) -> list[dict[str, Any]]:
        waiting = {one.service: one for one in self._hall.snapshot.waiting}
        totals = {one.service: one.totals for one in self._hall.snapshot.services}
        report = self._hall.report
        groups = {one.code: one for one in report.services} if report else {}
        rows = []
        for info in self._hall.welcome.services:
            nothing = Group(info.code) if report else None
            row = self._service_row(groups.get(info.code, nothing), info.code)
            now = waiting.get(info.code)
            total = totals.get(info.code)
            row |= {
                "code": info.code,
                "sign": info.sign,
                "name": self._texts.pick(info.name),
                "paused": info.code in self._hall.snapshot.paused_services,
                "waiting": total.waiting if total else 0,
                "longest": self._minutes(now.oldest_issued_at)
                if now and now.oldest_issued_at
                else "",
            }
            rows.append(row)
        return rows

    def _service_row(self, group: Group | None, code: str) -> dict[str, Any]:
        tickets = group.tickets if group else None
        waiting = group.waiting if group else Measured()
        narrowed = {"service": code} if code else {}
        states = ("issued", "finished", "no-show", "cancelled")
        return {
            "counts": [
                (
                    state,
                    self._say.count(getattr(tickets, state.replace("-", "_"), None)),
                    behind(state, **narrowed),
                )
                for state in states
            ],
            "median": self._say.time(waiting.median_s),
            "p90": self._say.time(waiting.p90_s),
            "service": self._say.time(group.service.median_s if group else None),
            "above": NOTHING if waiting.above is None else self._say.count(waiting.above),
            "share_above": self._say.share(waiting.share_above),
            "above_to": behind("waiting-above", **narrowed),
            "timed_to": behind("waiting-time", **narrowed) if waiting.count else "",
            "served_to": behind("service-time", **narrowed)
            if group and group.service.count
            else "",
            "waiting": self._hall.snapshot.totals.waiting,
            "waiting_to": behind("waiting", **narrowed),
        }

    def _hours(self) -> list[dict[str, Any]]:
        if self._hall.report is None:
            return []
        return [
            {
                "hour": f"{one.hour:02}",
                "arrived": one.arrived,
                "called": one.called,
                "finished": one.finished,
                "open": self._say.number(one.open_counters, 1),
                "open_value": round(one.open_counters, 1),
                "median": self._say.time(one.group.waiting.median_s),
                "issued": one.group.tickets.issued,
                "to": behind("issued", hour=one.hour),
                "timed_to": behind("waiting-time", hour=one.hour)
                if one.group.waiting.count
                else "",
                "called_to": behind("called-in-hour", code=f"{one.hour:02}"),
                "finished_to": behind("finished-in-hour", code=f"{one.hour:02}"),
            }
            for one in self._hall.report.hours
        ]

    def _door(self) -> dict[str, Any] | None:
        report = self._hall.report
        if report is None:
            return None
        came = report.arrivals
        return {
            "solved": self._say.count(came.solved),
            "share": self._say.share(came.share_solved),
            "arrived": self._say.count(came.arrived),
            "reasons": [
                (self._name(one), self._say.count(one.many))
                for one in came.solved_reasons[:REASONS_MOST]
            ],
        }

    def _devices(self) -> list[dict[str, Any]]:
        texts = self._texts
        return [
            {
                "name": self._device_name(one.role, one.device),
                "state": texts("web.device.here" if one.connected else "web.device.away"),
                "here": one.connected,
                "more": self._device_words(one.paper, one.voice, one.tickets_left),
            }
            for one in self._hall.snapshot.devices
            if one.role != "web"
        ]

    def _device_name(self, role: str, device: str) -> str:
        """``kiosk-2`` is Kios 2; a name that the branch made up stands beside what it is."""
        called = self._texts(f"web.role.{role}") if self._texts.has(f"web.role.{role}") else role
        usual = _USUAL_DEVICE.fullmatch(device)
        return f"{called} {int(usual[1]) if usual else device}"

    def _device_words(self, paper: str | None, voice: str | None, left: int | None) -> str:
        texts, words = self._texts, []
        if paper and texts.has(f"web.paper.{paper}"):
            words.append(texts(f"web.paper.{paper}"))
        if left is not None:
            words.append(texts("web.paper.left", many=left))
        if voice and texts.has(f"web.voice.{voice}"):
            words.append(texts(f"web.voice.{voice}"))
        return " · ".join(words)

    def _discipline(self) -> str:
        snapshot = self._hall.snapshot
        key = f"web.discipline.{snapshot.discipline}"
        if not self._texts.has(key):
            return snapshot.discipline
        return self._texts(
            key, priority=snapshot.priority_in_a_row, regular=snapshot.regular_in_a_row
        )

    def _posted(self) -> str:
        return self._texts.pick(self._hall.snapshot.posted_text or {})

    # Words and numbers.

    def service_sign(self, code: str) -> str:
        """The letter of a service."""
        info = self._names.get(code)
        return info.sign if info else code

    def _name(self, one: Counted) -> str:
        return self._texts.pick(dict(one.names)) or one.code

    def _minutes(self, since: datetime) -> str:
        return self._texts.minutes(self._hall.now - since)

    def _whole_minutes(self, seconds: float) -> int:
        return max(1, round(seconds / 60))


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
