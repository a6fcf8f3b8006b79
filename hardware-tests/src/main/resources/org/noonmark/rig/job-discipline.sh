# shellcheck shell=dash
# The daemon disciplines the guest's clock from a cold start, in peace; chronyd as a client judges what it serves.
# shellcheck source=/dev/null
. ./job-common.sh
configure baud 115200
echo rtcsync >>noonmark.conf
prepare_daemon
start_world --clock-offset 0.35 --seconds 240
start_daemon cold
until_second 120
# -Q measures and sets nothing.
chronyd -Q -t 20 -u root 'server 127.0.0.1 iburst' 'pidfile /run/judge.pid' 'cmdport 0' 'bindcmdaddress /' >judge.log 2>&1
await_worlds_end
stop_daemon TERM
keep_logs
