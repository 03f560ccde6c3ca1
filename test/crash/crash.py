#!/usr/bin/env python3
"""Kills commands of parley at each system call that changes a file, and looks at what is left.

    crash.py PROGRAM LAYER [--every N | --points N] [--only NAME] [--at FAULT] [--keep] [--report] [--tap]

For each command of the table below, in homes made for it: the calls are counted (layer.c), then the command runs again
and again, each time on a fresh copy, and something bad happens at one of them: it is killed; the power fails and
takes what was not synced, or some of it; a call fails; the disk is full from there on; writes are short.  Afterwards

  - the home opens, `fsck` finds no fault, and what was said, held or receipted before still is;
  - the command, given again, ends well;
  - both sides exchange and come to rest, with receipts for all, and no contradiction: nobody signed a second history.

--points N takes N faults of each command, spread over its calls; --every N each Nth call; without either, all.
--deaf: the disk forgets what was synced, too, which must be noticed.  --at "lost 17" with --only replays one.  Exit status 1 where something did not hold."""
import argparse
import base64
import concurrent.futures
import contextlib
import hashlib
import http.client
import json
import os
import shlex
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field

NORTH, SOUTH = 'cert.north.example', 'cert.south.example'
FAULTS = ['lost', 'kill', 'torn', 'eio', 'full']
SAYS_NO = (0, 1, 2, 3, 4)  # what a command may answer; a signal never
ONE_NODE = threading.Lock()  # all copies of a home have one port


@dataclass
class Command:
    """`run` is what is killed; `again` what it may answer when it is given again afterwards."""
    name: str
    run: str
    base: str = 'pair'  # which homes it starts from
    before: list = field(default_factory=list)
    again: tuple = (0,)
    home: str = 'N'  # the home that it works on; empty: none
    after: list = field(default_factory=list)  # what must succeed once it was given again
    look: str = ''  # a function of the class Look, called right after the fault
    node: str = ''  # a process that serves, which the fault meets: S, a node that `run` calls, or V, a witness; C: S serves, the fault meets `run`
    hurt: bool = False  # the home is damaged beforehand: `fsck` finds faults until `run` has ended well
    ends: bool = False  # the channel ends with it: nothing comes to rest there
    later: int = 0  # days by which the clock is ahead


ENTRIES = [
    Command('init', 'init --home H --party cert.west.example --department desk --officer o --no-passphrase', base='none',
            home='H', again=(0, 3), after=['invite --home H -o away/h', 'card show --home H', 'keys --home H']),
    Command('department add', 'department add --home N fraud Fraud', again=(0, 3),
            after=['card publish --home N', 'department --home N list']),
    Command('department rotate', 'department rotate --home N incident', after=['card publish --home N']),
    Command('officer add', 'officer add --home N d.officer --roles lead', again=(0, 3), after=['card publish --home N']),
    Command('officer rotate', 'officer rotate --home N a.officer', after=['card publish --home N', 'CASE remark']),
    Command('clearance add', 'clearance add --home N claim RED', again=(0, 3), after=['card publish --home N']),
    Command('card publish', 'card publish --home N', before=['department add --home N fraud Fraud']),
    Command('rotate mirror', 'keys --home N rotate mirror', after=['card publish --home N', 'keys --home N']),
    Command('rotate log', 'keys --home N rotate log', after=['card publish --home N', 'keys --home N']),
    Command('rotate tls', 'keys --home N rotate tls', after=['card publish --home N', 'keys --home N']),
    Command('retire mirror', 'keys --home N retire mirror', base='turning', again=(0, 1), after=['card publish --home N']),
    Command('retire log', 'keys --home N retire log', base='turning', again=(0, 1), after=['card publish --home N']),
    Command('retire tls', 'keys --home N retire tls', base='turning', again=(0, 1), after=['card publish --home N']),
    Command('replace mirror', 'keys --home N replace mirror', after=['card publish --home N']),
    Command('replace tls', 'keys --home N replace tls', after=['card publish --home N']),
    Command('take out root', 'keys --home N take-out root away/root --no-passphrase', again=(0, 3), look='root'),
    Command('invite', 'invite --home N -o away/it', base='met'),
    Command('invite, with an offer', f'invite --home N --to cert.west.example --propose Talk -o away/it', base='met'),
    Command('accept', f'accept --home N s.invitation --safety-number DIGITS', base='met', look='accepted'),
    Command('compare', f'compare --home N {SOUTH} --matched'),
    Command('inquiry', f'inquiry --home N --to {SOUTH}/abuse --title T --tlp AMBER Question'),
    Command('claim, with a large file', f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --evidence tree --title T '
            '--tlp AMBER --attach big'),
    Command('remark', 'remark --home N CASE Words'),
    Command('erase', 'erase --home N CASE facts --reason Wrong --yes', again=(0, 2)),
    Command('a draft', 'remark --home N CASE Words --draft', after=['drafts --home N']),
    Command('a draft cleared', 'clear --home N DRAFT --officer c.lead --yes', base='drafted', again=(0, 1, 3)),
    Command('drafts save', 'drafts save --home N DRAFT away/draft', base='drafted', again=(0, 3)),
    Command('drafts drop', 'drafts drop --home N DRAFT', base='drafted', again=(0, 3)),
    Command('record export', f'record export --home N {SOUTH} away/carried', base='said', look='carried'),
    Command('record export, over an earlier one', f'record export --home N {SOUTH} away/carried', base='said',
            before=[f'record export --home N {SOUTH} away/carried', f'inquiry --home N --to {SOUTH}/abuse --title U '
                    '--tlp AMBER Question', 'heard'], look='carried'),
    Command('record import', 'record import --home S carried', base='said', home='S',
            before=[f'record export --home N {SOUTH} carried'], look='receipts'),
    Command('pack', f'pack --home N {SOUTH} -o away/pack.tar', base='said', look='packed'),
    Command('unpack', 'unpack --home S pack.tar.1 pack.tar.2', base='large', home='S', look='receipts',
            before=[f'pack --home N {SOUTH} -o pack.tar --part-size 1M']),
    Command('dossier', 'dossier --home N CASE --all --yes -o away/case.tar', look='dossier',
            after=['verify away/case.tar ROOTS']),
    Command('dossier, with a cover', 'dossier --home N CASE --all --yes -o away/case.tar --cover away/cover.html', look='dossier',
            after=['verify away/case.tar ROOTS']),
    Command('propose a statement', f'propose --home N {SOUTH} --statement en=en --title T --tlp CLEAR'),
    Command('accept a statement', 'reply --home S CASE accept', base='offered', home='S', again=(0, 1, 3)),
    Command('statement', 'statement --home N CASE --dossier proof.tar -o away/statement', base='stated'),
    Command('publish', 'publish --home N away/public --dossier proof.tar', base='stated', look='published', after=['published']),
    Command('publish, over an earlier one', 'publish --home N away/public --dossier proof.tar', base='stated',
            before=['publish --home N away/public'], after=['published']),
    Command('import, as drafts', f'import --home N sheet.csv --to {SOUTH}/abuse --title T --tlp AMBER --waive tests',
            after=['drafts --home N']),
    Command('origins, drawn', 'origins sheet.csv --territory table --svg away/drawn', home='',
            before=['territory compile --date 2026-03-01 -o table table.csv']),
    Command('join request', f'join request --home J --party {NORTH} --department incident --officer d.officer '
            '--no-passphrase -o away/request', base='none', home='', again=(0, 3), after=['requested']),
    Command('join admit', 'join admit --home N request --fingerprint PRINT --roles officer --node https://127.0.0.1:7444 '
            '-o away/answer', base='joining', after=['join open --home J away/answer --root ROOT']),
    Command('join open', 'join open --home J answer --root ROOT', base='joining', home='',
            before=['join admit --home N request --fingerprint PRINT --roles officer --node https://127.0.0.1:7444 -o answer']),
    Command('repair', 'fsck --home N --repair --from theirs', hurt=True,
            before=[f'record export --home S {NORTH} --theirs theirs', 'hurt']),
    Command('retain', 'fsck --home N --retain --yes', base='retained', later=60, after=['erased']),
    Command('inbox, which makes its index', 'inbox --home N', before=['rm N/desk/index']),
    Command('cases, after more was said', 'cases --home S', base='said', home='S',
            before=['cases --home S', f'record export --home N {SOUTH} carried', 'record import --home S carried']),
    Command('watch', 'watch --home S --once', home='S'),
    Command('check-in', f'check-in --home N {SOUTH} Hello'),
    Command('calendar', 'calendar --home N -o away/ics'),
    Command('serve, while the other side syncs', 'sync --home N', base='served', home='S', node='S'),
    Command('sync, while the other side serves', 'sync --home N', base='served', node='C'),
    Command('sync from both sides', 'sync --home N', base='answered', node='C'),
    Command('repair over the wire', 'fsck --home N --repair', base='answered', node='C', hurt=True, before=['hurt']),
    Command('restored snapshot', f'sync --home N {SOUTH} --restored', base='behind', node='C', ends=True, again=(0, 3)),
    Command('promoted standby', f'sync --home N {SOUTH} --failover', base='behind', node='C', again=(0, 1)),
    Command('facts with evidence', 'facts auth.log --year 2026 --timezone UTC -o away/sheet --evidence away/tree',
            home='', look='sheet', after=['same away/sheet sheet.csv']),
    Command('facts that follow', 'facts auth.log --year 2026 --timezone UTC --follow --once --state away/state -o away/out '
            '--window 0 --slack 0', home='', after=['same away/out followed']),
    Command('facts that follow on', 'facts auth.log --year 2026 --timezone UTC --follow --once --state state -o out '
            '--window 0 --slack 0', home='', before=['follow half'], after=['same out followed']),
    Command('territory', 'territory compile --date 2026-03-01 -o away/table table.csv', home='',
            after=['territory show away/table']),
    Command('seal', 'seal -p passphrase -o away/sealed big', home='', look='sealed'),
    Command('note keygen', 'note keygen a.example/x -o away/key', home='', again=(0, 3)),
    Command('witness init', 'witness init W w.example/w --no-passphrase', home='', again=(0, 3), after=['witness add W VKEY']),
    Command('witness add', 'witness add V VKEY', home='', after=['witness list V']),
    Command('witness drop', 'witness drop V log.example/one', home='', before=['witness add V VKEY'], again=(0, 3),
            after=['witness list V']),
    Command('witness serve, while a log asks', 'ask', home='', node='V', before=['witness add V VKEY']),
]


class Broken(Exception):
    pass


class Ground:
    """A folder with homes, and commands that run in it."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder
        self.words, self.clock = {}, {}
        words = os.path.join(folder, 'words.json')
        if os.path.exists(words):
            with open(words, encoding='utf-8') as f:
                self.words = json.load(f)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def argv(self, line):
        out = []
        for word in shlex.split(line):
            out += self.words[word] if word in self.words else [word]
        return [self.program] + out

    def run(self, line, env=None, allowed=(0,), why=''):
        done = subprocess.run(self.argv(line), cwd=self.folder, env={**os.environ, **self.clock, **(env or {})}, capture_output=True,
                              text=True, errors='replace', stdin=subprocess.DEVNULL, timeout=120, check=False)
        if allowed is not None and done.returncode not in allowed:
            raise Broken(f'{why}`parley {line}` ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-600:]}')
        return done

    def do(self, line, why='', allowed=(0,)):
        """A command, or one of the few words below."""
        word, *rest = line.split(' ')
        if word == 'rm':
            shutil.rmtree(self.path(rest[0]), ignore_errors=True)
        elif word == 'same':
            if read(self.path(rest[0])) != read(self.path(rest[1])):
                raise Broken(f'{why}{rest[0]} is not as it would have been without the fault')
        elif word == 'follow':
            self.follow_half()
        elif word == 'hurt':
            self.hurt()
        elif word == 'published':
            Look.published(self)
        elif word == 'requested':
            if not os.path.exists(self.path('away', 'request')) and not os.path.exists(self.path('J', 'desk', 'enrolment.key')):
                raise Broken(f'{why}there is neither a request nor a home that could make one')
        elif word == 'erased':
            if '"past":[]' not in self.run('fsck --home N --retain --dry-run --json', why=why).stdout:
                raise Broken(f'{why}something is still past its days')
        elif word == 'heard':
            self.carry('S', 'N', NORTH)
        elif word == 'CASE':
            self.run(f'{rest[0]} --home N CASE Words', why=why)
        else:
            return self.run(line, allowed=allowed, why=why)
        return None

    def hurt(self):
        db = sqlite3.connect(self.path('N', 'node', 'parley.db'))
        db.executescript('UPDATE leaf SET bytes = zeroblob(90) WHERE record = 1 AND place = 1; DELETE FROM named WHERE '
                         'record = 2; DELETE FROM card WHERE record = 1')
        db.close()

    def follow_half(self):
        whole = read(self.path('auth.log'))
        lines = whole.splitlines(keepends=True)
        with open(self.path('auth.log'), 'wb') as f:
            f.write(b''.join(lines[:len(lines) // 2]))
        self.run('facts auth.log --year 2026 --timezone UTC --follow --once --state state -o out --window 0 --slack 0')
        with open(self.path('auth.log'), 'ab') as f:
            f.write(b''.join(lines[len(lines) // 2:]))

    def status(self, home):
        return json.loads(self.run(f'status --home {home} --json', why='afterwards: ').stdout)['channels']

    def serve(self, env=None):
        """South's node, or the witness; None where it ended before it listened."""
        which = self.words.get('SERVES', ['serve', '--home', 'S', '--interval', '3600'])
        with open(self.path('node.log'), 'wb') as log:
            node = subprocess.Popen([self.program, *which, '--listen', f'127.0.0.1:{self.words["PORT"][0]}'], cwd=self.folder, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=subprocess.STDOUT)
        for _ in range(600):
            if b'listens' in read(self.path('node.log')):
                return node
            if node.poll() is not None:
                return None
            time.sleep(0.02)
        self.stop(node)
        raise Broken(f'the node does not listen: {read(self.path("node.log")).decode()[-600:]}')

    @staticmethod
    def stop(node):
        if node:
            node.terminate()
            try:
                node.wait(30)
            except subprocess.TimeoutExpired:
                node.kill()
                node.wait()

    @contextlib.contextmanager
    def serving(self):
        """A node that ends with the block, also where a command in it fails."""
        node = self.serve()
        if not node:
            raise Broken(f'the node does not start: {read(self.path("node.log")).decode()[-600:]}')
        try:
            yield node
        finally:
            self.stop(node)

    def carry(self, sender, receiver, to, allowed=(0,), why=''):
        shutil.rmtree(self.path('carrier'), ignore_errors=True)
        self.run(f'record export --home {sender} {to} carrier', why=why)
        return self.run(f'record import --home {receiver} carrier', allowed=allowed, why=why)

    def rest(self, why=''):
        for _ in range(3):
            self.carry('N', 'S', SOUTH, why=why)
            self.carry('S', 'N', NORTH, why=why)


def copy(source, target):
    """A log that is followed is known by its inode, so it is the same file in all copies; nobody writes to it."""
    shutil.copytree(source, target, copy_function=lambda a, b: os.link(a, b) if a.endswith('auth.log') else shutil.copy2(a, b))


def read(path):
    with open(path, 'rb') as f:
        return f.read()


# ---- the homes that the commands start from

SSHD = 'Mar  1 0{}:55:46 gate sshd[14]: Failed password for root from 192.0.2.{} port 50022 ssh2\n'


def make_files(g):
    with open(g.path('auth.log'), 'w', encoding='utf-8') as f:
        for i in range(60):
            f.write(SSHD.format(i // 10, i))
    with open(g.path('big'), 'wb') as f:
        f.write(bytes((i * i >> 5) & 255 for i in range(100000)))
    with open(g.path('passphrase'), 'w', encoding='utf-8') as f:
        f.write('correct horse\n')
    with open(g.path('table.csv'), 'w', encoding='utf-8') as f:
        f.write('11.0.0.0,11.0.255.255,AQ\n')
    with open(g.path('en'), 'w', encoding='utf-8') as f:
        f.write('Both sides have looked into it.\n')
    os.mkdir(g.path('away'))
    g.run('facts auth.log --year 2026 --timezone UTC -o sheet.csv --evidence tree')
    g.run('facts auth.log --year 2026 --timezone UTC --follow --once --state gone -o followed --window 0 --slack 0')
    g.words['VKEY'] = [g.run('note keygen log.example/one -o log.key').stdout.strip()]
    g.run('witness init V w.example/v --no-passphrase')


def make_met(g):
    g.run(f'init --home N --party {NORTH} --department incident --officer a.officer --no-passphrase')
    g.run(f'init --home S --party {SOUTH} --department abuse --officer b.officer --no-passphrase')
    g.run('invite --home N -o n.invitation')
    g.run('invite --home S -o s.invitation')
    g.words['DIGITS'] = [g.run('compare --home N s.invitation --quiet').stdout.strip()]
    g.run('accept --home S n.invitation --safety-number DIGITS')


def make_pair(g):
    g.run('accept --home N s.invitation --safety-number DIGITS')
    g.rest()
    case = g.run(f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --evidence tree --title Scans --tlp AMBER '
                 '--attach big').stdout.strip()
    g.words['CASE'] = [case]
    g.rest()
    g.run('acknowledge --home S CASE')
    g.rest()
    g.words['ROOTS'] = []
    for home, party in (('N', NORTH), ('S', SOUTH)):
        digits = g.run(f'fingerprint --home {home} --quiet').stdout.strip().splitlines()[-1].split()
        g.words['ROOTS'] += ['--root', f'{party}={"-".join(digits)}']


def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def make_served(g):
    port = free_port()
    g.words['PORT'] = [str(port)]
    g.run(f'init --home N --party {NORTH} --department incident --officer a.officer --no-passphrase')
    g.run(f'init --home S --party {SOUTH} --department abuse --officer b.officer --no-passphrase '
          f'--url https://127.0.0.1:{port}')
    g.run('invite --home N -o n.invitation')
    g.run('invite --home S -o s.invitation')
    g.words['DIGITS'] = [g.run('compare --home N s.invitation --quiet').stdout.strip()]
    g.run('accept --home S n.invitation --safety-number DIGITS')
    g.run('accept --home N s.invitation --safety-number DIGITS')
    with g.serving():
        g.run('sync --home N')
    g.run(f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --evidence tree --title More --tlp AMBER --attach big')


def make_answered(g):
    """Both have something to say."""
    with g.serving():
        g.run('sync --home N')
        case = json.loads(g.run('cases --home S --json').stdout)[0]['case']
        g.run(f'acknowledge --home S {case.split("/")[-1]}')
    g.run(f'inquiry --home N --to {SOUTH}/abuse --title T --tlp AMBER Question')


def make_behind(g):
    """North's home is a copy from before what it said last, and knows."""
    shutil.copytree(g.path('N'), g.path('older'))
    with g.serving():
        g.run('sync --home N')
        shutil.rmtree(g.path('N'))
        os.rename(g.path('older'), g.path('N'))
        g.run('sync --home N', allowed=None)


def make_offered(g):
    said = json.loads(g.run(f'propose --home N {SOUTH} --statement en=en --title T --tlp CLEAR --json').stdout)
    g.words['CASE'] = [said['case'].split('/')[-1]]
    g.rest()


def make_stated(g):
    g.run('reply --home S CASE accept')
    g.rest()
    g.run('dossier --home N CASE --all -o proof.tar')


def make_joining(g):
    g.words['PRINT'] = [g.run(f'join request --home J --party {NORTH} --department incident --officer d.officer '
                              '--no-passphrase -o request --quiet').stdout.strip()]
    g.words['ROOT'] = [g.run('fingerprint --home N --quiet').stdout.strip().splitlines()[-1]]


def make_retained(g):
    said = json.loads(g.run(f'propose --home N {SOUTH} Briefly. --retain 30d --answer-within 7d --json').stdout)
    g.rest()
    g.run(f'reply --home S {said["case"].split("/")[-1]} accept')
    g.rest()
    g.run(f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --title T --tlp AMBER --attach big')
    g.rest()


def make_said(g):
    g.run(f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --evidence tree --title More --tlp AMBER --attach big')
    g.carry('S', 'N', NORTH)  # a node that has not heard the newest signs nothing


def make_large(g):
    with open(g.path('larger'), 'wb') as f:
        f.write(os.urandom(900000))
    for _ in range(2):
        g.run(f'claim --home N --to {SOUTH}/abuse --facts sheet.csv --title More --tlp AMBER --attach larger')
    g.carry('S', 'N', NORTH)


def make_turning(g):
    for key in ('mirror', 'log', 'tls'):
        g.run(f'keys --home N rotate {key}')
    g.run('card publish --home N')
    g.rest()


def make_drafted(g):
    g.run('officer add --home N c.lead --roles lead')
    g.run('clearance add --home N remark AMBER --roles lead')
    g.run('card publish --home N')
    g.rest()
    g.run('remark --home N CASE Words --draft')
    drafts = json.loads(g.run('drafts --home N --json').stdout)['drafts']
    g.words['DRAFT'] = [drafts[0]['id']]


BASES = [('none', None, make_files), ('met', 'none', make_met), ('pair', 'met', make_pair), ('said', 'pair', make_said), ('large', 'pair', make_large),
        
         ('turning', 'pair', make_turning), ('served', 'none', make_served),
         ('drafted', 'pair', make_drafted), ('answered', 'served', make_answered), ('behind', 'served', make_behind),
         ('offered', 'pair', make_offered), ('stated', 'offered', make_stated), ('joining', 'pair', make_joining),
         ('retained', 'pair', make_retained)]


def make_bases(program, top, chosen):
    needed = {c.base for c in chosen}
    for name, of, _ in reversed(BASES):
        needed |= {of} if name in needed else set()
    for name, of, make in BASES:
        if name not in needed:
            continue
        folder = os.path.join(top, 'base-' + name)
        if of:
            shutil.copytree(os.path.join(top, 'base-' + of), folder)
        else:
            os.mkdir(folder)
        g = Ground(program, folder)
        make(g)
        with open(g.path('words.json'), 'w', encoding='utf-8') as f:
            json.dump(g.words, f)


# ---- what must hold right after a fault, command by command


class Look:
    """What left the house, or was said to be done, holds whatever happened to the home."""

    @staticmethod
    def carried(g):
        if os.path.isdir(g.path('away', 'carried')):
            g.run('record import --home S away/carried', allowed=SAYS_NO, why='what was carried away: ')

    @staticmethod
    def packed(g):
        if os.path.exists(g.path('away', 'pack.tar')):
            g.run('unpack --home S away/pack.tar', why='a pack that has its name is whole: ')

    @staticmethod
    def receipts(g):
        g.carry('S', 'N', NORTH, why='a receipt, and nothing that contradicts it: ')

    @staticmethod
    def accepted(g):
        g.run('accept --home N s.invitation --safety-number DIGITS', allowed=(0, 3))

    @staticmethod
    def root(g):
        inside = os.path.exists(g.path('N', 'desk', 'root.key'))
        if not inside and not os.path.exists(g.path('away', 'root')):
            raise Broken('the root key is nowhere')

    @staticmethod
    def dossier(g):
        if os.path.exists(g.path('away', 'case.tar')):
            g.run('verify away/case.tar ROOTS', why='a dossier that has its name is whole: ')

    @staticmethod
    def published(g):
        """What the list of a folder names is there as it says."""
        if os.path.exists(g.path('away', 'public', 'manifest.json')):
            listed = json.loads(read(g.path('away', 'public', 'manifest.json')))['files']
            for name, sha in listed.items():
                if hashlib.sha256(read(g.path('away', 'public', name))).hexdigest() != sha:
                    raise Broken(f'the published folder lists {name} with another hash')

    @staticmethod
    def sheet(g):
        if os.path.exists(g.path('away', 'sheet')):
            g.do('same away/sheet sheet.csv', 'a sheet that has its name is whole: ')
            if not os.path.exists(g.path('away', 'tree')):
                raise Broken('a sheet that commits to evidence has none')

    @staticmethod
    def sealed(g):
        if os.path.exists(g.path('away', 'sealed')):
            g.run('open -p passphrase -o opened away/sealed', why='a sealed file that has its name is whole: ')


class Log:
    """A log of four leaves, and another history of it, as a witness is asked about them."""

    def __init__(self, g, other=False):
        self.g = g
        self.leaves = [hashlib.sha256(b'\0%d' % (i + (100 if other and i else 0))).digest() for i in range(4)]

    def node(self, first, last):
        if last - first == 1:
            return self.leaves[first]
        half = first + (2 if last - first > 2 else 1)
        return hashlib.sha256(b'\1' + self.node(first, half) + self.node(half, last)).digest()

    def ask(self, old, size):
        """The status and the body of the answer; (0, b'') where there was none."""
        text = f'log.example/one\n{size}\n{base64.b64encode(self.node(0, size)).decode()}\n'
        with open(self.g.path('checkpoint'), 'w', encoding='utf-8') as f:
            f.write(text)
        signed = self.g.run('note sign --key log.key checkpoint').stdout
        proofs = {(1, 2): [(1, 2)], (2, 4): [(2, 4)]}.get((old, size), [])
        lines = ''.join(base64.b64encode(self.node(*p)).decode() + '\n' for p in proofs)
        url = f'http://127.0.0.1:{self.g.words["PORT"][0]}/add-checkpoint'
        try:
            with urllib.request.urlopen(urllib.request.Request(url, f'old {old}\n{lines}\n{signed}'.encode()), timeout=20) as r:
                return r.status, r.read()
        except urllib.error.HTTPError as e:
            return e.code, e.read()
        except (OSError, http.client.HTTPException):
            return 0, b''

    def grow(self, old=0):
        """Asks for one size after the other: the last that was cosigned."""
        for size in (1, 2, 4):
            if size > old and self.ask(old, size)[0] == 200:
                old = size
        return old


NUMBERS = ('own_size', 'receipted_size', 'their_size', 'cosigned_size')


def check_held(g, command, before, why):
    """The home opens, nothing of it is damaged, and nothing went that was there before."""
    if not command.hurt:
        g.run(f'fsck --home {command.home}', why=why)
    now = {c['channel']: c for c in g.status(command.home)}
    for channel in before:
        there = now.get(channel['channel'])
        if not there:
            raise Broken(f'{why}the channel {channel["channel"]} is gone')
        for number in NUMBERS:
            if there[number] < channel[number]:
                raise Broken(f'{why}{number} was {channel[number]} and is {there[number]}')


def check_in_step(g):
    for home in ('N', 'S'):
        for channel in g.status(home):
            if channel['state'] not in ('open', 'offered') or channel['contradictions']:
                raise Broken(f'at rest: {home}: the channel is {channel["state"]}, contradictions: {channel["contradictions"]}')
            if channel['state'] == 'open' and channel['own_size'] != channel['receipted_size']:
                raise Broken(f'at rest: {home} said {channel["own_size"]} and has a receipt for {channel["receipted_size"]}')


def check_rest(g):
    g.rest('to rest: ')
    for home in ('N', 'S'):
        g.run(f'fsck --home {home}', why='at rest: ')
    check_in_step(g)


def may_go(line):
    """What need not be durable: SQLite's -wal files are read where they are there; a lock and a socket are made anew;
    what was unpacked is still in the pack."""
    return line.endswith(('-wal', '/lock', '/socket')) or line.startswith('not synced: removal of S/node/packs/')


# ---- one fault


class Trial:
    def __init__(self, args, top, command):
        self.args, self.top, self.command = args, top, command
        self.start = os.path.join(top, 'start-' + command.name.replace(' ', '_').replace(',', ''))
        self.before, self.calls, self.unsynced = [], [], []

    def env(self, folder, fault):
        return {**({'PARLEY_FAULT_DEAF': '1'} if self.args.deaf and fault != 'count' else {}),
                'LD_PRELOAD': self.args.layer, 'PARLEY_FAULT': fault, 'PARLEY_FAULT_UNDER': folder,
                'PARLEY_FAULT_AWAY': os.path.join(folder, 'away') if self.command.home else '/nowhere',
                'PARLEY_FAULT_COUNT': folder + '.count', 'PARLEY_FAULT_TRACE': folder + '.trace'}

    def ground(self, folder):
        g = Ground(self.args.program, folder)
        if self.command.later:
            g.clock = {'LD_PRELOAD': self.args.layer, 'PARLEY_LATER': str(self.command.later)}
        return g

    def prepare(self):
        shutil.copytree(os.path.join(self.top, 'base-' + self.command.base), self.start)
        g = Ground(self.args.program, self.start)
        for line in self.command.before:
            g.do(line)
        if self.command.home and self.command.base not in ('none', 'met'):
            self.before = g.status(self.command.home)
        folder = self.start + '-counted'
        copy(self.start, folder)
        counted = self.ground(folder)
        if self.command.node == 'V':
            counted.words.update(PORT=[str(free_port())], SERVES=['witness', 'serve', 'V'])
        calls = self.command.node == 'C'
        node = counted.serve(None if calls else self.env(folder, 'count')) if self.command.node else None
        if self.command.node == 'V':
            done = subprocess.CompletedProcess([], 0 if Log(counted).grow() == 4 else 1, stderr='the witness does not cosign')
        else:
            done = counted.run(self.command.run, None if node and not calls else self.env(folder, 'count'), allowed=None)
        counted.stop(node)
        if done.returncode not in self.command.again:
            raise Broken(f'without a fault it ends with {done.returncode}: {done.stderr.strip()}')
        if os.path.exists(folder + '.trace'):
            lines = read(folder + '.trace').decode().replace(folder + '/', '').splitlines()
            self.calls = [line for line in lines if not line.startswith('not synced')]
            self.unsynced = [f'{self.command.name}: {line}' for line in lines if line.startswith('not synced: ') and not may_go(line)]
        self.clean(folder)

    @staticmethod
    def clean(folder):
        for name in os.listdir(os.path.dirname(folder)):
            if name.startswith(os.path.basename(folder)):
                path = os.path.join(os.path.dirname(folder), name)
                if os.path.isdir(path):
                    shutil.rmtree(path)
                else:
                    os.remove(path)

    def call(self, fault):
        number = int(fault.split()[1])
        return self.calls[number - 1] if 0 < number <= len(self.calls) else '-'

    def faults(self):
        if self.args.at:
            return [self.args.at]
        count = len(self.calls)
        all_of = [(i, kind) for kind in FAULTS for i in range(1, count + 1)]
        if self.args.points:
            # Spread over the calls; the kinds take turns, power failures most often.
            kinds = ['lost', 'torn', 'lost', 'kill', 'full', 'lost', 'eio', 'lost', 'short']
            points, first = min(self.args.points, count), ENTRIES.index(self.command) * self.args.points
            chosen = [(1 + (2 * i + 1) * count // (2 * points), kinds[(first + i) % len(kinds)]) for i in range(points)]
        else:
            chosen = [(i, kind) for i, kind in all_of if i % self.args.every == 0]
        out = [f'{kind} {i} {i * 7919}' if kind == 'torn' else f'{kind} {i}' for i, kind in chosen]
        return out + ([] if self.args.points else ['short 0'])

    def one(self, fault):
        folder = f'{self.start}-{fault.replace(" ", "-")}'
        copy(self.start, folder)
        g = self.ground(folder)
        try:
            if self.command.node == 'V':
                self.witness_and_look(g, fault, folder)
            elif self.command.node == 'C':
                with ONE_NODE:
                    self.call_and_look(g, fault, folder)
            elif self.command.node:
                with ONE_NODE:
                    self.serve_and_look(g, fault, folder)
            else:
                self.run_and_look(g, fault, folder)
        except (Broken, subprocess.TimeoutExpired, KeyError, ValueError) as e:
            if not self.args.keep:
                self.clean(folder)
            return f'{self.command.name}: {fault} ({self.call(fault)}): {e}'
        self.clean(folder)
        return None

    def witness_and_look(self, g, fault, folder):
        """What it cosigned it has seen: it does not cosign another history, and goes on from there."""
        g.words.update(PORT=[str(free_port())], SERVES=['witness', 'serve', 'V'])
        node = g.serve(self.env(folder, fault))
        cosigned = Log(g).grow() if node else 0
        g.stop(node)
        shutil.rmtree(folder + '.stash', ignore_errors=True)
        node = g.serve()
        try:
            if not node:
                raise Broken('the witness does not start again')
            status, body = Log(g, other=True).ask(0, 2)
            seen = int(body) if status == 409 else 0
            if seen < cosigned or (cosigned and status == 200):
                raise Broken(f'it cosigned {cosigned} and has seen {seen}: {status} {body!r}')
            if status != 200 and Log(g).grow(seen) != 4:
                raise Broken(f'it does not go on from {seen}')
        finally:
            g.stop(node)

    def serve_and_look(self, g, fault, folder):
        """What the other side got receipts for is there, whatever the node died of."""
        node = g.serve(self.env(folder, fault))
        try:
            g.run(self.command.run, allowed=SAYS_NO)
        finally:
            g.stop(node)
        shutil.rmtree(folder + '.stash', ignore_errors=True)
        receipted = g.status('N')[0]['receipted_size']
        check_held(g, self.command, self.before, 'after the fault: ')
        if g.status('S')[0]['their_size'] < receipted:
            raise Broken(f'a receipt for {receipted} entries was given, and they are not held')
        node = g.serve()
        try:
            if not node:
                raise Broken('the node does not start again')
            for _ in range(2):
                g.run(self.command.run, why='given again: ')
            check_in_step(g)
        finally:
            g.stop(node)
        for home in ('N', 'S'):
            g.run(f'fsck --home {home}', why='at rest: ')

    def call_and_look(self, g, fault, folder):
        """What either side got receipts for is there, whatever the caller died of."""
        command = self.command
        node = g.serve()
        try:
            self.meet(g, fault, folder)
            check_held(g, command, [] if command.hurt else self.before, 'after the fault: ')
            for _ in range(2):
                g.run(command.run, allowed=command.again, why='given again: ')
            if not command.ends:
                for _ in range(3):
                    g.run('sync --home N', why='afterwards: ')
                check_in_step(g)
        finally:
            g.stop(node)
        for home in ('N', 'S'):
            g.run(f'fsck --home {home}', why='at rest: ')

    def meet(self, g, fault, folder):
        done = g.run(self.command.run, self.env(folder, fault), allowed=None)
        kind = fault.split()[0]
        if kind in ('eio', 'full', 'short') and done.returncode not in (self.command.again if kind == 'short' else SAYS_NO):
            raise Broken(f'it ended with {done.returncode}: {done.stderr.strip()[-600:]}')
        shutil.rmtree(folder + '.stash', ignore_errors=True)

    def run_and_look(self, g, fault, folder):
        command = self.command
        self.meet(g, fault, folder)
        if command.look:
            getattr(Look, command.look)(g)
        if command.home and command.base not in ('none', 'met'):
            check_held(g, command, self.before, 'after the fault: ')
        g.run(command.run, allowed=command.again, why='given again: ')
        for line in command.after:
            g.do(line, 'afterwards: ')
        if command.home == 'H':
            g.run('fsck --home H', why='afterwards: ')
        elif command.home:
            if command.base == 'met' and command.name != 'accept':
                g.run('accept --home N s.invitation --safety-number DIGITS', why='afterwards: ')
            check_rest(g)


# ---- all of them


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('program', type=os.path.realpath)
    parser.add_argument('layer', type=os.path.realpath)
    parser.add_argument('--every', type=int, default=1)
    parser.add_argument('--points', type=int, default=0)
    parser.add_argument('--only')
    parser.add_argument('--at')
    parser.add_argument('--deaf', action='store_true')
    parser.add_argument('--keep', action='store_true')
    parser.add_argument('--report', action='store_true')
    parser.add_argument('--tap', action='store_true')
    args = parser.parse_args()
    os.environ.update(LC_ALL='C.UTF-8', LANGUAGE='en')
    for word in ('PARLEY_HOME', 'PARLEY_PASSPHRASE_FILE'):
        os.environ.pop(word, None)
    memory = '/dev/shm' if os.access('/dev/shm', os.W_OK) else None  # nothing here hangs on a real disk
    top = os.path.realpath(tempfile.mkdtemp(prefix='parley-crash-', dir=memory))
    chosen = [c for c in ENTRIES if not args.only or args.only == c.name]
    failed = 0
    try:
        if args.tap:
            print(f'1..{len(chosen)}', flush=True)
        make_bases(args.program, top, chosen)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for number, command in enumerate(chosen, 1):
                failed += try_one(args, top, command, number, pool)
    finally:
        if args.keep:
            print(f'kept in {top}')
        else:
            shutil.rmtree(top)
    return 1 if failed else 0


def try_one(args, top, command, number, pool):
    trial = Trial(args, top, command)
    try:
        trial.prepare()
        faults = trial.faults()
        said = trial.unsynced + [s for s in pool.map(trial.one, faults) if s]
    except Broken as e:
        faults, said = [], [f'{command.name}: {e}']
    if args.tap:
        print(f'{"not ok" if said else "ok"} {number} {command.name}: {len(faults)} faults')
    elif args.report:
        print(f'| {command.name} | {len(trial.calls)} | {len(faults)} | {len(said)} |')
    for s in said:
        print(f'# {s}', file=sys.stdout if args.tap else sys.stderr)
    sys.stdout.flush()
    if not args.keep:
        trial.clean(trial.start)
    return len(said)


if __name__ == '__main__':
    sys.exit(main())
