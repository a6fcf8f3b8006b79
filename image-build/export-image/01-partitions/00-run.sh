#!/usr/bin/env bash
# The disk image, with no loop device and no mount: FAT by mkfs.vfat and mtools, ext4 by mke2fs -d, the table by sfdisk.
# The same root file system gives the same bytes.
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

image=$STAGE_WORK_DIR/$IMG_FILENAME$IMG_SUFFIX.img
align=8 # MiB, as on Raspberry Pi OS: no erase block of a card is shared by two partitions

# Identifiers from the content: two images of the same content are equal, images of different content differ.
content_hash() {
  {
    program_of_image /usr/bin/tar -C "$ROOTFS_DIR" --sort=name --numeric-owner --xattrs --pax-option=exthdr.name=%d/%f,delete=atime,delete=ctime -cf - .
    printf '%s\n' "$BOOT_SIZE $ROOT_SIZE $DATA_SIZE"
  } | sha256sum | cut -d' ' -f1
}

# Debian 12's copies change times of the moment into the file system (e2fsprogs < 1.47.1).
mke2fs() {
  E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH MKE2FS_CONFIG="$ROOTFS_DIR/etc/mke2fs.conf" program_of_image /usr/sbin/mke2fs "$@"
}

make_boot() {
  local boot=$STAGE_WORK_DIR/boot fat=$STAGE_WORK_DIR/boot.fat path
  truncate -s "${BOOT_SIZE}M" "$fat"
  # One sector per cluster, or a FAT32 of this size would have too few clusters to be one.
  mkfs.vfat -F 32 -s 1 --invariant -i "${hash:8:8}" -n BOOTFS "$fat" >/dev/null
  (
    cd "$boot"
    find . -mindepth 1 -type d | sort | while read -r path; do mmd -i "$fat" "::${path#./}"; done
    find . -type f | sort | while read -r path; do mcopy -m -i "$fat" "$path" "::${path#./}"; done
  )
}

# No journal: this file system is never mounted for writing.
make_root() {
  truncate -s "${ROOT_SIZE}M" "$STAGE_WORK_DIR/root.ext4"
  mke2fs -q -F -t ext4 -b 4096 -L noonmark-a -U "$(uuid_of "${hash:16:32}")" -m 0 -O ^has_journal,^orphan_file,^metadata_csum_seed \
    -E "hash_seed=$(uuid_of "${hash:32:32}"),lazy_itable_init=0,root_owner=0:0" -d "$ROOTFS_DIR" "$STAGE_WORK_DIR/root.ext4"
}

# What outlives a boot: settings and the daemon's state. 4 KiB blocks whatever its size here, because it grows to the card's
# end on first boot.
make_data() {
  local tree=$STAGE_WORK_DIR/data owner
  owner=$(awk -F: '$1 == "noonmark" { print $3 ":" $4 }' "$ROOTFS_DIR/etc/passwd")
  mkdir -p "$tree"/{etc,state}
  chmod 755 "$tree" "$tree/etc"
  chmod 750 "$tree/state"
  [ -z "$owner" ] || chown "$owner" "$tree/state"
  find "$tree" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +
  truncate -s "${DATA_SIZE}M" "$STAGE_WORK_DIR/data.ext4"
  mke2fs -q -F -t ext4 -b 4096 -L noonmark-data -U "$(uuid_of "${hash:24:32}")" -m 0 -O ^orphan_file,^metadata_csum_seed \
    -E "hash_seed=$(uuid_of "${hash:32:32}"),lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0" \
    -d "$tree" "$STAGE_WORK_DIR/data.ext4"
}

# place FILE AT: puts a file system into the image at a number of MiB; holes stay holes.
place() { dd if="$1" of="$image" bs=1M seek="$2" conv=notrunc,sparse status=none; }

assemble() {
  local boot_at=$align
  local a_at=$((boot_at + BOOT_SIZE))
  local b_at=$((a_at + ROOT_SIZE))
  local data_at=$((b_at + ROOT_SIZE))
  truncate -s "$((data_at + DATA_SIZE))M" "$image"
  sfdisk -q "$image" <<END
label: dos
label-id: 0x$disk_id
unit: sectors
start=$((boot_at * 2048)), size=$((BOOT_SIZE * 2048)), type=c, bootable
start=$((a_at * 2048)), size=$((ROOT_SIZE * 2048)), type=83
start=$((b_at * 2048)), size=$((ROOT_SIZE * 2048)), type=83
start=$((data_at * 2048)), size=$((DATA_SIZE * 2048)), type=83
END
  place "$STAGE_WORK_DIR/boot.fat" "$boot_at"
  place "$STAGE_WORK_DIR/root.ext4" "$a_at"
  place "$STAGE_WORK_DIR/data.ext4" "$data_at"
  # Partition B is empty: a later version is written there.
}

# The root's own name for itself; 0 would mean "no identifier" to Linux.
hash=$(content_hash)
disk_id=${hash:0:8}
[ "$disk_id" != 00000000 ] || disk_id=00000001

mkdir "$STAGE_WORK_DIR/boot"
find "$ROOTFS_DIR/boot/firmware" -mindepth 1 -maxdepth 1 -exec mv -t "$STAGE_WORK_DIR/boot" {} +
sed -i "s/@DISK-ID@/$disk_id/" "$STAGE_WORK_DIR/boot/cmdline.txt"
find "$STAGE_WORK_DIR/boot" "$ROOTFS_DIR/boot" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -d "@$SOURCE_DATE_EPOCH" {} +

make_boot
make_root
make_data
assemble
log "image of $(($(stat -c %s "$image") / 1048576)) MiB, the root file system takes $(du -sm --apparent-size "$ROOTFS_DIR" | cut -f1)"
