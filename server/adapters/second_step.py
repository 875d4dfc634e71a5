"""The second step of a manager's sign-in: a code of the phone (TOTP, RFC 6238), by pyotp."""

import binascii
import hmac

STEP_S = 30
# A phone's clock may be a little off, and a code may be typed slowly.
STEPS_AROUND = 1


class TotpSteps:
    """Six digits that change every 30 s, reckoned from the secret and the time alone."""

    def step_of(self, secret: str, code: str, now_ms: int) -> int | None:
        """The time step that a code is of, at most one away from now; None: of none."""
        import pyotp

        now = now_ms // 1000 // STEP_S
        found = None
        try:
            totp = pyotp.TOTP(secret, interval=STEP_S)
            # All are looked at, so that the time says nothing.
            for step in range(max(0, now - STEPS_AROUND), now + STEPS_AROUND + 1):
                if hmac.compare_digest(totp.generate_otp(step), code):
                    found = step
        except (binascii.Error, ValueError):
            return None
        return found
