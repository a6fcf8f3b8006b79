#!/usr/bin/env bash
# Tests of the scripts in rootfs/ on made-up roots: nothing of this machine is read or changed. Each function test_* is a test.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
rootfs=$here/rootfs
lib=$rootfs/usr/lib/noonmark
failures=0

# --- what tests say ---------------------------------------------------------------------------------------------------------

fail() {
  printf 'FAILED %s: %s\n' "${FUNCNAME[2]}" "$*" >&2
  failures=$((failures + 1))
}

# same EXPECTED ACTUAL
same() { [ "$1" = "$2" ] || fail "expected '$1', got '$2'"; }

# says TEXT: the last `run` said so.
says() { case $output in *"$1"*) ;; *) fail "expected '$1' in: $output" ;; esac; }

# run COMMAND...: output and exit code into $output and $code.
run() {
  code=0
  output=$("$@" 2>&1) || code=$?
}

# stub NAME SCRIPT: a program that goes before the real one.
stub() {
  printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# --- tune -------------------------------------------------------------------------------------------------------------------

# A Pi 4: four processors, one governor for all, pulse and network interrupts, a wired and a wireless card.
a_pi() {
  mkdir -p "$work"/sys/devices/system/cpu/{cpu0,cpu1,cpu2,cpu3,cpufreq/policy0} "$work"/sys/class/{pps/pps0,net} \
    "$work"/proc/irq/{27,39,40,55} "$work/dev" "$work/etc/noonmark"
  echo ondemand >"$work/sys/devices/system/cpu/cpufreq/policy0/scaling_governor"
  mkdir -p "$work"/sys/class/net/{lo,eth0/device,wlan0/device,wlan0/phy80211}
  echo 0x1003 >"$work/sys/class/net/eth0/flags"
  cat >"$work/proc/interrupts" <<'END'
           CPU0       CPU1       CPU2       CPU3
 27:       7777       8888       9999       1111  GIC-0  30 Level     arch_timer
 39:       1234          0          0          0  GIC-0 189 Level     eth0
 40:        567          0          0          0  GIC-0 190 Level     eth0
 55:         42          0          0          0  pinctrl-bcm2835  18 Edge      pps@12.-1
IPI0:       123        456        789        321       Rescheduling interrupts
END
  for number in 27 39 40 55; do echo 0-3 >"$work/proc/irq/$number/smp_affinity_list"; done
  cp "$rootfs/etc/noonmark/tuning.conf" "$work/etc/noonmark/"
  stub ethtool "echo \"\$*\" >>'$work/ethtool.log'"
}

tune() { run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" NOONMARK_PATIENCE=0 "$lib/tune" "$@"; }

test_tune_applies_the_shipped_settings_on_a_pi() {
  a_pi
  tune apply
  same 0 "$code"
  same performance "$(cat "$work/sys/devices/system/cpu/cpufreq/policy0/scaling_governor")"
  same 3 "$(cat "$work/proc/irq/55/smp_affinity_list")"
  same 2 "$(cat "$work/proc/irq/39/smp_affinity_list")"
  same 2 "$(cat "$work/proc/irq/40/smp_affinity_list")"
  same 0-3 "$(cat "$work/proc/irq/27/smp_affinity_list")"
  same '--set-eee eth0 eee off|--coalesce eth0 rx-usecs 0' "$(paste -sd'|' "$work/ethtool.log")"
}

test_tune_leaves_alone_what_has_no_value() {
  a_pi
  sed -i 's/=.*/=/' "$work/etc/noonmark/tuning.conf"
  tune apply
  same 0 "$code"
  same '' "$output"
  same ondemand "$(cat "$work/sys/devices/system/cpu/cpufreq/policy0/scaling_governor")"
  same 0-3 "$(cat "$work/proc/irq/55/smp_affinity_list")"
  [ ! -e "$work/ethtool.log" ] || fail 'ethtool was called'
  tune wants-latency
  same 1 "$code"
}

test_tune_tells_what_the_machine_does_not_have_and_is_no_failure() {
  a_pi
  rm -r "$work"/sys/devices/system/cpu/{cpu3,cpufreq} "$work/sys/class/pps"
  sed -i '/eth0/d' "$work/proc/interrupts"
  stub ethtool 'exit 95'
  tune apply
  same 0 "$code"
  says 'no processor with a governor: GOVERNOR=performance does nothing here'
  says 'this machine has no processor 3: PPS_IRQ_AFFINITY=3 does nothing here'
  says 'no interrupt for ETH_IRQ_AFFINITY'
  says 'eth0: Energy Efficient Ethernet off is not something it can do'
}

test_tune_tells_when_the_kernel_refuses_a_value() {
  a_pi
  rm "$work/proc/irq/55/smp_affinity_list"
  mkdir "$work/proc/irq/55/smp_affinity_list"
  tune apply
  same 0 "$code"
  says "/proc/irq/55/smp_affinity_list does not take '3'"
}

test_tune_reads_the_last_line_of_a_key_without_quotes_or_carriage_returns() {
  a_pi
  printf 'GOVERNOR="schedutil"\r\n' >>"$work/etc/noonmark/tuning.conf"
  tune apply
  same schedutil "$(cat "$work/sys/devices/system/cpu/cpufreq/policy0/scaling_governor")"
}

test_tune_holds_the_latency_that_is_wished() {
  a_pi
  tune wants-latency
  same 0 "$code"
  echo 'CPU_DMA_LATENCY=17' >>"$work/etc/noonmark/tuning.conf"
  tune hold-latency
  same 0 "$code"
  same 0x00000011 "$(cat "$work/dev/cpu_dma_latency")"
}

# --- grow -------------------------------------------------------------------------------------------------------------------

# a_card MEBIBYTES: a card with the image's four partitions, the last of them 32 MiB.
a_card() {
  local disk=$work/dev/mmcblk0 devices=$work/sys/devices/mmc/block/mmcblk0 number start size
  mkdir -p "$work/dev" "$work/sys/class/block"
  truncate -s "${1}M" "$disk"
  printf 'label: dos\nunit: sectors\n16384,524288,c\n540672,1048576,83\n1589248,1048576,83\n2637824,65536,83\n' |
    sfdisk --quiet "$disk"
  mkdir -p "$devices"
  echo $(($1 * 2048)) >"$devices/size"
  ln -s ../../devices/mmc/block/mmcblk0 "$work/sys/class/block/mmcblk0"
  while read -r number start size; do
    mkdir "$devices/mmcblk0p$number"
    echo "$number" >"$devices/mmcblk0p$number/partition"
    echo "$start" >"$devices/mmcblk0p$number/start"
    echo "$size" >"$devices/mmcblk0p$number/size"
    ln -s "../../devices/mmc/block/mmcblk0/mmcblk0p$number" "$work/sys/class/block/mmcblk0p$number"
    : >"$work/dev/mmcblk0p$number"
  done <<<$'1 16384 524288\n2 540672 1048576\n3 1589248 1048576\n4 2637824 65536'
  stub findmnt "echo '$work/dev/mmcblk0p4'"
  # The kernel's part: it has the partition's new size.
  stub partx "sfdisk --dump '$disk' | sed -n 's/.*p4 : .*size= *\\([0-9]*\\).*/\\1/p' >'$devices/mmcblk0p4/size'; echo \"\$*\" >>'$work/partx.log'"
  stub udevadm "exit 0"
}

grow() {
  run env "PATH=$work/bin:$PATH" "NOONMARK_SYS=$work/sys" "NOONMARK_DEV=$work/dev" \
    "$lib/grow" /data
}

table() { sfdisk --dump "$work/dev/mmcblk0" | sed -n 's/.*start= *\([0-9]*\), size= *\([0-9]*\).*/\1+\2/p' | xargs; }

test_grow_gives_the_last_partition_the_rest_of_the_card() {
  a_card 4096
  grow
  same 0 "$code"
  says 'mmcblk0p4 had 32 MiB, has 2808 MiB'
  same '16384+524288 540672+1048576 1589248+1048576 2637824+5750784' "$(table)"
  same "--update --nr 4 $work/dev/mmcblk0" "$(cat "$work/partx.log")"
}

test_grow_a_second_time_writes_nothing() {
  a_card 4096
  grow
  local before
  before=$(head -c 1M "$work/dev/mmcblk0" | sha256sum)
  grow
  same 0 "$code"
  says 'mmcblk0p4 fills mmcblk0 already'
  same "$before" "$(head -c 1M "$work/dev/mmcblk0" | sha256sum)"
  same 1 "$(wc -l <"$work/partx.log")"
}

test_grow_leaves_a_disk_alone_that_ends_where_the_image_ends() {
  a_card 1320
  grow
  same 0 "$code"
  says 'fills mmcblk0 already'
  [ ! -e "$work/partx.log" ] || fail 'the table was written'
}

test_grow_never_overwrites_a_partition_behind() {
  a_card 4096
  local later=$work/sys/devices/mmc/block/mmcblk0/mmcblk0p5
  mkdir "$later"
  echo 6000000 >"$later/start"
  grow
  same 0 "$code"
  says 'is not the last partition of mmcblk0: left as it is'
  [ ! -e "$work/partx.log" ] || fail 'the table was written'
}

test_grow_leaves_a_file_system_on_a_whole_disk_alone() {
  a_card 4096
  stub findmnt "echo '$work/dev/mmcblk0'"
  grow
  same 0 "$code"
  says 'is no partition'
}

# --- provision-inputs -------------------------------------------------------------------------------------------------------

a_boot_partition() {
  mkdir -p "$work/boot/firmware" "$work/data" "$work/usr/lib/noonmark"
  echo 'hostname = "ntp1"' >"$work/boot/firmware/noonmark.toml"
  echo 'BUILD_ID=one' >"$work/usr/lib/noonmark/build-info"
}

inputs() { run env "NOONMARK_ROOT=$work" "$lib/provision-inputs" "$@"; }

test_inputs_that_were_never_applied_have_changed() {
  a_boot_partition
  inputs changed
  same 0 "$code"
}

test_inputs_that_were_applied_have_not_changed() {
  a_boot_partition
  inputs remember
  same 0 "$code"
  inputs changed
  same 1 "$code"
  same provisioned.sha256 "$(ls "$work/data")"
}

test_inputs_change_with_every_file_that_provisioning_reads() {
  local file
  a_boot_partition
  for file in noonmark.toml rpi-preseed.toml custom.toml userconf.txt ssh ssh.txt config.txt; do
    inputs remember
    echo changed >>"$work/boot/firmware/$file"
    inputs changed
    same "$file 0" "$file $code"
  done
  inputs remember
  rm "$work/boot/firmware/custom.toml"
  inputs changed
  same 0 "$code"
}

test_inputs_change_with_a_file_of_nearly_the_right_name() {
  a_boot_partition
  echo 'all is well' >"$work/boot/firmware/noonmark-report.txt"
  inputs remember
  inputs changed
  same 1 "$code"
  : >"$work/boot/firmware/noonmark.toml.txt"
  inputs changed
  same 0 "$code"
}

test_inputs_do_not_change_with_what_the_box_writes_itself() {
  local file
  a_boot_partition
  inputs remember
  for file in noonmark-report.txt noonmark-doctor.txt noonmark.dr noonmark.new; do
    : >"$work/boot/firmware/$file"
    inputs changed
    same "$file 1" "$file $code"
  done
}

test_inputs_change_with_the_version() {
  a_boot_partition
  inputs remember
  echo 'BUILD_ID=two' >"$work/usr/lib/noonmark/build-info"
  inputs changed
  same 0 "$code"
}

# --- the data partition -----------------------------------------------------------------------------------------------------

# A partition with a file, as a file.
a_partition() {
  mkdir -p "$work/tree"
  echo kept >"$work/tree/file"
  # Two groups: the second has a copy of the first block.
  truncate -s 192M "$work/partition"
  mke2fs -q -F -t ext4 -b 4096 -L noonmark-data -d "$work/tree" "$work/partition"
}

mend() { run env "NOONMARK_MENDED=$work/mended" "NOONMARK_DEVICE=$work/partition" NOONMARK_PATIENCE=0 "PATH=$work/bin:$PATH" "$lib/mend-data" /data; }

has_file() { debugfs -R 'cat /file' "$work/partition" 2>/dev/null; }

# A power cut left in the journal what is not yet in its place: another block of the file.
a_cut_partition() {
  a_partition
  block=$(debugfs -R 'blocks /file' "$work/partition" 2>/dev/null | tr -dc 0-9)
  { echo newer && head -c 4090 /dev/zero; } >"$work/block"
  printf 'journal_open\njournal_write -b %s %s\njournal_close\n' "$block" "$work/block" | debugfs -w "$work/partition" >/dev/null 2>&1
  same kept "$(has_file)"
}

test_mend_replays_the_journal_that_a_power_cut_left() {
  a_cut_partition
  mend
  same 0 "$code"
  same newer "$(has_file | head -n 1 | tr -d '\0')"
  [ ! -e "$work/mended" ] || fail 'it was reported'
}

test_mend_replays_the_journal_also_where_the_first_blocks_are_lost() {
  a_cut_partition
  dd if=/dev/urandom of="$work/partition" bs=4096 count=1 conv=notrunc status=none
  mend
  same 0 "$code"
  same newer "$(has_file | head -n 1 | tr -d '\0')"
  e2fsck -fn "$work/partition" >/dev/null 2>&1 || fail 'it is not whole'
  grep -q 'is repaired' "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_makes_nothing_anew_that_its_journal_makes_whole() {
  a_cut_partition
  stub e2fsck 'exit 4'
  stub mount 'case "$*" in *noload*) exit 32 ;; esac'
  stub umount 'exit 0'
  mend
  same 0 "$code"
  same kept "$(has_file)"
  grep -q 'left as it is' "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_leaves_a_good_partition_alone() {
  a_partition
  mend
  same 0 "$code"
  same kept "$(has_file)"
  [ ! -e "$work/mended" ] || fail 'it was reported'
}

test_mend_repairs_a_partition_whose_first_blocks_are_lost() {
  a_partition
  dd if=/dev/urandom of="$work/partition" bs=4096 count=1 conv=notrunc status=none
  mend
  same 0 "$code"
  same kept "$(has_file)"
  e2fsck -fn "$work/partition" >/dev/null 2>&1 || fail 'it is not whole'
}

test_mend_says_what_is_gone_where_the_repair_leaves_nothing() {
  a_partition
  table=$(dumpe2fs "$work/partition" 2>/dev/null | sed -n 's/^ *Inode table at \([0-9]*\)-\([0-9]*\).*/\1 \2/p' | head -n 1)
  dd if=/dev/zero of="$work/partition" bs=4096 seek="${table% *}" count=$((${table#* } - ${table% *} + 1)) conv=notrunc status=none
  mend
  same 0 "$code"
  e2fsck -fn "$work/partition" >/dev/null 2>&1 || fail 'it is not whole'
  grep -q "$(printf 'nothing that could be kept: gone are the SSH host key.*\t.*restore')" "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_makes_a_partition_anew_that_is_beyond_repair_and_says_what_is_gone() {
  a_partition
  dd if=/dev/urandom of="$work/partition" bs=1M count=192 conv=notrunc status=none
  mend
  same 0 "$code"
  e2fsck -fn "$work/partition" >/dev/null 2>&1 || fail 'it was not made anew'
  grep -q "$(printf 'made anew: gone are the SSH host key.*\t.*restore')" "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_makes_nothing_anew_that_could_not_be_checked() {
  a_partition
  stub e2fsck "echo >>'$work/checks'; exit 8"
  stub mount 'exit 32'
  mend
  same 0 "$code"
  same kept "$(has_file)"
  same 6 "$(wc -l <"$work/checks")"
  grep -q "$(printf 'cannot be checked.*\t.*new card')" "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_checks_again_what_could_not_be_checked_at_first() {
  a_partition
  stub e2fsck "echo >>'$work/checks'; [ \"\$(wc -l <'$work/checks')\" -ge 3 ] || exit 8"
  mend
  same 0 "$code"
  same kept "$(has_file)"
  [ ! -e "$work/mended" ] || fail 'it was reported'
}

test_mend_makes_nothing_anew_that_cannot_be_read() {
  a_partition
  stub e2fsck "echo \"\$*\" >>'$work/checks'; exit 8"
  stub mount 'exit 32'
  # The copy of the superblock lies where the card fails.
  stub dd 'case "$*" in *skip=32768*) echo "dd: Input/output error" >&2; exit 1 ;; esac'
  mend
  same 0 "$code"
  same kept "$(has_file)"
  ! grep -q -e -y "$work/checks" || fail 'it was repaired'
  grep -q "$(printf 'cannot be read.*\t.*new card')" "$work/mended" || fail "not reported: $(cat "$work/mended")"
}

test_mend_does_nothing_without_a_partition() {
  mend
  same 0 "$code"
  says 'is not there'
}

test_what_was_mended_after_the_start_is_put_in_force() {
  mkdir -p "$work/etc/ssh" "$work/data/etc/noonmark" "$work/run/noonmark-data"
  : >"$work/run/noonmark-data/not-restored"
  echo mine >"$work/data/etc/hostname"
  touch "$work/data/provisioned.sha256" "$work/data/etc/noonmark/provisioned.sha256"
  stub ssh-keygen 'exit 0'
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" "$lib/identity"
  same 0 "$code"
  same mine "$(cat "$work/etc/hostname")"
  same '' "$(find "$work/data" -name provisioned.sha256)"
}

test_inputs_count_as_changed_when_the_partition_was_mended() {
  a_boot_partition
  inputs remember
  inputs changed
  same 1 "$code"
  mkdir -p "$work/run/noonmark-data"
  echo x >"$work/run/noonmark-data/mended"
  inputs changed
  same 0 "$code"
}

# --- identity ---------------------------------------------------------------------------------------------------------------

test_identity_is_made_once_and_kept_with_its_modes() {
  local key
  mkdir -p "$work/etc/ssh" "$work/data/etc"
  echo 0123456789abcdef0123456789abcdef >"$work/etc/machine-id"
  run env "NOONMARK_ROOT=$work" "$lib/identity"
  same 0 "$code"
  same "$(cat "$work/etc/machine-id")" "$(cat "$work/data/etc/machine-id")"
  key=$work/data/etc/ssh/ssh_host_ed25519_key
  same 600 "$(stat -c %a "$key")"
  same 644 "$(stat -c %a "$key.pub")"
  cmp "$work/etc/ssh/ssh_host_ed25519_key" "$key" || fail 'another key was kept'
  before=$(sha256sum "$key")
  run env "NOONMARK_ROOT=$work" "$lib/identity"
  same 0 "$code"
  same '' "$output"
  same "$before" "$(sha256sum "$key")"
}

test_identity_that_was_kept_is_not_replaced_by_a_new_one() {
  mkdir -p "$work/etc/ssh" "$work/data/etc"
  echo old >"$work/data/etc/machine-id"
  echo new >"$work/etc/machine-id"
  stub ssh-keygen 'exit 0'
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" "$lib/identity"
  same 0 "$code"
  same old "$(cat "$work/data/etc/machine-id")"
}

test_an_identity_that_a_power_cut_emptied_is_made_anew() {
  mkdir -p "$work/etc/ssh" "$work/data/etc/ssh"
  head -c 399 /dev/zero >"$work/data/etc/ssh/ssh_host_ed25519_key"
  cp -a "$work/data/etc/." "$work/etc/"
  run env "NOONMARK_ROOT=$work" "$lib/identity" </dev/null
  same 0 "$code"
  ssh-keygen -y -P '' -f "$work/etc/ssh/ssh_host_ed25519_key" >/dev/null || fail 'no key was made'
  cmp "$work/etc/ssh/ssh_host_ed25519_key" "$work/data/etc/ssh/ssh_host_ed25519_key" || fail 'the new key was not kept'
}

test_a_data_partition_that_cannot_be_written_costs_no_ssh_key() {
  mkdir -p "$work/etc/ssh"
  # As good as read-only or full, for root too.
  : >"$work/data"
  echo 0123456789abcdef0123456789abcdef >"$work/etc/machine-id"
  run env "NOONMARK_ROOT=$work" "$lib/identity" </dev/null
  same 0 "$code"
  says 'lasts until the next boot'
  ssh-keygen -y -P '' -f "$work/etc/ssh/ssh_host_ed25519_key" >/dev/null || fail 'no key was made'
}

# --- note-clock, aot, health --------------------------------------------------------------------------------------------------

test_the_time_is_noted_only_when_it_is_proven() {
  mkdir -p "$work/data/state"
  stub noonmark 'exit 1'
  run env "NOONMARK_ROOT=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "$lib/note-clock"
  same 0 "$code"
  [ ! -e "$work/data/state/clock" ] || fail 'unproven time was noted'
  stub noonmark 'exit 0'
  run env "NOONMARK_ROOT=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "$lib/note-clock"
  same 0 "$code"
  [ -e "$work/data/state/clock" ] || fail 'proven time was not noted'
}

# The daemon's user owns /data/state: a link there would lead root's touch to any file, such as /etc/nologin, which ends all logins.
test_root_writes_nothing_where_the_daemon_may() {
  local unit units
  mapfile -t units < <(grep -rl note-clock "$rootfs/usr/lib/systemd/system" --include='*.service')
  same 2 "${#units[@]}"
  for unit in "${units[@]}"; do
    grep -qx 'User=noonmark' "$unit" || fail "$unit notes the time as root"
  done
}

test_the_first_report_is_whole_and_leaves_the_partition_read_only() {
  mkdir -p "$work/boot/firmware"
  stub mount "echo \"\$*\" >>'$work/mounts'"
  stub noonmark 'echo First broken link; exit 2'
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "$lib/first-report"
  same 0 "$code"
  grep -q $'^First broken link\r$' "$work/boot/firmware/noonmark-doctor.txt" || fail 'the report is not there'
  same noonmark-doctor.txt "$(ls "$work/boot/firmware")"
  same '-o remount,rw -o remount,ro' "$(sed "s, $work/boot/firmware,," "$work/mounts" | xargs)"
}

test_a_doctor_that_fails_leaves_no_report() {
  mkdir -p "$work/boot/firmware"
  stub mount "echo \"\$*\" >>'$work/mounts'"
  stub noonmark 'exit 8'
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "$lib/first-report"
  same 1 "$code"
  [ ! -e "$work/mounts" ] || fail 'the boot partition was touched'
}

load_firewall() {
  run env "PATH=$work/bin:$PATH" "RUNTIME_DIRECTORY=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "NOONMARK_CONF=$work" \
    "NOONMARK_FIREWALL=$work/shipped.nft" "$lib/firewall" load
}

test_the_shipped_configuration_needs_no_other_firewall() {
  run env "NOONMARK_CONF=$rootfs/etc/noonmark" "$lib/firewall" differs
  same 1 "$code"
}

test_another_port_or_allow_list_needs_another_firewall() {
  local line
  mkdir -p "$work/conf.d"
  echo 'allow onlink' >"$work/noonmark.conf"
  for line in 'allow 10.0.0.0/8' 'port 11123' 'deny 10.1.0.0/16' 'ntsport 14460' 'allow'; do
    echo "$line" >"$work/conf.d/own.conf"
    run env "NOONMARK_CONF=$work" "$lib/firewall" differs
    same 0 "$code"
  done
}

test_files_that_are_read_from_elsewhere_need_a_firewall_made_from_all() {
  local line
  for line in 'include /etc/noonmark/site.conf' 'Include /srv/*.conf' 'confdir /srv/noonmark' 'confdir /etc/noonmark/conf.d /srv/noonmark'; do
    printf '%s\n' 'allow onlink' "$line" >"$work/noonmark.conf"
    run env "NOONMARK_CONF=$work" "$lib/firewall" differs
    same 0 "$code"
  done
}

# Whoever takes an own line back is as before, without a boot.
test_the_shipped_firewall_is_loaded_again_when_nothing_differs_any_more() {
  stub noonmark 'echo own'
  stub nft "echo \"\$*\" >>'$work/nft.log'"
  echo 'allow 10.0.0.0/8' >"$work/noonmark.conf"
  load_firewall
  same "--check --file $work/rules.nft|--file $work/rules.nft" "$(paste -sd'|' "$work/nft.log")"
  rm "$work/nft.log"
  echo 'allow onlink' >"$work/noonmark.conf"
  stub noonmark 'exit 1'
  load_firewall
  same "--check --file $work/shipped.nft|--file $work/shipped.nft" "$(paste -sd'|' "$work/nft.log")"
}

# The daemon reads its configuration at each start, and so must the firewall: a condition that is not met would leave the old rules.
test_the_firewall_follows_each_start_of_the_daemon() {
  local unit=$rootfs/usr/lib/systemd/system/noonmark-firewall.service
  grep -qx 'PartOf=noonmark.service' "$unit" || fail 'a restart of the daemon leaves the firewall as it was'
  ! grep -q '^ExecCondition=' "$unit" || fail 'a condition keeps the old rules'
}

test_rules_that_nft_refuses_are_not_loaded() {
  stub noonmark 'echo nonsense'
  stub nft "echo \"\$1\" >>'$work/nft.log'; exit 1"
  echo 'allow 10.0.0.0/8' >"$work/noonmark.conf"
  load_firewall
  same 1 "$code"
  same --check "$(cat "$work/nft.log")"
}

test_the_start_up_cache_belongs_to_one_build() {
  mkdir -p "$work"/data/aot "$work"/usr/lib/noonmark "$work"/usr/bin "$work/rt"
  echo 'BUILD_ID=two' >"$work/usr/lib/noonmark/build-info"
  echo old >"$work/data/aot/one.aot"
  # Java's part: it writes the file that the options name.
  # shellcheck disable=SC2016 # the variable is that of the made-up program
  printf '#!/bin/sh\necho cache >"${JDK_JAVA_OPTIONS#*=}"\n' >"$work/usr/bin/noonmark"
  chmod +x "$work/usr/bin/noonmark"
  local verb
  for verb in missing make keep; do
    run env "NOONMARK_ROOT=$work" "RUNTIME_DIRECTORY=$work/rt" "$lib/aot" "$verb"
    same "$verb 0" "$verb $code"
  done
  same two.aot "$(ls "$work/data/aot")"
  run env "NOONMARK_ROOT=$work" "$lib/aot" missing
  same 1 "$code"
}

test_a_start_up_cache_that_could_not_be_made_is_no_failure() {
  mkdir -p "$work"/data/aot "$work"/usr/lib/noonmark "$work/rt"
  echo 'BUILD_ID=two' >"$work/usr/lib/noonmark/build-info"
  run env "NOONMARK_ROOT=$work" "RUNTIME_DIRECTORY=$work/rt" "$lib/aot" keep
  same 0 "$code"
  says 'everything works without'
  same '' "$(ls "$work/data/aot")"
}

test_root_takes_over_no_file_that_a_link_in_place_of_the_cache_names() {
  mkdir -p "$work"/data/aot "$work"/usr/lib/noonmark "$work/rt"
  echo 'BUILD_ID=two' >"$work/usr/lib/noonmark/build-info"
  echo secret >"$work/shadow"
  ln -s "$work/shadow" "$work/rt/two.aot"
  run env "NOONMARK_ROOT=$work" "RUNTIME_DIRECTORY=$work/rt" "$lib/aot" keep
  same 0 "$code"
  same '' "$(ls "$work/data/aot")"
}

health() {
  run env "PATH=$work/bin:$PATH" "RUNTIME_DIRECTORY=$work" "NOONMARK_COMMAND=$work/bin/noonmark" "$lib/health"
}

# a_daemon ADDRESSES: one that answers its socket, says that it serves there, and a recorder of what systemctl is asked.
a_daemon() {
  stub noonmark "echo '{\"listening\":[$1],\"requests\":0}'"
  stub systemctl "echo \"\$*\" >>'$work/systemctl.log'"
  stub nc "echo \"\$*\" >>'$work/nc.log'; head -c 48 /dev/zero"
}

test_health_is_content_with_a_daemon_that_answers() {
  a_daemon '"0.0.0.0:123","[::]:123"'
  health
  same 0 "$code"
  same '' "$output"
  same '-u -W 1 -w 2 127.0.0.1 123|-u -W 1 -w 2 ::1 123' "$(paste -sd'|' "$work/nc.log")"
}

test_health_starts_a_daemon_anew_after_two_misses_in_a_row() {
  a_daemon '"0.0.0.0:123"'
  stub nc true
  health
  says 'NTP at 0.0.0.0:123 does not answer; asked again'
  stub nc 'head -c 48 /dev/zero'
  health
  same '' "$output"
  stub nc true
  health
  health
  says 'twice in a row'
  same 1 "$(grep -c -- '--no-block restart noonmark.service' "$work/systemctl.log")"
}

test_health_leaves_a_daemon_alone_whose_rules_refuse_loopback() {
  a_daemon ''
  stub nc true
  # Each look sees one refusal more, as its owner's 'deny all' makes of the question.
  stub noonmark "echo x >>'$work/looks'; printf '{\"listening\":[\"0.0.0.0:123\"],\"refused\":%s,\"refusals\":[]}' \"\$(wc -l <'$work/looks')\""
  health
  health
  same '' "$output"
  ! grep -q restart "$work/systemctl.log" || fail 'it was started anew, as it would be for ever'
}

test_health_notices_a_control_socket_that_does_not_answer() {
  a_daemon ''
  stub noonmark 'exit 9'
  health
  says 'the control socket does not answer'
}

test_health_asks_no_ntp_where_none_is_served() {
  a_daemon ''
  health
  same 0 "$code"
  [ ! -e "$work/nc.log" ] || fail 'NTP was asked'
}

test_health_leaves_a_daemon_alone_that_is_not_running() {
  a_daemon ''
  stub noonmark 'exit 9'
  stub systemctl "echo \"\$*\" >>'$work/systemctl.log'; exit 3"
  health
  health
  same 0 "$code"
  ! grep -q restart "$work/systemctl.log" || fail 'it was started'
}

# --- the launcher -----------------------------------------------------------------------------------------------------------

# An answer of the daemon, and a Java that says how it was called.
a_launcher() {
  mkdir -p "$work/java/bin"
  printf '#!/bin/sh\necho "java $*"\n' >"$work/java/bin/java"
  chmod +x "$work/java/bin/java"
  echo 'BUILD_ID=one' >"$work/build-info"
  stub nc "cat >'$work/request'; printf '$1'"
  echo '7.25 9.99' >"$work/uptime"
}

launch() {
  run env "PATH=$work/bin:$PATH" "NOONMARK_LIB=$work" "NOONMARK_AOT=$work/aot" "NOONMARK_UPTIME=$work/uptime" "$rootfs/usr/bin/noonmark" "$@"
}

# later SECONDS: for a stub, what makes it so much later.
later() { printf "read -r now _ <'%s'; echo \"\$((\${now%%%%.*} + %s)).25 9.99\" >'%s'" "$work/uptime" "$1" "$work/uptime"; }

test_launcher_prints_a_report_and_ends_with_its_code() {
  a_launcher '1 12\nnot proven\n\n'
  code=0
  env "PATH=$work/bin:$PATH" "NOONMARK_LIB=$work" "$rootfs/usr/bin/noonmark" status -b >"$work/out" || code=$?
  same 1 "$code"
  same $'not proven\n\nx' "$(cat "$work/out"; echo x)"
  same 'status --brief' "$(cat "$work/request")"
}

test_launcher_counts_bytes_in_any_language() {
  a_launcher '0 6\n1 \302\265s\n'
  launch tracking
  same 0 "$code"
  same $'1 \302\265s' "$output"
}

test_launcher_leaves_to_java_what_was_not_answered_whole() {
  local answer
  for answer in '' '0 20\ntoo short\n' 'garbage' '0 x\n' '\n'; do
    a_launcher "$answer"
    launch status
    case $output in *'noonmark.jar status') ;; *) fail "'$answer' gave: $output" ;; esac
  done
}

test_launcher_leaves_to_java_what_it_does_not_know() {
  a_launcher '0 0\n'
  local arguments
  for arguments in 'config check' 'status --help' 'status --brief --json' '--control x status' 'wait' 'wait --timeout x' 'tracking -v'; do
    # shellcheck disable=SC2086 # the words are meant
    launch $arguments
    case $output in *"noonmark.jar $arguments") ;; *) fail "'$arguments' gave: $output" ;; esac
  done
}

test_launcher_gives_up_the_capabilities_of_xdp_unless_a_file_asks_for_it() {
  a_launcher ''
  mkdir -p "$work/conf/conf.d"
  # As setpriv: words of its own, then a command.
  stub setpriv 'echo "given up"; shift; exec "$@"'
  export NOONMARK_CONF=$work/conf
  echo '#xdp eth0' >"$work/conf/noonmark.conf"
  launch run -f x
  case $output in 'given up'*'noonmark.jar run -f x') ;; *) fail "without the directive: $output" ;; esac
  launch config check
  case $output in 'given up'*) fail "a command: $output" ;; esac
  stub setpriv 'exit 1'
  launch run -f x
  case $output in *'noonmark.jar run -f x') ;; *) fail "where that cannot be done: $output" ;; esac
  stub setpriv 'echo "given up"; shift; exec "$@"'
  echo ' XDP eth0' >"$work/conf/conf.d/20.conf"
  launch run -f x
  case $output in 'java '*'noonmark.jar run -f x') ;; *) fail "with the directive: $output" ;; esac
}

test_launcher_says_nothing_fast_when_there_is_no_daemon() {
  a_launcher ''
  launch status --fast
  same 9 "$code"
  same '' "$output"
}

test_launcher_asks_no_java_how_the_last_update_ended() {
  a_launcher '9 0\n'
  printf '#!/bin/sh\necho "update $*"\n' >"$work/update"
  chmod +x "$work/update"
  launch update status
  same 'update status' "$output"
  launch update status --json
  same 'update status --json' "$output"
  launch update file
  says 'java '
}

test_launcher_waits_until_the_time_is_proven() {
  a_launcher ''
  stub nc "echo >>'$work/asked'; if [ \"\$(wc -l <'$work/asked')\" -lt 3 ]; then printf '1 3\nno\n'; else printf '0 4\nyes\n'; fi"
  stub sleep true
  launch wait --timeout 30
  same '0 yes' "$code $output"
  same 3 "$(wc -l <"$work/asked")"
}

test_launcher_gives_up_waiting_in_javas_words() {
  a_launcher ''
  stub nc "echo >>'$work/asked'; printf '1 3\nno\n'"
  stub sleep "$(later 1)"
  launch wait --timeout 5
  case $output in *'noonmark.jar wait --timeout 0') ;; *) fail "$output" ;; esac
  same 5 "$(wc -l <"$work/asked")"
}

# An update is taken back when this has ended: it must not take eleven times as long.
test_launcher_waits_no_longer_for_a_daemon_that_hangs() {
  a_launcher ''
  stub nc "echo >>'$work/asked'; $(later 11)"
  stub sleep "$(later 1)"
  launch wait --timeout 30
  case $output in *'noonmark.jar wait --timeout 0') ;; *) fail "$output" ;; esac
  same 3 "$(wc -l <"$work/asked")"
}

test_launcher_gives_the_daemon_a_bounded_heap_and_commands_the_quick_compiler() {
  a_launcher ''
  launch run -f /x
  says '-Xmx64m'
  says 'noonmark.jar run -f /x'
  case $output in *TieredStopAtLevel*) fail "$output" ;; esac
  launch config sample
  says '-XX:TieredStopAtLevel=1'
}

test_launcher_uses_the_start_up_cache_of_this_build_alone() {
  a_launcher ''
  mkdir "$work/aot"
  touch "$work/aot/two.aot"
  launch config sample
  case $output in *AOTCache*) fail "$output" ;; esac
  touch "$work/aot/one.aot"
  launch config sample
  says "-XX:AOTCache=$work/aot/one.aot -XX:+VerifySharedSpaces"
}

# --- the greeting at login --------------------------------------------------------------------------------------------------

# greet CODE: with a program that says "clock" and ends with CODE.
greet() {
  stub noonmark "echo clock; exit $1"
  run env "NOONMARK_PROGRAM=$work/bin/noonmark" "NOONMARK_ROOT=$work" "$rootfs/etc/update-motd.d/10-noonmark"
  same 0 "$code"
}

test_greeting_is_the_status_whether_good_or_bad() {
  greet 0
  same clock "$output"
  greet 1
  same clock "$output"
}

test_greeting_says_so_when_the_daemon_is_silent() {
  greet 9
  says 'does not answer'
}

test_greeting_tells_what_was_refused_in_the_owners_file() {
  mkdir -p "$work/etc/issue.d"
  printf '%s\n' 'noonmark.toml:2: C:\\x is not a host name' >"$work/etc/issue.d/noonmark.issue"
  greet 0
  says 'noonmark.toml:2: C:\x is not'
}

# --- update -----------------------------------------------------------------------------------------------------------------

# a_box SLOT: one with two slots that runs this one; U-Boot's state is in the file `env`, a line each.
a_box() {
  mkdir -p "$work"/{proc,etc/rauc,data/update,usr/lib/noonmark,run}
  echo "root=PARTUUID=1-02 rauc.slot=$1" >"$work/proc/cmdline"
  echo '7.25 9.99' >"$work/proc/uptime"
  : >"$work/etc/rauc/system.conf"
  echo 0123456789abcdef0123456789abcdef >"$work/etc/machine-id"
  printf 'VERSION=1.0\nBUILD_ID=old\n' >"$work/usr/lib/noonmark/build-info"
  echo bundle >"$work/new.raucb"
  stub fw_setenv "echo \"\$*\" >>'$work/env'"
  stub systemctl "echo \"\$*\" >>'$work/systemctl'"
  stub resolvectl 'exit 1'
  stub modprobe 'exit 0'
  stub mountpoint 'exit 0'
  stub noonmark 'exit 1'
  # As RAUC does it: what is in a slot is noted, under the slot's group.
  stub rauc "cp '$work/data/update/trial' '$work/note-while-writing'; printf '[slot.root.0]\nbundle.version=0.9-x\n\n[slot.root.1]\nbundle.version=2.0-new\n' >'$work/data/update/central.raucs'"
}

update() {
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" NOONMARK_UID=0 NOONMARK_TURN=0 NOONMARK_PAUSE=0 "NOONMARK_COMMAND=$work/bin/noonmark" \
    "$lib/update" "$@"
}

note() { paste -sd' ' "$work/data/update/$1" 2>/dev/null || echo none; }

restarts() {
  touch "$work/systemctl"
  grep -c reboot "$work/systemctl" || true
}

test_update_writes_the_other_slot_and_restarts_into_the_trial() {
  a_box A
  update install "$work/new.raucb"
  same 0 "$code"
  same 'SLOT=B STATE=writing NEEDS=lock' "$(paste -sd' ' "$work/note-while-writing")"
  same 'SLOT=B STATE=installed NEEDS=lock VERSION=2.0-new' "$(note trial)"
  same 1 "$(restarts)"
  says 'Version 2.0-new is in slot B and starts now'
}

test_update_that_rauc_refuses_changes_nothing() {
  a_box A
  stub rauc 'echo "signature verification failed"; exit 1'
  update install "$work/new.raucb"
  same 1 "$code"
  same none "$(note trial)"
  same 0 "$(restarts)"
  says 'signature verification failed'
  says 'This system stays as it is'
}

test_update_without_room_for_its_note_does_not_begin() {
  a_box A
  stub df 'echo "Filesystem 1024-blocks Used Available"; echo "/dev/x 100 99 12"'
  update install "$work/new.raucb"
  same 5 "$code"
  says 'has 12 KiB free'
  [ ! -e "$work/note-while-writing" ] || fail 'RAUC was called'
}

test_update_without_the_data_partition_does_not_begin() {
  a_box A
  stub mountpoint 'exit 32'
  update install "$work/new.raucb"
  same 5 "$code"
  says 'the data partition is not there'
  same none "$(note trial)"
}

test_update_without_a_writable_data_partition_does_not_begin() {
  a_box A
  rm -r "$work/data/update"
  : >"$work/data/update"
  update install "$work/new.raucb"
  same 5 "$code"
  says 'takes no note'
  [ ! -e "$work/note-while-writing" ] || fail 'RAUC was called'
}

test_update_refuses_what_it_cannot_read_and_who_may_not() {
  a_box A
  update install "$work/missing"
  same 10 "$code"
  update install "$work"
  same 10 "$code"
  update install "$work/new.raucb" --force
  same 2 "$code"
  run env "PATH=$work/bin:$PATH" "NOONMARK_ROOT=$work" NOONMARK_UID=1000 "$lib/update" install "$work/new.raucb"
  same 4 "$code"
  rm "$work/etc/rauc/system.conf"
  update install "$work/new.raucb"
  same 5 "$code"
  says 'UPDATES=none'
}

test_update_is_not_begun_while_the_last_is_not_over() {
  a_box A
  for trial in 'SLOT=A STATE=writing' 'SLOT=B STATE=installed'; do
    tr ' ' '\n' <<<"$trial" >"$work/data/update/trial"
    update install "$work/new.raucb"
    same 1 "$code"
    says 'the last update is not over'
  done
  # Broken off by its owner: nobody writes any more.
  printf 'SLOT=B\nSTATE=writing\n' >"$work/data/update/trial"
  update install "$work/new.raucb"
  same 0 "$code"
}

test_update_waits_for_another_box_of_the_network() {
  a_box A
  stub resolvectl 'echo "_noonmark-update._udp.local IN PTR box-ffffffffffff._noonmark-update._udp.local -- link: eth0"'
  update install "$work/new.raucb"
  same 1 "$code"
  says 'another Noonmark on this network updates itself now (box-ffffffffffff)'
  same none "$(note trial)"
}

# The other is first heard when both have spoken.
test_of_two_boxes_that_begin_at_once_the_lesser_name_goes_on() {
  a_box A
  # Asked for what it knows itself, the resolver answers with the box's own name alone.
  stub resolvectl "case \"\$*\" in *--zone=no*--cache=no*) ;; *) echo '_noonmark-update._udp.local IN PTR box-0123456789ab._noonmark-update._udp.local -- link: eth0'; exit ;; esac; if [ -e '$work/asked' ]; then echo \"_noonmark-update._udp.local IN PTR \$(cat '$work/asked')._noonmark-update._udp.local -- link: eth0\"; else cat '$work/name' >'$work/asked'; fi"
  echo box-000000000000 >"$work/name"
  update install "$work/new.raucb"
  same 1 "$code"
  says 'at the same moment'
  [ ! -e "$work/run/systemd/dnssd/noonmark-update.dnssd" ] || fail 'it still says that it updates'
  rm "$work/asked"
  echo box-ffffffffffff >"$work/name"
  update install "$work/new.raucb"
  same 0 "$code"
  grep -qx 'Name=box-0123456789ab' "$work/run/systemd/dnssd/noonmark-update.dnssd" || fail 'it does not say that it updates'
}

test_settle_gives_a_good_start_its_tries_back() {
  a_box B
  update settle
  same 0 "$code"
  same 'BOOT_B_LEFT 3' "$(cat "$work/env")"
  same none "$(note last)"
}

test_settle_keeps_a_new_system_that_reaches_lock() {
  a_box B
  printf 'SLOT=B\nSTATE=installed\nNEEDS=lock\nVERSION=1.0-old\n' >"$work/data/update/trial"
  stub noonmark "echo \"\$*\" >'$work/asked'; [ -e '$work/run/systemd/dnssd/noonmark-update.dnssd' ]"
  update settle
  same 0 "$code"
  same 'wait --timeout 1800' "$(cat "$work/asked")"
  same 'BOOT_B_LEFT 3' "$(cat "$work/env")"
  same none "$(note trial)"
  same 'HOW=kept TEXT=version 1.0-old has proven itself and is kept' "$(note last)"
  [ ! -e "$work/run/systemd/dnssd/noonmark-update.dnssd" ] || fail 'it still says that it updates'
  same 0 "$(restarts)"
}

# Cut off between RAUC's last step and the note of it: on trial all the same.
test_settle_tries_a_new_system_whose_note_was_not_finished() {
  a_box B
  printf 'SLOT=B\nSTATE=writing\nNEEDS=lock\n' >"$work/data/update/trial"
  update settle
  same 'BOOT_B_LEFT 0' "$(cat "$work/env")"
  same 1 "$(restarts)"
}

test_settle_goes_back_when_lock_is_not_reached_and_the_old_system_tells_it() {
  a_box B
  echo 'rauc.slot=B noonmark.trial=7' >"$work/proc/cmdline"
  printf 'SLOT=B\nSTATE=installed\nNEEDS=lock\nVERSION=2.0-new\n' >"$work/data/update/trial"
  stub noonmark "echo \"\$*\" >'$work/asked'; exit 1"
  update settle
  same 0 "$code"
  same 'wait --timeout 7' "$(cat "$work/asked")"
  same 'BOOT_B_LEFT 0' "$(cat "$work/env")"
  same 'SLOT=B STATE=failed VERSION=1.0-old' "$(note trial)"
  same 1 "$(restarts)"
  rm "$work/env"
  echo 'rauc.slot=A' >"$work/proc/cmdline"
  update settle
  same 'BOOT_B_LEFT 0 BOOT_A_LEFT 3 BOOT_ORDER A B' "$(xargs <"$work/env")"
  same none "$(note trial)"
  says 'came up, but did not prove itself in time'
  grep -qx HOW=back "$work/data/update/last" || fail 'the end is not told'
}

test_settle_tells_of_a_system_that_never_came_up_and_of_a_cut() {
  a_box A
  printf 'SLOT=B\nSTATE=installed\nNEEDS=lock\nVERSION=2.0-new\n' >"$work/data/update/trial"
  update settle
  says 'version 2.0-new did not prove itself in any of its three starts'
  same 'BOOT_B_LEFT 0 BOOT_A_LEFT 3 BOOT_ORDER A B' "$(xargs <"$work/env")"
  printf 'SLOT=B\nSTATE=writing\nNEEDS=lock\n' >"$work/data/update/trial"
  update settle
  says 'cut off while slot B was written'
  same none "$(note trial)"
}

# U-Boot came back to it because the other does not start: to go on changing slots for ever would help nobody.
test_settle_stays_when_the_old_system_does_not_start_any_more() {
  a_box B
  printf 'SLOT=B\nSTATE=failed\n' >"$work/data/update/trial"
  update settle
  same 'BOOT_B_LEFT 3' "$(cat "$work/env")"
  same 0 "$(restarts)"
  says 'does not start any more'
}

test_settle_is_content_with_an_answer_where_its_owner_was() {
  a_box B
  printf 'SLOT=B\nSTATE=installed\nNEEDS=answer\n' >"$work/data/update/trial"
  stub noonmark 'exit 1'
  update settle
  same 'BOOT_B_LEFT 3' "$(cat "$work/env")"
  printf 'SLOT=B\nSTATE=installed\nNEEDS=answer\n' >"$work/data/update/trial"
  stub noonmark "echo >>'$work/asked'; echo \"\$((7 + 600 * \$(wc -l <'$work/asked'))).25 9.99\" >'$work/proc/uptime'; exit 9"
  update settle
  same 'BOOT_B_LEFT 3 BOOT_B_LEFT 0' "$(xargs <"$work/env")"
  same 3 "$(wc -l <"$work/asked")"
}

test_update_status_tells_both_slots_and_the_end_of_the_last() {
  a_box A
  update status
  same 0 "$code"
  says 'running   slot A, version 1.0-old'
  says 'nothing that an update has written'
  says 'no update yet'
  update install "$work/new.raucb"
  printf 'HOW=back\nTEXT=a "quoted" reason\n' >"$work/data/update/last"
  update status --json
  same 0 "$code"
  same '{"slot":"A","version":"1.0-old","on_trial":false,"trial_limit_s":1800,"other_slot":"B","other_version":"2.0-new","pending":"installed","last":"back","last_text":"a \"quoted\" reason"}' "$output"
}

# --- all of them ------------------------------------------------------------------------------------------------------------

# A root without /dev of its own is still a root that the tests may not see: sfdisk is in /sbin.
PATH=$PATH:/usr/sbin:/sbin
command -v sfdisk >/dev/null || { echo 'test-scripts.sh: needs sfdisk (Debian: fdisk)' >&2; exit 1; }

all=$(mktemp -d)
trap 'rm -rf "$all"' EXIT
count=0
for test in $(declare -F | sed -n 's/^declare -f \(test_.*\)/\1/p'); do
  work=$all/$test
  mkdir -p "$work/bin"
  "$test"
  count=$((count + 1))
done
echo "scripts: $count tests, $failures failures"
[ "$failures" = 0 ]
