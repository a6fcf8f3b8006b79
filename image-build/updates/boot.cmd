# Read by U-Boot: starts the slot whose turn it is. The state has the names that RAUC's backend for U-Boot gives it: BOOT_ORDER, and for each slot
# how many tries it has left. A system that came up well gives its slot all three again; one that does not loses its slot a try at each start,
# and then it is the other's turn.
# The state is one sector between partition table and first partition: no file system can be hurt by writing it, and a sector is written
# whole or not at all.
setenv state_sector 2000

# Memory begins at 0 or at 0x40000000; 128 MiB above there is room for a kernel of any size.
setexpr memory ${kernel_addr_r} / 8000000
setexpr memory ${memory} * 8000000
setexpr state_at ${memory} + 7000000
setexpr tree_at ${memory} + 7200000
setexpr kernel_at ${memory} + 8000000
setexpr initrd_at ${memory} + d000000
# The firmware's device tree may lie anywhere, in the way of what is loaded below.
fdt addr ${fdt_addr}
fdt move ${fdt_addr} ${tree_at} 200000

setenv BOOT_ORDER
setenv BOOT_A_LEFT
setenv BOOT_B_LEFT
${devtype} dev ${devnum}
if ${devtype} read ${state_at} ${state_sector} 1; then env import -c ${state_at} 200 BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; fi
# As the image is before the first start, or when the sector was lost: B may be empty.
test -n "${BOOT_ORDER}" || setenv BOOT_ORDER "A B"
test -n "${BOOT_A_LEFT}" || setenv BOOT_A_LEFT 3
test -n "${BOOT_B_LEFT}" || setenv BOOT_B_LEFT 0
setenv save 'mw.b ${state_at} 0 200; env export -c -s 200 ${state_at} BOOT_ORDER BOOT_A_LEFT BOOT_B_LEFT; ${devtype} write ${state_at} ${state_sector} 1'

setenv slot
for each in ${BOOT_ORDER}; do
  if test -n "${slot}"; then true;
  elif test "${each}" = A && test ${BOOT_A_LEFT} -gt 0; then
    setenv slot A
    setenv number 2
    setexpr BOOT_A_LEFT ${BOOT_A_LEFT} - 1
  elif test "${each}" = B && test ${BOOT_B_LEFT} -gt 0; then
    setenv slot B
    setenv number 3
    setexpr BOOT_B_LEFT ${BOOT_B_LEFT} - 1
  fi
done
if test -z "${slot}"; then
  echo noonmark-boot: no slot has a try left: both get three again
  setenv BOOT_A_LEFT 3
  setenv BOOT_B_LEFT 3
  run save
  reset
fi
run save
echo noonmark-boot: slot ${slot}, tries left A ${BOOT_A_LEFT} B ${BOOT_B_LEFT}, order ${BOOT_ORDER}

# What the firmware was told by cmdline.txt, and this slot's root behind it: the last one counts.
fdt get value given /chosen bootargs
part uuid ${devtype} ${devnum}:${number} root_id
setenv bootargs "${given} root=PARTUUID=${root_id} rauc.slot=${slot}"
if load ${devtype} ${devnum}:${number} ${initrd_at} /boot/initrd.img; then
  setenv initrd_size ${filesize}
  if load ${devtype} ${devnum}:${number} ${kernel_at} /boot/vmlinuz; then
    booti ${kernel_at} ${initrd_at}:${initrd_size} ${tree_at}
  fi
fi
# Only here when the slot could not be started at all: no more tries for it.
echo noonmark-boot: slot ${slot} holds no system that starts
setenv BOOT_${slot}_LEFT 0
run save
reset
