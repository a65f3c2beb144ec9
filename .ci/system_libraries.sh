#!/bin/sh
# Checks that Qt finds the system's libraries; names the missing packages, or installs them as root.
# Usage: system_libraries.sh PYTHON offscreen|screen
# docs/system-packages.md says where the lists come from.
set -eu
python=$1
target=$2

for_offscreen="libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon0"
for_screen="libwayland-client0 libwayland-cursor0 libwayland-egl1 libx11-xcb1 libxcb-cursor0
    libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0
    libxcb-shm0 libxcb-sync1 libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0"

[ "$(uname -s)" = Linux ] || exit 0

# Prints what is missing; nothing when Qt starts.
complaints() {
    QT_QPA_PLATFORM=offscreen "$python" -c '
from PySide6.QtWidgets import QApplication
QApplication([])' 2>&1 >/dev/null | tail -n 1
    if [ "$target" = screen ]; then
        plugins=$("$python" -c '
from pathlib import Path
from PySide6.QtCore import QLibraryInfo
print(Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms")' 2>/dev/null) || return 0
        ldd "$plugins/libqxcb.so" "$plugins/libqwayland.so" | awk '/not found/ { print $1 }' | sort -u
    fi
}

missing=$(complaints)
[ -n "$missing" ] || exit 0

packages=$for_offscreen
[ "$target" = screen ] && packages="$packages $for_screen"
packages=$(echo $packages)

if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    apt-get update -q
    # shellcheck disable=SC2086 # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
    missing=$(complaints)
    [ -n "$missing" ] || exit 0
fi

echo "Qt does not find all its libraries on this system:" >&2
echo "$missing" >&2
if command -v apt-get >/dev/null; then
    echo "Install them, then start again:" >&2
    echo "    sudo apt-get install $packages" >&2
else
    echo "docs/system-packages.md names them; install the packages of your system that hold them." >&2
fi
exit 1
