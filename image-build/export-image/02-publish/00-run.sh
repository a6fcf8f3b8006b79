#!/usr/bin/env bash
# Into the deploy folder: the image, and what goes with it.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

name=$IMG_FILENAME$IMG_SUFFIX
deployed=$DEPLOY_DIR/$name
image=$deployed.img
parts=$WORK_DIR/export-image
version=$(sed -n 's/^VERSION=//p' "$ROOTFS_DIR/usr/lib/noonmark/build-info" 2>/dev/null || true)

# What QEMU wants as files of their own: kernel, initramfs, device trees, overlays, command line.
publish_boot_files() {
  rm -rf "$deployed.boot"
  cp -r "$parts/boot" "$deployed.boot"
}

# One archive of the image. The number of threads is fixed where it counts for the bytes; times and names stay out of them.
compress() {
  case $DEPLOY_COMPRESSION in
    none) archive=$image ;;
    xz) archive=$image.xz && xz -T2 "-$COMPRESSION_LEVEL" -c "$image" >"$archive" ;;
    gz) archive=$image.gz && gzip -n "-$COMPRESSION_LEVEL" -c "$image" >"$archive" ;;
    zip) archive=$deployed.zip && (cd "$DEPLOY_DIR" && zip -qX "-$COMPRESSION_LEVEL" "$archive" "$name.img") ;;
  esac
}

write_info() {
  printf 'Noonmark image %s\n\n' "$name"
  cat "$ROOTFS_DIR/usr/lib/noonmark/build-info"
  printf 'RELEASE=%s\nKERNEL_FLAVOUR=%s\nKERNEL=%s\n' "$RELEASE" "$KERNEL_FLAVOUR" "$(ls "$ROOTFS_DIR/usr/lib/modules")"
  [ "$KERNEL_FLAVOUR" = debian ] || printf 'UNTESTED: this flavour has never been booted by its makers\n'
  printf 'JAVA=%s\n' "$(sed -n 's/^JAVA_VERSION="\(.*\)"/\1/p' "$ROOTFS_DIR/usr/lib/noonmark/java/release")"
  printf '\nPackages installed (%s):\n' "$(wc -l <"$parts/packages")"
  cat "$parts/packages"
  printf '\nPackages unpacked, for kernel, firmware, initramfs and Java modules:\n'
  cat "$ROOTFS_DIR/usr/share/noonmark/unpacked-packages"
}

# The same root file system as a signed bundle, for boxes that have an image of this kind. RAUC is the image's own: another version might
# write what that one does not read. It takes mksquashfs from this machine.
make_bundle() {
  local contents=$parts/bundle build
  build=$(sed -n 's/^BUILD_ID=//p' "$ROOTFS_DIR/usr/lib/noonmark/build-info")
  mkdir "$contents"
  cp --sparse=always "$parts/root.ext4" "$contents/root.img"
  cat >"$contents/manifest.raucm" <<END
[update]
compatible=noonmark-$KERNEL_FLAVOUR-arm64
version=$version-$build
build=$build

[bundle]
format=verity

[image.root]
filename=root.img
END
  program_of_image /usr/bin/rauc bundle --cert="$UPDATE_CERTIFICATE" --key="$UPDATE_KEY" \
    --mksquashfs-args='-comp zstd -Xcompression-level 15 -no-progress -quiet' "$contents" "$deployed.raucb"
  rm -r "$contents"
}

rm -f "$deployed".{img,img.xz,img.gz,zip,bmap,info,sbom.json,sha256,raucb}
publish_boot_files
mv "$parts/$name.img" "$image"
compress
awk '/^Package: /{ name = $2 } /^Version: /{ print name, $2 }' "$ROOTFS_DIR/var/lib/dpkg/status" | sort >"$parts/packages"
hash=$(sha256sum <"$image" | cut -d' ' -f1)
write_info >"$deployed.info"
"$SUB_STAGE_DIR/bmap.sh" "$image" "$parts/boot.fat" "$parts/root.ext4" "$parts/data.ext4" >"$deployed.bmap"
"$SUB_STAGE_DIR/sbom.sh" "$version" "$(uuid_of "$hash")" >"$deployed.sbom.json"
"$SUB_STAGE_DIR/imager.sh" "$image" "$archive" "$version" >"$DEPLOY_DIR/os_list.json"
cp "$BASE_DIR/imager/noonmark.svg" "$DEPLOY_DIR/"
published=("$image" "$archive" "$deployed".{bmap,info,sbom.json})
if [ "$UPDATES" = uboot ]; then
  source "$BASE_DIR/updates/keys.sh"
  make_bundle
  cp "$STAGE_WORK_DIR/../stage2/u-boot-qemu.bin" "$deployed.boot/"
  published+=("$deployed.raucb")
fi
for file in "${published[@]}"; do
  (cd "$DEPLOY_DIR" && sha256sum "$(basename "$file")")
done | sort -u >"$deployed.sha256"

log "$image: $(($(stat -c %s "$image") / 1000000)) MB, $(du -m "$image" | cut -f1) MiB on this disk"
log "$archive: $(($(stat -c %s "$archive") / 1000000)) MB; $(wc -l <"$parts/packages") packages"
