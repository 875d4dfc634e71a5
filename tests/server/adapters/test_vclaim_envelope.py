"""The VClaim envelope: the documented vectors, LZ-String's own, and bytes that are no answer."""

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.adapters.vclaim_envelope import (
    TEXT_MAX,
    EnvelopeError,
    answer_key,
    headers,
    opened,
    signature,
    unfolded,
)
from tests.vclaim_server import encrypted, folded_by_lz

# domain.md 5.1, made with Python and checked with Node and OpenSSL.
CONS_ID, SECRET, TIMESTAMP_S = "12345", "rahasia", 1700000000
PLAIN = '{"peserta":{"nama":"BUDI","statusPeserta":{"keterangan":"AKTIF","kode":"0"}}}'
FOLDED = (
    "N4IgDgpgzhBOAuBDEAuUA7RBbZKQCEBVAEQEkQAaEKJeAVygAVo4lVQBrCeORdAcz6oQAQQDSAFVIAxSiA4B7ACYRhAB"
    "hABfbUA"
)
SEALED = (
    "YIY00zw0GupmlIed6H2mrCDbXv64xAWR+KNwO5OL39kI64RTLn+0IpmE5cwEbiNAsqiSQi1fYWEDI0ijMCms6tHTvJFp"
    "7Euu5af/PISENuzayyS95eXU2QcMYtSXuHbq45lGtOg5r9J1go13aqZZsw=="
)

# Made with lz-string 1.5.0 (npm), the original: text and compressToEncodedURIComponent.
FROM_THE_ORIGINAL = [
    ("", "Q"),
    ("a", "IZA"),
    ("a" * 40, "IY18ZVkA"),
    ("Hello, world", "BIUwNmD2A0AEDukBOYAmQ"),
    (
        "Siti Nur‘aini – Jalan Mawar №7 “A”",
        "MoSwLiAEByCuBOgMAgIYgHZUMgEkBSyA2yakAssgO7LySBohAOySA4BAIKC4BEA",
    ),
    ("日本語テキスト 😀 é", "qemhpzR5UYYwyLUMidDIEwwAJC8G4AD2EEug"),
    ("\x00\x01ÿĀ\uffff", "AAQA-4AICP--Q"),
]


def test_the_signature_is_that_of_the_vector() -> None:
    assert signature(CONS_ID, SECRET, TIMESTAMP_S) == "zOtyqSPQbx0di1bhHX9d9hbBOSHBCV8Jdv3/UrAb7og="


def test_the_headers_are_those_that_the_service_asks_for() -> None:
    assert headers(CONS_ID, SECRET, "kunci", TIMESTAMP_S) == {
        "X-cons-id": CONS_ID,
        "X-timestamp": "1700000000",
        "X-signature": "zOtyqSPQbx0di1bhHX9d9hbBOSHBCV8Jdv3/UrAb7og=",
        "user_key": "kunci",
    }


def test_the_key_is_that_of_the_vector() -> None:
    key = answer_key(CONS_ID, SECRET, TIMESTAMP_S)
    assert key.hex() == "cad2d1c486a7023a1657555c9060b006cf1e93209f8b3c765f04fafc17f9410d"


def test_the_answer_of_the_vector_opens() -> None:
    assert unfolded(FOLDED) == PLAIN
    assert opened(SEALED, answer_key(CONS_ID, SECRET, TIMESTAMP_S)) == PLAIN


@pytest.mark.parametrize(("text", "folded"), FROM_THE_ORIGINAL)
def test_what_the_original_folded_unfolds(text: str, folded: str) -> None:
    assert unfolded(folded) == text


@pytest.mark.parametrize(("text", "folded"), [*FROM_THE_ORIGINAL, (PLAIN, FOLDED)])
def test_the_stand_in_folds_as_the_original_does(text: str, folded: str) -> None:
    assert folded_by_lz(text) == folded


@given(st.text(max_size=600))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert unfolded(folded_by_lz(text)) == text


def test_a_plus_that_an_address_made_a_space_is_read_as_a_plus() -> None:
    assert unfolded("AAQA-4AICP--Q".replace("+", " ")) == "\x00\x01ÿĀ\uffff"


# Bytes that are no answer (F42, F43): one kind of error, which repeats nothing.


def test_a_few_bytes_that_unfold_to_megabytes_are_refused() -> None:
    bomb = folded_by_lz(" " * (TEXT_MAX + 1))
    assert len(bomb) < 2_000
    with pytest.raises(EnvelopeError, match="too much"):
        unfolded(bomb)
    assert unfolded(folded_by_lz(" " * TEXT_MAX)) == " " * TEXT_MAX


@pytest.mark.parametrize("kept", range(len(FOLDED)))
def test_a_text_that_was_cut_off_is_refused_and_never_taken_for_a_shorter_one(kept: int) -> None:
    with pytest.raises(EnvelopeError):
        unfolded(FOLDED[:kept])


@given(st.text(alphabet=FOLDED + "+-$ =\u00e9", max_size=80))
def test_no_text_raises_anything_but_the_one_error(folded: str) -> None:
    with suppress(EnvelopeError):
        assert len(unfolded(folded)) <= TEXT_MAX


@given(st.binary(max_size=200), st.binary(min_size=32, max_size=32))
def test_no_bytes_raise_anything_but_the_one_error(coded: bytes, key: bytes) -> None:
    with suppress(EnvelopeError):
        assert len(opened(base64.b64encode(coded).decode(), key)) <= TEXT_MAX


@pytest.mark.parametrize("sealed", ["", "%%%", "QUJD", "A" * 64, "é" * 16])
def test_what_is_not_encrypted_as_agreed_is_refused(sealed: str) -> None:
    with pytest.raises(EnvelopeError):
        opened(sealed, bytes(32))


def test_a_key_of_another_second_opens_nothing_and_the_error_says_nothing_of_the_text() -> None:
    sealed = encrypted(folded_by_lz(PLAIN), answer_key(CONS_ID, SECRET, TIMESTAMP_S))
    with pytest.raises(EnvelopeError) as refused:
        opened(sealed, answer_key(CONS_ID, SECRET, TIMESTAMP_S + 1))
    assert "BUDI" not in str(refused.value)
    assert refused.value.__cause__ is None
