#!/usr/bin/env bash
# Installs the Debian packages that dustwatch needs and that are missing. Usage: system-packages.sh runtime|test
set -euo pipefail

# opencv-python draws on libGL and glib; python3-venv makes the virtual environment.
packages=(libgl1 libglib2.0-0 libseccomp2 python3-venv)
if [ "${1:-runtime}" = test ]; then
    # A browser for the pages with its store of certificates, a database server, an MQTT broker, promtool, and an RTSP server that
    # asks for a password and speaks UDP.
    packages+=(chromium fonts-wqy-microhei gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base
        gstreamer1.0-plugins-good gstreamer1.0-plugins-bad libnss3-tools mosquitto postgresql prometheus python3-gi)
fi

if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian or Ubuntu: please install what these packages hold: ${packages[*]}" >&2
    exit 0
fi
missing=()
for package in "${packages[@]}"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

sudo=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Please have an administrator run: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    sudo=(sudo)
fi
echo "安装系统软件包 installing system packages: ${missing[*]}" >&2
"${sudo[@]}" apt-get update -qq
"${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
