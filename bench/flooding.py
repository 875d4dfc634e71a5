"""``python -m bench.flooding HOST PORT PATH SECONDS``: ask pages as fast as one process can.

Every second one is a page that exists; the others are guesses. From 200 addresses, so that the
limits of one address do not stop it. Says how many answers came.
"""

import socket
import sys
import time

ADDRESSES = 200


def main() -> None:
    """Flood, then say how many."""
    host, port, link, seconds = sys.argv[1], int(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    sockets = [_connected(host, port, place) for place in range(ADDRESSES)]
    until_s, asked, answered = time.monotonic() + seconds, 0, 0
    while time.monotonic() < until_s:
        for one in sockets:
            asked += 1
            path = link if asked % 2 else f"/t/{asked:022d}"
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        answered += sum(bool(one.recv(65536)) for one in sockets)
    for one in sockets:
        one.close()
    print(answered)


def _connected(host: str, port: int, place: int) -> socket.socket:
    one = socket.socket()
    one.bind((f"127.2.0.{place + 1}", 0))
    one.settimeout(20)
    one.connect((host, port))
    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return one


if __name__ == "__main__":
    main()
