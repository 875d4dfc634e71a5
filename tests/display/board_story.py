"""A TV told as a story: a server that calls, a hand-turned clock, a voice of our own."""

from collections.abc import Sequence, Set
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from display.board_model import BoardModel
from display.media_show import MediaShow
from protocol.messages import (
    Accepted,
    Announcement,
    AnnouncementWithdrawn,
    AnyCommand,
    BoardCall,
    BoardSnapshot,
    BranchInfo,
    Choices,
    ConfirmAnnouncement,
    Disturbance,
    MissedNumber,
    Names,
    Rejected,
    ServiceInfo,
    WaitingCount,
    Welcome,
)
from protocol.session import LinkState, LinkStatus, OnAnswer
from tests.display.announcing_story import STEP_S, Clock, HandVoice

SERVICES = (
    ServiceInfo(code="A", name={"id": "Pendaftaran", "en": "Registration"}, open=True),
    ServiceInfo(code="B", name={"id": "Perubahan data", "en": "Data change"}, open=True),
)


def welcome(
    at: datetime,
    *,
    zone: str = "Asia/Jakarta",
    languages: tuple[str, ...] = ("id", "en"),
    name: str = "Kantor Cabang Contoh",
    services: Sequence[ServiceInfo] = SERVICES,
) -> Welcome:
    return Welcome(
        protocol=1,
        branch=BranchInfo(code="1301", name=name, time_zone=zone, languages=list(languages)),
        server_time=at,
        business_date=date(2026, 11, 20),
        revision=0,
        signed_in=None,
        services=list(services),
        counters=[],
        choices=Choices(
            priority=[], needs=[], education=[], category=[], pause_reason=[], cancel_reason=[]
        ),
    )


class Tv:
    """One display in a hall; ``lose`` and ``reconnect`` are its cable."""

    def __init__(
        self,
        *,
        voice: bool = True,
        voiced_counters: Set[int] | None = None,
        card_least_s: float = 3.0,
        connected: bool = True,
        zone: str = "Asia/Jakarta",
    ) -> None:
        self.clock = Clock()
        self.voice = HandVoice(self.clock)
        self.zone = zone
        self.asked: list[AnyCommand] = []
        self.answers: list[tuple[AnyCommand, OnAnswer]] = []
        self.server_answers = True
        self.calls: dict[str, BoardCall] = {}
        self.waiting: list[WaitingCount] = []
        self.missed: list[MissedNumber] = []
        self.text: Names = {"id": "Siapkan KTP dan KK Anda."}
        self.disturbed: Names = {}
        self.services: Sequence[ServiceInfo] = SERVICES
        self.for_services: list[str] = []
        """The zone: this display is for these services alone."""
        self.media: MediaShow | None = None
        """What stands between the calls, for windows of this story."""
        self.keeps_whole = False
        """Whether the call on the card is a new one, in a picture of this story."""
        self.revision = 0
        self.changes = 0
        self.seen: list[str] = []
        """Every number that stood on the card, in order."""
        self.model = BoardModel(
            self._ask,
            new_id=lambda: UUID(int=len(self.asked) + 1),
            now=self.clock.now,
            elapsed_s=lambda: self.clock.elapsed_s,
            voice=self.voice if voice else None,
            voiced_counters=voiced_counters,
            card_least_s=card_least_s,
        )
        self.model.changed = self._changed
        if connected:
            self.reconnect()

    def reconnect(self, *, again: tuple[Announcement, ...] = ()) -> None:
        """As the server greets: Welcome, the snapshot, then the calls that are still due."""
        self.model.on_link(LinkStatus(LinkState.ONLINE, self.clock.elapsed_s))
        self.model.on_welcome(welcome(self.clock.now(), zone=self.zone, services=self.services))
        self.show()
        for announcement in again:
            self.model.on_notice(announcement)
        self.server_answers = True

    def lose(self, reason: str = "closed", state: LinkState = LinkState.LOST) -> None:
        self.server_answers = False
        self.model.on_link(LinkStatus(state, self.clock.elapsed_s, reason))

    def call(
        self,
        number: str,
        counter: int = 1,
        *,
        call_count: int = 1,
        snapshot: bool = True,
        again: str = "",
    ) -> Announcement:
        """A counter calls: the announcement goes out at once, the snapshot soon after.

        ``again`` is the id of an announcement after one that was withdrawn.
        """
        self.call_unseen(number, counter, call_count=call_count)
        announcement = self.announcement(number, counter, call_count)
        if again:
            announcement = msgspec.structs.replace(announcement, announcement=again)
        self.model.on_notice(announcement)
        if snapshot:
            self.show()
        return announcement

    def withdraw(self, number: str, counter: int = 1, *, call_count: int = 1) -> None:
        """The call was undone: its moment comes before any snapshot."""
        withdrawn = f"{number}-{call_count}"
        self.model.on_notice(
            AnnouncementWithdrawn(announcement=withdrawn, number=number, counter=counter)
        )
        self.wait(STEP_S)

    def call_unseen(self, number: str, counter: int = 1, *, call_count: int = 1) -> None:
        """A counter calls, and this display does not hear of it."""
        self.calls.pop(number, None)
        self.calls[number] = BoardCall(
            number=number,
            counter=counter,
            state="called",
            called_at=self.clock.now(),
            call_count=call_count,
            priority=number.startswith("P"),
        )

    def announcement(self, number: str, counter: int = 1, call_count: int = 1) -> Announcement:
        return Announcement(
            announcement=f"{number}-{call_count}",
            number=number,
            counter=counter,
            call_count=call_count,
            languages=["id"],
            expires_at=self.clock.now() + timedelta(seconds=90),
        )

    def move(self, number: str, state: str) -> None:
        """A ticket moves on; "waiting" takes it off the board, as an undone call."""
        self.move_unseen(number, state)
        self.show()

    def move_unseen(self, number: str, state: str) -> None:
        """The same while this display is away."""
        if state == "waiting":
            del self.calls[number]
        else:
            self.calls[number] = msgspec.structs.replace(self.calls[number], state=state)

    def show(self) -> None:
        """A snapshot of the present hall."""
        self.revision += 1
        calls = list(reversed(self.calls.values()))
        self.model.on_notice(
            BoardSnapshot(
                revision=self.revision,
                calls=calls,
                total=len(calls),
                waiting=self.waiting,
                missed=self.missed,
                text=self.text,
                zone=self.for_services,
                disturbance=Disturbance(
                    system="mobile-jkn", since=self.clock.now(), text=self.disturbed
                )
                if self.disturbed
                else None,
            )
        )

    def wait(self, seconds: float) -> None:
        end_s = self.clock.elapsed_s + seconds
        while self.clock.elapsed_s < end_s - 1e-9:
            self.clock.elapsed_s += STEP_S
            self.model.tick()

    def wait_for_silence(self) -> None:
        end_s = self.clock.elapsed_s + 3600
        while self.model.speaking is not None:
            assert self.clock.elapsed_s < end_s, "the hall never falls silent"
            self.wait(STEP_S)

    @property
    def card(self) -> str:
        """The call on the card as a person would read it."""
        card = self.model.card
        return "" if card is None else f"{card.number} loket {card.counter}"

    @property
    def history(self) -> list[str]:
        return [row.number for row in self.model.history]

    @property
    def freshness(self) -> str:
        return self.model.freshness.value

    @property
    def pulse(self) -> int:
        return 0 if self.model.card is None else self.model.card.pulse

    @property
    def confirmed(self) -> list[tuple[str, str]]:
        return [
            (command.announcement, command.outcome)
            for command in self.asked
            if isinstance(command, ConfirmAnnouncement)
        ]

    def answer_all(self, *, reason: str = "") -> None:
        answers, self.answers = self.answers, []
        for command, on_answer in answers:
            if reason:
                on_answer(Rejected(id=str(command.id), reason=reason, message=""))
            else:
                on_answer(Accepted(id=command.id, revision=1))

    def _ask(self, command: AnyCommand, on_answer: OnAnswer) -> None:
        self.asked.append(command)
        self.answers.append((command, on_answer))
        if self.server_answers:
            self.answer_all()

    def _changed(self) -> None:
        self.changes += 1
        card = self.model.card
        if card is not None and (not self.seen or self.seen[-1] != card.number):
            self.seen.append(card.number)
