package org.noonmark.provisioning;

import static org.noonmark.provisioning.Argument.optional;
import static org.noonmark.provisioning.Argument.required;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.noonmark.provisioning.Directive.Supported;

/** The part of the table that the daemon honours, in the order of the sample file. */
final class SupportedDirectives {
    private static final Kind SECONDS_EITHER_WAY = new Kind.Decimal("seconds", "-1", "1");
    private static final Kind SECONDS_OF_DELAY = new Kind.Decimal("seconds", "0", "1");

    /** The pins of the 40-pin header, by the numbers of Broadcom's GPIO. */
    private static final Kind HEADER_PIN = new Kind.Whole(0, 27);

    private static final Option PPS_POLL = Option.of(
            "pps-poll",
            HEADER_PIN,
            "GPIO of the pulses on a Pi 3 or 4, polled beside the device to measure pps-latency; takes 0.3 percent of a processor, and"
                    + " /dev/gpiomem, which comes with Raspberry Pi's own kernel and which the image opens to the daemon (elsewhere: 'DeviceAllow="
                    + "char-*gpiomem r' in the unit, and the file's group); experimental, never run on a board");

    private static final Option WIDTH = Option.of(
            "width",
            new Kind.Decimal("seconds", "0", "0.999"),
            "0",
            "how long the pulse lasts after the edge in use, where the device stamps both edges; 0: any less than half a second; with another"
                    + " one the edge is refused");

    /** Antenna cables of 200 m have 1 us. */
    private static final Option CABLE_DELAY = Option.of(
            "cable-delay",
            new Kind.Decimal("seconds", "0", "0.00001"),
            "0",
            "delay of the antenna cable: 5e-9 for each metre of common cable");

    private static final Option PPS_LATENCY = Option.of(
            "pps-latency",
            new Kind.Decimal("seconds", "0", "0.001"),
            "from the pulse to its stamp by the kernel; left out, what is known of the board");

    private static final Option PPS_LATENCY_ERROR = Option.of(
            "pps-latency-error",
            new Kind.Decimal("seconds", "0", "0.001"),
            "how far the real delay may lie from all that; always in the root dispersion; left out, what is known of the board");

    /** Name of the argument of allow and deny that says whom they are about. */
    static final String CLIENTS = "SUBNET";

    private static final Kind BAUD =
            new Kind.Choice("auto", "4800", "9600", "19200", "38400", "57600", "115200", "230400", "460800", "921600");
    /** Slewing a second would mean to serve wrong time, or none, for as long as it takes. */
    private static final Kind LEAP_MODE = new Kind.Choice(
            List.of("system", "step", "ignore"),
            Map.of(
                    "slew",
                    "write 'leapsecmode system' or 'step'; a server that slews a second is off by up to a second for 17 minutes at 1000 ppm"));

    /** Drivers of chrony's reference clocks, those refused with their cure. */
    static final Kind.Choice DRIVER = new Kind.Choice(
            List.of("PPS", "SHM", "SOCK", "PHC"),
            Map.of("RTC", "remove the line; a real-time clock is not a reference here"));

    private SupportedDirectives() {}

    private static final List<Supported> REST = List.of(
            access(
                    "allow",
                    "Answers the clients of a subnet, or a host; of several rules the longest prefix decides, counted in steps of four bits, then the later line."),
            access("deny", "Leaves the clients of a subnet unanswered; without any 'allow' nobody is answered."),
            new Supported(
                    "port",
                    "Sets the UDP port of the NTP server; 0 serves nobody.",
                    List.of(required("PORT", new Kind.Whole(0, 65535), "UDP port")),
                    List.of(),
                    Optional.of("port 123"),
                    List.of("#port 123")),
            new Supported(
                    "bindaddress",
                    "Listens for NTP on this local address only; one line for IPv4 and one for IPv6, a family without line listens on"
                            + " all its addresses.",
                    List.of(required("ADDRESS", new Kind.Address(), "address of this machine")),
                    List.of(),
                    Optional.empty(),
                    List.of("#bindaddress 192.168.1.5")),
            new Supported(
                    "broadcast",
                    "Sends time that nobody asked for to a broadcast or multicast address; several lines add up. Its clients cannot check it,"
                            + " and those of ntpd ask once besides, so they need an 'allow' as well.",
                    List.of(
                            required("INTERVAL", new Kind.Whole(1, 1_000_000), "seconds from packet to packet"),
                            required("ADDRESS", new Kind.Address(), "such as 192.168.1.255 or ff02::101"),
                            optional("PORT", new Kind.Whole(1, 65535), "UDP port; 123 without it")),
                    List.of(),
                    Optional.empty(),
                    List.of("#broadcast 64 192.168.1.255")),
            path(
                    "keyfile",
                    "FILE",
                    "Names the file of keys shared with clients, lines 'ID TYPE KEY' as in chrony's: requests with a MAC of one of them are"
                            + " answered with one, those whose MAC is wrong are not answered. MS-SNTP (Windows domains) is not spoken.",
                    "#keyfile /etc/noonmark/noonmark.keys"),
            new Supported(
                    "ratelimit",
                    "Limits the answers to one client; requests with a right MAC are counted apart, so that nobody can use them up by"
                            + " forging an address.",
                    List.of(),
                    List.of(
                            Option.of(
                                    "interval",
                                    new Kind.Whole(-19, 12),
                                    "3",
                                    "log2 of the seconds between answers in the long run: 3 is one in 8 seconds"),
                            Option.of("burst", new Kind.Whole(1, 255), "8", "answers in a row, for clients that begin"),
                            Option.of(
                                    "leak",
                                    new Kind.Whole(1, 4),
                                    "2",
                                    "one in 2^leak of the requests above the limit is answered all the same"),
                            Option.of(
                                    "kod",
                                    new Kind.Whole(0, 4),
                                    "0",
                                    "one in 2^kod of the others is told to ask less; 0: none"),
                            Option.of(
                                    "ipv6-prefix",
                                    new Kind.Whole(1, 128),
                                    "128",
                                    "IPv6 addresses that agree in so many bits are one client: 64 where strangers may ask")),
                    Optional.empty(),
                    List.of("#ratelimit interval 3 burst 8 leak 2")),
            new Supported(
                    "clientloglimit",
                    "Bounds the memory in which clients are remembered, and stamps kept for those in interleaved mode; at the bound the"
                            + " longest silent are forgotten.",
                    List.of(required("LIMIT", new Kind.Whole(0, 16_777_216), "bytes; 240 for each client")),
                    List.of(),
                    Optional.of("clientloglimit 524288"),
                    List.of("#clientloglimit 524288")),
            new Supported(
                    "noclientlog",
                    "Remembers no clients, so there are none in reports; and answers nobody in interleaved mode, which needs a memory.",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of("#noclientlog")),
            new Supported(
                    "ntsdumpdir",
                    "Keeps the keys that NTS cookies are sealed with in the file 'cookie-keys' of DIRECTORY, so that the cookies of clients hold"
                            + " over a restart, and there too the cookies of servers that are asked; the files are as secret as they are.",
                    List.of(required("DIRECTORY", new Kind.Path(), "a directory of the daemon's own")),
                    List.of(),
                    Optional.empty(),
                    List.of("ntsdumpdir /var/lib/noonmark")),
            new Supported(
                    "ntsrotate",
                    "Seals new NTS cookies with another key after INTERVAL; those of the two keys before it still open. With 0 the file of"
                            + " 'ntsdumpdir' is never written, and read again when it changes: for servers behind one name, which get it"
                            + " copied from the one that rotates.",
                    List.of(required(
                            "INTERVAL",
                            new Kind.Whole(0, Integer.MAX_VALUE),
                            "seconds; 0: the keys are another server's")),
                    List.of(),
                    Optional.of("ntsrotate 604800"),
                    List.of("#ntsrotate 604800")),
            new Supported(
                    "makestep",
                    "Steps the clock when it is wrong by more than THRESHOLD, in the first LIMIT clock updates, and slews it else, which takes"
                            + " 33 minutes for a second; never while serving. Without this line 0.1 ms and more are stepped.",
                    List.of(
                            required(
                                    "THRESHOLD",
                                    new Kind.Decimal("seconds", "0", "1000000000"),
                                    "smaller offsets are slewed"),
                            required(
                                    "LIMIT",
                                    new Kind.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                    "number of updates, negative for always")),
                    List.of(),
                    Optional.empty(),
                    List.of("#makestep 1 3")),
            local(),
            manual(),
            new Supported(
                    "holdoverlimit",
                    "Ends stratum 1 when the pulses are lost and the error may have grown beyond LIMIT; until then the growing error is told"
                            + " as root dispersion.",
                    List.of(required(
                            "LIMIT", new Kind.Decimal("seconds", "0.0001", "1"), "error that is still served")),
                    List.of(),
                    Optional.of("holdoverlimit 0.01"),
                    List.of("#holdoverlimit 0.01")),
            new Supported(
                    "maxclockerror",
                    "Sets how fast this machine's clock may wander from what was last measured; it adds to the root dispersion.",
                    List.of(required("ERROR", new Kind.Decimal("parts per million", "0", "500"), "wander")),
                    List.of(),
                    Optional.of("maxclockerror 1"),
                    List.of("#maxclockerror 1")),
            new Supported(
                    "tripwire",
                    "Says when the receiver is no longer believed, since its signals may be counterfeit or jammed: the clock then goes on alone,"
                            + " with the reason in the status, until it is believed again.",
                    List.of(),
                    List.of(
                            Option.of(
                                    "position",
                                    new Kind.Whole(0, 1_000_000),
                                    "300",
                                    "metres that a fixed antenna may seem to move; 0: any"),
                            Option.of(
                                    "signals",
                                    new Kind.Decimal("decibels", "0", "20"),
                                    "1",
                                    "least scatter of the strengths of six and more satellites; 0: any"),
                            Option.of(
                                    "interference",
                                    new Kind.Choice("on", "off"),
                                    "on",
                                    "whether the receiver's own word on spoofing and jamming counts"),
                            Option.of(
                                    "hold",
                                    new Kind.Whole(1, 86_400),
                                    "60",
                                    "seconds that distrust lasts after the last sign"),
                            Option.of(
                                    "jump",
                                    new Kind.Whole(0, 86_400),
                                    "600",
                                    "seconds that a proven clock is believed against pulses that moved; 0: it is set anew at once")),
                    Optional.of("tripwire"),
                    List.of("#tripwire position 300 signals 1 interference on hold 60 jump 600")),
            new Supported(
                    "maxchange",
                    "Ends the daemon, for good, when the pulses call for a change of the time that is larger than OFFSET, after the first START"
                            + " clock updates; of those, IGNORE are not followed before one more ends it. Without this line any change is"
                            + " followed, after service has ended.",
                    List.of(
                            required("OFFSET", new Kind.Decimal("seconds", "0", "1000000000"), "largest change"),
                            required(
                                    "START",
                                    new Kind.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                    "number of updates, one for each pulse; negative: nothing is ever checked"),
                            required(
                                    "IGNORE",
                                    new Kind.Whole(Integer.MIN_VALUE, Integer.MAX_VALUE),
                                    "number of updates; negative: it never ends")),
                    List.of(),
                    Optional.empty(),
                    List.of("#maxchange 1000 1 2")),
            new Supported(
                    "maxslewrate",
                    "Limits how fast the clock is slewed to work off an offset; more than 500 is never used.",
                    List.of(required(
                            "RATE",
                            new Kind.Decimal("parts per million", "0.001", "1000000"),
                            "on top of the frequency")),
                    List.of(),
                    Optional.of("maxslewrate 500"),
                    List.of("#maxslewrate 500")),
            new Supported(
                    "maxdrift",
                    "Limits the frequency correction of the crystal.",
                    List.of(required(
                            "DRIFT", new Kind.Decimal("parts per million", "0", "1000000"), "largest correction")),
                    List.of(),
                    Optional.of("maxdrift 100000"),
                    List.of("#maxdrift 100000")),
            new Supported(
                    "maxupdateskew",
                    "Keeps the frequency as it is while the estimate is less certain than SKEW.",
                    List.of(required(
                            "SKEW",
                            new Kind.Decimal("parts per million", "0", "1000000"),
                            "one sigma of the estimate")),
                    List.of(),
                    Optional.of("maxupdateskew 1000"),
                    List.of("#maxupdateskew 100")),
            new Supported(
                    "tempcomp",
                    "Foretells the clock's frequency by a temperature sensor, in place of the processor's own: by a TABLE of lines 'reading"
                            + " ppm', or as K0 + (T - T0) K1 + (T - T0)^2 K2 ppm, positive where the clock must be made faster. The pulses then"
                            + " correct it; without this line they teach it alone.",
                    List.of(
                            required("SENSOR", new Kind.Path(), "file that holds the reading, one number"),
                            required(
                                    "INTERVAL",
                                    new Kind.Decimal("seconds", "0", "86400"),
                                    "between readings; at least 1"),
                            optional("TABLE", new Kind.Path(), "file of at least two points"),
                            optional("T0", new Kind.Decimal("units of the sensor", "-1e9", "1e9"), "a reading"),
                            optional("K0", new Kind.Decimal("parts per million", "-1e6", "1e6"), "correction at T0"),
                            optional("K1", new Kind.Decimal("ppm per unit", "-1e6", "1e6"), "its slope"),
                            optional("K2", new Kind.Decimal("ppm per unit squared", "-1e6", "1e6"), "its curvature")),
                    List.of(),
                    Optional.empty(),
                    List.of("#tempcomp /sys/class/hwmon/hwmon0/temp1_input 30 26000 0.0 0.000183 0.0")),
            new Supported(
                    "rtcsync",
                    "Tells the kernel that the clock is right while it is proven, so that it copies the time to the real-time clock every 11"
                            + " minutes, and other programs see it; without this line the kernel's clock is always called unsynchronised.",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of("rtcsync")),
            new Supported(
                    "leapseclist",
                    "Reads leap seconds from a leap-seconds.list, which is believed before the receiver until it expires; the status then"
                            + " warns. It has TAI minus UTC, and proves a receiver's count of leap seconds. Read again twice a day.",
                    List.of(required("FILE", new Kind.Path(), "the list")),
                    List.of(),
                    Optional.empty(),
                    List.of("leapseclist /usr/share/zoneinfo/leap-seconds.list")),
            new Supported(
                    "leapsectz",
                    "Reads leap seconds and TAI minus UTC from a zone of the system's time zone database that has them, as 'leapseclist' does"
                            + " from its file, which is taken before it. A zone that does not say until when it holds is believed after the"
                            + " receiver in all that it does not announce, and proves no receiver's count. Debian has these zones in the"
                            + " package tzdata-legacy.",
                    List.of(required("TIMEZONE", new Kind.TimeZone(), "the zone")),
                    List.of(),
                    Optional.empty(),
                    List.of("#leapsectz right/UTC")),
            new Supported(
                    "leapsecmode",
                    "Says how the clock passes a leap second: the kernel moves it (system), the daemon does (step), or nobody (ignore) until"
                            + " the receiver shows that it is a second off; nothing is served meanwhile.",
                    List.of(required("MODE", LEAP_MODE, "how the clock is moved")),
                    List.of(),
                    Optional.of("leapsecmode system"),
                    List.of("#leapsecmode system")),
            new Supported(
                    "driftfile",
                    "Keeps the clock's frequency in FILE, so that a restart need not learn it anew.",
                    List.of(required("FILE", new Kind.Path(), "the file")),
                    List.of(Option.of(
                            "interval",
                            new Kind.Whole(1, Integer.MAX_VALUE),
                            "3600",
                            "least number of seconds between two writes")),
                    Optional.empty(),
                    List.of("driftfile /var/lib/noonmark/drift")),
            new Supported(
                    "leds",
                    "Lights lamps on GPIO pins while the time is proven (lock) and while the receiver has a fix (fix).",
                    List.of(),
                    List.of(
                            Option.of("lock", HEADER_PIN, "GPIO number of the lamp 'time is proven'"),
                            Option.of("fix", HEADER_PIN, "GPIO number of the lamp 'receiver has a fix'")),
                    Optional.empty(),
                    List.of("#leds lock 23 fix 24")),
            new Supported(
                    "sched_priority",
                    "Runs the threads on which the time depends before all ordinary ones (SCHED_FIFO) when above 0.",
                    List.of(required("PRIORITY", new Kind.Whole(0, 99), "the kernel's interrupt threads have 50")),
                    List.of(),
                    Optional.of("sched_priority 0"),
                    List.of("#sched_priority 10")),
            new Supported(
                    "ntpcores",
                    "Serves NTP by a thread on each of these processor cores, and a socket of its own for each by IPv4 and IPv6. All requests"
                            + " of one address come to one of them, so that limits and interleaved mode stay as they are; only a network"
                            + " card with several queues may give a client's requests by 'xdp' to several. Without this line one thread"
                            + " serves IPv4 and one IPv6, enough for 100000 requests a second and more.",
                    List.of(required("CORES", new Kind.Cores(), "the kernel's numbers, from 0")),
                    List.of(),
                    Optional.empty(),
                    List.of("#ntpcores 2,3")),
            new Supported(
                    "lock_all",
                    "Keeps the daemon's memory out of swap, which takes some 300 MB; needs CAP_IPC_LOCK or LimitMEMLOCK=infinity.",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of("#lock_all")),
            new Supported(
                    "xdp",
                    "Takes NTP requests from this network interface past the kernel's UDP stack (AF_XDP), for more of them a second and"
                            + " earlier stamps; where that cannot be had, the log says why and sockets serve. Needs CAP_NET_RAW,"
                            + " CAP_NET_ADMIN, CAP_BPF, bpf(2) and AF_XDP, which the image's unit grants to the start alone. A firewall does"
                            + " not see these requests: 'allow' and 'deny' decide.",
                    List.of(required("INTERFACE", new Kind.Interface(), "network interface")),
                    List.of(
                            Option.of(
                                    "mode",
                                    new Kind.Choice("auto", "native", "generic"),
                                    "auto",
                                    "in the card's driver (native), in the kernel's receive path (generic), or the best there is")),
                    Optional.empty(),
                    List.of("#xdp eth0")),
            NtsDirectives.port(),
            NtsDirectives.authority(),
            NtsDirectives.certificate(),
            NtsDirectives.key(),
            NtsDirectives.acme(),
            NtsDirectives.algorithms(),
            NtsDirectives.timeServer(),
            NtsDirectives.connections(),
            NtsDirectives.processes(),
            NtsDirectives.rateLimit(),
            LogDirectives.directory(),
            LogDirectives.files(),
            LogDirectives.banner(),
            LogDirectives.change(),
            LogDirectives.mail(),
            LogDirectives.dumpDirectory(),
            LogDirectives.dumpOnExit(),
            LogDirectives.initialSlew(),
            path(
                    "record",
                    "FILE",
                    "Writes all that the clock is decided from into FILE, some 5 MB a day, for 'noonmark replay' and for reports of"
                            + " faults; the recording before it becomes FILE.old.",
                    "#record /run/noonmark/recording.gz"),
            new Supported(
                    "controlsocket",
                    "Sets the socket through which 'noonmark status' and the other commands ask the daemon.",
                    List.of(required("PATH", new Kind.Path(), "the socket")),
                    List.of(),
                    Optional.of("controlsocket /run/noonmark/control.sock"),
                    List.of("#controlsocket /run/noonmark/control.sock")),
            path(
                    "include",
                    "PATTERN",
                    "Reads the files that match PATTERN (*, ?, [a-z]) here, sorted by name.",
                    "#include /etc/noonmark/site.conf"),
            new Supported(
                    "confdir",
                    "Reads the files *.conf of the directories here, sorted by name; of two with one name, that of the earlier directory.",
                    List.of(required("DIRECTORY...", new Kind.Path(), "one to ten directories")),
                    List.of(),
                    Optional.empty(),
                    List.of("confdir /etc/noonmark/conf.d")));

    static final List<Supported> TABLE = Stream.of(
                    List.of(receiver(), refclock()), ServerDirectives.LINES, ServerDirectives.RULES, REST)
            .flatMap(List::stream)
            .toList();

    private static Supported path(String name, String argument, String effect, String sample) {
        return new Supported(
                name,
                effect,
                List.of(required(argument, new Kind.Path(), "full path")),
                List.of(),
                Optional.empty(),
                List.of(sample));
    }

    private static Supported access(String name, String effect) {
        return new Supported(
                name,
                effect,
                List.of(
                        optional("all", new Kind.Choice("all"), "also overrides earlier lines for smaller subnets"),
                        optional(
                                CLIENTS,
                                new Kind.Clients(),
                                "onlink stands for the subnets that this machine is on, whatever they are just now, link-local and unique local"
                                        + " addresses; a host's name for all its addresses, looked up at the start and every quarter of an hour, and"
                                        + " for nobody until it is found; without it, every IPv4 and IPv6 address")),
                List.of(),
                Optional.empty(),
                name.equals("allow")
                        ? List.of("allow onlink", "#allow 192.168.0.0/16")
                        : List.of("#deny 192.168.100.0/24"));
    }

    private static Supported receiver() {
        return new Supported(
                "receiver",
                "Reads a GNSS receiver on a serial line; its sentences number the seconds, its pulses mark them.",
                List.of(required("DEVICE", new Kind.Path(), "serial device")),
                List.of(
                        Option.of("baud", BAUD, "auto", "bits per second; auto finds out"),
                        Option.of(
                                "setup",
                                new Kind.Choice("auto", "off"),
                                "auto",
                                "auto: a u-blox or MediaTek receiver is asked for its settings, and told what a time server needs where they"
                                        + " differ, until it is switched off; off: nothing is sent to it, as when another program sets it up"),
                        Option.of(
                                "antenna",
                                new Kind.Choice("fixed", "moving"),
                                "fixed",
                                "fixed: a timing receiver may survey its place and keep time from it, and a position that jumps is distrusted"),
                        Option.of("pps", new Kind.Path(), "PPS device of its pulses"),
                        Option.of(
                                "edge",
                                new Kind.Choice("assert", "clear"),
                                "assert",
                                "the edge of the pulse that is the second"),
                        WIDTH,
                        Option.of("refid", new Kind.ReferenceId(), "GPS", "its name here and for clients"),
                        Option.of(
                                "label",
                                new Kind.Choice("last", "previous", "next", "auto"),
                                "auto",
                                "the pulse that a sentence names: the last before its first byte, the one before that (sentences that come"
                                        + " 1 to 2 s late), or the next; a wrong choice is a second of error that only another clock shows;"
                                        + " auto takes the last, and status says whether anything has confirmed it"),
                        Option.of(
                                "offset",
                                SECONDS_EITHER_WAY,
                                "0",
                                "correction of the pulse, on top of the delays below; positive when pulses come late"),
                        CABLE_DELAY,
                        PPS_LATENCY,
                        PPS_LATENCY_ERROR,
                        PPS_POLL,
                        Option.of(
                                "delay",
                                SECONDS_OF_DELAY,
                                "0",
                                "admitted uncertainty of the pulse, advertised as root delay")),
                Optional.empty(),
                List.of("receiver /dev/serial0 pps /dev/pps0"));
    }

    private static Supported refclock() {
        return new Supported(
                "refclock",
                "Reads a clock at this machine, which is weighed as servers are: a segment of shared memory (SHM) or a socket (SOCK) that another"
                        + " program such as gpsd fills, pulses (PPS), the clock of a network card (PHC). Pulses whose 'lock' is the refid of a receiver"
                        + " are that receiver's own, as 'receiver ... pps DEVICE' has them, and steer the clock directly. The image's unit keeps"
                        + " shared memory of others, sockets outside /run/noonmark and network cards' clocks from the daemon:"
                        + " systemd-units/README.md has the drop-in.",
                List.of(
                        required("DRIVER", DRIVER, "kind of clock"),
                        required(
                                "DEVICE",
                                new Kind.ClockDevice(),
                                "PPS device, ':clear' takes the other edge; number of the segment, ':perm=0644' for one that others may fill;"
                                        + " path of the socket; device of the card, ':nocrossts' without its stamps of both clocks")),
                List.of(
                        Option.of(
                                "lock",
                                new Kind.ReferenceId(),
                                "refid of the receiver, or of another clock, that numbers the pulses; left out, this machine's clock does, once"
                                        + " another source has set it"),
                        Option.of(
                                "refid",
                                new Kind.ReferenceId(),
                                "name shown to clients; left out, PPS, or of a clock the driver's letters and its number: SHM0"),
                        Option.of(
                                "offset",
                                new Kind.Decimal("seconds", "-1000000000", "1000000000"),
                                "0",
                                "correction; positive when the clock is behind, or pulses come late"),
                        CABLE_DELAY,
                        PPS_LATENCY,
                        PPS_LATENCY_ERROR,
                        PPS_POLL,
                        Option.of(
                                "delay",
                                new Kind.Decimal("seconds", "0", "1000"),
                                "0",
                                "admitted uncertainty, advertised as root delay"),
                        WIDTH,
                        Option.of(
                                "poll",
                                new Kind.Whole(-6, 24),
                                "log2 of the seconds from which one sample is made; left out, 4"),
                        Option.of("dpoll", new Kind.Whole(-6, 24), "log2 of the seconds between readings; left out, 0"),
                        Option.of(
                                "filter",
                                new Kind.Whole(1, 4096),
                                "readings that one sample is made of, at most; left out, 64"),
                        Option.of(
                                "precision",
                                new Kind.Decimal("seconds", "0", "1"),
                                "of one reading; left out, that of this machine's clock"),
                        Option.of(
                                "maxdispersion",
                                new Kind.Decimal("seconds", "0", "1000"),
                                "samples that scatter more are not used; left out, all are"),
                        Option.of("minsamples", new Kind.Whole(4, 64), "least samples of the regression"),
                        Option.of("maxsamples", new Kind.Whole(0, 64), "most samples of the regression, 0: 64"),
                        Option.of(
                                "maxlockage",
                                new Kind.Whole(1, 3600),
                                "pulses that a reading of the clock that numbers them may be old; left out, 2"),
                        Option.of("rate", new Kind.Whole(1, 1000), "pulses in a second; left out, 1"),
                        Option.of("stratum", new Kind.Whole(0, 14), "stratum of the clock; left out, 0"),
                        Option.flag("pps", "takes its readings for pulses, whatever second they tell"),
                        Option.flag(
                                "tai",
                                "says that it keeps TAI; needs 'leapseclist' or 'leapsectz', or a proven receiver"),
                        Option.flag("prefer", "is chosen before others that agree"),
                        Option.flag("noselect", "is only watched, or numbers pulses"),
                        Option.flag("trust", "counts before all that are not trusted"),
                        Option.flag("require", "must agree, or another that is required, before sources have a vote"),
                        Option.refused(
                                "local",
                                "uses the clock for its frequency alone",
                                "remove it; the frequency is learned from all that is measured"),
                        number(
                                "maxunreach",
                                "polls without sample before it is given up",
                                "remove it; a line says less and less as it ages")),
                Optional.empty(),
                List.of("#refclock PPS /dev/pps0 lock GPS refid PPS", "#refclock SHM 0 refid NMEA delay 0.2"));
    }

    private static Option number(String name, String effect, String instead) {
        return Option.refused(name, new Kind.Decimal("units", "-1e12", "1e12"), effect, instead);
    }

    private static Supported manual() {
        return new Supported(
                "manual",
                "Takes time that a person types ('noonmark settime 16:30:05'), for a box without sky and network. It sets the clock as long as neither"
                        + " receiver nor other sources tell the time, is taken for right to a second, is served by 'local' alone and never at stratum"
                        + " 1. 'noonmark manual on' does the same until the daemon ends.",
                List.of(),
                List.of(),
                Optional.empty(),
                List.of("#manual"));
    }

    private static Supported local() {
        String proven = "remove it; nothing is ever served before the time was proven";
        return new Supported(
                "local",
                "Goes on serving at STRATUM when nothing is known of the time any more, or only to the distance; never before the time was proven once, or set by hand ('manual').",
                List.of(),
                List.of(
                        Option.of("stratum", new Kind.Whole(1, 15), "10", "stratum to announce"),
                        Option.of(
                                "distance",
                                new Kind.Decimal("seconds", "0", "1000"),
                                "1",
                                "root distance of holdover, or of the servers that are followed, at which this begins"),
                        Option.flag(
                                "orphan",
                                "machines with the same line that ask each other choose one whom the others follow"),
                        Option.of(
                                "activate",
                                new Kind.Decimal("seconds", "0", "1000"),
                                "0",
                                "root distance that must have been reached once; 0: any"),
                        Option.of(
                                "waitsynced",
                                new Kind.Decimal("seconds", "0", "1e9"),
                                "time after the clock followed something last; left out, 0, or 300 with orphan"),
                        number("waitunsynced", "seconds to wait after the start", proven)),
                Optional.empty(),
                List.of("#local stratum 10 distance 1"));
    }
}
