"""The languages in which calls are spoken: words and sentences as data, one entry for each.

In a sentence ``|`` parts groups (between them the voice is silent), ``{slots}`` are filled, and
every run of fixed words is one clip of a recorded voice. Source: domain.md 6.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from voice.number_words import (
    ENGLISH_TENS,
    ENGLISH_UNITS,
    INDONESIAN_UNITS,
    JAVANESE_DIGITS,
    SUNDANESE_DIGITS,
    english_number,
    indonesian_number,
    javanese_number,
    sundanese_number,
)


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """One language's words. ``ordinals[0]`` is the word for a second call.

    ``draft``: no native speaker has read it yet. ``digits_only``: numbers are always read digit by
    digit. ``test`` says that what follows is a test of the voice.
    """

    digits: tuple[str, ...]
    letters: Mapping[str, str]
    number_words: Callable[[int], str]
    ordinals: tuple[str, ...]
    call: str
    recall: str
    last: str
    again: str
    short: str
    test: str
    conjunction: str
    more_number_words: tuple[str, ...] = ()
    digits_only: bool = False
    draft: bool = False


def _letters(names: str) -> dict[str, str]:
    return dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", names.split(), strict=True))


_INDONESIAN_LETTERS = _letters(
    "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"
)

LANGUAGES: Mapping[str, SpokenLanguage] = {
    "id": SpokenLanguage(
        digits=INDONESIAN_UNITS[:10],
        letters=_INDONESIAN_LETTERS,
        number_words=indonesian_number,
        ordinals=("kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan"),
        call=(
            "Nomor antrean | {letters} | {service} | {number}, | silakan menuju | loket {counter}."
        ),
        recall=(
            "Panggilan {ordinal}, | nomor antrean | {letters} | {service} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        last=(
            "Panggilan terakhir, | nomor antrean | {letters} | {service} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        again=(
            "Panggilan ulang, | nomor antrean | {letters} | {service} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        short="{letters} | {number}, | loket {counter}.",
        test="Uji suara",
        conjunction="dan",
        more_number_words=(
            *("sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu"),
        ),
    ),
    "en": SpokenLanguage(
        digits=ENGLISH_UNITS[:10],
        letters=_letters(
            "a bee cee dee e ef gee aitch i jay kay el em en o pee cue ar ess tee u vee "
            "double-u ex wye zed"
        ),
        number_words=english_number,
        ordinals=("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
        call=(
            "Ticket number | {letters} | {service} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        recall=(
            "{ordinal} call, | ticket number | {letters} | {service} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        last=(
            "Last call, | ticket number | {letters} | {service} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        again=(
            "Repeated call, | ticket number | {letters} | {service} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        short="{letters} | {number}, | counter {counter}.",
        test="Voice test",
        conjunction="and",
        more_number_words=(*ENGLISH_UNITS[10:], *ENGLISH_TENS, "hundred", "thousand"),
    ),
    # DRAFT: wants review by a native speaker. Basa Jawa krama; digits by kawruhbasa.com.
    "jv": SpokenLanguage(
        digits=JAVANESE_DIGITS,
        letters=_INDONESIAN_LETTERS,
        number_words=javanese_number,
        ordinals=("kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu"),
        call=(
            "Nomer antrian | {letters} | {service} | {number}, | sumangga tumuju | loket {counter}."
        ),
        recall=(
            "Timbalan kaping {ordinal}, | nomer antrian | {letters} | {service} | {number}, "
            "| sumangga tumuju | loket {counter}."
        ),
        last=(
            "Timbalan pungkasan, | nomer antrian | {letters} | {service} | {number}, "
            "| sumangga tumuju | loket {counter}."
        ),
        again=(
            "Timbalan malih, | nomer antrian | {letters} | {service} | {number}, "
            "| sumangga tumuju | loket {counter}."
        ),
        short="{letters} | {number}, | loket {counter}.",
        test="Uji swanten",
        conjunction="lan",
        digits_only=True,
        draft=True,
    ),
    # DRAFT: wants review by a native speaker. Basa Sunda lemes; digits by knowpia.com.
    "su": SpokenLanguage(
        digits=SUNDANESE_DIGITS,
        letters=_INDONESIAN_LETTERS,
        number_words=sundanese_number,
        ordinals=("kadua", "katilu", "kaopat", "kalima", "kagenep", "katujuh", "kadalapan"),
        call="Nomer antrian | {letters} | {service} | {number}, | mangga ka | loket {counter}.",
        recall=(
            "Panyaur {ordinal}, | nomer antrian | {letters} | {service} | {number}, "
            "| mangga ka | loket {counter}."
        ),
        last=(
            "Panyaur panungtung, | nomer antrian | {letters} | {service} | {number}, "
            "| mangga ka | loket {counter}."
        ),
        again=(
            "Panyaur deui, | nomer antrian | {letters} | {service} | {number}, "
            "| mangga ka | loket {counter}."
        ),
        short="{letters} | {number}, | loket {counter}.",
        test="Uji sora",
        conjunction="sareng",
        digits_only=True,
        draft=True,
    ),
}

SOUND_ALIKE = frozenset("BCDEGPTV")
"""Letters whose names rhyme: in a loud hall one is taken for another (domain.md 6).

V is said "ve" in Indonesian and "vee" in English, so it belongs to them.
"""
