"""What a page says beside its own matter: why a wish was not granted, and what is disturbed."""

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Slot
from kiosk.pages.band import Band
from kiosk.visit import Remark
from ui.theme import Theme


def remark_words(remark: Remark | None, texts: Texts) -> str:
    """The server's words, or our own for its reason; empty if there is nothing to say."""
    if remark is None:
        return ""
    key = f"kiosk.refused.{remark.reason}"
    if remark.at is not None and not remark.words:
        return texts(f"{key}_at", clock=texts.clock(remark.at))
    return remark.words or texts(key if texts.has(key) else "kiosk.refused.other")


def disturbance_words(model: ChoosingModel, texts: Texts) -> str:
    """What to do instead of what does not work now; empty while all works."""
    told = model.disturbance
    return texts.pick(told) if told else ""


def show_band(band: Band, words: str) -> bool:
    """Show a band with these words, or none; whether they are others than before."""
    if band.text() == words:
        return False  # whether there is room for it the page has said
    band.say(words)
    band.setVisible(bool(words))
    return True


def band_slot(band: Band, theme: Theme, width: float) -> Slot:
    """A band at the size of its role, or down to the smallest if the page is full."""
    if not band.text():
        return Slot(band, 0, 0, 0)
    # Metrics and whole pixels round.
    height = band.height_for(width) + 2
    return Slot(band, min(height, band.height_for(width, theme.sizes.smallest) + 2), height, height)
