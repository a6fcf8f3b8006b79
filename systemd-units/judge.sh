#!/usr/bin/env bash
# Runs inside the trixie root that check.sh has made, with our tree in its place: asks each program whether it accepts its configuration.
#   judge.sh MOST         highest exposure of noonmark.service, in tenths
set -euo pipefail
most=$1

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

check_units() {
  local ours words
  mapfile -t ours < <(cd /usr/lib/systemd/system && ls noonmark*.service noonmark*.timer)
  # The whole boot as one transaction: a circle of orders shows only there. Any word is a fault; its exit code alone would miss some.
  words=$(systemd-analyze verify --man=no default.target data.mount var-lib-noonmark.mount boot-firmware.mount \
    systemd-random-seed.service "${ours[@]}" 2>&1) || true
  [ -z "$words" ] || die "systemd-analyze verify: $words"
  say "verify: clean, $(systemd-analyze --version | head -n 1), ${#ours[@]} units of ours"
}

check_exposure() {
  local report figure
  report=$(systemd-analyze security --offline=true --no-pager "--threshold=$most" noonmark.service) ||
    die "noonmark.service is more exposed than $most tenths: $(tail -n 1 <<<"$report")"
  figure=$(sed -n 's/.*exposure level for noonmark.service: \([0-9.]*\).*/\1/p' <<<"$report")
  say "security: exposure of noonmark.service $figure (at most ${most%?}.${most#?})"
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

check_units
check_exposure
check_presets
check_programs
