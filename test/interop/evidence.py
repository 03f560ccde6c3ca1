"""Computes a sheet's evidence tree again, by doc/protocol.md alone: evidence.py SHEET TREE prints the root, in hexadecimal."""

import base64
import hashlib
import hmac
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def root_of(leaves):
    """RFC 6962, 2.1."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(leaves[:split]) + root_of(leaves[split:]))


def salted(key, row, number, line):
    numbers = row.to_bytes(8, "big") + number.to_bytes(8, "big")
    return hmac.digest(key, b"parley evidence line v1\n" + numbers + line, "sha256")[:16] + line


def expect(found, expected, what):
    if found != expected:
        sys.exit(f"{what}: expected {expected!r}, found {found!r}")


def read_tree(tree):
    """The hash of the sheet, the key, and each row with its count, root and lines."""
    lines = iter(tree.split(b"\n"))
    expect(next(lines), b"parley evidence v1", "the first line")
    sheet = next(lines).removeprefix(b"sheet ").decode()
    key = bytes.fromhex(next(lines).removeprefix(b"key ").decode())
    rows = []
    for _ in range(int(next(lines).removeprefix(b"rows "))):
        word, count, root, row = next(lines).split(b" ", 3)
        expect(word, b"row", "a row")
        kept = [next(lines).split(b" ", 1) for _ in range(int(count))]
        for size, line in kept:
            expect(int(size), len(line), "the size of a line")
        rows.append((row, count, root, [line for _, line in kept]))
    expect(list(lines), [b""], "the end")
    return sheet, key, rows


def main():
    sheet, tree = (open(name, "rb").read() for name in sys.argv[1:])
    named, key, rows = read_tree(tree)
    expect(hashlib.sha256(sheet).hexdigest(), named, "the hash of the sheet")
    expect(sheet.split(b"\n")[2:-1], [row for row, *_ in rows], "the rows")
    expect(sorted(sheet.split(b"\n")[2:-1]), [row for row, *_ in rows], "the order of the rows")
    leaves = []
    for index, (row, count, root, lines) in enumerate(rows):
        computed = root_of([salted(key, index, number, line) for number, line in enumerate(lines)])
        expect(base64.b64encode(computed), root, f"the root of row {index}")
        expect(row.rsplit(b",", 1)[1], count, f"the number of lines of row {index}")
        leaves.append(b"parley evidence fact v1\n%s\n%s %s\n" % (row, count, root))
    print(root_of(leaves).hex())


main()
