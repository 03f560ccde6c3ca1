#!/usr/bin/env bats
# watch and outbox: what is told once, the hook and its environment, the mail that says nothing.
# shellcheck disable=SC2154 # bats sets $stderr
load helper

home() {
    parley init --party cert.north.example --department incident --officer a.officer --no-passphrase --quiet \
        </dev/null >/dev/null 2>&1
    parley invite --to cert.south.example --propose "Shall we talk?" -o invitation --quiet
}

# An offer of one's own that nobody has receipted: with no patience at all it is told at once.
watch_once() { parley watch --once --receipt-within 0 "$@"; }

@test "outbox tells what is queued" {
    home
    run -0 parley outbox
    [[ $output == *"cert.south.example"*"proposal"*"queued"*"Shall we talk?"* ]]
    run -0 parley outbox --json
    [[ $output == *'"kind":"proposal"'*'"stage":"queued"'* ]]
}

@test "a notice is told once" {
    home
    run -0 watch_once
    [[ $output == *"no receipt came for a message: proposal, cert.south.example"* ]]
    run -0 watch_once
    [ -z "$output" ]
}

@test "the hook gets words of closed lists in its environment, and the rest on standard input" {
    home
    cat >hook <<'EOF'
#!/bin/sh
{ echo "$PARLEY_NOTICE|$PARLEY_WITH|$PARLEY_CASE|$PARLEY_DUE"; cat; } >>"$PARLEY_HOME/../told"
EOF
    chmod +x hook
    run -0 watch_once --hook "$PWD/hook" --quiet
    [ -z "$output" ]
    read -r first <told
    [[ $first == "unreceipted|cert.south.example|cert.north.example/"*"|" ]]
    [[ $(tail -n 1 told) == '{"case":"cert.north.example/'*'"notice":"unreceipted"'* ]]
}

@test "what a hook fails at is told again" {
    home
    printf '#!/bin/sh\nexit 3\n' >hook
    chmod +x hook
    run -3 --separate-stderr watch_once --hook "$PWD/hook"
    [[ $stderr == *"ended with 3"*"next look"* ]]
    run -3 --separate-stderr watch_once --hook "$PWD/no-such-hook"
    [[ $stderr == *"no-such-hook"* ]]
    run -0 watch_once
    [[ $output == *"proposal"* ]]
}

@test "the mail says that there is something, and no more, in the reader's language" {
    home
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >args\ncat >mail\n' >sendmail
    chmod +x sendmail
    export LC_ALL=C.UTF-8
    for language in en fr ru; do
        rm -f home/desk/notices mail
        LANGUAGE=$language run -0 watch_once --quiet --mail duty@north.example --mail-from node@north.example --sendmail ./sendmail
        [ "$(tail -n 1 args)" = duty@north.example ]
        run -0 python3 - mail <<'EOF'
import email, email.policy, sys
m = email.message_from_file(open(sys.argv[1]), policy=email.policy.default)
assert not m.defects and not m["Subject"].defects, (m.defects, m["Subject"].defects)
assert m["To"] == "duty@north.example" and m["Auto-Submitted"] == "auto-generated" and m["Date"].datetime
text = m["Subject"] + m.get_content()
assert not any(word in text for word in ("south", "cert.", "/")), text
print(m["Subject"])
EOF
        [ -n "$output" ]
        [ "$language" != fr ] || french=$output
        [ "$language" != ru ] || [[ $output != "$french" && $output != "There is"* ]]
    done
    # Nothing new, no mail.
    rm -f mail
    watch_once --quiet --mail duty@north.example --sendmail ./sendmail
    [ ! -e mail ]
}

@test "watch refuses what it can't use" {
    home
    run -2 parley watch --once --mail "-f@x"
    run -2 parley watch --once --interval 0
    run -2 parley watch --json
    run -2 parley watch --once --receipt-within soon
}

@test "watch goes on until it is stopped" {
    home
    timeout 5 "$PARLEY" watch --interval 1 --receipt-within 0 >told 2>&1 3>&- </dev/null &
    watcher=$!
    for _ in $(seq 100); do
        [ ! -s told ] || break
        sleep 0.05
    done
    kill "$watcher"
    wait "$watcher" || true
    [ "$(grep -c proposal told)" = 1 ]
}
