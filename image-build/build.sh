#!/usr/bin/env bash
# Builds the SD-card image, in pi-gen's manner: `config` says what, the stage directories say how. See README.md beside this.
set -euo pipefail

chosen= # the file of -c
BASE_DIR=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
REPOSITORY=$(dirname "$BASE_DIR")
export BASE_DIR REPOSITORY
source "$BASE_DIR/scripts/lib.sh"

usage() {
  cat <<'END'
usage: build.sh [-c FILE] [--device BOARD] [--fast]

  -c FILE          a configuration that wins over `config` in this folder and in the current directory
  --device BOARD   pi3, zero2w, pi4, cm4: one image serves them all, with Debian's kernel; pi5: Raspberry Pi's kernel, untested
  --fast           leave out the compression (DEPLOY_COMPRESSION=none)

Needs root, for owners and modes inside the image and for running arm64 programs; loop devices are not needed.
END
}

load_config() {
  local file=$1
  # Inside a function `source` would make nothing local: plain assignments in the file are global, as its writer expects.
  # shellcheck source=/dev/null
  source "$file" || die "cannot read the configuration $file"
}

# One instant for every time stamp in the image: that of the newest commit.
default_epoch() {
  git -C "$BASE_DIR" log -1 --format=%ct 2>/dev/null ||
    die 'these sources are not a git clone, so the date of the image is not known: set SOURCE_DATE_EPOCH (seconds since 1970)'
}

refuse() { [ -z "${!1:-}" ] || die "$1 is set, but $2"; }

# Variables of pi-gen that mean something this image does not do must not be ignored in silence.
refuse_foreign_variables() {
  refuse FIRST_USER_PASS 'this image has no passwords: give PUBKEY_SSH_FIRST_USER or noonmark.toml your SSH key'
  refuse TEMP_REPO 'nothing is taken from a temporary archive: set DEBIAN_MIRROR'
  refuse LOCALE_DEFAULT 'there are no locales but C.UTF-8 in this image'
  refuse KEYBOARD_KEYMAP 'nobody logs in at a keyboard: the console only shows messages'
  refuse KEYBOARD_LAYOUT 'nobody logs in at a keyboard: the console only shows messages'
  refuse USE_QEMU 'the same image boots on QEMU: there is no other'
  [ "${PUBKEY_ONLY_SSH:-1}" = 1 ] || die 'PUBKEY_ONLY_SSH=0 is not possible: this image has no passwords, keys are the only way'
  [ "${PASSWORDLESS_SUDO:-1}" = 1 ] || die 'PASSWORDLESS_SUDO=0 would lock everyone out of root: this image has no passwords'
}

one_of() {
  local name=$1 value=${!1} allowed
  shift
  for allowed; do [ "$value" != "$allowed" ] || return 0; done
  die "$name=$value: it must be one of: $*"
}

matches() { [[ ${!1} =~ ^$2$ ]] || die "$1=${!1}: $3"; }

check_updates() {
  local file
  [ "$KERNEL_FLAVOUR" = debian ] || die "UPDATES=uboot takes KERNEL_FLAVOUR=debian: Debian's U-Boot does not start a Pi 5"
  STAGE_LIST=" $STAGE_LIST "
  STAGE_LIST=${STAGE_LIST/ stage0 / stage0-updates }
  need mkimage mksquashfs openssl
  [ -n "$UPDATE_KEY$UPDATE_CERTIFICATE$UPDATE_KEYRING" ] || return 0
  for file in UPDATE_KEY UPDATE_CERTIFICATE UPDATE_KEYRING; do
    [ -r "${!file}" ] || die "$file=${!file}: not readable; key, certificate and keyring go together (see config)"
  done
}

check_config() {
  refuse_foreign_variables
  one_of KERNEL_FLAVOUR debian raspios
  one_of UPDATES none uboot
  one_of DEPLOY_COMPRESSION none xz gz zip
  one_of ENABLE_SSH 0 1
  matches COMPRESSION_LEVEL '[0-9]' 'it must be a digit from 0 to 9'
  matches BUILD_ID '[A-Za-z0-9._-]*' 'it must be letters, digits, dots, hyphens and underscores'
  matches TARGET_HOSTNAME '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?' 'a host name has lower-case letters, digits and inner hyphens, 63 at most'
  matches FIRST_USER_NAME admin 'noonmark.toml gives its SSH keys to admin; under another name they would open nothing'
  matches WPA_COUNTRY '([A-Z]{2})?' 'it must be a country code of two capitals, such as DE'
  matches TIMEZONE_DEFAULT '[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*' 'it must be a name of the time zone database, such as Europe/Berlin'
  local size
  for size in BOOT_SIZE ROOT_SIZE DATA_SIZE; do
    matches "$size" '[1-9][0-9]*' 'it must be a number of MiB'
    [ $((${!size} % 8)) = 0 ] || die "$size=${!size}: it must be a multiple of 8, the alignment of the partitions"
  done
  if [ "$UPDATES" = uboot ]; then check_updates; fi
  if [ "$KERNEL_FLAVOUR" = raspios ]; then
    log 'KERNEL_FLAVOUR=raspios is UNTESTED: nobody of us has booted such an image'
    [ -n "$RASPIOS_MIRROR" ] || die 'RASPIOS_MIRROR is not set; it must be the address of Raspberry Pi OS'"'"'s archive, as in its /etc/apt (see config)'
    [ -r "$RASPIOS_KEYRING" ] || die "RASPIOS_KEYRING=$RASPIOS_KEYRING: not readable; it must name the keyring of Raspberry Pi's archive (see config)"
  fi
}

# Packages by name, from the lists NN-packages and NN-packages-nr of a stage; what is there already costs nothing.
install_packages() {
  local recommends=$1 package missing=()
  shift
  for package; do
    grep -qxF "Package: $package" "$ROOTFS_DIR/var/lib/dpkg/status" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  log "installing ${missing[*]}"
  debian_sources >"$ROOTFS_DIR/etc/apt/sources.list"
  printf '#!/bin/sh\nexit 101\n' >"$ROOTFS_DIR/usr/sbin/policy-rc.d" # no service starts while building
  chmod 755 "$ROOTFS_DIR/usr/sbin/policy-rc.d"
  # Emulated apt takes minutes over lists; descriptions in other languages would double them.
  local options=(-q -y -o Acquire::Languages=none -o "APT::Install-Recommends=$recommends" ${APT_PROXY:+-o "Acquire::http::Proxy=$APT_PROXY"})
  on_chroot apt-get "${options[@]}" update
  on_chroot apt-get "${options[@]}" install "${missing[@]}"
  on_chroot apt-get clean
  rm -rf "$ROOTFS_DIR/usr/sbin/policy-rc.d" "$ROOTFS_DIR/etc/apt/sources.list" "$ROOTFS_DIR/var/lib/apt/lists"
}

# What one number NN of a sub-stage may bring, in pi-gen's order.
run_step() {
  local at=$SUB_STAGE_DIR/$1 packages
  [ ! -e "$at-patches" ] || die "$at-patches: patches are not supported; change the file in $1-run.sh"
  if [ -f "$at-debconf" ]; then
    log "$at-debconf"
    on_chroot debconf-set-selections <"$at-debconf"
  fi
  if [ -f "$at-packages-nr" ]; then
    mapfile -t packages < <(read_list "$at-packages-nr")
    install_packages false "${packages[@]}"
  fi
  if [ -f "$at-packages" ]; then
    mapfile -t packages < <(read_list "$at-packages")
    install_packages true "${packages[@]}"
  fi
  if [ -x "$at-run.sh" ]; then
    log "$at-run.sh"
    (cd "$SUB_STAGE_DIR" && "$at-run.sh")
  fi
  if [ -f "$at-run-chroot.sh" ]; then
    log "$at-run-chroot.sh"
    on_chroot <"$at-run-chroot.sh"
  fi
}

run_sub_stages() {
  local number
  for SUB_STAGE_DIR in "$STAGE_DIR"/*/; do
    SUB_STAGE_DIR=${SUB_STAGE_DIR%/}
    export SUB_STAGE_DIR
    if [ -d "$SUB_STAGE_DIR" ] && [ ! -e "$SUB_STAGE_DIR/SKIP" ]; then
      for number in {00..99}; do run_step "$number"; done
    fi
  done
}

# Takes a stage's directory; leaves its root file system in $ROOTFS_DIR.
run_stage() {
  STAGE_DIR=$(realpath "$1")
  STAGE_WORK_DIR=$WORK_DIR/$(basename "$STAGE_DIR")
  PREV_ROOTFS_DIR=${ROOTFS_DIR:-}
  ROOTFS_DIR=$STAGE_WORK_DIR/rootfs
  export STAGE_DIR STAGE_WORK_DIR PREV_ROOTFS_DIR ROOTFS_DIR
  if [ -e "$STAGE_DIR/SKIP" ]; then
    log "$STAGE_DIR is skipped: what its last run left is used"
    return
  fi
  log "=== $(basename "$STAGE_DIR")"
  remove_tree "$STAGE_WORK_DIR"
  mkdir -p "$STAGE_WORK_DIR"
  if [ -x "$STAGE_DIR/prerun.sh" ]; then (cd "$STAGE_DIR" && ./prerun.sh); else copy_previous; fi
  run_sub_stages
}

run_stages() {
  local stage exported=
  for stage in $STAGE_LIST; do
    [ -d "$stage" ] || stage=$BASE_DIR/$stage
    [ -d "$stage" ] || die "STAGE_LIST names $stage, which is no directory"
    run_stage "$stage"
    if [ -e "$stage/EXPORT_IMAGE" ] && [ ! -e "$stage/SKIP_IMAGES" ]; then exported=$(realpath "$stage"); fi
  done
  if [ -z "$exported" ]; then
    log 'no stage has EXPORT_IMAGE: done without an image'
    return
  fi
  IMG_SUFFIX=
  # shellcheck source=/dev/null
  source "$exported/EXPORT_IMAGE"
  export IMG_SUFFIX
  ROOTFS_DIR=$WORK_DIR/$(basename "$exported")/rootfs
  run_stage "$BASE_DIR/export-image"
}

# An option is a variable of the configuration by another name.
read_options() {
  while [ $# -gt 0 ]; do
    case $1 in
      -c)
        [ -r "${2:-}" ] || die "-c ${2:-}: no such file"
        chosen=$(realpath "$2")
        shift
        ;;
      --device)
        case ${2:-} in
          pi3 | zero2w | pi4 | cm4) export KERNEL_FLAVOUR=debian ;;
          pi5) export KERNEL_FLAVOUR=raspios ;;
          *) die "--device ${2:-}: it must be one of pi3, zero2w, pi4, cm4, pi5" ;;
        esac
        shift
        ;;
      --fast) export DEPLOY_COMPRESSION=none ;;
      -h | --help) usage && exit 0 ;;
      *) usage >&2 && exit 2 ;;
    esac
    shift
  done
}

main() {
  umask 022 # the modes of our own files in the image must not be those of whoever builds
  local began=$SECONDS
  read_options "$@"
  [ "$(id -u)" = 0 ] || die 'run as root: owners and modes inside the image need it'

  export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(default_epoch)}
  set -a # every variable of the configuration is for the stages too
  load_config "$BASE_DIR/config"
  if [ -f config ] && [ ! config -ef "$BASE_DIR/config" ]; then load_config "$PWD/config"; fi
  if [ -n "$chosen" ]; then load_config "$chosen"; fi
  set +a
  check_config
  need mmdebstrap apt-get dpkg-deb depmod modprobe dtc fdtoverlay cpio zstd mkfs.vfat mcopy sfdisk unshare flock xz jq zip unzip
  need_arm64_programs

  # One build at a time in a work folder; a second one would pull the trees from under the first.
  mkdir -p "$WORK_DIR" "$DEPLOY_DIR" "$CACHE_DIR"
  exec 9>"$WORK_DIR/.lock"
  flock -n 9 || die "another build is running in $WORK_DIR"
  run_stages
  log "built in $((SECONDS - began)) s"
}

main "$@"
