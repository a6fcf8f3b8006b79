#!/usr/bin/env bash
# mdns-box.sh ROOTS FOLDER HOSTNAME: systemd-networkd and systemd-resolved of the unpacked Debian with the files of FOLDER, those of the image, as a
# machine named HOSTNAME, until standard input ends. To be called in network, mount and UTS namespaces of its own, as root.
set -euo pipefail

# shellcheck source=in-root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/in-root.sh"
make_root "$1" "$2"
echo "$3" >"$root/etc/hostname"
hostname "$3"

start networkd chroot "$root" /usr/lib/systemd/systemd-networkd
start resolved chroot "$root" /usr/lib/systemd/systemd-resolved
cat >/dev/null
tell networkd resolved
