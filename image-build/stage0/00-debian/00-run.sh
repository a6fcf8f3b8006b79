#!/usr/bin/env bash
# What Debian's packages leave to the installer.
set -euo pipefail

# The public names of the archive, for owners who look or add; the image updates as a whole, never by apt.
mkdir -p "$ROOTFS_DIR/etc/apt/sources.list.d"
rm -f "$ROOTFS_DIR/etc/apt/sources.list"
cat >"$ROOTFS_DIR/etc/apt/sources.list.d/debian.sources" <<END
Types: deb
URIs: http://deb.debian.org/debian
Suites: $RELEASE $RELEASE-updates
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://deb.debian.org/debian-security
Suites: $RELEASE-security
Components: main non-free-firmware
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg
END

printf '%s\n' "$TARGET_HOSTNAME" >"$ROOTFS_DIR/etc/hostname"
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n127.0.1.1 %s\n' "$TARGET_HOSTNAME" >"$ROOTFS_DIR/etc/hosts"

[ -e "$ROOTFS_DIR/usr/share/zoneinfo/$TIMEZONE_DEFAULT" ] || {
  printf 'TIMEZONE_DEFAULT=%s: the time zone database has no such zone\n' "$TIMEZONE_DEFAULT" >&2
  exit 1
}
ln -sfn "../usr/share/zoneinfo/$TIMEZONE_DEFAULT" "$ROOTFS_DIR/etc/localtime"
printf '%s\n' "$TIMEZONE_DEFAULT" >"$ROOTFS_DIR/etc/timezone"
