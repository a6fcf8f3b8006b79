#!/usr/bin/env bash
set -euo pipefail
"$BASE_DIR/initramfs/build.sh" "$ROOTFS_DIR" "$(cat "$STAGE_WORK_DIR/kernel-version")" "$STAGE_WORK_DIR/unpacked/usr/bin/busybox" \
  "$ROOTFS_DIR/boot/firmware/initrd.img"
