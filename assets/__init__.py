"""Pictures, fonts, sounds, texts and catalogues, found alike in a checkout and when installed."""

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent


def asset_path(*parts: str) -> Path:
    """Say where an asset lies, for example ``asset_path("fonts", "Inter-Bold.ttf")``.

    Raises FileNotFoundError, naming the asset, if it is not there.
    """
    path = _FOLDER.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"This installation lacks the asset {'/'.join(parts)} ({path}).")
    return path
