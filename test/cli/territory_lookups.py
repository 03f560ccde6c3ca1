"""Looks addresses up in a table and, plainly, in the CSV that it was compiled from: both must say the same country.

usage: territory_lookups.py PARLEY TABLE CSV…
The addresses are the ends of a sample of the ranges, and their neighbours."""

import bisect
import ipaddress
import subprocess
import sys

SAMPLE = 1500
NO_CODE = {"A1", "A2", "A3", "T1", ""}  # what is neither a country nor two letters


def read(path):
    ranges = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#") or not line.strip():
                continue
            start, end, country = line.strip().split(",")
            if start.isdigit():
                start, end = ipaddress.IPv4Address(int(start)), ipaddress.IPv4Address(int(end))
            else:
                start, end = ipaddress.ip_address(start), ipaddress.ip_address(end)
            ranges.append((int(start), int(end), start.version, country))
    return sorted(ranges)


def country_of(ranges, starts, number):
    """The narrowest range that holds the number; ranges that overlap lie inside each other."""
    best = None
    at = bisect.bisect_right(starts, number) - 1
    for i in range(at, max(at - 200, -1), -1):
        start, end, _, country = ranges[i]
        if end >= number and (best is None or end - start < best[0]):
            best = (end - start, country)
    return best[1] if best else ""


def main(parley, table, *sources):
    wrong = asked = 0
    for source in sources:
        ranges = read(source)
        starts = [r[0] for r in ranges]
        make = ipaddress.IPv4Address if ranges[0][2] == 4 else ipaddress.IPv6Address
        last = 2 ** make(0).max_prefixlen - 1
        step = max(1, len(ranges) // SAMPLE)
        numbers = {n for r in ranges[::step] for n in (r[0] - 1, r[0], r[1], r[1] + 1) if 0 <= n <= last}
        addresses = [make(n) for n in sorted(numbers)]
        # what no unicast address is belongs to no territory by our own rule
        addresses = [a for a in addresses if a.is_global and not a.is_multicast]
        typed = "".join(f"{a}\n" for a in addresses)
        told = subprocess.run([parley, "territory", "lookup", table, "-"], input=typed, capture_output=True, text=True, check=True)
        for address, line in zip(addresses, told.stdout.splitlines(), strict=True):
            ours = line.split("\t")[1].replace("-", "")
            theirs = country_of(ranges, starts, int(address))
            theirs = "" if theirs in NO_CODE else theirs
            asked += 1
            if ours != theirs:
                wrong += 1
                if wrong < 10:
                    print(f"{address}: {ours or 'none'} in the table, {theirs or 'none'} in {source}", file=sys.stderr)
    print(f"{asked} addresses, {wrong} differ")
    return wrong != 0 or asked < 1000


sys.exit(main(*sys.argv[1:]))
