#!/usr/bin/env bash
# Builds what the pulse guest boots from: an arm64 root file system, Debian's kernel and a small initrd. Runs nothing of the guest's,
# so it needs no emulation; needs root (the files of the root file system belong to root).
#
#   build.sh     prints the directory with root.ext4, vmlinuz, initrd.img and packages.txt
#
# The directory is kept below the cache and named after a hash of this directory's files: it is built once.
# DEBIAN_MIRROR and DEBIAN_SECURITY_MIRROR name other archives than those of the host's apt.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cache=${NOONMARK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/noonmark}/pulse-guest
suite=trixie
export LC_ALL=C

# busybox is the guest's shell and everything around it; chrony and gpsd are the anchor; base-files gives the directories.
packages=(base-files busybox-static chrony gpsd openjdk-25-jre-headless
  # Trixie's own kernel has no gpio-sim; that of backports has it as a module.
  "linux-image-arm64/$suite-backports")

# What the guest loads, besides the modules these need: the disk and its file system; then the directory shared with the host, the
# simulated GPIO line and the pulse device on it.
initrd_modules=(virtio_blk ext4)
job_modules=(9pnet_virtio 9p gpio-sim pps-gpio)

# The programs of busybox that init and the jobs call.
applets=(sh adjtimex awk cat cp cut date dd echo env false grep head hexdump insmod ip kill ln ls mkdir mknod modprobe mount mv nc ps rm sed seq
  sleep stty sync tail test timeout touch true umount uname wc)

say() { printf 'guest: %s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

# shellcheck source=../../../../image-build/scripts/archives.sh
source "$here/../../../../image-build/scripts/archives.sh"

sources() {
  local main security
  main=$(archive_of DEBIAN_MIRROR Debian)
  security=$(archive_of DEBIAN_SECURITY_MIRROR Debian-Security)
  printf 'deb %s %s main\n' "$main" "$suite" "$main" "$suite-updates" "$main" "$suite-backports" "$security" "$suite-security"
}

# Unpacks the packages into $root. Their scripts are not run: nothing of the guest's can be.
extract() {
  say "downloading and unpacking Debian $suite for arm64"
  sources >"$work/sources.list"
  mmdebstrap --quiet --mode=root --variant=extract --architectures=arm64 --skip=cleanup/apt/cache \
    --include="$(IFS=, && echo "${packages[*]}")" --aptopt='APT::Install-Recommends "false"' \
    "$suite" "$root" "$work/sources.list" >&2
  local file
  for file in "$root"/var/cache/apt/archives/*.deb; do
    # shellcheck disable=SC2016 # dpkg's own placeholders
    dpkg-deb -W --showformat='${Package} ${Version}\n' "$file"
  done | sort >"$work/out/packages.txt"
}

# module_files MODULE: its file and those of the modules it needs, below the modules' directory, in the order of loading.
module_files() {
  local pattern=${1//[-_]/[-_]}
  awk -v wanted="/${pattern}[.]ko[.]xz:\$" '$1 ~ wanted { sub(/:$/, "", $1); for (i = NF; i > 0; i--) print $i }' "$modules/modules.dep"
}

# Keeps the modules that are loaded, uncompressed; the whole set is 500 MB.
thin_out_modules() {
  local name file
  mv "$modules/kernel" "$work/kernel"
  for name in "${initrd_modules[@]}" "${job_modules[@]}"; do
    for file in $(module_files "$name"); do
      mkdir -p "$modules/${file%/*}"
      xz -dc "$work/$file" >"$modules/${file%.xz}"
    done
  done
  rm -rf "$work/kernel" "$modules/dtb"
}

make_initrd() {
  local tree=$work/initrd name file
  mkdir -p "$tree"/{bin,dev,proc,mnt,lib}
  cp "$root/usr/bin/busybox" "$tree/bin/"
  install -m 755 "$here/initrd-init" "$tree/init"
  for name in "${initrd_modules[@]}"; do
    for file in $(module_files "$name"); do
      cp "$modules/${file%.xz}" "$tree/lib/"
      basename "${file%.xz}"
    done
  done | awk '!seen[$0]++' >"$tree/lib/order"
  (cd "$tree" && find . -mindepth 1 | sort | cpio --quiet -o -H newc) | gzip -1 >"$work/out/initrd.img"
}

# What the packages' scripts would have done, as far as the jobs need it.
configure() {
  local name
  for name in "${applets[@]}"; do ln -sf busybox "$root/usr/bin/$name"; done
  ln -sf "../lib/jvm/java-25-openjdk-arm64/bin/java" "$root/usr/bin/java"
  install -m 755 "$here/init" "$root/init"
  mkdir -p "$root/share"
  printf 'root:x:0:0::/root:/bin/sh\n_chrony:x:993:993::/var/lib/chrony:/bin/false\n' >"$root/etc/passwd"
  printf 'root:x:0:\ndialout:x:20:\n_chrony:x:993:\n' >"$root/etc/group"
  install -d -o 993 -g 993 -m 750 "$root/var/lib/chrony"
}

# Nobody needs documentation, Python or Perl in the guest, nor what comes with the kernel's dependencies.
thin_out() {
  (cd "$root" && rm -rf var/cache/apt var/lib/{apt,dpkg} usr/share usr/lib/{python3*,dracut,systemd,udev} usr/lib/*/perl*)
}

make_disk() {
  local mib=$(($(du -sm --apparent-size "$root" | cut -f1) + 64))
  # The guest's writes go to a snapshot that is thrown away: no journal.
  mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$root" "$work/out/root.ext4" "${mib}M" >&2
}

build() {
  work=$(mktemp -d "$cache/building.XXXXXX")
  root=$work/root
  mkdir "$work/out"
  extract
  modules=$(echo "$root"/usr/lib/modules/*)
  depmod -b "$root" "${modules##*/}"
  cp "$modules/vmlinuz" "$work/out/vmlinuz"
  thin_out_modules
  thin_out
  configure
  make_initrd
  depmod -b "$root" "${modules##*/}" # for the guest: the files are not compressed any more
  make_disk
  mv "$work/out" "$1"
  discard
}

# Only what this run made, and never across a mount: an interrupted mmdebstrap may leave /proc or /dev of the host in its tree.
discard() {
  [ -n "$work" ] || return 0
  if grep -qF " $work/" /proc/self/mountinfo; then
    say "something is mounted below $work: unmount it and remove the directory"
  else
    rm -rf --one-file-system "$work"
  fi
}

main() {
  local result
  result=$cache/$(cat "$here"/* | sha256sum | cut -c1-16)
  if [ ! -d "$result" ]; then
    [ "$(id -u)" = 0 ] || die 'root is needed once, to build the guest'
    mkdir -p "$cache"
    work=
    trap discard EXIT
    build "$result"
    say "built in $SECONDS s: $result"
  fi
  echo "$result"
}

main
