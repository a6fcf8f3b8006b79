#!/usr/bin/env bash
# Kernel, modules and firmware, unpacked natively: installing a kernel the usual way inside the emulated system takes an hour,
# and its hooks would write boot files of another kind than ours. The image is replaced as a whole, so nothing is lost by it.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

unpacked=$STAGE_WORK_DIR/unpacked

# The package behind a metapackage such as linux-image-arm64: its name holds the version.
kernel_package() {
  local wanted=$KERNEL_PACKAGE
  if [ -z "$wanted" ]; then
    case $KERNEL_FLAVOUR in
      debian) wanted=linux-image-arm64 ;;
      raspios) wanted=linux-image-rpi-v8 ;; # the one that runs on every 64-bit board, Pi 3 to Pi 5
    esac
  fi
  local package
  package=$(resolve_arm64 "$wanted" | awk '$1 ~ /^linux-image-[0-9]/ && !seen { print $1; seen = 1 }')
  [ -n "$package" ] || die "the archive has no kernel behind $wanted"
  printf '%s\n' "$package"
}

# Newer kernels are split into several packages, all with the version in their names.
kernel_parts() { resolve_arm64 "$1" | awk -v version="${1#linux-image-}" 'index($1, version) { print $1 }'; }

unpack() {
  local deb
  fetch_debs "$STAGE_WORK_DIR/debs" "$@" raspi-firmware firmware-brcm80211 busybox-static
  for deb in "$STAGE_WORK_DIR"/debs/*.deb; do dpkg-deb -x "$deb" "$unpacked"; done
  # Packages may use /lib or /usr/lib; in the image both are one.
  if [ -d "$unpacked/lib" ]; then
    cp -a "$unpacked/lib/." "$unpacked/usr/lib/"
    rm -rf "${unpacked:?}/lib"
  fi
}

# The files of the modules in modules-keep and of all that these need.
kept_modules() {
  local module
  while read -r module; do
    modprobe -d "$unpacked/usr" -S "$1" --show-depends "$module" 2>/dev/null | awk '$1 == "insmod" { print $2 }' || true
  done < <(read_list "$SUB_STAGE_DIR/modules-keep") | sort -u
}

# Drivers of hardware that no board of ours can have; modules-exclude gives the reasons.
trim_modules() {
  local modules=$1 pattern
  kept_modules "$(basename "$modules")" >"$STAGE_WORK_DIR/kept-modules"
  while read -r pattern; do
    find "$modules/kernel" -type f -path "$modules/kernel/$pattern"
  done < <(read_list "$SUB_STAGE_DIR/modules-exclude") | sort -u | comm -23 - "$STAGE_WORK_DIR/kept-modules" | xargs rm -f
  find "$modules/kernel" -type d -empty -delete
}

install_modules() {
  local version=$1 modules=$unpacked/usr/lib/modules/$1
  depmod -b "$unpacked/usr" "$version"
  trim_modules "$modules"
  mkdir -p "$ROOTFS_DIR/usr/lib/modules"
  cp -a "$modules" "$ROOTFS_DIR/usr/lib/modules/"
  # Links to sources, and device trees that the boot partition has.
  rm -rf "$ROOTFS_DIR/usr/lib/modules/$version"/{dtb,vmlinuz,build,source}
  program_of_image /usr/sbin/depmod -b "$ROOTFS_DIR" "$version"
}

install_kernel() {
  local version=$1 boot=$ROOTFS_DIR/boot/firmware trees candidate
  mkdir -p "$boot"
  cp "$(find "$unpacked" -name 'vmlinuz*' -type f -print -quit)" "$boot/vmlinuz"
  for candidate in "$unpacked/usr/lib/linux-image-$version/broadcom" "$unpacked/usr/lib/modules/$version/dtb/broadcom"; do
    if [ -d "$candidate" ]; then trees=$candidate; fi
  done
  cp "${trees:?the kernel package has no device trees}"/bcm2*.dtb "$boot/"
  # Boards without a 64-bit processor cannot start this kernel.
  rm -f "$boot"/bcm283[56]-*.dtb "$boot"/bcm270[89]-*.dtb
  if [ "$KERNEL_FLAVOUR" = raspios ]; then cp -a "$(dirname "$trees")/overlays" "$boot/"; fi
}

image=$(kernel_package)
version=${image#linux-image-}
mapfile -t parts < <(kernel_parts "$image")
unpack "${parts[@]}"
log "kernel $version"
install_modules "$version"
install_kernel "$version"
mkdir -p "$ROOTFS_DIR/usr/lib/firmware"
cp -a "$unpacked/usr/lib/firmware/." "$ROOTFS_DIR/usr/lib/firmware/"
printf '%s\n' "$version" >"$STAGE_WORK_DIR/kernel-version"
mkdir -p "$ROOTFS_DIR/usr/share/noonmark"
sort "$STAGE_WORK_DIR/unpacked-packages" >"$ROOTFS_DIR/usr/share/noonmark/unpacked-packages"
