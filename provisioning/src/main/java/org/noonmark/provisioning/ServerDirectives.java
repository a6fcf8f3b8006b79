package org.noonmark.provisioning;

import static org.noonmark.provisioning.Argument.optional;
import static org.noonmark.provisioning.Argument.required;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.noonmark.provisioning.Directive.Supported;

/** The part of the table that names other servers, and says when they are believed. */
final class ServerDirectives {
    private static final String ALL_SAMPLES = "remove it; every sample is weighed by its delay";
    /** Names of the arguments of {@code sourcedir}. */
    static final List<String> DIRECTORIES = List.of("DIRECTORY", "DIRECTORY2", "DIRECTORY3", "DIRECTORY4");

    /** Of a line that names one server, which can be a program of the same machine; equals that copy each other would follow each other. */
    static final String COPY = "copy";

    private static final Kind NUMBER = new Kind.Decimal("units", "-1e12", "1e12");

    private ServerDirectives() {}

    static final Supported SERVER = new Supported(
            "server",
            "Asks an NTP server, so that it can vote on the receiver: on the second, on leap seconds, on pulses that moved; and so that the"
                    + " clock follows it where there is no receiver, or that is lost for long. Several lines are possible; those that"
                    + " contradict the majority are named and have no vote.",
            List.of(required("NAME", new Kind.Host(), "server")),
            options(),
            Optional.empty(),
            List.of("#server ntp1.example.net iburst"));

    static final Supported POOL = new Supported(
            "pool",
            "Asks several of the servers behind one name, and replaces those that are dead or wrong.",
            List.of(required("NAME", new Kind.Host(), "name of the pool")),
            poolOptions(),
            Optional.empty(),
            List.of("#pool pool.ntp.org iburst maxsources 4"));

    static final Supported PEER = new Supported(
            "peer",
            "Asks a machine that is to ask this one too, in symmetric mode, so that two boxes watch each other; neither follows the other"
                    + " while that follows it. Write it on both, with the same key.",
            List.of(required("NAME", new Kind.Host(), "the other machine")),
            options().stream()
                    .filter(option ->
                            !List.of("nts", "ntsport", "certset", COPY).contains(option.name()))
                    .toList(),
            Optional.empty(),
            List.of("#peer ntp2.example.net xleave"));

    /** The words that begin a line that names servers. */
    static final List<Supported> LINES = List.of(SERVER, POOL, PEER);

    static final List<Supported> RULES = List.of(
            new Supported(
                    "minsamples",
                    "Sets the least samples that the regression of each server keeps, where its line says nothing else.",
                    List.of(required("SAMPLES", new Kind.Whole(4, 64), "number of samples")),
                    List.of(),
                    Optional.of("minsamples 6"),
                    List.of("#minsamples 6")),
            new Supported(
                    "maxsamples",
                    "Sets the most samples that the regression of each server keeps, where its line says nothing else.",
                    List.of(required("SAMPLES", new Kind.Whole(0, 64), "number of samples; 0: 64")),
                    List.of(),
                    Optional.of("maxsamples 0"),
                    List.of("#maxsamples 0")),
            new Supported(
                    "acquisitionport",
                    "Sets the UDP port from which servers are asked, where a firewall wants that; without it each request has another one by"
                            + " chance, which makes forging answers harder.",
                    List.of(required("PORT", new Kind.Whole(0, 65_535), "UDP port; 0: by chance")),
                    List.of(),
                    Optional.of("acquisitionport 0"),
                    List.of("#acquisitionport 1123")),
            new Supported(
                    "bindacqaddress",
                    "Asks servers from this local address; one line for IPv4 and one for IPv6.",
                    List.of(required("ADDRESS", new Kind.Address(), "address of this machine")),
                    List.of(),
                    Optional.empty(),
                    List.of("#bindacqaddress 192.168.1.5")),
            new Supported(
                    "bindacqdevice",
                    "Asks servers through this network interface alone.",
                    List.of(required("INTERFACE", new Kind.Interface(), "name of the interface")),
                    List.of(),
                    Optional.empty(),
                    List.of("#bindacqdevice eth0")),
            new Supported(
                    "sourcedir",
                    "Names directories with files *.sources of 'server' and 'pool' lines, read at the start and at each 'noonmark reload sources';"
                            + " other programs write them, such as a DHCP client.",
                    List.of(
                            required("DIRECTORY", new Kind.Path(), "of several files with one name the first holds"),
                            optional("DIRECTORY2", new Kind.Path(), "another"),
                            optional("DIRECTORY3", new Kind.Path(), "another"),
                            optional("DIRECTORY4", new Kind.Path(), "another")),
                    List.of(),
                    Optional.empty(),
                    List.of("#sourcedir /run/noonmark/sources.d")),
            new Supported(
                    "authselectmode",
                    "Says how servers that show who they are (key, NTS) are weighed against others: these are only watched (require), only"
                            + " watched where there are such (prefer), or those are trusted and one of them must agree (mix).",
                    List.of(required("MODE", new Kind.Choice("require", "prefer", "mix", "ignore"), "how")),
                    List.of(),
                    Optional.of("authselectmode mix"),
                    List.of("#authselectmode mix")),
            seconds("maxdistance", "DISTANCE", "Sets the error from which on a server is not used.", "3", "error"),
            seconds("maxjitter", "JITTER", "Sets the scatter from which on a server is not used.", "1", "scatter"),
            new Supported(
                    "minsources",
                    "Sets how many servers must agree before they have a vote together; the receiver needs none of them.",
                    List.of(required("SOURCES", new Kind.Whole(1, 1000), "number of servers")),
                    List.of(),
                    Optional.of("minsources 1"),
                    List.of("#minsources 1")),
            seconds(
                    "reselectdist",
                    "DISTANCE",
                    "Sets how much nearer another server must be to be called the best in place of the one that is.",
                    "0.0001",
                    "distance"),
            new Supported(
                    "combinelimit",
                    "Sets how far servers may be, against the best one's distance, to make one time with it where the clock follows them.",
                    List.of(required("LIMIT", new Kind.Decimal("times", "0", "1000"), "times; 0: the best one alone")),
                    List.of(),
                    Optional.of("combinelimit 3"),
                    List.of("#combinelimit 3")),
            seconds(
                    "stratumweight",
                    "DISTANCE",
                    "Sets what each stratum counts as distance when the best server is chosen.",
                    "0.001",
                    "distance"),
            new Supported(
                    "refresh",
                    "Sets after how long the names of servers are looked up again.",
                    List.of(required("INTERVAL", new Kind.Whole(1, 1_000_000_000), "seconds")),
                    List.of(),
                    Optional.of("refresh 1209600"),
                    List.of("#refresh 1209600")),
            new Supported(
                    "ntsrefresh",
                    "Sets after how long keys for NTS are established anew with servers.",
                    List.of(required("INTERVAL", new Kind.Whole(1, Integer.MAX_VALUE), "seconds")),
                    List.of(),
                    Optional.of("ntsrefresh 2419200"),
                    List.of("#ntsrefresh 2419200")),
            new Supported(
                    "ntstrustedcerts",
                    "Names a file, or a directory of files, of certificates (PEM) that servers asked with 'nts' are believed by, besides those of"
                            + " the operating system; those of a SET other than 0 are for servers with that 'certset' alone.",
                    List.of(
                            optional("SET", new Kind.Whole(0, Integer.MAX_VALUE), "number of the set; left out, 0"),
                            required("FILE", new Kind.Path(), "file or directory")),
                    List.of(),
                    Optional.empty(),
                    List.of("#ntstrustedcerts /etc/noonmark/time-authority.pem")),
            new Supported(
                    "nosystemcert",
                    "Believes no certificates of the operating system for NTS, but those of 'ntstrustedcerts' alone.",
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    List.of("#nosystemcert")),
            new Supported(
                    "nocerttimecheck",
                    "Does not look at the dates of servers' certificates before so many updates of the clock, for a machine that begins without"
                            + " knowing the date; somebody with an old stolen key could then answer.",
                    List.of(required("LIMIT", new Kind.Whole(0, Integer.MAX_VALUE), "updates of the clock")),
                    List.of(),
                    Optional.of("nocerttimecheck 0"),
                    List.of("#nocerttimecheck 1")));

    private static List<Option> options() {
        return List.of(
                Option.of(
                        "minpoll",
                        new Kind.Whole(-6, 24),
                        "log2 of the shortest interval of requests in seconds; left out, 6, or a smaller maxpoll"),
                Option.of(
                        "maxpoll",
                        new Kind.Whole(-6, 24),
                        "log2 of the longest interval of requests in seconds; left out, 10, or a larger minpoll"),
                Option.flag("iburst", "begins with up to eight requests, two seconds apart"),
                Option.flag("burst", "sends up to four requests at each poll"),
                Option.flag("prefer", "is chosen before others that agree"),
                Option.flag("noselect", "is only watched"),
                Option.flag("trust", "counts before all that are not trusted"),
                Option.flag("require", "must agree, or another that is required, before servers have a vote"),
                Option.of("key", new Kind.Whole(1, 4_294_967_295L), "number of its key in the file of 'keyfile'"),
                Option.of("port", new Kind.Whole(1, 65_535), "123", "UDP port"),
                Option.of(
                        "offset",
                        new Kind.Decimal("seconds", "-86400", "86400"),
                        "0",
                        "added to what is measured; positive when the server is known to be behind"),
                Option.of("minstratum", new Kind.Whole(0, 15), "0", "stratum that it is taken to have at least"),
                Option.of("version", new Kind.Whole(1, 4), "4", "NTP version of the requests"),
                Option.of("maxdelay", new Kind.Decimal("seconds", "0", "1000"), "3", "longest round trip"),
                Option.of(
                        "maxdelayratio",
                        new Kind.Decimal("times", "0", "1000000"),
                        "0",
                        "longest round trip over the shortest one; 0: any"),
                Option.of(
                        "maxdelaydevratio",
                        new Kind.Decimal("times", "0", "1000000"),
                        "10",
                        "longest excess of the round trip over the scatter of offsets"),
                Option.of(
                        "minsamples",
                        new Kind.Whole(4, 64),
                        "least samples of the regression; left out, as the directive minsamples says"),
                Option.of(
                        "maxsamples",
                        new Kind.Whole(0, 64),
                        "most samples of the regression, 0: 64; left out, as the directive maxsamples says"),
                Option.of("polltarget", new Kind.Whole(6, 60), "8", "samples that the interval is adapted to keep"),
                Option.flag("offline", "is not asked before 'noonmark online'"),
                Option.flag("auto_offline", "is asked no more once a request could not be sent"),
                Option.flag("nts", "is authenticated by NTS; its certificate must have its NAME"),
                Option.of("ntsport", new Kind.Whole(1, 65_535), "4460", "TCP port where it gives keys for NTS"),
                Option.of(
                        "certset",
                        new Kind.Whole(0, Integer.MAX_VALUE),
                        "0",
                        "number of the 'ntstrustedcerts' that its certificate is held against"),
                Option.flag(
                        "xleave",
                        "asks in interleaved mode where the server speaks it: it then tells when its answers really left"),
                Option.of(
                        "presend",
                        new Kind.Whole(-6, 24),
                        "log2 of the interval in seconds from which on a request goes ahead of each, two seconds before, to warm the way up;"
                                + " left out, never"),
                Option.of(
                        "filter",
                        new Kind.Whole(1, 64),
                        "1",
                        "of the samples of so many polls the one in the middle is used"),
                Option.of(
                        "maxdelayquant",
                        new Kind.Decimal("shares", "0", "1"),
                        "0",
                        "share of the round trips that is used, the shortest ones; 0: all, by maxdelaydevratio"),
                Option.of(
                        "asymmetry",
                        new Kind.Decimal("shares", "-0.5", "0.5"),
                        "0",
                        "share of the delay's excess that is in answers more than in requests; -0.5 where requests alone have it"),
                Option.flag(
                        COPY,
                        "has this machine, where it follows that one, take its stratum and reference id for its own: for another program on this"
                                + " same machine alone"),
                Option.flag("ipv4", "is asked by IPv4 alone"),
                Option.flag("ipv6", "is asked by IPv6 alone"),
                Option.refused("mindelay", NUMBER, "shortest delay of the way", ALL_SAMPLES),
                Option.refused("asymmetry", NUMBER, "asymmetry of the delay's jitter", "use 'offset'"),
                Option.refused(
                        "maxunreach",
                        NUMBER,
                        "polls without an answer before it is given up",
                        "remove it; a line says less and less as it ages"),
                Option.refused(
                        "extfield",
                        new Kind.Host(),
                        "experimental field of chrony in the requests",
                        "remove it; the fields of version 4 are enough for samples and bounds"));
    }

    private static List<Option> poolOptions() {
        List<Option> options = new ArrayList<>(options());
        options.removeIf(option -> option.name().equals(COPY));
        options.addFirst(Option.of("maxsources", new Kind.Whole(1, 16), "4", "how many of the servers are asked"));
        return List.copyOf(options);
    }

    private static Supported seconds(
            String name, String argument, String effect, String standard, String argumentEffect) {
        return new Supported(
                name,
                effect,
                List.of(required(argument, new Kind.Decimal("seconds", "0", "1000"), argumentEffect)),
                List.of(),
                Optional.of(name + " " + standard),
                List.of("#" + name + " " + standard));
    }
}
