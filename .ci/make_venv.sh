#!/bin/sh
# Makes the virtual environment from the lock, with the first Python >= 3.11 of the PATH.
# Usage: make_venv.sh FOLDER    (PYTHON=... chooses another Python)
set -eu
venv=$1

is_recent() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    if [ -n "${PYTHON:-}" ]; then
        if is_recent "$PYTHON"; then echo "$PYTHON"; fi
        return
    fi
    for name in python3.13 python3.12 python3.11 python3; do
        # Every folder of the PATH: the first match may be a shim that leads nowhere.
        (IFS=:; for folder in $PATH; do echo "$folder/$name"; done) | while read -r python; do
            if [ -x "$python" ] && is_recent "$python"; then
                echo "$python"
                break
            fi
        done
    done | head -n 1
}

# Debian and Ubuntu keep venv in a package of its own.
require_venv_module() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null && return
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if ! command -v apt-get >/dev/null; then
        echo "$1 has no venv module. Install the package of your system that holds it." >&2
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "$1 has no venv module. Install it, then start again:" >&2
        echo "    sudo apt-get install $package" >&2
        exit 1
    fi
    apt-get update -q
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$package"
}

if ! [ -x "$venv/bin/python" ] || ! is_recent "$venv/bin/python"; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "No Python 3.11 or newer was found. Install one (Debian, Ubuntu: sudo apt-get" >&2
        echo "install python3 python3-venv) or name it: make PYTHON=/path/to/python3" >&2
        exit 1
    fi
    require_venv_module "$python"
    echo "Making $venv with $("$python" --version) ($python)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

echo "Installing what requirements-dev.lock pins into $venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --require-hashes --requirement requirements-dev.lock
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --no-build-isolation --no-deps --editable .
