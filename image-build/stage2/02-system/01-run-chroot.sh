# shellcheck shell=bash
# Users first: units and files are owned by them.
systemd-sysusers

# The account for SSH. '*' is a password that nothing matches; a locked account ('!') would be refused keys too.
useradd --uid 1000 --user-group --create-home --shell /bin/bash --password '*' --groups noonmark,systemd-journal "$FIRST_USER_NAME"
chmod 440 /etc/sudoers.d/* # a mode that git does not keep, and without which sudo refuses the file
visudo --check --quiet     # a mistake in there would lock everyone out of root

# Debian's policy is that an installed service is enabled. Ours is the list in our preset file: what is not in it is off.
systemctl --quiet preset-all
if [ "$ENABLE_SSH" = 0 ]; then systemctl --quiet disable ssh.service; fi
