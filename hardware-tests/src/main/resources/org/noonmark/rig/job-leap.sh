# shellcheck shell=dash
# A leap second at the end of 2026, of which a leap-seconds.list tells: first the midnight a day before it, then the second itself. The
# kernel moves its own clock over it.
# shellcheck source=/dev/null
. ./job-common.sh

# Seconds since 1900: two days ago, half a year ahead, and the list's last two changes; 2208988800 is 1970 there.
updated=4007491200 expires=4023129600
leap=1798761600
{
  printf '#$\t%s\n#@\t%s\n' $updated $expires
  printf '3692217600\t37\n%s\t38\n' $((leap + 2208988800))
  hash=$(printf '%s%s369221760037%s38' $updated $expires $((leap + 2208988800)) | sha1sum | cut -c 1-40)
  printf '#h\t%s\n' "$(printf %s "$hash" | sed 's/......../& /g; s/ $//')"
} >leap.list
configure baud 115200
{
  echo rtcsync
  echo leapseclist /tmp/leap.list
} >>noonmark.conf
prepare_daemon

date -u -s '2026-12-30 23:58:50' >/dev/null
start_world --clock-offset 0.35 --seconds 100
start_daemon eve
await_worlds_end
stop_daemon TERM
mv world.log eve.log

date -u -s '2026-12-31 23:58:50' >/dev/null
start_world --clock-offset 0.35 --seconds 130 --leap-at $leap
start_daemon leap
await_worlds_end
stop_daemon TERM
keep_logs
