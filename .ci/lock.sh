#!/bin/sh
# Pins every dependency, for every system and Python >= 3.11, with hashes and without any address.
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
    UV_CUSTOM_COMPILE_COMMAND="make lock" "$uv" pip compile pyproject.toml --quiet \
        --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links "$@"
}

pin --extra relay --output-file requirements.lock "$@"
pin --extra relay --group dev --constraints requirements.lock \
    --output-file requirements-dev.lock "$@"
