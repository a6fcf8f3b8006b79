#!/usr/bin/env bash
# dhcp-uses.sh ROOTS CARD CLIENT OPTION ADDRESS [plain]: whether chronyd and systemd-timesyncd ask the time server ADDRESS that CLIENT (udhcpc,
# dhclient, dhcpcd, networkd) is told of by OPTION (42, 56) on the network card CARD. All are Debian's, unpacked in ROOTS (parted by colons, the
# first before the others), with Debian's own settings and hooks, and besides, but for "plain", what makes a client ask for the option that does
# not by itself. Says "leased", "chrony" and "timesyncd" where it is so. To be called in network and mount namespaces of its own, as root: all
# that is written is gone with them. No clock is set: chronyd has -x, timesyncd not the privilege.
set -euo pipefail

card=$2 client=$3 option=$4 address=$5 plain=${6-}
# shellcheck source=in-root.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/in-root.sh"
make_root "$1"

start_client() {
  case $client-$option in
    udhcpc-42) start client chroot "$root" busybox udhcpc -f -i "$card" -s /etc/udhcpc/default.script ;;
    dhclient-42) start client chroot "$root" dhclient -4 -d "$card" ;;
    dhclient-56)
      [ -n "$plain" ] || printf 'option dhcp6.ntp code 56 = string;\nalso request dhcp6.ntp;\n' >>"$root/etc/dhcp/dhclient.conf"
      start client chroot "$root" dhclient -6 -d "$card"
      ;;
    dhcpcd-42) start client chroot "$root" dhcpcd -4 -B "$card" ;;
    dhcpcd-56)
      # No router tells here that there is DHCP.
      printf 'noipv6rs\ninterface %s\nia_na 1\n' "$card" >>"$root/etc/dhcpcd.conf"
      start client chroot "$root" dhcpcd -6 -B "$card"
      ;;
    networkd-*)
      mkdir -p "$root/etc/systemd/network"
      family=$([ "$option" = 42 ] && echo ipv4 || echo ipv6)
      printf '[Match]\nName=%s\n[Network]\nDHCP=%s\nIPv6AcceptRA=no\n[DHCPv6]\nWithoutRA=solicit\n' "$card" "$family" \
        >"$root/etc/systemd/network/10-$card.network"
      start client chroot "$root" /usr/lib/systemd/systemd-networkd
      ;;
    *) echo "dhcp-uses: $client cannot take option $option" >&2 && exit 2 ;;
  esac
}

# chronyd is there before the client, whose hook tells it; timesyncd is started anew by the hook, which takes a running systemd.
start_chrony() {
  cp "$root/usr/share/chrony/chrony.conf" "$root/etc/chrony.conf"
  start chrony chroot "$root" chronyd -x -d -u root -f /etc/chrony.conf
  until [ -S "$root/run/chrony/chronyd.sock" ]; do sleep 0.1; done
}
start_timesyncd() {
  start timesyncd setpriv --bounding-set -sys_time --inh-caps -sys_time chroot "--userspec=$user:$user" "$root" \
    /usr/lib/systemd/systemd-timesyncd
}

leased() {
  ip -o addr show dev "$card" -tentative | grep -Eq '10\.77\.0\.1[0-9][0-9]/|fd77::1[0-9a-f][0-9a-f]/'
}

chrony_asks() { chroot "$root" /usr/bin/chronyc -n sources 2>&1 | tee "$work/sources" | grep -q "^.. $address "; }
timesyncd_asks() { grep -q "^Connecting to time server .*($address)" "$work/timesyncd"; }

# has_link_address: that DHCPv6 is asked from.
has_link_address() { ip -o addr show dev "$card" scope link -tentative | grep -q fe80; }

ip addr flush dev "$card" scope global
wait_for 10 has_link_address
start_chrony
start_client
if wait_for 30 leased; then
  echo leased
  sleep 2 # for the hooks
  start_timesyncd
  wait_for 4 timesyncd_asks && echo timesyncd
  chrony_asks && echo chrony
fi
tell client chrony sources timesyncd
