#!/bin/sh
# usage: same.sh PROGRAM PAGE: whether PAGE is what PROGRAM prints, byte for byte.
"$1" | diff -u "$2" - && exit 0
echo "$2 differs from what the program prints: run script/pages"
exit 1
