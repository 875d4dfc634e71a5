"""The settings of the membership directory. Secrets are none of them: they lie in a file."""

from server.setting_kinds import Key, key, number, one_of, text

LOOPBACK = r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?(/[^\s?#]{0,150})?"
URL = rf"(https://[^\s?#@]{{1,180}}|{LOOPBACK})?"

DIRECTORY_KEYS: tuple[Key, ...] = (
    key(
        "directory.kind",
        one_of("none", "file", "vclaim"),
        "none",
        "Sumber data kepesertaan: none (petugas melihat sendiri), file (daftar impor), vclaim.",
        "Where membership is looked up: none (the officer looks), file (an imported list), vclaim.",
    ),
    key(
        "directory.deadline_s",
        number(0.2, 8),
        3.0,
        "Detik paling lama menunggu satu jawaban; tidak ada karcis yang menunggunya.",
        "The most seconds to wait for one answer; no ticket ever waits for it.",
        limit="directory_deadline_s",
    ),
    key(
        "directory.vclaim_url",
        text(URL, "an https:// address (http:// on this machine only), or empty"),
        "https://apijkn.bpjs-kesehatan.go.id/vclaim-rest",
        "Alamat layanan VClaim; untuk uji coba apijkn-dev dengan vclaim-rest-dev.",
        "The address of the VClaim service; for trials apijkn-dev with vclaim-rest-dev.",
    ),
    key(
        "directory.vclaim_cons_id",
        text(r"[A-Za-z0-9]{0,40}", "up to 40 letters or digits"),
        "",
        "Cons ID VClaim kantor ini; secret dan user_key ada di vclaim.toml, bukan di sini.",
        "This office's VClaim cons id; secret and user_key lie in vclaim.toml, not here.",
    ),
)
