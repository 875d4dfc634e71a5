"""The settings of the front door: the kiosk's mode, how long things are kept, disturbances."""

from server.setting_kinds import Key, key, one_of, text, whole, whole_or_empty

DOOR_KEYS: tuple[Key, ...] = (
    key(
        "kiosk.mode",
        one_of("open", "screened"),
        "open",
        "Siapa yang mengambil nomor di kios: siapa saja (open), atau hanya dengan kode dari "
        "petugas di pintu (screened).",
        "Who takes a number at the kiosk: everybody (open), or only with a code from the officer "
        "at the door (screened).",
        rule="kiosk_mode",
    ),
    key(
        "door.code_life_s",
        whole(60, 86_400),
        3600,
        "Detik kode pada slip petugas berlaku di kios.",
        "Seconds for which the code of an officer's slip is good at the kiosk.",
        rule="code_life_s",
    ),
    key(
        "door.repeat_visit_days",
        whole(1, 3650),
        30,
        "Hari ke belakang yang dihitung sebagai kunjungan ulang; paling jauh selama data pintu "
        "disimpan (privacy.keep_screenings_days).",
        "Days back within which a visit counts as a repeat; at most as long as the door's data "
        "is kept (privacy.keep_screenings_days).",
        rule="repeat_visit_days",
    ),
    key(
        "privacy.keep_screenings_days",
        whole(1, 3650),
        30,
        "Hari nomor identitas dan catatan petugas pintu disimpan tersegel, lalu dihapus.",
        "Days for which an identifier and the door's note are kept under seal, then erased.",
        rule="keep_screenings_days",
    ),
    key(
        "privacy.keep_guests_days",
        whole(1, 3650),
        7,
        "Hari isi buku tamu disimpan tersegel, lalu dihapus.",
        "Days for which the guest book is kept under seal, then erased.",
        rule="keep_guests_days",
    ),
    key(
        "privacy.keep_complaints_days",
        whole(1, 3650),
        400,
        "Hari isi pengaduan dan pengadunya disimpan tersegel, lalu dihapus.",
        "Days for which a complaint and who made it are kept under seal, then erased.",
        rule="keep_complaints_days",
    ),
    key(
        "privacy.reveals_per_hour",
        whole(1, 10_000),
        30,
        "Sekian kali satu petugas boleh membuka data tersegel dalam satu jam.",
        "So often one person may look at what stands under seal within an hour.",
        rule="reveals_per_hour",
    ),
    key(
        "complaints.due_soon_s",
        whole(0, 30 * 86_400),
        4 * 3600,
        "Detik sebelum tenggat pengaduan mulai diingatkan.",
        "Seconds before a complaint is due from which on it is reminded of.",
        rule="complaint_due_soon_s",
    ),
    key(
        "disturbance.causes",
        whole(1, 1000),
        3,
        "Sekian layanan yang selesai dengan sebab gangguan sistem menyalakan pita gangguan.",
        "So many finishes with a system as their cause raise the banner of a disturbance.",
        rule="disturbance_causes",
    ),
    key(
        "disturbance.window_s",
        whole(60, 86_400),
        900,
        "Detik yang di dalamnya sebab-sebab itu dihitung bersama.",
        "Seconds within which these causes count together.",
        rule="disturbance_window_s",
    ),
    key(
        "disturbance.ends_after_s",
        whole_or_empty(60, 7 * 86_400),
        3600,
        "Detik tanpa sebab baru sampai gangguan berakhir sendiri; kosong berarti hanya petugas "
        "yang mengakhirinya.",
        "Seconds without a new cause until a disturbance ends by itself; empty means that only "
        "the staff end it.",
        rule="disturbance_ends_after_s",
    ),
    key(
        "disturbance.text",
        text(r"[^\n]{0,300}", "one line of at most 300 characters"),
        "",
        "Kalimat di semua layar selama gangguan; {system} dan {channel} diisi nama sistem dan "
        "kanal pengganti yang sedang buka. Kosong berarti kalimat bawaan.",
        "The sentence on all screens during a disturbance; {system} and {channel} become the "
        "names of the system and of the channel that is open instead. Empty: our own sentence.",
        by_language=True,
    ),
)
