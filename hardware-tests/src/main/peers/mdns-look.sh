#!/usr/bin/env bash
# mdns-look.sh ROOTS HOSTNAME SECONDS: what Avahi of the unpacked Debian finds by multicast DNS within SECONDS: the NTP servers, as avahi-browse
# prints them, and the address of HOSTNAME.local. To be called in network, mount and UTS namespaces of its own, as root.
set -euo pipefail

# shellcheck source=in-root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/in-root.sh"
make_root "$1"
hostname looker

start dbus chroot "$root" dbus-daemon --system --nofork --nopidfile
wait_for 10 test -S "$root/run/dbus/system_bus_socket"
start avahi chroot "$root" avahi-daemon --no-drop-root --no-chroot --no-rlimits

found() {
  chroot "$root" avahi-browse --parsable --resolve --terminate _ntp._udp >"$work/browsed" 2>&1 && grep -q "^=;.*;$name.local;" "$work/browsed"
}
name=$2
wait_for "$3" found && grep '^=' "$work/browsed"
chroot "$root" avahi-resolve -4 -n "$name.local" || true
tell browsed avahi dbus
