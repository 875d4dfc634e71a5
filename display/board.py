"""The board itself: card, history, facts and text, laid out for the window's shape."""

import time
from collections.abc import Callable

from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from display.board_card import CallCard
from display.board_header import Header
from display.board_history import History
from display.board_model import BoardModel, Freshness
from display.board_places import SHIFT_STEPS, BoardPlaces, board_places, burn_in_shift
from display.board_words import BoardWords
from display.facts_strip import Fact, Facts, FactsStrip
from display.media_area import MediaArea
from display.media_show import MediaShow
from display.pulse import PULSES, PULSES_WITHOUT_SOUND
from display.resting import CALL_S, Resting
from display.standard_slides import standard_decks
from display.text_line import TextLine
from protocol.messages import Estimate, ServiceInfo, WaitingCount
from ui.theme import Theme


class Board(QWidget):
    """Everything that the hall sees of a model, in landscape or portrait."""

    def __init__(
        self,
        model: BoardModel,
        texts: Texts,
        theme: Theme,
        *,
        media: MediaShow | None = None,
        call_s: float | None = None,
        reduce_motion: bool = False,
        elapsed_s: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        """``reduce_motion``: a new call does not pulse.

        Without ``media`` the card is always whole; ``call_s``: as long as it is for each call.
        """
        super().__init__(parent)
        self.setObjectName("board")
        self._model = model
        self._words = BoardWords(texts)
        self._theme = theme
        self._reduce_motion = reduce_motion
        self._languages: list[str] | None = None
        self._pulse = 0
        self._flash = 0.0
        self._edge_painted: QColor | None = None
        self._shift_step = 0
        self._places: BoardPlaces | None = None
        words = self._words
        self.header = Header(theme, words, self)
        self.card = CallCard(theme, words, elapsed_s=elapsed_s, parent=self)
        self.card.on_strength = self._flash_along
        self.history = History(theme, words, parent=self)
        self.facts = FactsStrip(theme, name="facts", parent=self)
        self.line = TextLine(theme, name="text-line", parent=self)
        self.area = MediaArea(theme, parent=self)
        self.area.hide()
        self._media = media
        self._resting = Resting(elapsed_s=elapsed_s, call_s=CALL_S if call_s is None else call_s)
        self._is_resting = False
        self._decks_for: object = None
        if media is not None:
            media.changed = self._refresh_media

    def refresh(self) -> None:
        """Show what the model has."""
        model = self._model
        self._take_languages()
        card = model.card
        is_grey = model.freshness in (Freshness.STALE, Freshness.UNATTENDED)
        self.card.show_card(card, is_grey=is_grey)
        self.history.show_rows(model.history)
        self.facts.set_facts(self._facts())
        self._refresh_line()
        self.header.show(model)
        self.tick()
        if self._places is not None:
            self.header.place(self._places, self._theme)
        if self._edge_colour() != self._edge_painted:
            self.update(self._edge_region())
        if card is not None and card.pulse != self._pulse:
            self._pulse = card.pulse
            if not self._reduce_motion and card.announcement is not None:
                self.card.pulse(PULSES_WITHOUT_SOUND if model.voice.silent else PULSES)

    def tick(self) -> None:
        """Let time pass for the pictures; the window calls it as often as the model's."""
        show = self._media
        if show is None:
            return
        self._take_standards(show)
        show.tick()
        is_resting = bool(show) and self._resting.look(self._model)
        if is_resting != self._is_resting:
            self._is_resting = is_resting
            self._place()
            show.run(is_resting)

    @property
    def zone_title(self) -> str:
        """Which services this display is for, in full; empty if it is for all."""
        titles = self._words.zone_titles(self._model.zone)
        return titles[0] if titles else ""

    def shift_pixels(self) -> None:
        """Move everything one small step on."""
        self._shift_step = (self._shift_step + 1) % len(SHIFT_STEPS)
        self._place()
        self.update()

    @property
    def places(self) -> BoardPlaces:
        """Where everything stands now."""
        shift = burn_in_shift(self._shift_step, self._theme.sizes)
        return board_places(self.size(), self._theme.sizes, shift, resting=self._is_resting)

    def set_theme(self, theme: Theme) -> None:
        """Take another look; the parts are told by ``apply_theme``."""
        self._theme = theme
        self._place()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        colour = self._edge_painted = self._edge_colour()
        if colour is None:
            return
        painter = QPainter(self)
        painter.setClipRegion(self._edge_region())
        painter.fillRect(self.rect(), colour)

    # Private.

    def _take_languages(self) -> None:
        welcome = self._model.welcome
        if welcome is None or welcome.branch.languages == self._languages:
            return
        self._languages = list(welcome.branch.languages)
        self._words.set_languages(self._languages)
        self.card.set_theme(self._theme)  # a second language takes room on the card

    def _take_standards(self, show: MediaShow) -> None:
        """Cut the standards into pages, again whenever their words or their place are others."""
        sizes = self._theme.sizes
        place = board_places(self.size(), sizes, resting=True).media.size()
        services = self._model.zone or self._model.services
        made_for = (services, self._languages, place, self._theme)
        if made_for == self._decks_for:
            return
        self._decks_for = made_for
        languages = [self._words.first]
        if self._words.second is not None:
            languages.append(self._words.second)
        show.set_decks(standard_decks(services, languages, self._theme, place))

    def _refresh_media(self) -> None:
        if self._media is not None:
            self.area.show_item(self._media.shown)

    def _refresh_line(self) -> None:
        model, words = self._model, self._words
        disturbed = words.each_name(model.disturbance)
        if model.freshness is Freshness.UNATTENDED:
            listen = words.each("display.link.listen")
            self.line.set_sentences((), warnings=listen, icon="warning")
        elif disturbed:
            # Alone, so that nobody has to wait for its turn; but people who hear no call must
            # know that, too.
            silent = words.each(model.voice.health.text_key) if model.voice.silent else []
            self.line.set_sentences((), warnings=(*disturbed, *silent), icon="warning")
        elif model.voice.silent:
            why = words.each(model.voice.health.text_key)
            self.line.set_sentences(words.each_name(model.text), warnings=why, icon="speaker-off")
        else:
            self.line.set_sentences(words.each_name(model.text))

    def _facts(self) -> tuple[Facts, ...]:
        words, model = self._words, self._model
        services = {service.code: service for service in model.services}
        waiting = tuple(
            self._waiting_fact(count, services.get(count.service)) for count in model.waiting
        )
        missed = []
        for number in model.missed:
            time_of_day = words.first.clock(model.branch_time(number.valid_until))
            until = words("display.facts.valid_until", time=time_of_day)
            missed.append(Fact("", number.number, time_of_day, f"{number.number} {until}"))
        return (
            self._group("display.facts.waiting", "people", waiting),
            Facts(
                words("display.facts.missed_until"),
                words("display.facts.missed_until"),
                "bell",
                tuple(missed),
            ),
        )

    def _group(self, key: str, icon: str, entries: tuple[Fact, ...]) -> Facts:
        return Facts(self._words.both(key), self._words(key), icon, entries)

    def _waiting_fact(self, count: WaitingCount, service: ServiceInfo | None) -> Fact:
        name = count.service if service is None else self._words.first.pick(service.name)
        sign = count.service if service is None else service.sign
        note = "" if count.estimate is None else self._range(count.estimate)
        spoken = self._words("display.facts.waiting_spoken", service=name, count=count.count)
        return Fact(sign, str(count.count), note, f"{spoken} {note}".rstrip())

    def _range(self, estimate: Estimate) -> str:
        """A range in whole minutes, rounded up: better early than late (ux.md 1.1)."""
        from_m, to_m = -(-estimate.from_s // 60), -(-estimate.to_s // 60)
        return self._words("display.facts.estimate", from_m=from_m, to_m=to_m)

    def _place(self) -> None:
        places = self.places
        self._places = places
        self.card.set_resting(self._is_resting)
        self.card.setGeometry(places.card)
        self.area.setVisible(self._is_resting)
        if self._is_resting and self.area.size() != places.media.size():
            self.area.setGeometry(places.media)
            if self._media is not None:
                self._media.set_size_changed()
        elif self._is_resting:
            self.area.setGeometry(places.media)
        self.history.setGeometry(places.history)
        self.history.set_count(places.rows)
        self.facts.setGeometry(places.facts)
        self.facts.set_heading_above(places.is_portrait)
        self.line.setGeometry(places.line)
        self.header.place(places, self._theme)

    def _flash_along(self, strength: float) -> None:
        """Where nobody hears the call, the edge of the whole board flashes with the card."""
        self._flash = strength if self._model.voice.silent else 0.0
        self.update(self._edge_region())

    def _edge_colour(self) -> QColor | None:
        colours = self._theme.colours
        if self._model.freshness in (Freshness.STALE, Freshness.UNATTENDED):
            return QColor(colours.border)
        if self._flash > 0:
            colour = QColor(colours.called)
            colour.setAlphaF(self._flash)
            return colour
        return None

    def _edge_px(self) -> int:
        return self._places.frame_px if self._places is not None else 0

    def _edge_region(self) -> QRegion:
        edge = self._edge_px()
        inside = self.rect().adjusted(edge, edge, -edge, -edge)
        return QRegion(self.rect()) - QRegion(inside)
