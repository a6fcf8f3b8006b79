# shellcheck shell=bash
# What build.sh and the stages' scripts share; sourced, not run.

# shellcheck source=archives.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/archives.sh"

# One language and one time zone, or sorting and dates would make the bytes depend on the machine.
export LC_ALL=C TZ=UTC

log() { printf '[%(%T)T] %s\n' -1 "$*" >&2; }

die() {
  log "error: $*"
  exit 1
}

need() {
  local tool
  for tool; do
    command -v "$tool" >/dev/null || die "'$tool' is not on this machine; as root on Debian './dev image' installs what is missing"
  done
}

# The list in a file: one word per line, '#' starts a comment.
read_list() { sed 's/#.*//' "$@" | xargs -n1 printf '%s\n'; }

# Builds are made in trees with emulated programs in them: a mount left in one must never be deleted through.
remove_tree() {
  if [ -e "$1" ]; then
    if grep -q " $(realpath "$1")/" /proc/self/mounts; then
      die "something is mounted below $1; unmount it first"
    fi
    rm -rf --one-file-system "$1"
  fi
}

# pi-gen's name: a stage starts as a copy of what the stage before it left.
copy_previous() {
  [ -d "${PREV_ROOTFS_DIR:-}" ] || die "nothing to copy: the stage before $(basename "$STAGE_DIR") has left no root file system"
  mkdir -p "$ROOTFS_DIR"
  cp -a "$PREV_ROOTFS_DIR/." "$ROOTFS_DIR/"
}

# The kernel starts arm64 programs through qemu-user; after a fresh installation in a container nobody has told it to.
need_arm64_programs() {
  local entry=/proc/sys/fs/binfmt_misc/qemu-aarch64 rule
  [ "$(uname -m)" != aarch64 ] || return 0
  if [ ! -e /proc/sys/fs/binfmt_misc/register ]; then
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc || die 'cannot mount binfmt_misc: arm64 programs cannot run here'
  fi
  if [ ! -e "$entry" ]; then
    for rule in /usr/lib/binfmt.d/qemu-aarch64*.conf; do
      [ ! -f "$rule" ] || cat "$rule" >/proc/sys/fs/binfmt_misc/register
    done
  fi
  grep -qs enabled "$entry" || die 'this kernel does not start arm64 programs; install qemu-user-static (Debian 13: qemu-user-binfmt)'
}

# on_chroot COMMAND...: in the root file system; without a command it reads a script from its input, as in pi-gen.
# The mounts live in a mount namespace of their own and are gone with it, however the command ends.
on_chroot() {
  # Not as bash's own input: the first program in the script that reads its input would eat the rest of it.
  [ $# -gt 0 ] || set -- bash -euc "$(cat)"
  # shellcheck disable=SC2016 # the inner bash expands
  unshare --mount --propagation private bash -euc '
    root=$1
    shift
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount --bind /dev "$root/dev"
    mount -t tmpfs -o mode=755 run "$root/run"
    mkdir -p "$root/run/systemd/resolve"
    cp -L /etc/resolv.conf "$root/run/systemd/resolve/stub-resolv.conf"
    exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 TZ=UTC DEBIAN_FRONTEND=noninteractive \
      SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" FIRST_USER_NAME="$FIRST_USER_NAME" TARGET_HOSTNAME="$TARGET_HOSTNAME" \
      TIMEZONE_DEFAULT="$TIMEZONE_DEFAULT" ENABLE_SSH="$ENABLE_SSH" "$@"
  ' on_chroot "$ROOTFS_DIR" "$@"
}

# program_of_image PATH ARGUMENTS...: a program of the root file system at work on this machine's files. Another version, such as Debian
# 12's, would write other bytes, and a build must not depend on which Debian it runs on.
program_of_image() {
  local program=$1 emulator
  shift
  emulator=$(command -v qemu-aarch64-static || command -v qemu-aarch64 || true)
  # Nothing emulates on an arm64 machine; elsewhere -L finds the libraries of the image.
  ${emulator:+"$emulator" -L "$ROOTFS_DIR"} "$ROOTFS_DIR$program" "$@"
}

# A stage's scripts may use these without reading this file, as in pi-gen.
export -f log die copy_previous on_chroot

# Where packages come from while building. The image itself names no archive: it is updated as a whole, never by apt.
debian_sources() {
  local components='main non-free-firmware' # the second for the Wi-Fi chips' firmware alone
  local debian security
  debian=$(archive_of DEBIAN_MIRROR Debian)
  security=$(archive_of DEBIAN_SECURITY_MIRROR Debian-Security)
  printf 'deb %s %s %s\n' \
    "$debian" "$RELEASE" "$components" \
    "$debian" "$RELEASE-updates" "$components" \
    "$security" "$RELEASE-security" "$components"
}

# apt for arm64 with lists and archives of its own, run natively: what only has to be unpacked needs no emulation.
# Signatures are checked as ever.
apt_arm64() {
  local state=$CACHE_DIR/apt-$RELEASE-$KERNEL_FLAVOUR
  mkdir -p "$state"/{state/lists/partial,cache/archives/partial}
  : >"$state/status"
  debian_sources >"$state/sources.list"
  if [ "$KERNEL_FLAVOUR" = raspios ]; then
    printf 'deb [signed-by=%s] %s %s main\n' "$RASPIOS_KEYRING" "$RASPIOS_MIRROR" "$RELEASE" >>"$state/sources.list"
  fi
  apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root \
    -o Dir::State="$state/state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Acquire::Retries=3 ${APT_PROXY:+-o "Acquire::http::Proxy=$APT_PROXY"} "$@"
}

# The packages that an installation of "$@" would bring, one "name version" per line.
resolve_arm64() {
  apt_arm64 --no-install-recommends --simulate install "$@" |
    awk '$1 == "Inst" { gsub(/[(]/, "", $3); print $2, $3 }' | sort -u
}

# fetch_debs DIRECTORY PACKAGE...: the archives of exactly these packages, downloaded once per version.
fetch_debs() {
  local into=$1 store=$CACHE_DIR/debs package version solution
  shift
  mkdir -p "$into" "$store"
  # apt downloads into the current directory, and leaves alone what is there in the right version.
  (cd "$store" && apt_arm64 download "$@" >/dev/null)
  solution=$(resolve_arm64 "$@")
  for package; do
    version=$(awk -v package="$package" '$1 == package { print $2 }' <<<"$solution")
    cp "$store/${package}_${version//:/%3a}"_*.deb "$into/"
    printf '%s %s\n' "$package" "$version" >>"$STAGE_WORK_DIR/unpacked-packages"
  done
}

# A value for a UUID from 32 hexadecimal digits, in the form of version 8 (RFC 9562: made by us, from a hash).
uuid_of() { printf '%s-%s-8%s-8%s-%s\n' "${1:0:8}" "${1:8:4}" "${1:13:3}" "${1:17:3}" "${1:20:12}"; }
