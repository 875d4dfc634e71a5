"""The settings of the pages: managers' sessions, alerts, phone page, booking, survey, reports."""

import re
from collections.abc import Callable

from server.setting_kinds import Key, Value, key, one_of, text, whole, whole_or_empty, yes_no

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
_Kind = tuple[Callable[[str], Value], str]
_MAIL = re.compile(r"[^@\s,]{1,64}@[^@\s,]{1,100}")
FORMATS = ("pdf", "html", "xlsx", "csv")
MAILS_MOST = 20


def _several(
    accepts: str, most: int, fits: Callable[[str], bool]
) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        parts = tuple(filter(None, (part.strip() for part in text.split(","))))
        if not all(map(fits, parts)) or len(set(parts)) != len(parts) or len(parts) > most:
            raise ValueError
        return parts

    return read, accepts


def formats() -> _Kind:
    """Which files a report is kept as."""
    return _several("pdf, html, xlsx, csv with commas between", 4, lambda one: one in FORMATS)


def addresses() -> _Kind:
    """To whom something is mailed."""
    return _several(
        "mail addresses with commas between, or empty",
        MAILS_MOST,
        lambda one: _MAIL.fullmatch(one) is not None,
    )


PAGE_KEYS: tuple[Key, ...] = (
    key(
        "web.second_step",
        one_of("always", "with-pin"),
        "always",
        "Langkah kedua (kode dari ponsel) saat kepala masuk lewat peramban: selalu (always), atau "
        "hanya bila masuk dengan PIN (with-pin).",
        "The second step (a code of the phone) when a manager signs in with a browser: always, or "
        "only with a PIN.",
        rule="second_step",
    ),
    key(
        "web.idle_s",
        whole(60, 24 * 3600),
        1800,
        "Detik tanpa kegiatan sebelum peramban kepala keluar sendiri.",
        "Seconds without a deed after which a manager's browser is signed out.",
        rule="page_idle_s",
    ),
    key(
        "web.session_s",
        whole(300, 24 * 3600),
        12 * 3600,
        "Detik paling lama satu kali masuk lewat peramban.",
        "The most seconds of one sign-in with a browser.",
        rule="page_session_s",
    ),
    key(
        "alert.waiting_s",
        whole(60, 24 * 3600),
        1800,
        "Peringatan bila seseorang menunggu lebih dari sekian detik.",
        "Warns of somebody who waits for longer than so many seconds.",
        rule="alert_waiting_s",
    ),
    key(
        "alert.idle_s",
        whole(30, 24 * 3600),
        300,
        "Peringatan bila loket menganggur sekian detik padahal ada antrean.",
        "Warns of a counter that is idle for so many seconds while people wait.",
        rule="alert_idle_s",
    ),
    key(
        "alert.pause_s",
        whole(60, 24 * 3600),
        600,
        "Peringatan bila istirahat loket lebih dari sekian detik.",
        "Warns of a counter's break of more than so many seconds.",
        rule="alert_pause_s",
    ),
    key(
        "alert.quiet",
        text(rf"({_CLOCK}-{_CLOCK})?", "a stretch such as 12:00-13:00, or empty for none"),
        "",
        "Jam tenang tanpa peringatan, misalnya 12:00-13:00; kosong berarti tidak ada.",
        "Quiet hours without warnings, such as 12:00-13:00; empty means none.",
        rule="alert_quiet",
    ),
    key(
        "phone.page",
        yes_no(),
        True,
        "Halaman ponsel bagi pemegang karcis (kode QR pada kertas).",
        "The phone page for whoever holds a ticket (the QR on the paper).",
        rule="phone_page",
    ),
    key(
        "phone.after_close_s",
        whole(0, 24 * 3600),
        3600,
        "Detik sesudah hari ditutup sampai halaman ponsel mati.",
        "Seconds after the close of the day until the phone page is dead.",
        rule="phone_after_close_s",
    ),
    key(
        "booking.open",
        yes_no(),
        False,
        "Peserta boleh memesan tempat untuk hari ini dari rumah lewat halaman sendiri.",
        "Visitors may book a place for today from home, on our own page.",
        rule="booking",
    ),
    key(
        "booking.window_s",
        whole(300, 4 * 3600),
        1800,
        "Panjang satu jendela pesanan, dalam detik.",
        "The length of one window for bookings, in seconds.",
        rule="booking_window_s",
    ),
    key(
        "booking.from",
        text(_CLOCK, "a time of day such as 08:30"),
        "08:30",
        "Awal jendela pesanan pertama, jam setempat.",
        "The beginning of the first window for bookings, local time.",
        rule="booking_from",
    ),
    key(
        "booking.until",
        text(_CLOCK, "a time of day such as 14:30"),
        "14:30",
        "Akhir jendela pesanan terakhir, jam setempat.",
        "The end of the last window for bookings, local time.",
        rule="booking_until",
    ),
    key(
        "booking.early_s",
        whole(0, 4 * 3600),
        900,
        "Boleh lapor kedatangan sekian detik sebelum jendelanya.",
        "One may check in so many seconds before the window.",
        rule="booking_early_s",
    ),
    key(
        "booking.late_s",
        whole(0, 4 * 3600),
        900,
        "Masih boleh lapor kedatangan sekian detik sesudah jendelanya; lalu tempatnya bebas lagi.",
        "One may check in until so many seconds after the window; then the place is free again.",
        rule="booking_late_s",
    ),
    key(
        "booking.places",
        whole(0, 1000),
        0,
        "Tempat yang dapat dipesan dari rumah dalam tiap jendela untuk layanan dengan huruf ini.",
        "Places in each window that can be booked from home, for the service with this letter.",
        by_letter=True,
    ),
    key(
        "survey.open",
        yes_no(),
        True,
        "Survei kepuasan masyarakat ditawarkan sesudah layanan dan di tablet.",
        "The satisfaction survey is offered after the service and on the tablet.",
        rule="survey",
    ),
    key(
        "survey.instrument",
        one_of("skm-2017", "ikm-2004"),
        "skm-2017",
        "Kuesioner: SKM (PermenPANRB 14/2017) atau IKM (KEP/25/M.PAN/2/2004).",
        "The questionnaire: SKM (PermenPANRB 14/2017) or IKM (KEP/25/M.PAN/2/2004).",
        rule="survey_instrument",
    ),
    key(
        "survey.share",
        whole(1, 100),
        100,
        "Dari seratus kunjungan yang selesai, sekian yang ditawari survei (undian tetap).",
        "Of a hundred finished visits so many are asked (drawn by a fixed lot).",
        rule="survey_share",
    ),
    key(
        "survey.weight",
        one_of("exact", "0.11"),
        "exact",
        "Bobot unsur SKM: tepat 1/9 (exact) atau dibulatkan 0.11; laporan mencetak yang dipakai.",
        "The weight of an element: exactly 1/9, or rounded to 0.11; the report prints which.",
        rule="survey_weight",
    ),
    key(
        "survey.population",
        whole_or_empty(1, 100_000_000),
        None,
        "Jumlah populasi untuk ukuran sampel (Krejcie-Morgan); kosong: kunjungan pada periodenya.",
        "The population for the size of the sample (Krejcie-Morgan); empty: the period's visits.",
        rule="survey_population",
    ),
    key(
        "report.visit_cost_rp",
        whole(0, 100_000_000),
        0,
        "Biaya satu kunjungan yang terhindar, dalam rupiah, untuk laporan; 0: tidak dihitung.",
        "The cost of one visit that was spared, in rupiah, for the reports; 0 means not reckoned.",
        rule="visit_cost_rp",
    ),
    key(
        "report.folder",
        text(r"[^\n\0]{0,200}", "a folder's path of at most 200 characters, or empty"),
        "",
        "Map tujuan salinan laporan harian; kosong berarti hanya disimpan di data cabang.",
        "The folder to which daily reports are copied; empty: they are kept in the branch's data.",
        rule="report_folder",
    ),
    key(
        "report.formats",
        formats(),
        ("pdf",),
        "Bentuk berkas laporan yang disalin dan dikirim.",
        "The kinds of files that are copied and sent.",
        rule="report_formats",
    ),
    key(
        "report.send_at",
        text(rf"({_CLOCK})?", "a time of day such as 16:30, or empty for at the close"),
        "",
        "Jam setempat laporan disalin dan dikirim; kosong berarti begitu hari ditutup.",
        "The local time at which reports are copied and sent; empty means at the close.",
        rule="report_send_at",
    ),
    key(
        "report.mail_to",
        addresses(),
        (),
        "Alamat surel penerima laporan harian; server surel ada di smtp.toml, bukan di sini.",
        "To whom the daily report is mailed; the mail server is in smtp.toml, not here.",
        rule="report_mail_to",
    ),
    key(
        "report.language",
        one_of("id", "en"),
        "id",
        "Bahasa laporan yang dibuat sendiri.",
        "The language of reports that are made by themselves.",
        rule="report_language",
    ),
)
