#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr
# init: a home with its keys; what it refuses; the passphrase.
load helper

north() { parley init --party cert.north.example --department incident --officer a.officer "$@"; }

# No file of a home, and no folder, is for anyone else.
modes() { find "$PARLEY_HOME" \( -type d ! -perm 700 \) -o \( -type f ! -perm 600 \); }

@test "init makes a home, says its fingerprint and what to do next" {
    run -0 --separate-stderr north --no-passphrase
    [[ ${lines[0]} == "The home of cert.north.example is at $PARLEY_HOME." ]]
    [[ ${lines[1]} =~ ^'Fingerprint of its root key: '[0-9]{5}(\ [0-9]{5}){5}$ ]]
    [[ $output == *"parley invite -o INVITATION"* ]]
    [ -z "$stderr" ]
    [ -f "$PARLEY_HOME/desk/cards/0" ]
    [ -f "$PARLEY_HOME/desk/root.key" ]
    [ -f "$PARLEY_HOME/desk/officer-a.officer.key" ]
    [ -f "$PARLEY_HOME/node/tls.key" ]
}

@test "the first card names department, officer, pin and recipient" {
    north --no-passphrase --title 'Incident response' --url https://node.north.example:7443 --lang fr \
        --remit class:intrusion-attempts --remit network:192.0.2.0/24 --country CH
    card=$PARLEY_HOME/desk/cards/0
    grep -qx 'department incident Incident response' "$card"
    grep -qx 'url https://node.north.example:7443' "$card"
    grep -qx 'languages incident fr' "$card"
    grep -qx 'remit incident class:intrusion-attempts' "$card"
    grep -qx 'remit incident network:192.0.2.0/24' "$card"
    grep -qE '^officer a.officer incident officer,lead cert.north.example/officer/a.officer\+' "$card"
    grep -qE '^recipient incident age1' "$card"
    grep -qE '^tls [0-9a-f]{64}$' "$card"
    grep -qx 'serial 0' "$card"
    grep -qx 'country CH' "$PARLEY_HOME/config"
}

@test "nobody else can read a home" {
    umask 000
    north --no-passphrase
    run -0 modes
    [ -z "$output" ]
}

@test "with a passphrase no key lies in the clear, and the wrong one opens none" {
    echo 'correct horse' >right
    echo 'wrong horse' >wrong
    north --passphrase-file right
    [ ! -e "$PARLEY_HOME/desk/unlock.txt" ]
    [ ! -e "$PARLEY_HOME/node/unlock.txt" ]
    run -1 grep -rlE 'PRIVATE|AGE-SECRET' "$PARLEY_HOME"
    run -0 parley invite --passphrase-file right -o invitation
    run -0 env PARLEY_PASSPHRASE_FILE=right "$PARLEY" invite -o invitation
    run -3 --separate-stderr parley invite --passphrase-file wrong -o invitation
    [[ $stderr == *"wrong passphrase"* ]]
    run -3 --separate-stderr parley invite -o invitation
    [[ $stderr == *"--passphrase-file"* ]]
}

@test "an empty passphrase is refused before anything is made" {
    : >empty
    run -2 --separate-stderr north --passphrase-file empty
    [[ $stderr == *"--no-passphrase"* ]]
    [ ! -e "$PARLEY_HOME" ]
}

@test "a second init is refused and changes nothing" {
    north --no-passphrase
    before=$(find "$PARLEY_HOME" -type f -exec sha256sum {} + | sort)
    run -3 --separate-stderr north --no-passphrase
    [[ $stderr == *"there is a home at $PARLEY_HOME already"* ]]
    [ "$before" = "$(find "$PARLEY_HOME" -type f -exec sha256sum {} + | sort)" ]
}

@test "a home whose making was cut off is opened by no command, and init makes it anew" {
    north --no-passphrase
    : >"$PARLEY_HOME/making" # is there until init has done all
    rm -r "$PARLEY_HOME/desk/cards"
    run -3 --separate-stderr parley invite -o invitation
    [[ $stderr == *"the making of the home at $PARLEY_HOME was cut off"*"parley init"* ]]
    run -0 north --no-passphrase
    [ ! -e "$PARLEY_HOME/making" ]
    run -0 parley invite -o invitation
    run -3 --separate-stderr north --no-passphrase
    [[ $stderr == *"there is a home at $PARLEY_HOME already"* ]]
}

@test "without a terminal what is missing is named" {
    run -2 --separate-stderr parley init --department incident --officer a.officer --no-passphrase
    [[ $stderr == *"--party is missing"* ]]
    run -3 --separate-stderr north
    [[ $stderr == *"--passphrase-file"* ]]
    [ ! -e "$PARLEY_HOME" ]
}

# On a terminal of its own; each line of standard input is typed there, after the one before was asked for.
typing() {
    python3 "$BATS_TEST_DIRNAME/typing.py" "$PARLEY" "$@"
}

@test "on a terminal init asks for what no option says, and for the passphrase twice without showing it" {
    run -0 typing init <<'ANSWERS'
Name of your party|cert.north.example
Department for which|
Officer who speaks|a.officer
Title of the department|Incident response
Address and port|127.0.0.1:7443
Address under which|
A new passphrase|correct horse
The same once more|correct horse
ANSWERS
    [[ $output == *"[incident]"* && $output == *"Fingerprint of its root key"* ]]
    [[ $output != *"correct horse"* ]]
    grep -qx 'department incident Incident response' "$PARLEY_HOME/desk/card"
    grep -qx 'listen 127.0.0.1:7443' "$PARLEY_HOME/config"
    [ ! -e "$PARLEY_HOME/desk/unlock.txt" ]
    run -0 typing invite -o invitation <<<'Passphrase of the keys|correct horse'
    run -3 typing invite -o invitation <<<'Passphrase of the keys|wrong horse'
    [[ $output == *"wrong passphrase"* ]]
}

@test "on a terminal an answer that does not fit is asked for again" {
    run -0 typing init --officer a.officer --title 'Incident response' --no-passphrase <<'ANSWERS'
Name of your party|North Cert
Name of your party|cert.north.example
Department for which|
Address and port|nowhere
Address and port|
Address under which|http://node.north.example
Address under which|https://node.north.example
ANSWERS
    [[ $output == *"--party: expected a host name"*"North Cert"* ]]
    grep -qx 'url https://node.north.example' "$PARLEY_HOME/desk/card"
    grep -qx 'department incident Incident response' "$PARLEY_HOME/desk/card"
}

@test "who gives up at the passphrase gets the terminal back as it was" {
    parley init --party cert.north.example --department incident --officer a.officer --passphrase-file <(echo word) --quiet
    run -0 timeout 60 python3 - "$PARLEY" <<'END'
import os, pty, sys, termios
master, slave = pty.openpty()
child = os.fork()
if not child:
    os.setsid()
    os.close(os.open(os.ttyname(slave), os.O_RDWR))  # the first terminal that is opened rules the session
    for at in 0, 1, 2:
        os.dup2(slave, at)
    os.execv(sys.argv[1], [sys.argv[1], "invite", "-o", "invitation"])
shown = b""
while b"Passphrase of the keys: " not in shown:
    shown += os.read(master, 4096)
echoes = lambda: bool(termios.tcgetattr(slave)[3] & termios.ECHO)
silent = not echoes()
os.write(master, b"\x03")
print(silent, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), echoes())
END
    [ "$output" = "True -2 True" ]
}

@test "two passphrases that differ make nothing" {
    run -1 typing init --party cert.north.example --department incident --officer a.officer <<'ANSWERS'
Title of the department|
Address and port|
Address under which|
A new passphrase|correct horse
The same once more|correct house
ANSWERS
    [[ $output == *"the two differ"* ]]
    [ ! -e "$PARLEY_HOME" ]
}

@test "on a terminal accept shows the number and asks whether people compared it" {
    north --no-passphrase
    parley init --home S --party cert.south.example --department abuse --officer b.officer --no-passphrase >/dev/null
    parley invite --home S -o s.invitation --quiet
    run -1 typing accept s.invitation <<<'Type “yes”|no'
    [[ $output == *"Safety number: $(parley compare s.invitation --quiet)"* ]]
    run -3 parley fingerprint cert.south.example
    run -0 typing accept s.invitation <<<'Type “yes”|yes'
    run -0 parley fingerprint cert.south.example
}

@test "bad names are refused before anything is made" {
    run -2 parley init --party 'North Cert' --department incident --officer a.officer --no-passphrase
    run -2 parley init --party cert.north.example --department 'In/Cident' --officer a.officer --no-passphrase
    run -2 parley init --party cert.north.example --department incident --officer '' --no-passphrase
    run -2 north --no-passphrase --country ZZ
    run -2 north --no-passphrase --lang de
    run -2 north --no-passphrase --url http://node.north.example
    run -2 north --no-passphrase --listen nowhere
    [ ! -e "$PARLEY_HOME" ]
}

@test "a command without a home says how to get one" {
    run -3 --separate-stderr parley invite
    [[ $stderr == *"\`parley init\` makes one"* ]]
}
