#!/usr/bin/env bash
# Everything of ours that is a text file in the running system, and what first boots need to find.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

cp -rT --no-preserve=ownership "$REPOSITORY/systemd-units/rootfs" "$ROOTFS_DIR"
mkdir -p "$ROOTFS_DIR"/{data,var/lib/noonmark,boot/firmware}

# The commented sample of the settings, also on the partition that every computer can open.
sample=$ROOTFS_DIR/usr/share/noonmark/noonmark.toml
mkdir -p "${sample%/*}"
"$JAVA_HOME/bin/java" -jar "$REPOSITORY/appliance/target/noonmark.jar" provision --sample >"$sample"
install -m 644 "$sample" "$ROOTFS_DIR/boot/firmware/noonmark.toml"

if [ -n "$PUBKEY_SSH_FIRST_USER" ]; then
  install -D -m 644 /dev/stdin "$ROOTFS_DIR/etc/ssh/authorized_keys.d/$FIRST_USER_NAME" <<<"$PUBKEY_SSH_FIRST_USER"
fi
if [ -n "$WPA_COUNTRY" ]; then
  # The kernel's own way: known before any program of Wi-Fi runs.
  install -D -m 644 /dev/stdin "$ROOTFS_DIR/etc/modprobe.d/wifi-country.conf" <<<"options cfg80211 ieee80211_regdom=$WPA_COUNTRY"
fi
