"""All screens on a few sheets, small, each with its name: docs/contact-sheets."""

from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

CELL_PX = (240, 196)
COLUMNS = 10
NAME_PX = 20
PAPER, INK = "white", "#10201A"
FONT = Path(__file__).resolve().parents[1] / "assets" / "fonts" / "Inter-Regular.ttf"


def write_sheets(pictures: Mapping[str, Path], folder: Path) -> list[Path]:
    """One JPEG per program of what ``pictures`` has by name (``id/kiosk-portrait-idle``).

    A sheet has ten columns; pictures stand in the order of their names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    programs = sorted({_program(name) for name in pictures})
    sheets = []
    for program in programs:
        names = sorted(name for name in pictures if _program(name) == program)
        path = folder / f"{program}.jpg"
        _sheet([(name, pictures[name]) for name in names]).save(path, "JPEG", quality=60)
        sheets.append(path)
    return sheets


def _program(name: str) -> str:
    return name.split("/")[-1].split("-")[0]


def _sheet(pictures: list[tuple[str, Path]]) -> Image.Image:
    width, height = CELL_PX
    rows = -(-len(pictures) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * width, rows * height), PAPER)
    draw, font = ImageDraw.Draw(sheet), ImageFont.truetype(str(FONT), 10)
    for place, (name, path) in enumerate(pictures):
        left, top = place % COLUMNS * width, place // COLUMNS * height
        with Image.open(path) as picture:
            picture.thumbnail((width - 12, height - NAME_PX - 8), Image.Resampling.LANCZOS)
            sheet.paste(picture, (left + 6 + (width - 12 - picture.width) // 2, top + 4))
        draw.text((left + 6, top + height - NAME_PX), name, fill=INK, font=font)
    return sheet
