"""A busy Monday by hand: eight services, twelve counters, long lists; the figures add up."""

from dataclasses import replace

from db.afterwards import Signature
from db.promises import Kept
from report.day import (
    Announcements,
    Arrivals,
    Bookings,
    Break,
    Category,
    Comparison,
    Complaints,
    Counted,
    CounterDay,
    DayReport,
    EarlierDay,
    Group,
    Hour,
    Measured,
    Missing,
    Offline,
    Online,
    Papers,
    Ratings,
    Records,
    Seal,
    Signed,
    TicketCounts,
    Typical,
)

ZONE = "Asia/Jakarta"
DATE = "2026-11-23"
EIGHT_MS = 1_795_395_600_000 + 86_400_000 * 0
HOUR_MS = 3_600_000
SERVICES = (
    ("A", "Pendaftaran peserta dan bayi baru lahir", 148),
    ("B", "Perubahan data peserta", 121),
    ("C", "Informasi dan penanganan pengaduan", 96),
    ("D", "Iuran, tunggakan dan REHAB", 74),
    ("E", "Badan usaha", 38),
    ("F", "Kerja sama fasilitas kesehatan", 17),
    ("G", "Penerima Bantuan Iuran (PBI)", 64),
    ("P", "Layanan prioritas", 42),
)


def names(text: str) -> dict[str, str]:
    return {"id": text, "en": f"{text} (en)"}


def counted(*pairs: tuple[str, int]) -> tuple[Counted, ...]:
    return tuple(Counted(code, many, names(code)) for code, many in pairs)


def measured(count: int, median_s: float, *, above: bool = True) -> Measured:
    return Measured(
        count,
        median_s * 1.13,
        median_s,
        median_s * 2.37,
        round(count * 0.13) if above else None,
    )


def group(code: str, issued: int, median_s: float, text: str = "") -> Group:
    no_show, cancelled, expired = issued // 24, issued // 37, issued // 60
    finished = issued - no_show - cancelled - expired
    early, late = finished // 11, finished // 14
    return Group(
        code,
        names(text) if text else {},
        TicketCounts(issued, finished, no_show, cancelled, expired),
        measured(issued - cancelled - expired, median_s),
        measured(finished, 41.0, above=False),
        measured(finished, 488.0),
        Kept(finished - early - late, early, late),
    )


def hour(number: int, arrived: int) -> Hour:
    issued = round(arrived * 0.8)
    return Hour(
        number,
        arrived,
        max(0, issued - 3),
        max(0, issued - 7),
        min(12.0, 2.5 + number * 0.71),
        group(f"{number:02}", issued, 300.0 + 120 * (12 - abs(11 - number))),
    )


def counter(number: int) -> CounterDay:
    received = 62 - number * 2
    return CounterDay(
        number,
        received,
        received - 5,
        3,
        1,
        0,
        1,
        25_200.0 - number * 311,
        21_000.0 - number * 401,
        1_260.0 + number * 7,
        2_940.0 + number * 83,
        (
            Break("istirahat", names("Istirahat"), 2_700.0, 2),
            Break("rapat", names("Rapat"), 640.0, 1),
        ),
        measured(received, 840.0 + number * 13),
        measured(received - 3, 39.0, above=False),
        measured(received - 5, 455.0 + number * 9),
    )


def total_of(services: tuple[Group, ...]) -> Group:
    tickets = [one.tickets for one in services]
    kept = Kept()
    for one in services:
        kept = kept.plus(one.promises)
    return replace(
        group("", 1, 851.0),
        tickets=TicketCounts(
            *(sum(getattr(one, name) for one in tickets) for name in TicketCounts.__slots__)
        ),
        waiting=measured(sum(one.waiting.count for one in services), 851.0),
        way=measured(sum(one.way.count for one in services), 41.0, above=False),
        service=measured(sum(one.service.count for one in services), 488.0),
        promises=kept,
    )


def busy_monday() -> DayReport:
    """Closed and signed, everything adds up."""
    services = tuple(
        group(code, many, 500.0 + 77 * place, text)
        for place, (code, text, many) in enumerate(SERVICES)
    )
    total = total_of(services)
    earlier = tuple(
        EarlierDay(f"2026-11-{16 - 7 * place:02}", 700 - place, 560, 800.0, 1900.0, 0.88, 3.5)
        for place in range(3)
    )
    return DayReport(
        branch="1301",
        branch_name="BPJS Kesehatan Kantor Cabang Surabaya Contoh",
        business_date=DATE,
        made_at_ms=EIGHT_MS + 9 * HOUR_MS,
        opened_at_ms=EIGHT_MS - 120_000,
        closed_at_ms=EIGHT_MS + 8 * HOUR_MS + 180_000,
        signed=Signed(
            Signature(
                "ratna",
                "Antrean D panjang karena gangguan REHAB 10.00–11.15.",
                EIGHT_MS + 8 * HOUR_MS + 420_000,
            ),
            "Ratna Kusumawardani",
        ),
        seal=Seal(1, 9_412, "9f2c4e7a1b3d5f60718293a4b5c6d7e8f9a0b1c2d3e4f5061728394a5b6c7d8e"),
        arrivals=Arrivals(
            arrived=771,
            screened=702,
            unscreened=31,
            sent_home=26,
            guests=12,
            outcomes=counted(
                ("Nomor langsung", 561),
                ("Selesai di pintu", 62),
                ("Kanal digital", 38),
                ("Melengkapi berkas", 21),
                ("Anjungan", 9),
                ("Kantor lain", 8),
                ("Kode untuk kiosk", 3),
            ),
            solved=109,
            solved_reasons=counted(
                ("Informasi umum", 41),
                ("Status kepesertaan", 18),
                ("Unduh kartu digital", 9),
                ("Salah kantor", 4),
                ("Jadwal pelayanan", 3),
            ),
            channels=counted(("PANDAWA", 24), ("Mobile JKN", 13), ("Care Center 165", 1)),
            offices=counted(("Dinas Sosial", 6), ("Dukcapil", 2)),
            home_channels=counted(("Mobile JKN", 19), ("PANDAWA", 7)),
            persons=764,
            companions=58,
            repeat_visits=91,
            screening_median_s=38.0,
            screening_p90_s=96.0,
        ),
        total=total,
        services=services,
        hours=tuple(
            hour(number, many)
            for number, many in zip(
                range(7, 17), (22, 118, 141, 133, 108, 61, 74, 68, 39, 7), strict=True
            )
        ),
        classes=(group("regular", 512, 880.0), group("priority", 88, 402.0)),
        priorities=counted(
            ("Lansia", 47), ("Ibu hamil", 19), ("Disabilitas", 14), ("Bawa balita", 8)
        ),
        counters=tuple(counter(number) for number in range(1, 13)),
        papers=Papers(571, 14, 11, 3, 2, 1),
        announcements=Announcements(640, 633, 7, 6),
        records=Records(
            outcomes=counted(("solved", 522), ("pending", 28), ("referred", 8)),
            categories=tuple(
                Category(text, names(text), many, counted(*causes))
                for text, many, causes in (
                    ("Reaktivasi kepesertaan", 121, (("SK Kemensos", 64), ("tunggakan", 37))),
                    ("Perubahan faskes", 98, (("pindah domisili", 71),)),
                    ("Penambahan anggota keluarga", 84, (("bayi baru lahir", 60),)),
                    ("Tunggakan iuran", 71, (("lupa bayar", 33), ("PHK", 20))),
                    ("Perbaikan NIK", 52, (("Dukcapil belum padan", 48),)),
                    ("Cetak kartu", 44, ()),
                    ("Pengaduan rumah sakit", 19, (("obat", 9), ("kamar penuh", 7))),
                    ("Pindah segmen", 17, ()),
                    ("Peserta meninggal", 9, ()),
                    ("Koreksi nama", 6, ()),
                )
            ),
            educated=214,
            education=counted(("Mobile JKN", 149), ("PANDAWA", 88), ("Autodebet", 41)),
            online=(
                Online(
                    "B", names("Perubahan data"), 71, counted(("Mobile JKN", 60), ("PANDAWA", 71))
                ),
                Online("A", names("Pendaftaran"), 33, counted(("PANDAWA", 33))),
            ),
            corrections=5,
        ),
        missing=(
            Missing("A", names("Pendaftaran"), counted(("Kartu Keluarga", 14), ("Surat lahir", 6))),
            Missing("G", names("PBI"), counted(("Surat Dinsos", 11), ("KTP", 2))),
            Missing(
                "D",
                names("Iuran"),
                counted(
                    ("Bukti bayar", 5),
                ),
            ),
        ),
        ratings=Ratings(
            241, (6, 11, 71, 153), counted(("Waktu tunggu", 9), ("Kurang jelas", 5)), 558
        ),
        surveys=63,
        complaints=Complaints(4, 11, 3, 1),
        bookings=Bookings(24, 19, 2, 3, 0),
        offline=Offline(13, 0, 40, 27),
        comparison=Comparison(
            earlier,
            Typical(727.5, 731.0),
            Typical(561.0, 560.0),
            Typical(812.4, 800.0),
            Typical(1933.0, 1900.0),
            Typical(0.884, 0.88),
            Typical(3.512, 3.5),
        ),
        overtakes_most=("A131", 9),
    )
