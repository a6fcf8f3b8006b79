# shellcheck shell=bash
# Users first: units and files are owned by them.
systemd-sysusers

# The account for SSH. '*' is a password that nothing matches; a locked account ('!') would be refused keys too.
getent group noonmark >/dev/null || groupadd --system noonmark
if ! getent passwd "$FIRST_USER_NAME" >/dev/null; then
  useradd --uid 1000 --user-group --create-home --shell /bin/bash --password '*' "$FIRST_USER_NAME"
fi
usermod --append --groups noonmark,systemd-journal "$FIRST_USER_NAME"
# There is no password that sudo could ask for.
install -m 440 /dev/stdin "/etc/sudoers.d/010_$FIRST_USER_NAME-nopasswd" <<<"$FIRST_USER_NAME ALL=(ALL) NOPASSWD: ALL"
chmod 440 /etc/sudoers.d/*
visudo --check --quiet # a mistake in there would lock root out

# Debian's policy is that an installed service is enabled; ours is the list in our preset file.
preset=/usr/lib/systemd/system-preset/80-noonmark.preset
if [ -f "$preset" ]; then
  if grep -qx 'disable \*' "$preset"; then
    systemctl --quiet preset-all
  else
    mapfile -t units < <(awk '($1 == "enable" || $1 == "disable") && $2 !~ /[*?]/ { print $2 }' "$preset")
    systemctl --quiet preset "${units[@]}"
  fi
fi
if [ "$ENABLE_SSH" = 0 ]; then systemctl --quiet disable ssh.service; fi

# The image is replaced as a whole: nothing in it looks after packages.
systemctl --quiet disable apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service
