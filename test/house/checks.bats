#!/usr/bin/env bats
# The checks themselves: each must find what it is there to find.
bats_require_minimum_version 1.5.0

# A small project with the real scripts.
setup() {
    root=$BATS_TEST_TMPDIR/project
    mkdir -p "$root/script" "$root/src/base" "$root/src/seal" "$root/src/store"
    cp "$BATS_TEST_DIRNAME"/../../script/{lib.sh,check-order,meson-tap} "$root/script/"
    printf '# FLOOR\nbase\nseal\n# DOORS: all I/O\nstore\n' >"$root/src/ORDER"
    echo '#include "base/os.h"' >"$root/src/base/os.c"
    printf '#include <string.h>\n#include "base/text.h"\n#include "seal/seal.h"\n' >"$root/src/seal/seal.c"
    printf '#include <unistd.h>\n#include "base/os.h"\n#include "seal/seal.h"\n' >"$root/src/store/store.c"
}

@test "check-order passes rooms that keep the order" {
    run -0 "$root/script/check-order"
    [ -z "$output" ]
}

@test "check-order names the line that includes a room below" {
    printf '\n#include "store/store.h"\n' >>"$root/src/seal/seal.c"
    run -1 "$root/script/check-order"
    [[ $output == 'src/seal/seal.c:5: seal includes "store/store.h", which is below it in src/ORDER' ]]
}

@test "check-order names I/O above the doors" {
    echo '#include <sys/socket.h>' >>"$root/src/seal/seal.c"
    echo '#include "base/os.h"' >"$root/src/seal/seal.h"
    run -1 "$root/script/check-order"
    [[ $output == *"src/seal/seal.c:4: seal does no I/O, yet includes <sys/socket.h>"* ]]
    [[ $output == *'src/seal/seal.h:1: seal does no I/O, yet includes "base/os.h"'* ]]
}

@test "check-order names a type that two headers define" {
    echo 'struct stone { int size; };' | tee "$root/src/seal/seal.h" >"$root/src/base/text.h"
    run -1 "$root/script/check-order"
    [[ $output == 'src/base/text.h:1: stone is defined in src/seal/seal.h:1, too' ]]
    echo '/* Within seal/: parts. */' | cat - "$root/src/base/text.h" >"$root/src/seal/seal.h"
    run -0 "$root/script/check-order"
}

@test "check-order names a file that is reached past its room" {
    echo '#include "seal.h"' >>"$root/src/seal/seal.c"
    run -1 "$root/script/check-order"
    [[ $output == 'src/seal/seal.c:4: "seal.h" names no room' ]]
}

@test "check-order compares the list with the folders" {
    mkdir "$root/src/extra"
    echo gone >>"$root/src/ORDER"
    run -1 "$root/script/check-order"
    [[ $output == *"src/extra/ is not in src/ORDER"* ]]
    [[ $output == *"src/ORDER names gone, which is no folder"* ]]
}

# A catalogue of Russian with one counted string, whose forms are the arguments.
catalogue() {
    cp "$BATS_TEST_DIRNAME"/../../script/{pot,check-po} "$root/script/"
    mkdir -p "$root/po"
    echo ru >"$root/po/LINGUAS"
    printf 'void f(void) { puts(_n("%%zu fact", "%%zu facts", n)); }\n' >"$root/src/base/buf.c"
    "$root/script/pot"
    python3 - "$root/po/ru.po" "$@" <<'END'
import re, sys
path, forms = sys.argv[1], sys.argv[2:]
text = re.sub(r'(?m)^msgstr\[\d\] ".*"\n', "", open(path).read())
open(path, "w").write(text.rstrip() + "\n" + "".join('msgstr[%d] "%s"\n' % f for f in enumerate(forms)))
END
}

@test "check-po passes a counted string with all forms of its language" {
    catalogue '%zu факт' '%zu факта' '%zu фактов'
    run -0 "$root/script/check-po" --complete
    [[ $output == "ru: 1 strings, 0 untranslated, 0 to be looked at" ]]
}

@test "check-po names counted strings that lack a form" {
    catalogue '%zu факт' '%zu факта'
    run -1 "$root/script/check-po"
    [[ $output == *"some messages have only 2 plural forms"* ]]
    catalogue '%zu факт' '%zu факта' ''
    run -1 "$root/script/check-po"
    [[ $output == *"po/ru.po: 1 plural forms are empty"* ]]
    catalogue '%zu факт' '%s факта' '%zu фактов'
    run -1 "$root/script/check-po"
    [[ $output == *"format specifications"* ]]
}

@test "meson-tap counts cases, and a test that says nothing as one" {
    cat >"$root/log.json" <<'END'
{"name": "parley / base/text", "result": "OK", "returncode": 0, "stdout": "1..2\nok 1 - cuts\nnot ok 2 # SKIP real_data\n", "stderr": ""}
{"name": "parley / base/arena", "result": "FAIL", "returncode": 1, "stdout": "1..2\nok 1 - takes\nnot ok 2 - frees\n# wrong\n", "stderr": ""}
{"name": "parley / rules", "result": "OK", "returncode": 0, "stdout": "3 passed, 0 failed\n", "stderr": ""}
{"name": "parley / silent", "result": "OK", "returncode": 0, "stdout": "", "stderr": ""}
{"name": "parley / dead", "result": "TIMEOUT", "returncode": -9, "stdout": "ok 1 - first\n", "stderr": ""}
{"name": "parley / absent", "result": "SKIP", "returncode": 77, "stdout": "skipped: no data\n", "stderr": ""}
END
    run -0 "$root/script/meson-tap" "$root/log.json"
    [ "$(grep -c '^ok ' <<<"$output")" = 9 ]
    [ "$(grep -c '^ok .*# skip' <<<"$output")" = 2 ]
    [[ $output == *"not ok 0 base/arena: frees"* ]]
    [[ $output == *"not ok 0 dead (timeout"* ]]
    [[ $output == *"ok 0 absent # skip no data"* ]]
    [[ $output == *"#   # wrong"* ]]
}
