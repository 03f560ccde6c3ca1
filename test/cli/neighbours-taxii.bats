#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031 # bats sets $stderr
# TAXII 2.1: what a tool of the house asks for, and what it gets.
load pair

setup() {
    pair
    channel
    sheet_of '2026-03-01T06:55:46Z,2026-03-01T06:58:00Z,192.0.2.17,,203.0.113.5,22,,tcp,brute-force,12,' \
        '2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,domain:login.example,,phishing,1,' >facts.csv
    claim AMBER
    secret=$(parley taxii --home N --add siem)
}
teardown() {
    [ -z "${server-}" ] || kill "$server" || true
    [ -z "${server-}" ] || wait "$server" || true
}
claim() { parley claim --home N --to cert.south.example/abuse --facts facts.csv --title 'Logins' --tlp "$1" --summary 'Many.' --waive 'test addresses' --quiet >/dev/null && rest; }

pattern='{"type":"indicator","spec_version":"2.1","id":"indicator--33fe3b22-0201-47cf-85d0-97c02164528d","created":"2026-03-01T09:00:00.000Z","modified":"2026-03-01T09:00:00.000Z","pattern_type":"stix","pattern":"[domain-name:value = '"'bad.example'"']"}'
sighting='{"type":"sighting","spec_version":"2.1","id":"sighting--33fe3b22-0201-47cf-85d0-97c02164528d","created":"2026-03-01T09:00:00.000Z","modified":"2026-03-01T09:00:00.000Z","sighting_of_ref":"indicator--33fe3b22-0201-47cf-85d0-97c02164528d","first_seen":"2026-03-01T09:00:00Z","last_seen":"2026-03-01T09:00:00Z","count":2}'

serve() {
    "$PARLEY" taxii --home "${home-N}" --listen 127.0.0.1:0 --every 1 "$@" >url 2>said 3>&- &
    server=$!
    for _ in $(seq 200); do [ -s url ] || sleep 0.1; done
    url=$(cat url)
    root=${url%taxii2/}parley
}
ask() { curl -sS -g --max-time 20 -H "Authorization: Bearer $secret" -H 'Accept: application/taxii+json;version=2.1' "$@"; }
status() { ask -o answer -w '%{http_code}' "$@"; }
wait_for() { # WORDS COMMAND…
    for _ in $(seq 100); do
        if [[ $("${@:2}") == *$1* ]]; then return 0; fi
        sleep 0.2
    done
    "${@:2}"
    return 1
}

@test "discovery, root, collections, objects, manifest and versions" {
    serve
    [[ $(ask "$url") == *'"api_roots":["/parley/"]'* ]]
    [[ $(ask "$root/") == *'application/taxii+json;version=2.1'* ]]
    [ "$(ask "$root/collections/" | grep -o '"alias"' | wc -l)" = 5 ]
    ours=$(ask "$root/collections/ours/" | sed 's/.*"id":"\([^"]*\)".*/\1/')
    [[ $(ask "$root/collections/$ours/objects/?match[type]=incident") == *'"name":"Logins"'* ]]
    [ "$(ask "$root/collections/theirs/objects/")" = '{"more":false}' ]
    id=$(ask "$root/collections/facts/manifest/?match[type]=observed-data&limit=1" | grep -o 'observed-data--[0-9a-f-]*')
    [[ $(ask "$root/collections/facts/objects/$id/") == *"\"id\":\"$id\""* ]]
    [[ $(ask "$root/collections/facts/objects/$id/versions/") == '{"versions":['* ]]
    ask -D head "$root/collections/facts/objects/?limit=2" >answer
    grep -qi '^X-TAXII-Date-Added-Last: 20[0-9-]*T[0-9:]*\.[0-9]\{6\}Z' head
    [[ $(cat answer) == *'"more":true,"next":"'* ]]
    # What comes later is there without a new start.
    claim GREEN
    seen() { ask "$root/collections/ours/objects/?match[type]=incident" | grep -o '"type":"incident"' | wc -l; }
    wait_for 2 seen
}

@test "what is asked for wrongly is told by its status" {
    serve
    [ "$(curl -s -o answer -w '%{http_code}' "$url")" = 401 ]
    [ "$(curl -s -o answer -w '%{http_code}' -u "siem:x$secret" "$url")" = 401 ]
    [ "$(curl -s -o answer -w '%{http_code}' -u "siem:$secret" "$url")" = 200 ]
    [ "$(curl -s -o answer -w '%{http_code}' -u "siem:$secret" -H 'Accept: application/taxii+json;version=2.0, text/html' "$url")" = 406 ]
    [[ $(cat answer) == *'"http_status":"406"'* ]]
    [ "$(status "$root/collections/none/")" = 404 ]
    [ "$(status "$root/collections/facts/objects/indicator--1/")" = 404 ]
    [ "$(status "$root/collections/facts/objects/?limit=0")" = 400 ]
    [ "$(status "$root/collections/facts/objects/?match[nothing]=1")" = 400 ]
    [ "$(status -H 'Range: items 0-10' "$root/collections/facts/objects/")" = 416 ]
    [ "$(status -X DELETE "$root/collections/facts/objects/indicator--1/")" = 403 ]
    [ "$(status -X PUT "$root/")" = 405 ]
    [ "$(status -H 'Content-Type: application/taxii+json;version=2.1' -d '{}' "$root/collections/drafts/objects/")" = 403 ]
    parley taxii --home N --remove siem
    [ "$(status "$url")" = 401 ]
}

@test "tools that are let in at the same time are all let in" {
    pids=()
    for i in $(seq 8); do
        parley taxii --home N --add "tool-$i" >"secret-$i" 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    [ "$(grep -c '^tool-' N/desk/taxii/access)" = 8 ]
    [ "$(cut -d ' ' -f 1 N/desk/taxii/access | grep -c '^siem$')" = 1 ]
}

@test "of whoever has no secret no body is kept" {
    serve --to cert.south.example/abuse --tlp AMBER
    head -c 15000000 /dev/zero | tr '\0' ' ' >large
    peak() { awk '/^VmHWM/ { print $2 }' "/proc/$server/status"; }
    curl -s -o answer -w '%{http_code}' "$url" # what the first request takes is taken
    echo 5 >"/proc/$server/clear_refs"
    before=$(peak)
    [ "$(curl -s -o answer -w '%{http_code}' --data-binary @large "$root/collections/drafts/objects/")" = 401 ]
    [ $(($(peak) - before)) -lt 8000 ]
}

@test "what was erased is served no more" {
    serve
    seen() { ask "$root/collections/facts/objects/?match[type]=domain-name" | grep -c 'login\.example'; }
    [ "$(seen)" = 1 ]
    case=$(parley cases --home N --json | grep -o '"case":"[^"]*"' | head -n 1 | sed 's/.*:"\(.*\)"/\1/')
    parley erase "$case" facts --home N --reason 'A name stood in it.' --yes --quiet
    wait_for 0 seen
}

@test "what the other side erased is served no more, though one has a copy" {
    rest
    secret=$(parley taxii --home S --add siem)
    home=S serve
    seen() { ask "$root/collections/facts/objects/?match[type]=domain-name" | grep -c 'login\.example'; }
    [ "$(seen)" = 1 ]
    case=$(parley cases --home N --json | grep -o '"case":"[^"]*"' | head -n 1 | sed 's/.*:"\(.*\)"/\1/')
    parley erase "$case" facts --home N --reason 'A name stood in it.' --yes --quiet
    rest
    wait_for 0 seen
}

@test "what a tool adds becomes drafts, never messages" {
    serve --to cert.south.example/abuse --tlp AMBER
    add() { status -H "Content-Type: ${type-application/taxii+json;version=2.1}" --data-binary "$1" "$root/collections/drafts/objects/"; }
    [ "$(type=application/json add '{}')" = 415 ]
    [ "$(add '{')" = 400 ]
    [ "$(add '{"objects":[{"type":"x"}]}')" = 422 ]
    head -c 17000000 /dev/zero | tr '\0' ' ' >large
    [ "$(add @large)" = 413 ]
    # A value takes many times the bytes that spell it.
    { printf '{"objects":[{}' && awk 'BEGIN { for (i = 0; i < 600000; i++) print ",{}" }' && echo ']}'; } >values
    [ "$(add @values)" = 413 ]
    [ "$(add "{\"objects\":[$pattern]}")" = 202 ]
    none=$(sed 's/.*"id":"\([0-9a-f-]\{36\}\)".*/\1/' answer)
    [ "$(add "{\"objects\":[$pattern,$sighting]}")" = 202 ]
    good=$(sed 's/.*"id":"\([0-9a-f-]\{36\}\)".*/\1/' answer)
    wait_for '"status":"complete"' ask "$root/status/$good/"
    [[ $(ask "$root/status/$good/") == *'"success_count":2'* ]] || { ask "$root/status/$good/"; false; }
    [[ $(ask "$root/status/$none/") == *'"failure_count":1'*'"message":'* ]]
    # Of so many that what is said of each is more than a status holds.
    {
        printf '{"objects":[{"id":"a","spec_version":"2.1","type":"b"}'
        awk 'BEGIN { for (i = 0; i < 200000; i++) print ",{\"id\":\"b--00000000000000000000000000000000\",\"spec_version\":\"2.1\",\"type\":\"b\"}" }'
        echo ']}'
    } >many
    [ "$(add @many)" = 202 ]
    many=$(grep -o '"id":"[0-9a-f-]\{36\}"' answer | head -n 1 | cut -d '"' -f 4)
    [ "$(add "{\"objects\":[$pattern]}")" = 202 ]
    later=$(sed 's/.*"id":"\([0-9a-f-]\{36\}\)".*/\1/' answer)
    wait_for '"status":"complete"' ask "$root/status/$later/"
    ask "$root/status/$many/" >answer
    grep -q '"failure_count":200001' answer
    [ "$(status "$root/status/00000000-0000-4000-8000-000000000000/")" = 404 ]
    run -0 parley drafts --home N
    [[ $output == *claim* ]]
    [ "$(parley cases --home N --json | grep -o '"case":' | wc -l)" = 1 ]
}

@test "a request whose process is killed each time is given up, and the next one is worked off" {
    serve --to cert.south.example/abuse --tlp AMBER
    keeper=$(pgrep -P "$server")
    add() { ask --data-binary "$1" -H 'Content-Type: application/taxii+json;version=2.1' "$root/collections/drafts/objects/" | grep -o '"id":"[0-9a-f-]\{36\}"' | head -n 1 | cut -d '"' -f 4; }
    {
        printf '{"objects":[{"id":"a","spec_version":"2.1","type":"b"}'
        awk 'BEGIN { for (i = 0; i < 30000; i++) print ",{\"id\":\"b\",\"spec_version\":\"2.1\",\"type\":\"b\"}" }'
        echo ']}'
    } >many
    bad=$(add @many)
    # Each child of the one that looks after the server, as it comes.
    for i in $(seq 3000); do
        for child in $(pgrep -P "$keeper"); do kill -KILL "$child" 2>/dev/null || true; done
        [ $((i % 100)) = 0 ] || continue
        [[ $(ask "$root/status/$bad/") != *'"status":"complete"'* ]] || break
    done
    ask "$root/status/$bad/" >answer
    grep -q '"failure_count":30001' answer
    grep -q 'ended by signal 9' answer
    good=$(add "{\"objects\":[$pattern,${sighting/%\}/,\"x_severity\":\"high\"\}}]}")
    wait_for '"status":"complete"' ask "$root/status/$good/"
    # What could not be taken is told by field.
    [[ $(ask "$root/status/$good/") == *'"success_count":2'*'"x_parley_losses":['*'x_severity'* ]] || { ask "$root/status/$good/"; false; }
}

@test "a request is made a draft of once, though its process ends between draft and status, or the desk is busy" {
    serve --to cert.south.example/abuse --tlp AMBER
    keeper=$(pgrep -P "$server")
    kill -STOP "$keeper"
    id=$(ask --data-binary "{\"objects\":[$pattern,$sighting]}" -H 'Content-Type: application/taxii+json;version=2.1' "$root/collections/drafts/objects/" | grep -o '"id":"[0-9a-f-]\{36\}"' | head -n 1 | cut -d '"' -f 4)
    cp -a N/desk/taxii before
    # What is in use by another process for a while is tried again.
    flock N/node/lock sleep 7 &
    kill -CONT "$keeper"
    wait_for '"status":"complete"' ask "$root/status/$id/"
    [[ $(ask "$root/status/$id/") == *'"success_count":2'* ]] || { ask "$root/status/$id/"; false; }
    drafts=$(parley drafts --home N --json)
    kill "$server"
    wait "$server" || true
    # As if it had ended before it said so.
    rm -r N/desk/taxii
    mv before N/desk/taxii
    serve --to cert.south.example/abuse --tlp AMBER
    wait_for '"status":"complete"' ask "$root/status/$id/"
    [[ $(ask "$root/status/$id/") == *'"success_count":2'* ]] || { ask "$root/status/$id/"; false; }
    [ "$(parley drafts --home N --json)" = "$drafts" ]
}

@test "no case above the level is served, and TLS has a certificate of its own" {
    run -2 parley taxii --home N --certificate x
    run -2 parley taxii --home N --up-to BLUE
    serve --up-to GREEN --tls
    [[ $url == https://* ]]
    [ "$(ask --cacert N/desk/taxii/certificate.pem "$root/collections/ours/objects/")" = '{"more":false}' ]
    run ! ask "$url"
}

@test "a client pulls facts from a server, whose certificate it checks" {
    {
        head -n 2 facts.csv
        for i in $(seq 1000 1699); do echo "2026-03-01T07:00:00Z,2026-03-01T07:00:00Z,,,,,domain:$i.example,,phishing,1,"; done
    } >many.csv
    serve --tls
    echo "siem:$secret" >basic
    printf '%s\r\n' "$secret" >bearer # as editors of another system end a line
    place=taxii+$root/collections
    parley import "$place/facts/" --key-file basic --ca N/desk/taxii/certificate.pem -o back.csv
    cmp facts.csv back.csv
    parley import "$place/ours/objects/?match%5Btype%5D=observed-data" --key-file bearer --ca N/desk/taxii/certificate.pem -o back.csv
    cmp facts.csv back.csv
    # Of more than a page, nothing is missed.
    cp many.csv facts.csv
    claim GREEN
    pulled() { parley import "$place/ours/" --key-file basic --ca N/desk/taxii/certificate.pem -o all.csv && grep -c '' all.csv; }
    wait_for 704 pulled
    run -3 parley import "$place/facts/" --key-file basic
    run -3 parley import "$place/none/" --key-file basic --ca N/desk/taxii/certificate.pem
    [[ $output == *404* ]]
    echo wrong >basic
    run -3 parley import "$place/facts/" --key-file basic --ca N/desk/taxii/certificate.pem
    [[ $output == *401* ]]
    run -2 parley import taxii+http://taxii.north.example/parley/collections/facts/
    run -2 parley import taxii+http://127.0.0.1:1@taxii.north.example/parley/collections/facts/
    run -2 parley import taxii+https://taxii.north.example/
}
