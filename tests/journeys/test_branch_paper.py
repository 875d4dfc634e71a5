"""The branch's own form of its ticket, from the administrator's file to the paper in a hand."""

import io
from pathlib import Path

from PIL import Image

from kiosk.logo_picture import made_logo
from tests.journeys.screens import Screens, take_number
from tests.paper import Picture, decode_all
from tests.running_branch import RunningBranch
from tests.tcp_printer import TcpPrinter

FIRST = "logo\nbranch\nnumber\nservice\ntext large: Selamat datang, nomor {number}\nrule\nfooter\n"
SECOND = "branch left\ntext: Formulir baru\nnumber\nqr\n"


def a_logo() -> bytes:
    picture = Image.new("L", (400, 120), 255)
    picture.paste(0, (10, 10, 200, 110))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return made_logo(out.getvalue())


def test_a_form_is_loaded_printed_twice_over_and_changed_without_a_kiosks_restart(
    branch: RunningBranch, tmp_path: Path, our_fonts: None
) -> None:
    form, logo = tmp_path / "karcis.txt", tmp_path / "karcis.png"
    form.write_text(FIRST)
    logo.write_bytes(a_logo())
    branch.command("paper", "load", str(form), "--logo", str(logo))
    branch.configure(paper__copies=2)
    with TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        with branch:
            kiosk = screens.kiosk(printer.url)
            assert take_number(kiosk, "B") == "B001"
            first, copy = decode_all(printer.wait_for_papers(2))
            kiosk.wait(name="paper", text="Silakan ambil kertas Anda")
            kiosk.press("finish")
            kiosk.wait(page="idle")
        for paper in (first, copy):
            assert paper.biggest.text.strip() == "B001"
            assert "Selamat datang, nomor B001" in " ".join(paper.text.split())
            assert "Siapkan" not in paper.text
            assert [type(item) for item in paper.items].count(Picture) == 1
            assert paper.qr is None
        assert "SALINAN" not in first.text
        assert copy.line("SALINAN").bold
        # One job, one outcome: the second paper is no reprint.
        assert branch.rows("SELECT copies, print FROM ticket") == [(1, "printed")]

        form.write_text(SECOND)
        branch.command("paper", "load", str(form))
        branch.configure(paper__copies=1)
        with branch:
            kiosk.wait(name="offline", gone=True)
            assert take_number(kiosk, "B") == "B002"
            papers = decode_all(printer.wait_for_papers(3))
            assert len(papers) == 3
            assert "Formulir baru" in papers[2].text
            assert papers[2].qr is not None
