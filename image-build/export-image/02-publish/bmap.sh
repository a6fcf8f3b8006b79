#!/usr/bin/env bash
# Writes the block map of an image (bmap 2.0, as bmaptool and Raspberry Pi Imager read it): which blocks have to be written.
# Not the file's holes are left out, as bmaptool would do it, but what the file systems call free: a block of zeros may mean
# something, and on a used card a block that is not written holds something else.
#   bmap.sh IMAGE BOOT.fat ROOT.ext4 DATA.ext4
set -euo pipefail
source "$BASE_DIR/scripts/lib.sh"

image=$1 fat=$2 root=$3 data=$4
block=4096

# The image's partition table: where partition $1 begins, in blocks.
start_of() { sfdisk --json "$image" | jq ".partitiontable.partitions[$1 - 1].start / ($block / 512)"; }

number() { od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '; }

# Used blocks of a FAT32 that was filled once, from its beginning: everything up to the last cluster in use.
fat_ranges() {
  local sector_count reserved copies size last
  reserved=$(number "$fat" 14 2)
  copies=$(number "$fat" 16 1)
  size=$(number "$fat" 36 4)
  last=$(od -An -v -t x4 -w4 -j $((reserved * 512)) -N $((size * 512)) "$fat" | awk '$1 != "00000000" { last = NR - 1 } END { print last }')
  sector_count=$((reserved + copies * size + (last - 1) * $(number "$fat" 13 1)))
  printf '0 %s\n' $(((sector_count * 512 + block - 1) / block - 1))
}

# Used blocks of an ext4 with blocks of 4 KiB: what lies between the ranges that it calls free.
ext4_ranges() {
  dumpe2fs "$1" 2>/dev/null | awk -v block="$block" '
    BEGIN { next_used = 0 }
    /^Block count:/ { count = $3 }
    /^Block size:/ && $3 != block { print "block size " $3 > "/dev/stderr"; exit 1 }
    /^  Free blocks:/ {
      sub(/^  Free blocks: */, "")
      n = split($0, ranges, /, */)
      for (i = 1; i <= n; i++) if (ranges[i] != "") {
        split(ranges[i] "-" ranges[i], ends, "-")
        if (ends[1] > next_used) print next_used, ends[1] - 1
        next_used = ends[2] + 1
      }
    }
    END { if (next_used < count) print next_used, count - 1 }'
}

shifted() { awk -v by="$1" '{ print $1 + by, $2 + by }'; }

all_ranges() {
  printf '0 0\n' # the partition table
  fat_ranges | shifted "$(start_of 1)"
  ext4_ranges "$root" | shifted "$(start_of 2)"
  ext4_ranges "$data" | shifted "$(start_of 4)"
}

checksum_of() { dd if="$image" bs=$block skip="$1" count=$(($2 - $1 + 1)) status=none | sha256sum | cut -d' ' -f1; }

# The document, with the checksum of itself that is given: it is made over the document with zeros in its place.
document() {
  local own=$1 size
  size=$(stat -c %s "$image")
  cat <<END
<?xml version="1.0" ?>
<bmap version="2.0">
    <ImageSize> $size </ImageSize>
    <BlockSize> $block </BlockSize>
    <BlocksCount> $((size / block)) </BlocksCount>
    <MappedBlocksCount> $(awk '{ n += $2 - $1 + 1 } END { print n }' <<<"$ranges") </MappedBlocksCount>
    <ChecksumType> sha256 </ChecksumType>
    <BmapFileChecksum> $own </BmapFileChecksum>
    <BlockMap>
$checked_ranges
    </BlockMap>
</bmap>
END
}

ranges=$(all_ranges)
checked_ranges=$(while read -r first last; do
  printf '        <Range chksum="%s"> %s-%s </Range>\n' "$(checksum_of "$first" "$last")" "$first" "$last"
done <<<"$ranges")
zeros=$(printf '0%.0s' {1..64})
document "$(document "$zeros" | sha256sum | cut -d' ' -f1)"
