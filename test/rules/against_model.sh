#!/bin/sh
# Runs against_model.py where PARLEY_MODEL names the folder of the model; else says that it is skipped (status 77).
if [ -z "$PARLEY_MODEL" ]; then
    echo "skipped: PARLEY_MODEL does not name the folder of the model"
    exit 77
fi
exec python3 "$(dirname "$0")/against_model.py" "$PARLEY_MODEL" "$@" --count 300 --seconds 5
