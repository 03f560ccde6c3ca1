#!/usr/bin/env bats
# Hostile company, in short: bench/hostile.sh measures the same with more rounds and closer bounds.
load helper

@test "an honest sync ends beside connections that are slow, half-closed or malformed, and beside pushes without end" {
    run -0 "$BATS_TEST_DIRNAME/../../bench/hostile.sh" --rounds 1 --bound 6 slow halves malformed pushes
    [ "$(grep -c '| beside: ' <<<"$output")" -eq 4 ]
    # Whatever comes, what the node has is bounded.
    while read -r mib threads descriptors; do
        [ "$mib" -lt 300 ]
        [ "$threads" -lt 200 ]
        [ "$descriptors" -lt 300 ]
    done < <(sed -n 's/^.*beside.* \([0-9]*\) MiB, \([0-9]*\) threads, \([0-9]*\) descriptors.*/\1 \2 \3/p' <<<"$output")
}
