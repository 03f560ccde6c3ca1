#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $stderr and $output
# What the terms say of retention: attachments go when their days are over, both sides read who erased what, when and
# why, and the rest verifies.  The clock of a command is set on by a library that is loaded before it.
load sides

setup_file() {
    make_sides
    : >pids
    cat >later.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t clock, struct timespec *out) {
    int (*real)(clockid_t, struct timespec *) = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    const char *days = getenv("DAYS_LATER");
    int result = real(clock, out);
    if (clock == CLOCK_REALTIME && days) out->tv_sec += atol(days) * 86400;
    return result;
}
END
    cc -shared -fPIC -o later.so later.c -ldl
    serve_south
    exchange
    terms=$(n propose cert.south.example "Nothing is kept longer than it must." --retain 30d --answer-within 7d --json | member case)
    exchange
    s reply "$terms" accept --quiet
    exchange
    printf '# parley facts v1\nfirst_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.17,,,22,,tcp,brute-force,2,\n' >sheet.csv
    echo "A name stands in it." >names.txt
    n claim --to cert.south.example/abuse --facts sheet.csv --title 'Guessed passwords' --tlp AMBER --attach names.txt --quiet >case
    exchange
    s remark "$(cat case)" "We look into it." --quiet >/dev/null
    exchange
    stop "$started"
}
setup() {
    take_sides case later.so
    case=$(cat case)
}

# DAYS COMMAND…: as if that many days had gone by.
later() { DAYS_LATER=$1 LD_PRELOAD=$PWD/later.so "$PARLEY" "${@:2}"; }

@test "before their days are over nothing goes; a dry run says what would" {
    run -0 n fsck --retain --yes
    [ "$output" = "erased: 0; left for now: 0; dropped, as the other side had erased it: 0" ]
    run -0 n fsck --retain --dry-run --as-of 2099-01-01T00:00:00Z
    [[ $output == *"$case: names.txt (file) of message "*"; days agreed on: 30"* ]]
    [[ $output == *"$case: facts.csv (facts) of message "* ]]
    [[ ${lines[-1]} == "past the days of the terms: 2; left for now: 0; nothing was erased" ]]
    run -0 s fsck --retain --dry-run --as-of 2099-01-01T00:00:00Z
    [[ $output == *"theirs to erase: 2" ]]
    run -0 n fsck --retain --dry-run --as-of 2099-01-01T00:00:00Z --json
    [[ $output == *'"dry_run":true'*'"past":[{"blob":"'*'"days":30'* ]]
    run -2 n fsck --retain --as-of 2099-01-01T00:00:00Z
    run -2 n fsck --retain --repair
    run -2 n fsck --dry-run
    run -0 n fsck
}

@test "when they are over the sender erases, both read why, and the other side drops its copy" {
    run -2 --separate-stderr later 31 fsck --home N --retain
    [[ $stderr == *"--yes erases without being asked"* ]]
    run -0 later 31 fsck --home N --retain --yes
    [[ ${lines[-1]} == "erased: 2; left for now: 0; dropped, as the other side had erased it: 0" ]]
    run -0 later 31 fsck --home N --retain --yes
    [[ ${lines[-1]} == "erased: 0; left for now: 0; "* ]]
    stop "$started"
    DAYS_LATER=31 LD_PRELOAD=$PWD/later.so serve_south
    later 31 sync --home N --quiet >/dev/null
    run -0 later 31 fsck --home S --retain --yes
    [[ ${lines[-1]} == "erased: 0; left for now: 0; dropped, as the other side had erased it: 2" ]]
    for who in N S; do
        run -0 later 31 show "$case" --home "$who"
        [[ $output == *"names.txt (file): erased by its sender on 2"*"Kept for 30 days, as the terms say (offer "* ]]
        [[ $output == *"We look into it."* ]]
        run -0 parley fsck --home "$who"
        [ -z "$(find "$who/node" -name '*names*')" ]
    done
    run -0 later 31 dossier "$case" --all --yes -o case.tar --home S
}

@test "what a running deadline asks for stays until then" {
    : >more.csv
    terms=$(n propose cert.south.example "More time." --retain 1d --answer-within 60d --json | member case)
    exchange
    s reply "$terms" accept --quiet
    exchange
    printf '# parley facts v1\nfirst_seen,last_seen,src_ip,src_port,dst_ip,dst_port,object,protocol,event,count,evidence\n2026-03-01T06:55:46Z,2026-03-01T06:55:48Z,192.0.2.18,,,22,,tcp,brute-force,2,\n' >more.csv
    n claim --to cert.south.example/abuse --facts more.csv --title 'Once more' --tlp AMBER --quiet >second
    exchange
    run -0 later 2 fsck --home N --retain --dry-run
    [[ $output == *"$(cat second): facts.csv (facts) of message "*"; left: a deadline of the case still runs"* ]]
    [[ ${lines[-1]} == "past the days of the terms: 0; left for now: 1; nothing was erased" ]]
    run -0 later 2 fsck --home N --retain --yes
    [[ ${lines[-1]} == "erased: 0; left for now: 1; "* ]]
}
