#!/bin/sh
# Signatures by ML-DSA-44 that @noble/post-quantum makes, of keys, messages and contexts that are others each time, judged by
# the unit test of note/mldsa.c: each verifies, and none with a change in it.
#
#     mldsa.sh TEST-NOTE-MLDSA [COUNT [SEED]]
#
# Skipped (status 77) where script/setup has not put that package into build/npm, which $PARLEY_NPM may name.
set -eu
program=$(realpath "$1") count=${2-8} seed=${3-$(date +%s)}
here=$(cd "$(dirname "$0")" && pwd)
modules=${PARLEY_NPM:-$here/../../build/npm}/node_modules
if [ ! -d "$modules/@noble/post-quantum" ]; then
    echo "skipped: there is no @noble/post-quantum"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "seed $seed"
node "$here/mldsa_vectors.mjs" "$modules" "$count" "$seed" >"$work/vectors"
PARLEY_MLDSA_VECTORS=$work/vectors "$program"
