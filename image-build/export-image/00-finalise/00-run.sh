#!/usr/bin/env bash
# What differs between two machines or two builds goes; what is left gets one time.
set -euo pipefail

r=$ROOTFS_DIR
# Unique to each machine, made on first boot. An empty machine-id is filled at start-up; "uninitialized" would make systemd
# take each boot of this read-only root for the first one and apply presets again.
rm -f "$r"/etc/ssh/ssh_host_* "$r/var/lib/systemd/random-seed" "$r/var/lib/systemd/credential.secret" "$r/var/lib/dbus/machine-id"
: >"$r/etc/machine-id"
# How this machine reached the archive, a proxy perhaps.
rm -f "$r/etc/apt/apt.conf.d/99mmdebstrap"
# Logs, caches and backups carry the times and the accidents of the build.
find "$r/var/log" -type f -delete
rm -rf "$r"/var/cache/apt/*.bin "$r/var/cache/ldconfig" "$r"/var/cache/debconf/*-old "$r"/var/lib/dpkg/*-old "$r"/var/lib/apt/lists/* \
  "$r"/etc/*- "$r/etc/.pwd.lock" "$r"/tmp/* "$r"/var/tmp/* "$r/root/.bash_history" "$r/run"/* "$r/var/lib/systemd/catalog/database"
# How the packages came in, which nothing asks any more: it differs with the version of mmdebstrap.
rm -rf "$r/var/lib/apt/extended_states" "$r/var/cache/debconf/tmp.ci"
# So does the order in which packages made their users: passwords stand in the order of the accounts.
in_order_of() {
  local lines
  lines=$(awk -F: 'NR == FNR { line[$1] = $0; next } $1 in line { print line[$1] }' "$r/etc/$2" "$r/etc/$1")
  printf '%s\n' "$lines" >"$r/etc/$2" # in place: owner and mode stay
}
in_order_of passwd shadow
in_order_of group gshadow
# What systemd does after an update of /usr (users, linker cache, hardware database) was done by this build, and with /etc in RAM it
# would be done again at each boot.
: >"$r/etc/.updated"
: >"$r/var/.updated"
# systemd-resolved's answer file, as its package links it.
ln -sfn ../run/systemd/resolve/stub-resolv.conf "$r/etc/resolv.conf"
find "$r" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
# When a directory got its last file, or lost one that is left out, depends on mmdebstrap.
find "$r" -type d -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
touch -d "@$SOURCE_DATE_EPOCH" "$r/usr/lib/clock-epoch"
