#!/usr/bin/env bats
# desk: who gets in, what the page may ask, what becomes of keys, events.
# shellcheck disable=SC2015,SC2030,SC2031,SC2119,SC2120,SC2154 # each test is a process; bats sets $stderr
load helper

teardown() {
    [ -z "${server-}" ] || kill "$server" 2>/dev/null || true
}

# open_desk OPTION…: a home, its page; sets server, at and secret.
open_desk() {
    parley init --party cert.north.example --department incident --officer a.officer "${passphrase[@]---no-passphrase}" \
        --quiet </dev/null >/dev/null 2>&1
    serve "$@"
}
serve() {
    "$PARLEY" desk --no-browser "${passphrase[@]}" "$@" >links 2>said 3>&- &
    server=$!
    for _ in {1..100}; do [ -s links ] && break || sleep 0.05; done
    at=$(sed -n '1s|/open.*||p' links)
    enter "$(tail -n 1 links)"
}
enter() {
    secret=$(curl -s -o /dev/null -w '%{redirect_url}' "$1")
    secret=${secret#*#}
}
# get PATH, post PATH BODY: the answer, then its status.
get() { curl -s -w '\n%{http_code}' -H "Parley-Session: $secret" "$at$1"; }
post() { curl -s -w '\n%{http_code}' -H "Parley-Session: $secret" -d "${2-}" "$at$1"; }
passphrase=()

@test "a link works once, and the secret it gives is asked for" {
    open_desk
    [ "${#secret}" -eq 43 ]
    run -0 get /api/session
    [[ $output == *'"party":"cert.north.example"'*$'\n'200 ]]
    local good=$secret
    enter "$(head -n 1 links)"
    [ -z "$secret" ]
    run -0 get /api/session
    [[ $output == *$'\n'401 ]]
    secret=$good
    run -0 get /api/session
    [[ $output == *$'\n'200 ]]
}

@test "SIGUSR1 prints another link, to the same session" {
    open_desk
    local before=$secret
    kill -USR1 "$server"
    for _ in {1..100}; do [ "$(wc -l <links)" -eq 2 ] && break || sleep 0.05; done
    enter "$(tail -n 1 links)"
    [ "$secret" = "$before" ]
}

@test "another host's name, another origin and other methods are refused" {
    open_desk
    run -0 curl -s -o /dev/null -w '%{http_code}' -H "Host: rebound.example" "$at/"
    [ "$output" = 403 ]
    run -0 curl -s -o /dev/null -w '%{http_code}' -H "Parley-Session: $secret" -H "Origin: http://elsewhere.example" "$at/api/session"
    [ "$output" = 403 ]
    run -0 curl -s -o /dev/null -w '%{http_code}' -H "Parley-Session: $secret" "$at/api/run/inbox"
    [ "$output" = 405 ]
    run -0 curl -s -D - -o /dev/null "$at/"
    [[ $output == *"default-src 'none'; script-src 'self'"* ]]
    [[ $output != *[Ss]et-[Cc]ookie* ]]
}

@test "only an address of this machine is listened on" {
    parley init --party cert.north.example --department incident --officer a.officer --no-passphrase --quiet \
        </dev/null >/dev/null 2>&1
    for address in 0.0.0.0:0 192.0.2.1:80 127.0.0.1 localhost:80; do
        run -2 parley desk --no-browser --listen "$address"
    done
}

@test "commands run with words, options and files, and say what went wrong" {
    open_desk
    run -0 post /api/run/status
    [[ $output == *'"officer":"a.officer"'*$'\n'200 ]]
    run -0 post /api/run/show '{"words":["5b2c"]}'
    [[ $output == *'there is no case'*$'\n'503 ]]
    run -0 post /api/run/claim '{"options":{"level":"RED"}}'
    [[ $output == *'no such option: --level'*$'\n'400 ]]
    run -0 post /api/run/invite '{"options":{"to":"cert.south.example","propose":"Shall we talk?","o":"-"}}'
    [[ $output == *"parley invitation"*$'\n'200 ]]
    run -0 post /api/run/outbox
    [[ $output == *'"stage":"queued"'*$'\n'200 ]]
    run -0 post /api/run/facts '{"words":[{"content":"Jun 21 16:47:48 h sshd[1]: Failed password for root from 192.0.2.7 port 4711 ssh2\n"}],"options":{"year":2026,"o":"sheet"}}'
    [[ $output == *'"events":1,'*$'\n'200 ]]
    for command in serve desk init open nothing; do
        run -0 post "/api/run/$command"
        [[ $output == *$'\n'404 ]]
    done
}

@test "a picture of origins is told as one, with its caveats; tables are told by a verb behind the options" {
    open_desk
    mkdir -p home/territory
    echo 11.0.0.0,11.0.255.255,AQ >t.csv
    parley territory compile --quiet --date 2026-03-01 -o home/territory/t.table t.csv >/dev/null
    printf '%s\n' '# parley facts v1' 'first_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence' \
        '2026-03-01T06:00:00Z,2026-03-01T06:00:09Z,11.0.0.1,,203.0.113.5,22,,tcp,brute-force,4,' >sheet.csv
    run -0 post /api/run/territory '{"words":["show"]}'
    [[ $output == '[{'*'"file":"t.table"'*$'\n'200 ]]
    run -0 curl -s -w '\n%{content_type}' -H "Parley-Session: $secret" -d '{"words":["sheet.csv"],"options":{"territory":"t","svg":"-"}}' "$at/api/run/origins"
    [[ $output == '<svg '*'The origin of traffic is not its author.'*$'\n'image/svg+xml ]]
    run -0 post /api/run/origins '{"words":["sheet.csv"],"options":{"territory":"t"}}'
    [[ $output == '{"'?'kind":"parley origins v1",'*$'\n'200 ]]
}

@test "an answer is in the language that is asked for" {
    open_desk
    run -0 post '/api/run/show?language=fr' '{"words":["5b2c"]}'
    local french=$output
    run -0 post '/api/run/show?language=ru' '{"words":["5b2c"]}'
    [ "$output" != "$french" ]
}

@test "many requests at once wait for one another" {
    open_desk
    for i in {1..12}; do post /api/run/cases >"answer-$i" & asked[i]=$!; done
    wait "${asked[@]}"
    for i in {1..12}; do [ "$(tail -n 1 "answer-$i")" = 200 ]; done
}

@test "keys under a passphrase are forgotten and opened again" {
    echo "correct horse" >phrase
    passphrase=(--passphrase-file phrase)
    open_desk
    run -0 post /api/run/status
    [[ $output == *$'\n'200 ]]
    run -0 post /api/lock
    [[ $output == *$'\n'200 ]]
    run -0 post /api/run/status
    [[ $output == *$'\n'401 ]]
    run -0 post /api/unlock '{"passphrase":"wrong"}'
    [[ $output == *$'\n'403 ]]
    secret=$(curl -s -d '{"passphrase":"correct horse"}' "$at/api/unlock" | sed 's/.*"secret":"//; s/".*//')
    run -0 post /api/run/invite '{"options":{"to":"cert.south.example","propose":"Shall we talk?","o":"-"}}'
    [[ $output == *$'\n'200 ]]
}

@test "events tell the progress of a job, and end with the server" {
    open_desk
    seq 200000 | sed 's/.*/Jun 21 16:47:48 h sshd[1]: Failed password for root from 192.0.2.7 port 4711 ssh2/' >log
    curl -s -N -H "Parley-Session: $secret" "$at/api/events" >events &
    local listener=$!
    for _ in {1..100}; do [ -s events ] && break || sleep 0.05; done
    run -0 post '/api/run/facts?job=j1' "{\"words\":[\"$PWD/log\"],\"options\":{\"year\":2026,\"o\":\"$PWD/sheet\"}}"
    [[ $output == *'"events":200000'*$'\n'200 ]]
    kill "$server"
    wait "$listener" || true
    grep -q '^: here' events
    grep -q '"job":"j1"' events
    [ ! -s said ]
}

@test "the interface is described, each command of the page and its options" {
    run -0 parley desk --openapi
    [[ $output == *'"/api/run/claim":'* && $output == *'"openapi":"3.1.0"'* && $output != *'"/api/run/serve"'* ]]
    parley desk --openapi >openapi.json
    node -e '
        const d = JSON.parse(require("fs").readFileSync(process.argv[1]));
        const options = d.paths["/api/run/claim"].post.requestBody.content["application/json"].schema.properties.options;
        if (!options.properties.facts || options.properties.home || options.additionalProperties !== false) process.exit(1);' "$PWD/openapi.json"
}
