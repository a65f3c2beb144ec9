#!/bin/sh
# Pins every dependency, for every system and Python >= 3.11, with hashes and without any address.
# Extras are kept: an older pip, told only of coverage, would look for coverage[toml] elsewhere.
# uv comes from the PATH or from an environment of its own; it follows the indexes its user set.
# Usage: lock.sh [--upgrade]
set -eu

if command -v uv >/dev/null; then
    uv=uv
else
    uv=build/lock/bin/uv
    [ -x "$uv" ] || { python3 -m venv build/lock && build/lock/bin/pip install --quiet uv; }
fi

pin() {
    UV_CUSTOM_COMPILE_COMMAND="make lock" "$uv" pip compile --quiet \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-strip-extras "$@"
}

pin pyproject.toml --extra relay --output-file requirements.lock "$@"
pin pyproject.toml --extra relay --group dev --constraints requirements.lock \
    --output-file requirements-dev.lock "$@"
# A relay needs neither screen nor desk.
pin deploy/relay-requirements.in --constraints requirements.lock \
    --output-file deploy/relay-requirements.lock "$@"
