#!/usr/bin/env bash
# What Debian's packages leave to the installer.
set -euo pipefail

# The image updates as a whole, never by apt: it names no archive, this machine's mirror least of all.
rm -rf "$ROOTFS_DIR"/etc/apt/sources.list "$ROOTFS_DIR"/etc/apt/sources.list.d/*

printf '%s\n' "$TARGET_HOSTNAME" >"$ROOTFS_DIR/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 %s\n' "$TARGET_HOSTNAME" >"$ROOTFS_DIR/etc/hosts"

[ -e "$ROOTFS_DIR/usr/share/zoneinfo/$TIMEZONE_DEFAULT" ] || {
  printf 'TIMEZONE_DEFAULT=%s: the time zone database has no such zone\n' "$TIMEZONE_DEFAULT" >&2
  exit 1
}
ln -sfn "../usr/share/zoneinfo/$TIMEZONE_DEFAULT" "$ROOTFS_DIR/etc/localtime"
printf '%s\n' "$TIMEZONE_DEFAULT" >"$ROOTFS_DIR/etc/timezone"
