"""Reads a kiosk's page aloud, sentence by sentence, and falls silent at once when asked to.

Plain Python over the port `voice.port.Voice`; time passes by `tick`. One sentence is one
utterance, so that a page begins to sound as soon as its first sentence is made.
"""

from collections import deque
from collections.abc import Callable, Sequence

from kiosk.spoken_text import speakable
from voice.phrases import Group, Phrase
from voice.port import Utterance, Voice, VoiceResult

MAX_SENTENCES = 60
"""More than any page has (law I14)."""


class PageReader:
    """One voice, one thing said at a time; what was pressed replaces what is being said.

    ``make_voice`` is called at the first word: a kiosk where nobody asks for speech starts no
    voice process.
    """

    def __init__(self, make_voice: Callable[[], Voice]) -> None:
        self._make_voice = make_voice
        self._voice: Voice | None = None
        self._waiting: deque[tuple[str, str]] = deque()
        self._last: tuple[tuple[str, ...], str] = ((), "")
        self._busy = False

    @property
    def reading(self) -> bool:
        """Whether something is being said, or is about to be."""
        return self._busy or bool(self._waiting)

    def read(self, texts: Sequence[str], language: str) -> None:
        """Say these texts, instead of what is being said."""
        sentences = _sentences(texts, language)
        if not sentences:
            return
        self._last = (sentences[:MAX_SENTENCES], language)
        self._begin()

    def add(self, texts: Sequence[str], language: str) -> None:
        """Say these texts, too, after what is being said: nobody asked for silence."""
        sentences = _sentences(texts, language)
        said, spoken = self._last
        known = said if spoken == language else ()
        self._last = ((*known, *sentences)[-MAX_SENTENCES:], language)
        room = MAX_SENTENCES - len(self._waiting)
        self._waiting.extend((sentence, language) for sentence in sentences[:room])
        self._go_on()

    def again(self) -> None:
        """Say the same once more from its beginning."""
        if self._last[0]:
            self._begin()

    def hush(self) -> None:
        """Be silent, and forget what was said: it was the visitor's."""
        self._waiting.clear()
        self._last = ((), "")
        if self._voice is not None and self._busy:
            self._voice.stop()

    def tick(self) -> None:
        """Time passed; to be called at least every 100 ms."""
        if self._voice is not None:
            self._voice.poll()
        self._go_on()

    def close(self) -> None:
        """Be silent for good."""
        self.hush()
        if self._voice is not None:
            self._voice.close()
            self._voice = None
            self._busy = False

    def _begin(self) -> None:
        sentences, language = self._last
        self._waiting = deque((sentence, language) for sentence in sentences)
        if self._voice is not None and self._busy:
            self._voice.stop()  # its result comes by poll, and then the first sentence begins
        self._go_on()

    def _go_on(self) -> None:
        if self._busy or not self._waiting:
            return
        if self._voice is None:
            self._voice = self._make_voice()
        sentence, language = self._waiting.popleft()
        self._busy = True
        phrase = Phrase(language, (Group(sentence, ()),))
        self._voice.speak(Utterance((phrase,), chime=False), self._on_finished)

    def _on_finished(self, _result: VoiceResult) -> None:
        # A sentence that failed is not tried again: the next one may be the one that helps.
        self._busy = False


def _sentences(texts: Sequence[str], language: str) -> tuple[str, ...]:
    return tuple(said for text in texts if (said := speakable(text, language)))
