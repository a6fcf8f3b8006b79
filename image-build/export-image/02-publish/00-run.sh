#!/usr/bin/env bash
# Into the deploy folder: the image, and what goes with it.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

name=$IMG_FILENAME$IMG_SUFFIX
deployed=$DEPLOY_DIR/$name

# What QEMU wants as files of their own: kernel, initramfs, device trees, overlays, command line.
publish_boot_files() {
  rm -rf "$deployed.boot"
  cp -r "$WORK_DIR/export-image/boot" "$deployed.boot"
}

mkdir -p "$DEPLOY_DIR"
publish_boot_files
mv "$WORK_DIR/export-image/$name.img" "$deployed.img"
log "$deployed.img"
