#!/usr/bin/env python3
"""A counterparty, or a stranger, that means ill: plays one attack on a node until it is ended.

    bench/hostile.py ATTACK PORT CERTIFICATE KEY HASH

HASH names the record that the certificate's party says to the node.  When the attack is under way the file `there` is
made; what goes wrong on the way is what was to be expected.  Without ATTACK it lists them.
"""
import gzip
import hashlib
import os
import random
import socket
import ssl
import sys
import threading
import time

CONNECTIONS = 8  # of one counterparty: what a node allows
MIB = 1 << 20


def there():
    open("there", "w").close()


def raw():
    s = socket.create_connection(("127.0.0.1", port), timeout=10)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s


def known():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.load_cert_chain(certificate, key)
    return context.wrap_socket(raw())


def each(count, run):
    """Runs `run(number)` in so many threads, again whenever it ends, for ever."""

    def again(number):
        while True:
            try:
                run(number)
            except OSError:
                pass
            time.sleep(0.001)

    for number in range(count):
        threading.Thread(target=again, args=(number,), daemon=True).start()
    time.sleep(0.5)
    there()
    while True:
        time.sleep(60)


def request(method, path, body=b"", **headers):
    lines = [f"{method} {path} HTTP/1.1", "Host: node", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def answer(s):
    """Reads one answer whole; its status."""
    got = b""
    while b"\r\n\r\n" not in got:
        more = s.recv(65536)
        if not more:
            raise OSError
        got += more
    head, rest = got.split(b"\r\n\r\n", 1)
    size = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            size = int(line.split(b":")[1])
    while len(rest) < size:
        more = s.recv(65536)
        if not more:
            raise OSError
        rest += more
    return int(head.split()[1])


def hold(s):
    """Until the other side has had enough."""
    s.settimeout(3600)
    while s.recv(65536):
        pass


def slow(number):
    """a byte a second: of handshakes, of heads, of bodies"""
    if number >= CONNECTIONS:
        s, words = raw(), b"\x16\x03\x01\x02\x00\x01" + bytes(500)
    elif number % 2:
        s, words = known(), request("GET", f"/{record}/checkpoint", X_Long="y" * 4096)
    else:
        s, words = known(), request("PUT", f"/{record}/blob/{'0' * 64}", bytes(65536))
    for byte in words:
        s.send(bytes([byte]))
        time.sleep(1)


def large(number):
    """bodies, heads and paths beyond any limit, and bodies just within it"""
    s = known()
    kind = number % 4
    if kind == 0:
        s.send(f"PUT /{record}/blob/{'0' * 64} HTTP/1.1\r\nHost: n\r\nContent-Length: {21 * MIB}\r\n\r\n".encode())
        s.sendall(bytes(21 * MIB))
    elif kind == 1:
        s.sendall(b"GET / HTTP/1.1\r\nX-Long: " + b"y" * (4 * MIB) + b"\r\n\r\n")
    elif kind == 2:
        s.sendall(b"GET /" + b"y" * 60000 + b" HTTP/1.1\r\nHost: n\r\n\r\n")
    else:
        s.sendall(request("POST", "/add-entries", bytes(20 * MIB)))
    hold(s)


def malformed(number):
    """what is no TLS, no HTTP, no request of the exchange, or a body that packs a hundredfold"""
    rng = random.Random(time.time_ns())
    if number >= CONNECTIONS:
        s = raw()
        s.sendall(rng.randbytes(rng.randrange(1, 4000)))
        hold(s)
        return
    s = known()
    for _ in range(20):
        kind = rng.randrange(8)
        if kind == 0:
            s.sendall(rng.randbytes(500) + b"\r\n\r\n")
        elif kind == 1:
            s.sendall(b"POST /add-entries HTTP/1.1\r\nHost: n\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\nfour")
        elif kind == 2:
            s.sendall(request("GET", f"/{record}/tile/0/%00%0a{rng.randrange(1000)}"))
        elif kind == 3:
            s.sendall(request("POST", "/add-entries", gzip.compress(bytes(30 * MIB), 1), Content_Encoding="gzip"))
        elif kind == 4:
            s.sendall(request("POST", "/add-entries", rng.randbytes(100000)))
        elif kind == 5:
            s.sendall(request("POST", "/add-checkpoint", b"old 0\n" + b"A" * 44 + b"\n\n" + rng.randbytes(3000)))
        elif kind == 6:
            s.sendall(request("PUT", f"/{record}/blob/{'0' * 64}", b"xyz", Content_Range="bytes 5-2/1"))
        else:
            s.sendall(request("GET", f"/{record}/checkpoint", Content_Length="00000000000000000000000"))
        answer(s)


def halves(number):
    """connections closed on one side: before the handshake, after it, within a request, before its answer"""
    if number >= CONNECTIONS:
        s = raw()
        s.send(b"\x16\x03\x01\x02\x00\x01"[: number % 7])
        s.shutdown(socket.SHUT_WR)
        hold(s)
        return
    s = known()
    words = [b"", b"GET /", f"PUT /{record}/blob/{'0' * 64} HTTP/1.1\r\nHost: n\r\nContent-Length: 9\r\n\r\n123".encode(),
             request("GET", f"/{record}/checkpoint")][number % 4]
    s.send(words)
    plain = socket.socket(fileno=os.dup(s.fileno()))
    plain.shutdown(socket.SHUT_WR)
    hold(plain)


def idle(number):
    """connections that say nothing: a thousand of nobody, and as many of the counterparty as it may have"""
    hold(known() if number < CONNECTIONS else raw())


def strange(number):
    """handshakes with a certificate that nobody knows, one after the other"""
    s = known()
    hold(s)


def pushes(number):
    """files without end: large ones in parts, of which some are not what their name says, and small ones"""
    s, rng = known(), random.Random(time.time_ns() + number)
    while True:
        if number % 2:
            blob = rng.randbytes(8192)
            s.sendall(request("PUT", f"/{record}/blob/{hashlib.sha256(blob).hexdigest()}", blob))
            answered = answer(s)
        else:
            blob = rng.randbytes(MIB) * 64
            name = hashlib.sha256(blob if number % 4 else b"another").hexdigest()
            for at in range(0, len(blob), 4 * MIB):
                s.sendall(request("PUT", f"/{record}/blob/{name}", blob[at : at + 4 * MIB],
                                  Content_Range=f"bytes {at}-{at + 4 * MIB - 1}/{len(blob)}"))
                answered = answer(s)
                if answered >= 400:
                    break
        if answered == 429:
            raise OSError


def asks(number):
    """questions without end: tiles, bundles, checkpoints, and what is not there"""
    s, rng = known(), random.Random(number)
    paths = [f"/{record}/tile/entries/000.p/{n}" for n in range(1, 60)] + [f"/{record}/tile/0/000.p/{n}" for n in range(1, 60)]
    paths += [f"/{record}/checkpoint", f"/{record}/blob/{'0' * 64}", f"/{'0' * 64}/checkpoint"]
    while True:
        s.sendall(request("GET", rng.choice(paths), Accept_Encoding="gzip"))
        if answer(s) == 429:
            raise OSError


attacks = {"slow": (slow, 72), "large": (large, CONNECTIONS), "malformed": (malformed, 72), "halves": (halves, 72),
           "idle": (idle, 1000 + CONNECTIONS), "strange": (strange, 32), "pushes": (pushes, CONNECTIONS),
           "asks": (asks, CONNECTIONS)}
if len(sys.argv) < 2:
    for name, (run, _) in attacks.items():
        print(f"{name}\t{run.__doc__}")
    sys.exit()
attack, port, certificate, key, record = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
run, count = attacks[attack]
threading.stack_size(256 * 1024)
each(count, run)
