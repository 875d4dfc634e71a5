"""Whole numbers in words, by each language's own rule (domain.md 6). Pure."""

INDONESIAN_UNITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
_INDONESIAN_POWERS = (
    (1_000_000_000, "miliar", ""),
    (1_000_000, "juta", ""),
    (1_000, "ribu", "seribu"),
    (100, "ratus", "seratus"),
    (10, "puluh", ""),
)
ENGLISH_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_POWERS = (
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
)
JAVANESE_DIGITS = (
    *("nol", "setunggal", "kalih", "tiga", "sekawan", "gangsal", "enem", "pitu", "wolu", "sanga"),
)
SUNDANESE_DIGITS = (
    *("enol", "hiji", "dua", "tilu", "opat", "lima", "genep", "tujuh", "dalapan", "salapan"),
)


def indonesian_number(number: int) -> str:
    """Read 2026 as "dua ribu dua puluh enam"."""
    if number < 12:
        return INDONESIAN_UNITS[number]
    if number < 20:
        return f"{INDONESIAN_UNITS[number - 10]} belas"
    for size, name, one in _INDONESIAN_POWERS:
        if number >= size:
            count, rest = divmod(number, size)
            head = one if count == 1 and one else f"{indonesian_number(count)} {name}"
            return f"{head} {indonesian_number(rest)}" if rest else head
    raise AssertionError(number)  # 20 and more always reach the power of ten


def english_number(number: int) -> str:
    """Read 215 as "two hundred fifteen"."""
    if number < 20:
        return ENGLISH_UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        head = ENGLISH_TENS[tens - 2]
        return f"{head} {ENGLISH_UNITS[rest]}" if rest else head
    for size, name in _ENGLISH_POWERS:
        if number >= size:
            count, rest = divmod(number, size)
            head = f"{english_number(count)} {name}"
            return f"{head} {english_number(rest)}" if rest else head
    raise AssertionError(number)  # 100 and more always reach a power


def javanese_number(number: int) -> str:
    """Read 12 as "setunggal kalih": Javanese has tens of its own (selikur, seket), all avoided."""
    return " ".join(JAVANESE_DIGITS[int(digit)] for digit in str(number))


def sundanese_number(number: int) -> str:
    """Read 12 as "hiji dua", digit by digit like Javanese."""
    return " ".join(SUNDANESE_DIGITS[int(digit)] for digit in str(number))
