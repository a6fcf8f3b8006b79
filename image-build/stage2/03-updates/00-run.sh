#!/usr/bin/env bash
# With UPDATES=uboot: the board's firmware starts U-Boot, U-Boot the kernel of the slot whose turn it is. Kernel and initramfs move into the
# slot, as they belong to its modules; firmware, device trees and U-Boot stay on the boot partition and are never updated.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

# shellcheck disable=SC2153 # of the configuration
[ "$UPDATES" = uboot ] || exit 0
source "$BASE_DIR/updates/keys.sh"

parts=$BASE_DIR/updates
boot=$ROOTFS_DIR/boot/firmware

fetch_u_boot() {
  local package
  mv "$STAGE_WORK_DIR/unpacked-packages" "$STAGE_WORK_DIR/unpacked-before"
  fetch_debs "$STAGE_WORK_DIR/u-boot" u-boot-rpi u-boot-qemu
  cat "$STAGE_WORK_DIR/unpacked-packages" >>"$ROOTFS_DIR/usr/share/noonmark/unpacked-packages"
  for package in "$STAGE_WORK_DIR"/u-boot/*.deb; do dpkg-deb -x "$package" "$STAGE_WORK_DIR/u-boot"; done
  # One program for every board; the other is for QEMU's virt and no part of the image.
  cp "$STAGE_WORK_DIR/u-boot/usr/lib/u-boot/rpi_arm64/u-boot.bin" "$boot/u-boot.bin"
  cp "$STAGE_WORK_DIR/u-boot/usr/lib/u-boot/qemu_arm64/u-boot.bin" "$STAGE_WORK_DIR/u-boot-qemu.bin"
}

[ -x "$ROOTFS_DIR/usr/bin/rauc" ] || die 'the userland has no rauc: STAGE_LIST must begin with stage0 or stage0-updates'
fetch_u_boot
mv "$boot/vmlinuz" "$boot/initrd.img" "$ROOTFS_DIR/boot/"
dtc -@ -q -I dts -O dtb -o "$boot/overlays/u-boot.dtbo" "$parts/u-boot.dts"
sed -i -e 's/^kernel=vmlinuz$/kernel=u-boot.bin/' -e '/^initramfs /d' \
  -e '/^# noonmark: begin/i # U-Boot starts at once, whatever the receiver says on its console.\ndtoverlay=u-boot\n' "$boot/config.txt"
# mkimage writes the time of the build into the script's head, unless it is told another.
mkimage -A arm64 -O linux -T script -C none -n noonmark -d "$parts/boot.cmd" "$boot/boot.scr" >/dev/null

install -d "$ROOTFS_DIR/etc/rauc"
sed "s/@COMPATIBLE@/noonmark-$KERNEL_FLAVOUR-arm64/" "$parts/system.conf" >"$ROOTFS_DIR/etc/rauc/system.conf"
install -m 644 "$UPDATE_KEYRING" "$ROOTFS_DIR/etc/rauc/keyring.pem"
install -m 644 "$parts/fw_env.config" "$ROOTFS_DIR/etc/fw_env.config"
# What libubootenv begins with where the sector was lost, as boot.cmd does.
printf 'BOOT_ORDER=A B\n' >"$ROOTFS_DIR/etc/u-boot-initial-env"

# Debian lets every user ask RAUC's service, which runs as root, to change the order of the slots. Here root alone may.
install -m 644 "$parts/rauc-bus.conf" "$ROOTFS_DIR/usr/share/dbus-1/system.d/de.pengutronix.rauc.conf"
