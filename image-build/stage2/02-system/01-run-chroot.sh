# shellcheck shell=bash
# Users first: units and files are owned by them.
systemd-sysusers

# The account for SSH. '*' is a password that nothing matches; a locked account ('!') would be refused keys too.
useradd --uid 1000 --user-group --create-home --shell /bin/bash --password '*' --groups noonmark,systemd-journal "$FIRST_USER_NAME"
# Nor is there one that sudo could ask for: whoever has the key has the machine.
install -m 440 /dev/stdin "/etc/sudoers.d/010_$FIRST_USER_NAME" <<<"$FIRST_USER_NAME ALL=(ALL:ALL) NOPASSWD: ALL"
visudo --check --quiet     # a mistake in there would lock everyone out of root

# Debian's policy is that an installed service is enabled. Ours is the list in our preset file: what is not in it is off.
systemctl --quiet preset-all
if [ "$ENABLE_SSH" = 0 ]; then systemctl --quiet disable ssh.service; fi
