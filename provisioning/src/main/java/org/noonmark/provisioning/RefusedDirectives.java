package org.noonmark.provisioning;

import java.util.List;
import org.noonmark.provisioning.Directive.Never;
import org.noonmark.provisioning.Directive.NotYet;

/** The part of the table that chrony.conf(5) has and the daemon refuses: version 4.9-dev, and names that chrony itself dropped. */
final class RefusedDirectives {
    private static final String ONE_SOURCE = "remove the line; servers vote, and only the receiver steers the clock";
    private static final String NO_COMMAND_PORT = "remove the line; no command port is open";
    private static final String RTC_BY_KERNEL =
            "remove the line; 'rtcsync' has the kernel keep the real-time clock right";
    private static final String KERNEL_STAMPS = "remove the line; the kernel's receive stamps are used";
    private static final String UDP_ALONE = "remove the line; NTP is served over UDP alone";
    private static final String MEANINGLESS = "it has no meaning any more";

    private RefusedDirectives() {}

    static final List<NotYet> NOT_YET = List.of(
            new NotYet(
                    "maxstratum",
                    "STRATUM (0 to 15, default 15)",
                    "Sets the stratum beyond which a source is not used.",
                    ONE_SOURCE),
            new NotYet(
                    "minstratum",
                    "STRATUM (0 to 15, default 0)",
                    "Sets the least stratum that a source is taken to have.",
                    ONE_SOURCE),
            new NotYet(
                    "clockprecision",
                    "PRECISION (seconds, default measured)",
                    "Sets the precision of the system clock.",
                    "remove the line; it is measured at the start"),
            new NotYet(
                    "corrtimeratio",
                    "RATIO (default 3)",
                    "Sets how slowly offsets are slewed away.",
                    "remove the line; the servo chooses its own time constant"),
            new NotYet(
                    "fallbackdrift",
                    "MIN MAX (log2 of seconds, default off)",
                    "Falls back to long-term frequencies when no source is left.",
                    "remove the line; holdover keeps the last frequency"),
            new NotYet(
                    "binddevice",
                    "INTERFACE",
                    "Listens for NTP on one network interface.",
                    "write 'bindaddress ADDRESS' with the address of that interface"),
            new NotYet(
                    "smoothtime",
                    "MAX-FREQ MAX-WANDER [leaponly]",
                    "Serves a smoothed time.",
                    "remove the line; the true time is served"),
            new NotYet(
                    "ntscachedir",
                    "DIRECTORY",
                    "Is an older name of ntsdumpdir.",
                    "write 'ntsdumpdir DIRECTORY' in its place"),
            new NotYet(
                    "dscp",
                    "POINT (0 to 63, default 0)",
                    "Sets the traffic class of NTP packets.",
                    "remove the line; packets carry class 0"),
            new NotYet("hwtimestamp", "INTERFACE or * [OPTION]...", "Uses stamps of the network card.", KERNEL_STAMPS),
            new NotYet(
                    "hwtstimeout",
                    "TIMEOUT (seconds, default 0.001)",
                    "Sets how long to wait for a transmit stamp of the network card.",
                    KERNEL_STAMPS),
            new NotYet(
                    "maxtxbuffers",
                    "MESSAGES (0 to 1048576, default 0)",
                    "Sets how many messages are kept to match transmit stamps.",
                    KERNEL_STAMPS),
            new NotYet("ptpport", "PORT (0 to 65535, default 0, off)", "Carries NTP in PTP messages.", UDP_ALONE),
            new NotYet(
                    "ptpdomain", "DOMAIN (0 to 255, default 123)", "Sets the PTP domain of these messages.", UDP_ALONE),
            new NotYet(
                    "bindcmdaddress",
                    "ADDRESS or PATH (default loopback)",
                    "Sets where chronyc is answered.",
                    "write 'controlsocket PATH' for a socket of the file system, else remove the line"),
            new NotYet("cmdport", "PORT (0 to 65535, default 323)", "Sets the UDP port of chronyc.", NO_COMMAND_PORT),
            new NotYet(
                    "cmdratelimit",
                    "interval N burst N leak N (default -4, 8, 2)",
                    "Limits the answers to chronyc.",
                    NO_COMMAND_PORT),
            new NotYet("opencommands", "COMMAND...", "Lists what remote chronyc may ask.", NO_COMMAND_PORT),
            new NotYet("rtcfile", "FILE", "Keeps the drift of the real-time clock.", RTC_BY_KERNEL),
            new NotYet("rtcdevice", "DEVICE (default /dev/rtc)", "Names the real-time clock.", RTC_BY_KERNEL),
            new NotYet(
                    "rtcautotrim",
                    "THRESHOLD (seconds)",
                    "Sets the real-time clock when it is wrong by more.",
                    RTC_BY_KERNEL),
            new NotYet("rtconutc", "", "Says that the real-time clock keeps UTC.", RTC_BY_KERNEL),
            new NotYet(
                    "hwclockfile",
                    "FILE",
                    "Names the file that says whether the real-time clock keeps UTC.",
                    RTC_BY_KERNEL));

    static final List<Never> NEVER = List.of(
            new Never(
                    "cmdallow",
                    "[all] [SUBNET]",
                    "Lets machines of a subnet ask by chronyc.",
                    "no command port is opened to the network; ask over SSH"),
            new Never(
                    "cmddeny",
                    "[all] [SUBNET]",
                    "Keeps machines of a subnet from asking by chronyc.",
                    "no command port is opened to the network; there is nothing to deny"),
            new Never(
                    "bindcmddevice",
                    "INTERFACE",
                    "Answers chronyc on one network interface.",
                    "no command port is opened to the network"),
            new Never(
                    "ntpsigndsocket",
                    "DIRECTORY",
                    "Lets Samba sign answers for Windows domains.",
                    "this is a server of time, not a domain controller"),
            new Never("pidfile", "FILE", "Sets the file that keeps the process number.", "systemd keeps it"),
            new Never("user", "USER", "Drops privileges to a user.", "'User=' in the unit does it"),
            new Never("commandkey", "KEY", "Chose the password of chronyc; chrony ignores it too.", MEANINGLESS),
            new Never("generatecommandkey", "", "Made a password for chronyc; chrony ignores it too.", MEANINGLESS),
            new Never("linux_hz", "HZ", "Named the kernel's tick rate; chrony ignores it too.", MEANINGLESS),
            new Never(
                    "linux_freq_scale", "SCALE", "Scaled the kernel's frequency; chrony ignores it too.", MEANINGLESS));
}
