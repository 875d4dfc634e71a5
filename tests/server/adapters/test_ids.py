"""Ids stand in the order of their making; secrets cannot be guessed; PINs are hashed."""

from uuid import RFC_4122, UUID

from server.adapters.clock import SteppedClock
from server.adapters.ids import UuidIds
from server.adapters.passwords import decoy_hash, hash_pin, verify_pin


def test_ids_are_uuids_of_version_7_with_the_clock_in_front() -> None:
    ids = UuidIds(SteppedClock(1_795_136_400_000))
    made = UUID(ids.new_id())
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == 1_795_136_400_000


def test_ids_sort_in_the_order_of_their_making_even_within_a_millisecond() -> None:
    clock = SteppedClock(1_795_136_400_000)
    ids = UuidIds(clock)
    made = [ids.new_id() for _ in range(10_000)]
    clock.step_to(1_795_136_400_001)
    made += [ids.new_id() for _ in range(100)]
    assert made == sorted(set(made))


def test_secrets_have_128_bits_and_fit_an_address() -> None:
    ids = UuidIds(SteppedClock(0))
    made = {ids.new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 22 and one.replace("-", "a").replace("_", "a").isalnum() for one in made)


def test_codes_are_six_digits_that_cannot_be_told_from_one_another() -> None:
    """Leading zeros stay, and no place of the number has fewer digits than the others."""
    ids = UuidIds(SteppedClock(0))
    made = [ids.new_code() for _ in range(2_000)]
    assert all(len(one) == 6 and one.isascii() and one.isdigit() for one in made)
    assert len(set(made)) > 1_950
    for place in range(6):
        assert {one[place] for one in made} == set("0123456789")


def test_a_pin_is_kept_as_argon2id_and_never_as_itself() -> None:
    kept = hash_pin("839201")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert "839201" not in kept
    assert verify_pin(kept, "839201")
    assert not verify_pin(kept, "839202")
    assert not verify_pin("no hash at all", "839201")
    assert not verify_pin(decoy_hash(), "")
