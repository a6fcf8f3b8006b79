#!/usr/bin/env bash
# Puts the initramfs together natively: busybox, the modules that reach the root file system, our init. Same input, same bytes.
#   build.sh ROOT KERNEL-VERSION BUSYBOX OUT      ROOT/lib/modules/KERNEL-VERSION has the modules
set -euo pipefail
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
source "$here/../scripts/lib.sh"

root=$1 version=$2 busybox=$3 out=$4
tree=$(mktemp -d "$(dirname "$out")/initramfs.XXXXXX")
trap 'rm -rf "$tree"' EXIT

# A module and what it needs, in the order of loading. Not known to this kernel, or built in: nothing.
files_of() { modprobe -d "$root" -S "$version" --show-depends "$1" 2>/dev/null | awk '$1 == "insmod" { print $2 }' || true; }

all_files() {
  local module
  while read -r module; do files_of "$module"; done < <(read_list "$here/modules") | awk '!seen[$0]++'
}

# Unpacked, because busybox cannot load packed ones; numbered, because init loads them in the order of their names.
add_modules() {
  local file name number=0
  while read -r file; do
    number=$((number + 1))
    name=$(basename "$file")
    name=$(printf '%03d-%s.ko' "$number" "${name%%.ko*}")
    case $file in
      *.xz) xz -dc "$file" ;;
      *.zst) zstd -q -dc "$file" ;;
      *) cat "$file" ;;
    esac >"$tree/modules/$name"
  done < <(all_files)
  [ "$number" -gt 0 ] || die "no modules found for kernel $version"
  log "initramfs with $number modules"
}

# cpio before 2.14 writes as many links of a directory as the file system counts; later ones write two. The header: 14 numbers of eight
# hexadecimal digits behind the magic word; name and content begin at multiples of four.
even_links() {
  perl -e '
    undef $/;
    my $archive = <STDIN>;
    for (my $at = 0; substr($archive, $at, 6) eq "070701";) {
        my ($mode, $size, $name) = map { hex substr($archive, $at + $_, 8) } 14, 54, 94;
        substr($archive, $at + 38, 8) = "00000002" if ($mode & 0170000) == 0040000;
        for my $part (110 + $name, $size) { $at += $part; $at += -$at % 4; }
    }
    print $archive;'
}

mkdir -p "$tree"/{bin,modules,proc,sys,dev,run,root,data}
cp "$busybox" "$tree/bin/busybox"
install -m 755 "$here/init" "$tree/init"
add_modules
find "$tree" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
(cd "$tree" && find . | sort | cpio --quiet -o -H newc -R 0:0 --reproducible) | even_links |
  # Half a megabyte more than zstd, but the same bytes from every version: gzip's are those of 1993.
  gzip -9 -n >"$out"
