#!/usr/bin/env python3
"""Writes the map that reports are drawn with, as a table of C.

    atlas.py COUNTRIES-110M COUNTRIES-10M ISO-3166-1 OUT

An OUT that ends in .json gets only where countries lie on the map: the page of the desk draws the shapes itself.

The first two are TopoJSON of npm's world-atlas: the shapes of Natural Earth, which is in the public domain.  Countries
that the coarse one leaves out get a dot where the fine one has them.  ISO-3166-1 is iso-codes' list, which tells two
letters by number.  Without the three files the table is empty.

The projection is Equal Earth (B. Šavrič, T. Patterson, B. Jenny, "The Equal Earth map projection", 2018): areas are true,
so that no country looks larger for its latitude.  The middle meridian is 11° E, whose opposite crosses no country but
Antarctica.
"""
import json
import math
import os
import sys

MIDDLE = 11
WIDTH = 2000  # units of the map
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
SMALL = 45  # square units: smaller ones get a dot as well

# Natural Earth draws these within another country, or not at all; ISO 3166-1 has codes of their own for them.
PARTS = {"FR": [("GF", -60, -50, 0, 8)], "NO": [("SJ", 5, 40, 74, 82)]}
DOTS = {"BQ": (-68.3, 12.2), "BV": (3.4, -54.4), "CC": (96.9, -12.2), "CX": (105.6, -10.5), "GI": (-5.3, 36.1),
        "GP": (-61.5, 16.2), "MQ": (-61.0, 14.7), "RE": (55.5, -21.1), "TK": (-171.8, -9.2), "TV": (179.2, -8.5),
        "UM": (166.6, 19.3), "YT": (45.2, -12.8)}


def project(lon, lat):
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(theta)
    x /= 3 * (9 * A4 * theta**8 + 7 * A3 * theta**6 + 3 * A2 * theta**2 + A1)
    y = A4 * theta**9 + A3 * theta**7 + A2 * theta**3 + A1 * theta
    return x, y


SCALE = WIDTH / 2 / project(180, 0)[0]
TOP = project(0, 90)[1]


def on_map(point):
    x, y = project(*point)
    return WIDTH / 2 + x * SCALE, (TOP - y) * SCALE


# ---- TopoJSON

def arcs_of(topology):
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    out = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        out.append(points)
    return out


def rings_of(geometry, arcs):
    polygons = {"Polygon": [geometry["arcs"]], "MultiPolygon": geometry["arcs"]}[geometry["type"]]
    for polygon in polygons:
        for ring in polygon:
            points = []
            for i in ring:
                points += (arcs[i] if i >= 0 else arcs[~i][::-1])[1 if points else 0:]
            yield points


# ---- the cut opposite to the middle meridian

def unwrapped(ring):
    """Longitudes from the middle meridian that go on past ±180."""
    out, before = [], None
    for lon, lat in ring:
        lon -= MIDDLE
        if before is not None:
            lon += 360 * round((before - lon) / 360)
        out.append((lon, lat))
        before = lon
    return out


def clipped(ring, edge, keep_below):
    """Sutherland and Hodgman, 1974, against one meridian."""
    out = []
    for (a, b) in zip(ring, ring[1:] + ring[:1]):
        inside = [p[0] <= edge if keep_below else p[0] >= edge for p in (a, b)]
        if inside[0]:
            out.append(a)
        if inside[0] != inside[1]:
            part = (edge - a[0]) / (b[0] - a[0])
            out.append((edge, a[1] + part * (b[1] - a[1])))
    return out


def cut(ring):
    points = unwrapped(ring)
    turns = round((points[-1][0] - points[0][0]) / 360)
    if turns:  # around a pole
        pole = 90 if points[0][1] > 0 else -90
        points = [(lon + 360 * turns * n, lat) for n in (-1, 0, 1) for lon, lat in points]
        points += [(points[-1][0], pole), (points[0][0], pole)]
    for shift in (-360, 0, 360):
        moved = [(lon + shift, lat) for lon, lat in points]
        moved = clipped(clipped(moved, 180, True), -180, False)
        if len(moved) > 2:
            yield moved


def bent(ring):
    """More points along the cut, which is no straight line."""
    for a, b in zip(ring, ring[1:] + ring[:1]):
        yield a
        if a[0] == b[0] and abs(a[0]) == 180:
            steps = int(abs(b[1] - a[1]) / 3)
            for n in range(1, steps):
                yield a[0], a[1] + (b[1] - a[1]) * n / steps


# ---- shapes

def area(points):
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, points[1:] + points[:1])) / 2


def middle(points):
    """Of the widest place: halfway along the longest stretch within, over some heights."""
    low, high = min(p[1] for p in points), max(p[1] for p in points)
    best = (0, points[0][0], points[0][1])
    for n in range(1, 16):
        y = low + (high - low) * (n + 4) / 24
        xs = sorted(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
                    for a, b in zip(points, points[1:] + points[:1]) if (a[1] <= y) != (b[1] <= y))
        for left, right in zip(xs[::2], xs[1::2]):
            if right - left > best[0]:
                best = (right - left, (left + right) / 2, y)
    return round(best[1]), round(best[2])


def path_of(rings):
    """Rounded to units; what falls together is left out."""
    out = []
    for ring in rings:
        points = []
        for x, y in ring:
            point = round(x), round(y)
            if not points or points[-1] != point:
                points.append(point)
        if len(set(points)) < 3:
            continue
        out.append(f"M{points[0][0]} {points[0][1]}l")
        steps = []
        for a, b in zip(points, points[1:]):
            steps += [b[0] - a[0], b[1] - a[1]]
        text = ""
        for n in steps:
            text += str(n) if not text or n < 0 else f" {n}"
        out.append(text + "z")
    return "".join(out)


class Shape:
    def __init__(self):
        self.rings = []

    def largest(self):
        return max(self.rings, key=lambda ring: abs(area(ring)))


def part_of(code, ring):
    lon, lat = sum(p[0] for p in ring) / len(ring), sum(p[1] for p in ring) / len(ring)
    for part, west, east, south, north in PARTS.get(code, []):
        if west < lon < east and south < lat < north:
            return part
    return code


def shapes_of(topology, codes):
    arcs, shapes = arcs_of(topology), {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        if "arcs" not in geometry:
            continue
        code = codes.get(geometry.get("id"), "")
        for ring in rings_of(geometry, arcs):
            shape = shapes.setdefault(part_of(code, ring), Shape())
            for piece in cut(ring):
                shape.rings.append([on_map(p) for p in bent(piece)])
    return {code: shape for code, shape in shapes.items() if shape.rings}


def sphere():
    edge = [(180, lat) for lat in range(-90, 91, 5)]
    return path_of([[on_map(p) for p in edge + [(-lon, lat) for lon, lat in reversed(edge)]]])


HEAD = """/* Made by atlas.py of Natural Earth's shapes. */
#include "territory/atlas.h"

const unsigned atlas_width = %d, atlas_height = %d;
const char *const atlas_sphere = "%s";
const struct atlas_shape atlas_shapes[] = {
"""


def rows(files):
    coarse, fine, codes = files
    codes = {row["numeric"]: row["alpha_2"] for row in codes["3166-1"]}
    shapes, small = shapes_of(coarse, codes), shapes_of(fine, codes)
    for code, shape in sorted(shapes.items()):
        x, y = middle(shape.largest())
        dot = code and sum(abs(area(ring)) for ring in shape.rings) < SMALL
        yield code, x, y, dot, path_of(shape.rings)
    for code in sorted(set(codes.values()) - set(shapes)):
        if code in small:
            x, y = middle(small[code].largest())
        elif code in DOTS:
            lon, lat = DOTS[code]
            x, y = (round(n) for n in on_map(((lon - MIDDLE + 180) % 360 - 180, lat)))
        else:
            continue
        yield code, x, y, True, ""


def write_places(table, out):
    places = {code: [x, y, 1] if dot else [x, y] for code, x, y, dot, _path in table if code}
    with open(out, "w", encoding="utf-8") as file:
        json.dump({"width": WIDTH, "middle": MIDDLE, "places": places}, file, separators=(",", ":"))


def main(sources, out):
    table = []
    if all(os.path.exists(name) for name in sources):
        table = list(rows([json.load(open(name, encoding="utf-8")) for name in sources]))
    if out.endswith(".json"):
        return write_places(table, out)
    with open(out, "w", encoding="utf-8") as file:
        file.write(HEAD % (WIDTH, math.ceil(2 * TOP * SCALE), sphere()))
        for code, x, y, dot, path in table:
            file.write('    {"%s", %d, %d, %s, "%s"},\n' % (code, x, y, "true" if dot else "false", path))
        file.write('    {"", 0, 0, false, 0}, /* no more */\n};\n')
        file.write("const size_t atlas_count = %d;\n" % len(table))


if __name__ == "__main__":
    main(sys.argv[1:4], sys.argv[4])
