#!/usr/bin/env python3
"""Compares the C rules with the program that states them: on interleavings of short courses, and on random records.

    against_model.py MODEL-FOLDER RULES-VECTORS RULES-INTERLEAVINGS [--count N] [--seconds T] [--seed S] [--keep FOLDER]

RULES-INTERLEAVINGS writes the worlds that its courses can reach, step by step, tricks included; as many are taken, evenly
spread, as T seconds allow.  Random records come from three sources: two honest nodes, one liar beside an honest one, and two parties that say anything.  Each vector
gets a random cut and as-of time, and its `expect` from the model.  Exit status: 1 where one differs.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

KINDS = ["claim", "claim", "inquiry", "proposal", "reply", "reply", "acknowledge", "decline", "transfer", "answer", "answer", "answer", "ask",
         "disclose", "remark", "link", "correct", "withdraw", "reopen", "close", "consult", "minutes", "minutes", "agree", "agree", "commit",
         "reveal", "unreadable", "origins", "contacts", "check-in", "erase", "rumour"]
LEVELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
FINDINGS = ["confirmed", "remediated", "relayed", "refuted", "not-seen", "no-records", "not-ours", "insufficient", "unheard-of"]


class Wild:
    """Two parties that say anything, mostly well-formed."""

    def __init__(self, build, rng):
        self.build, self.rng = build, rng
        clearance = [{"kinds": rng.sample(KINDS, 6), "tlp": rng.choice(LEVELS[:3]), "number": rng.choice([1, 1, 2]), "roles": ["lead"]}]
        self.pair = build.Pair(drill=rng.random() < .1, clearance=clearance if rng.random() < .2 else ())
        self.hour = 1

    def odd(self, chance):
        return self.rng.random() < chance

    def messages(self, party):
        return [e["message"] for e in self.pair.es(party) if e.get("message")]

    def ids(self, party):
        return [m["id"] for m in self.messages(party)] or ["none"]

    def said(self, party, case, *kinds):
        return [m for m in self.messages(party) if m["case"] == case and m["kind"] in kinds]

    def offers(self, party, case):
        return [m["id"] for m in self.said(party, case, "proposal", "reply") if m["kind"] == "proposal" or m["body"].get("reply") == "counter"]

    def fits(self, p, kind, case):
        """Whether such a message may well count: roughly what the table of kinds says."""
        q, opening = self.pair.other(p), ("claim", "inquiry", "proposal")
        if case is None:
            return True
        opened = self.said(case.partition("/")[0], case, *opening) if case.partition("/")[0] in (p, q) else []
        if kind in opening or not opened:
            return kind in opening and not opened
        needs = {"reply": self.offers(q, case), "disclose": self.said(q, case, "ask"), "reveal": self.said(p, case, "commit"),
                 "reopen": self.said(p, case, "withdraw", "close"), "agree": self.said(p, case, "minutes") + self.said(q, case, "minutes"),
                 "correct": self.said(p, case, "claim"), "withdraw": self.odd(.2), "close": self.odd(.2), "decline": self.odd(.2), "transfer": self.odd(.3)}
        if kind in ("answer", "ask", "commit", "acknowledge"):
            return bool(self.said(q, case, "claim", "inquiry"))
        return bool(needs.get(kind, True))

    def body(self, p, kind, case):
        rng, q = self.rng, self.pair.other(p)
        sheets = [m["body"]["sheet"] for m in self.said(q, case, "claim", "correct") if m["body"].get("sheet")] if kind in ("answer", "ask", "commit") else []
        sheet = rng.choice(sheets or ["sheet-%d" % rng.randint(1, 3)])
        if kind in ("claim", "correct"):
            return {} if self.odd(.1) else {"sheet": sheet, "rows": rng.choice([0, 1, 2, 2, 3])}
        if kind == "answer":
            rows = rng.sample(range(3), rng.randint(1, 3)) + ([7] if self.odd(.05) else [])
            words = rng.choice([FINDINGS, FINDINGS[:3], FINDINGS[3:4], FINDINGS[4:]])
            findings = {str(row): rng.choice(words) for row in rows}
            return {"text": "words"} if self.odd(.15) else {"sheet": sheet, "findings": findings}
        if kind in ("ask", "commit"):
            return {"sheet": sheet}
        if kind == "proposal":
            return self.terms({"about": "terms"})
        if kind == "reply":
            offers = self.offers(q, case)
            word = rng.choice(["accept", "accept", "decline", "counter", "counter"])
            body = {"reply": word, "to": rng.choice(offers if offers and not self.odd(.1) else self.ids(q))}
            return self.terms(body) if word == "counter" else body
        if kind == "minutes":
            return dict({"text": "text-%d" % rng.randint(1, 3)}, **({"supersedes": "text-%d" % rng.randint(1, 3)} if self.odd(.3) else {}))
        texts = [m["body"]["text"] for m in self.said(p, case, "minutes") + self.said(q, case, "minutes")]
        return {"agree": {"text": rng.choice(texts or ["text-1"])}, "link": {"relation": "supersedes", "case": p + "/c1"},
                "unreadable": {"entry": rng.randint(0, len(self.pair.es(q)))},
                "remark": {"consent": rng.choice(LEVELS)} if self.odd(.3) else {}}.get(kind, {})

    def terms(self, body):
        if not self.odd(.2):
            hours = {"answer_within_hours": self.rng.choice([1, 3, 24]), "acknowledge_within_hours": self.rng.choice([1, 2, 12])}
            body["terms"] = {k: v for k, v in hours.items() if not self.odd(.1)}
        if self.odd(.3):
            body["until"] = self.time(self.hour + self.rng.choice([-1, 1, 4]))
        return body

    def time(self, hour):
        return self.build.at(max(0, hour))

    def case(self, p, kind):
        """Mostly one that fits the kind."""
        rng, q = self.rng, self.pair.other(p)
        if kind in ("unreadable", "origins", "contacts", "check-in", "erase"):
            return None if not self.odd(.05) else p + "/c1"
        opener = {"claim": p, "inquiry": p, "proposal": p, "answer": q, "acknowledge": q, "decline": q, "transfer": q, "ask": q,
                  "commit": q, "reveal": q, "correct": p, "withdraw": p, "disclose": p}.get(kind, rng.choice([p, q]))
        if self.odd(.02):
            opener = rng.choice([p, q, "cert.east.example"])
        opened = [m["case"] for m in self.messages(opener) if m["kind"] in ("claim", "inquiry", "proposal")] if opener in (p, q) else []
        if opened and kind not in ("claim", "inquiry", "proposal"):
            return rng.choice(opened)
        return None if self.odd(.01) else "%s/c%d" % (opener, rng.randint(1, 4))

    def seen(self, p):
        theirs = len(self.pair.es(self.pair.other(p)))
        return {"seen": theirs if self.odd(.85) else self.rng.randint(0, theirs), "seen_ok": not self.odd(.02)}

    def extras(self, p):
        """Receipts, erasures and faults, which stand beside anything."""
        rng, out, mine = self.rng, {}, self.pair.es(p)
        if self.odd(.4):
            keys = ["%s/mirror/%d" % (self.pair.other(p), n) for n in (1, 2)]
            out["receipts"] = [self.pair.signed(p, rng.randint(0, len(mine) + (1 if self.odd(.1) else 0)), self.stamp(), rng.choice(keys), not self.odd(.05))
                               for _ in range(rng.randint(1, 2))]
        attachments = [name for e in mine for name in e.get("attachments", [])]
        if self.odd(.08):
            out["erase"] = [rng.choice(attachments + ["nothing"])]
        if self.odd(.01):
            out["malformed"] = True
        if self.odd(.01):
            out["blob_ok"] = False
        return out

    def stamp(self):
        return max(0, self.hour + self.rng.choice([0, 0, 0, -1, -5, 1]))

    def subject(self, p):
        """A kind and a case: mostly such as may count."""
        for _ in range(1 if self.odd(.15) else 30):
            kind = self.rng.choice(KINDS)
            case = self.case(p, kind)
            if self.fits(p, kind, case):
                break
        return kind, case

    def say(self, p):
        rng = self.rng
        kind, case = self.subject(p)
        where = self.seen(p)
        head = {"read": where["seen"] if self.odd(.9) else rng.randint(0, where["seen"] + 1)}
        if self.odd(.04):
            head["own"] = rng.randint(0, len(self.pair.es(p)) + 1)
        if kind in ("claim", "inquiry", "proposal") or self.odd(.1):
            head["tlp"] = rng.choice(LEVELS) if not self.odd(.05) else rng.choice([None, "PURPLE"])
        head["signatures"] = ["%s/officer/%s" % (p, name) for name in rng.choice([["officer"]] * 30 + [["officer", "lead"]] * 9 + [["lead"], []])]
        if self.odd(.03):
            head["by"] = rng.choice(["lead", "stranger"])
        if self.odd(.02):
            head["from"] = rng.choice([p + "/elsewhere", p, self.pair.other(p) + "/incident"])
        if self.odd(.02):
            head["to"] = p + "/incident"
        if self.odd(.03):
            head["id"] = rng.choice(self.ids(p))
        if self.odd(.02):
            head["record"] = "parley/another"
        extra = self.extras(p)
        if self.odd(.2):
            head["attach"] = ["blob-%d" % rng.randint(1, 9)]
            if self.odd(.05):
                extra["attachments"] = []
        self.pair.say(p, self.time_of(), kind, case, self.body(p, kind, case), entry=extra, **where, **head)

    def time_of(self):
        return max(0, self.hour + self.rng.choice([0, 0, 0, 0, -2, 3]))

    def again(self, p):
        said = [(i, e["message"]) for i, e in enumerate(self.pair.es(p)) if e.get("message")]
        if said:
            index, message = self.rng.choice(said)
            self.pair.entry(p, self.time_of(), message=message, attachments=message["attach"], **self.seen(p), **self.extras(p))

    def complain(self, p):
        said = [i for i, e in enumerate(self.pair.es(self.pair.other(p))) if e.get("message")]
        if said:
            self.pair.say(p, self.time_of(), "unreadable", None, {"entry": self.rng.choice(said)})

    def card(self, p):
        keys = self.rng.choice([["%s/mirror/1" % p], ["%s/mirror/2" % p], ["%s/mirror/1" % p, "%s/mirror/2" % p]])
        odd = self.rng.choice([{}, {}, {}, {}, {"serial": 7}, {"previous": "other"}, {"ok": False}, {"attachments": ["blob-1"]}])
        self.pair.card(p, self.time_of(), mirror=keys, officers=self.rng.choice([["officer", "lead"]] * 9 + [["lead"]]),
                       keep=bool(odd), **odd)

    def succeed(self):
        """Both directions get a successor; mostly with equal lines that verify."""
        pair, sizes = self.pair, {}
        old = {p: pair.records[p][-1] for p in pair.names}
        for p in pair.names:
            sizes[p] = len(old[p]["entries"]) - (self.rng.randint(1, 3) if self.odd(.3) else 0)
            if self.odd(.05):
                sizes[p] = 0
        drill = "/drill/" in old[pair.names[0]]["channel"]
        for p in pair.names:
            pair.open_record(p, drill=drill)
        for p in self.rng.sample(pair.names, 2):
            lines = [{"channel": old[q]["channel"], "size": max(0, sizes[q]) + (1 if self.odd(.03) else 0), "ok": not self.odd(.03)} for q in pair.names]
            if self.odd(.02):
                lines.pop()
            if not self.odd(.05):
                pair.card(p, self.time_of(), follows=lines, serial=pair.current[p]["serial"] + self.rng.choice([0, 1, 1, 3]))

    def records(self):
        for _ in range(self.rng.randint(4, 60)):
            self.hour += self.rng.choice([0, 0, 1, 1])
            p = self.rng.choice(self.pair.names)
            act = self.rng.choices([self.say, self.again, self.complain, self.card, None], [30, 3, 2, 1, 6])[0]
            if act:
                act(p)
            else:
                where = self.seen(p)
                self.pair.entry(p, self.time_of(), **where, **self.extras(p))
            if self.odd(.005):
                self.succeed()
        return self.pair.records, self.hour


def honest(check, rng):
    world = check.World(rng.choice(list(check.SCRIPTS.values())))
    for _ in range(rng.randint(6, 30)):
        world = world.step(rng.choice(["say", "say", "push", "pushlost", "rec", "see"]), rng.choice(world.pair.names)) or world
    return world.pair.records, world.hour + 10


def liar(build, check, rng):
    pair, receipts, hour = build.Pair(), [], 2
    pair.terms(answer=3, acknowledge=3)
    p = rng.choice(pair.names)
    q = pair.other(p)
    cases = [build.N + "/c1", build.N + "/c2", build.S + "/c3"]
    for _ in range(rng.randint(4, 20)):
        hour += rng.choice([1, 1, 4])
        check.lie(pair, p, rng, hour, cases, receipts, rng.choice([0, .5, .9]))
        if rng.random() < .6:
            receipts.append(pair.signed(p, len(pair.es(p)), rng.choice([hour, hour, 0])))
        if rng.random() < .5:
            check.lie(pair, q, rng, hour, cases, [], .9)
    return pair.records, hour


def make(model, build, check, rng):
    """One vector, with what the model says of it; None where the model can't say (a body lacks what a rule needs)."""
    source = rng.random()
    records, hour = Wild(build, rng).records() if source < .7 else liar(build, check, rng) if source < .9 else honest(check, rng)
    if rng.random() < .3:
        records = dict(reversed(list(records.items())))
    cut = None
    if rng.random() < .5:
        cut = {p: [rng.randint(0, len(r["entries"])) if rng.random() < .8 else len(r["entries"]) + 3 for r in chain] for p, chain in records.items()}
    vector = json.loads(json.dumps({"about": "random", "records": records, "cut": cut, "as_of": build.at(max(0, hour + rng.choice([0, -3, 5, 60])))}))
    try:
        vector["expect"] = model.run(vector)
    except KeyError:
        return None
    return vector


def fill(folder, count, seed, modules):
    reasons, words = {}, {}
    rng, made = random.Random(seed), 0
    while made < count:
        vector = make(*modules, rng)
        if vector:
            (Path(folder) / ("random-%06d.json" % made)).write_text(json.dumps(vector))
            made += 1
            for m in vector["expect"]["messages"]:
                reasons[m["why"]] = reasons.get(m["why"], 0) + 1
            for c in vector["expect"]["cases"].values():
                marks = [k for d in [c.get("acknowledge") or {}] + [x["deadline"] for x in c.get("sheets", [])] for k in ("due", "met", "lapsed", "paused") if d.get(k)]
                stands = [x.get("standing", "question") for x in c.get("sheets", [])]
                for w in list(c["state"].values()) + [c.get("proposal", {}).get("state")] + marks + stands:
                    words[w] = words.get(w, 0) + 1
    print("messages:", ", ".join("%s %d" % (k or "count", n) for k, n in sorted(reasons.items(), key=str)))
    print("words:", ", ".join("%s %d" % (k, n) for k, n in sorted(words.items(), key=str)), flush=True)


def interleaved(program, model, seconds, seed, steps):
    """Worlds of courses, each with what C says of it: a sample, until the time is over."""
    spread, limit, compared, differ = 101, time.monotonic() + seconds, 0, 0
    while time.monotonic() < limit:
        worlds = subprocess.Popen([program, "--write", str(spread), "--skip", str(seed % spread)] + steps, stdout=subprocess.PIPE, text=True)
        for line in worlds.stdout:
            vector = json.loads(line)
            compared += 1
            if model.run(vector) != vector["expect"]:
                differ += 1
                print("differs:", line if differ < 4 else vector["about"], flush=True)
            if time.monotonic() > limit:
                break
        worlds.stdout.close()
        worlds.wait()
        seed += 1
    print("interleavings: %d worlds compared, %d differ" % (compared, differ), flush=True)
    return differ


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("model", help="folder of parley_model.py, build.py and check.py")
    parser.add_argument("program", help="rules-vectors")
    parser.add_argument("interleavings", help="rules-interleavings")
    parser.add_argument("--count", type=int, default=300, help="of random records")
    parser.add_argument("--seconds", type=float, default=5, help="for the worlds of courses")
    parser.add_argument("--steps", type=int, default=4, help="messages a side in them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", help="write the vectors to this folder and leave them there")
    options = parser.parse_args()
    sys.dont_write_bytecode = True
    sys.path.insert(0, options.model)
    modules = [__import__(name) for name in ("parley_model", "build", "check")]
    steps = ["--steps", str(options.steps), "--trick-steps", str(max(1, options.steps - 2))]
    differ = interleaved(options.interleavings, modules[0], options.seconds, options.seed, steps)
    with tempfile.TemporaryDirectory() as folder:
        if options.keep:
            folder = options.keep
            Path(folder).mkdir(parents=True, exist_ok=True)
        fill(folder, options.count, options.seed, modules)
        return subprocess.run([options.program, folder]).returncode or int(differ > 0)


if __name__ == "__main__":
    sys.exit(main())
