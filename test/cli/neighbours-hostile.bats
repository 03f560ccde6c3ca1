#!/usr/bin/env bats
# shellcheck disable=SC2154 # bats sets $output
# Servers that answer with what takes all memory or time: refused within bounds.
load helper

teardown() {
    [ -z "${server-}" ] || kill "$server" || true
    [ -z "${server-}" ] || wait "$server" || true
}
serve_hostile() { # [CERTIFICATE KEY]
    python3 "$BATS_TEST_DIRNAME/hostile_server.py" . "$@" >server.log 2>&1 3>&- &
    server=$!
    for _ in $(seq 200); do [ ! -f port ] || break; sleep 0.1; done
    at=127.0.0.1:$(cat port)
}
# Its status, unless it takes a GiB.
bounded() {
    python3 - "$PARLEY" "$@" <<'END'
import resource
import subprocess
import sys

status = subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, timeout=100).returncode
most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
sys.exit(status if most < 1 << 20 else "%d KiB" % most)
END
}

@test "what a TAXII server answers is taken within bounds of values and bytes, manifests and refusals, too" {
    serve_hostile
    run -4 bounded import "taxii+http://$at/root/collections/values/"
    [[ $output == *'more than 4194304 values'* ]]
    run -3 bounded import "taxii+http://$at/root/collections/refusal/"
    [[ $output == *403* ]]
    # Pages that are empty, each with a manifest that is not.
    run -4 bounded import "taxii+http://$at/root/collections/pages/"
    [[ $output == *'more than 67108864 bytes'* ]]
    [ "$(grep -c manifest requests)" = 5 ]
}

@test "what a MISP server answers is taken within bounds" {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=misp -addext subjectAltName=IP:127.0.0.1 -days 30 -keyout tls.key -out tls.pem 2>/dev/null
    echo the-key-of-the-test >key
    serve_hostile tls.pem tls.key
    run -4 bounded import "misp+https://$at/events/view/values" --key-file key --ca tls.pem
    [[ $output == *'more than 4194304 values'* ]]
    run -3 bounded import "misp+https://$at/events/view/refusal" --key-file key --ca tls.pem
    [[ $output == *403* ]]
}
