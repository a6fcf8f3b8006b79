# shellcheck shell=dash
# The same world as in job-discipline.sh for chronyd with gpsd, set up as their manuals say: gpsd's sentences number the seconds of
# the pulses. How late the sentences come, which the two do not measure, is told to them.
# shellcheck source=/dev/null
. ./job-common.sh
cat >chrony.conf <<'END'
refclock SHM 0 offset 0.2 delay 0.1 poll 3 refid NMEA noselect
refclock PPS /dev/pps0 lock NMEA poll 3 refid PPS
makestep 0.1 3
allow 127.0.0.0/8
END
start_world --seconds 240
gpsd -n -N -s 115200 /dev/ttyS1 >gpsd.log 2>&1 &
chronyd -d -u root -f /tmp/chrony.conf >chronyd.log 2>&1 &
await_worlds_end
keep_logs
