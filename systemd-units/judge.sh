#!/usr/bin/env bash
# Runs inside the trixie root that check.sh has made, with our tree in its place: asks each program whether it accepts its configuration.
set -euo pipefail

say() { printf 'judge: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# As the image's build does.
useradd --uid 1000 --user-group admin
systemd-sysusers
systemctl preset-all 2>/dev/null

# Units as they will be at a boot: those from /etc/fstab too.
mkdir -p /run/systemd/generator
/usr/lib/systemd/system-generators/systemd-fstab-generator /run/systemd/generator /run/systemd/generator /run/systemd/generator
export SYSTEMD_UNIT_PATH=/run/systemd/generator:

mapfile -t ours < <(cd /usr/lib/systemd/system && ls noonmark*.service noonmark*.timer)

check_units() {
  local words
  # The whole boot as one transaction: a circle of orders shows only there. Any word is a fault; its exit code alone would miss some.
  words=$(systemd-analyze verify --man=no default.target data.mount var-lib-noonmark.mount boot-firmware.mount \
    systemd-random-seed.service "${ours[@]}" 2>&1) || true
  [ -z "$words" ] || die "systemd-analyze verify: $words"
  say "verify: clean, $(systemd-analyze --version | head -n 1), ${#ours[@]} units of ours"
}

# Each unit's exposure is the one that README.md states: nothing gets worse unnoticed, and what gets better is stated.
check_exposure() {
  local unit figure stated services=0 worse=()
  for unit in "${ours[@]}"; do
    case $unit in *.service) ;; *) continue ;; esac
    services=$((services + 1))
    figure=$(systemd-analyze security --offline=true --no-pager "$unit" 2>/dev/null |
      sed -n "s/.*exposure level for $unit: \([0-9.]*\).*/\1/p")
    stated=$(sed -n "s/^| \`$unit\` | \([0-9.]*\) |.*/\1/p" /run/README.md)
    [ "$figure" = "$stated" ] || worse+=("$unit is $figure, stated is ${stated:-nothing}")
  done
  if [ "${#worse[@]}" != 0 ]; then
    printf 'judge: %s\n' "${worse[@]}" >&2
    die 'exposure by systemd-analyze security is not what README.md states'
  fi
  say "security: $services services as exposed as README.md states"
}

# What is on is what the preset says, neither more nor less.
check_presets() {
  local wanted enabled
  wanted=$(sed -n 's/^enable //p' /usr/lib/systemd/system-preset/80-noonmark.preset | sort)
  enabled=$(systemctl list-unit-files --state=enabled --no-legend | awk '{ print $1 }' | grep -v -e '^systemd-networkd' -e '^systemd-network-generator' | sort)
  [ "$(grep -v '^systemd-networkd' <<<"$wanted")" = "$enabled" ] ||
    die "enabled is not what the preset says: $(diff <(echo "$wanted") <(echo "$enabled") | grep '^[<>]' | xargs)"
  local rival
  for rival in systemd-timesyncd chrony ntp ntpsec openntpd serial-getty@ttyAMA0; do
    [ "$(systemctl is-enabled "$rival.service" 2>/dev/null || true)" = masked ] || die "$rival.service is not masked"
  done
  say 'presets: as written, rivals masked'
}

check_programs() {
  local words
  mkdir -p /run/sshd
  ssh-keygen -A >/dev/null
  sshd -t || die 'sshd does not accept its configuration'
  [ "$(sshd -T 2>/dev/null | grep -E '^(passwordauthentication|kbdinteractiveauthentication|permitrootlogin) ' | awk '{ print $2 }' | sort -u)" = no ] ||
    die 'sshd lets somebody in without a key'
  systemd-tmpfiles --create /usr/lib/tmpfiles.d/noonmark.conf || die 'systemd-tmpfiles does not accept its configuration'
  nft --check --file /etc/nftables.conf || die 'nft does not accept the firewall'
  words=$(udevadm verify /usr/lib/udev/rules.d/70-noonmark.rules 2>&1) || die "udevadm: $words"
  [ "$(id -u noonmark)" = 917 ] || die 'the user noonmark has another number'
  id -nG noonmark | grep -qw dialout || die 'the user noonmark may not open serial ports'
  say 'sshd, nft, udev, tmpfiles, sysusers: accepted'
}

# send SOURCE: sends its own name from that address to UDP port 123 of the box; what arrives there is in /run/heard.
send() { printf '%s\n' "$1" | ip netns exec client timeout 2 nc -u -s "$1" -q 0 -w 1 10.77.1.1 123 || true; }

# A box and a client on one cable, each in its namespace, which is gone with this shell's mounts. The rules are those that the command makes of:
# deny 10.77.1.9, allow 10.77.1.0/24, allow 2001:db8::/32.
check_firewall() {
  local listener
  nft --check --file /run/firewall-example.nft || die 'nft does not accept the example'
  ip netns add box
  ip netns add client
  ip -n box link add eth0 type veth peer name eth0 netns client
  ip -n box address add 10.77.1.1/24 dev eth0
  ip -n box address add 10.77.2.1/24 dev eth0
  ip -n box link set eth0 up
  ip -n client link set eth0 up
  for address in 10.77.1.2/24 10.77.1.9/24 10.77.2.2/24; do ip -n client address add "$address" dev eth0; done
  ip netns exec box nft --file /run/firewall-example.nft
  ip netns exec box nc -k -u -l -p 123 >/run/heard &
  listener=$!
  for _ in 1 2 3; do
    sleep 0.3
    for address in 10.77.2.2 10.77.1.9 10.77.1.2; do send "$address"; done
    grep -q 10.77.1.2 /run/heard && break
  done
  grep -q 10.77.1.2 /run/heard || die 'the firewall keeps out who is allowed'
  [ "$(sort -u /run/heard)" = 10.77.1.2 ] || die "the firewall lets in who is not allowed: $(sort -u /run/heard | xargs)"
  # Without rules all of them arrive: else the test above could not fail.
  ip netns exec box nft flush ruleset
  for address in 10.77.2.2 10.77.1.9; do send "$address"; done
  sleep 0.3
  [ "$(sort -u /run/heard | wc -l)" = 3 ] || die "without rules not all arrive: $(sort -u /run/heard | xargs)"
  kill "$listener"
  ip netns delete box
  ip netns delete client
  say 'firewall: an allowed subnet gets in, a refused address and another subnet do not'
}

check_units
check_exposure
check_presets
check_programs
check_firewall
