package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.noonmark.provisioning.Readings.config;
import static org.noonmark.provisioning.Readings.errors;
import static org.noonmark.provisioning.Readings.onlyError;
import static org.noonmark.provisioning.Readings.receiver;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.noonmark.provisioning.PulseConfig.Edge;

class ConfigReaderTest {
    private static final String RECEIVER = "receiver /dev/serial0 pps /dev/pps0\n";

    @Test
    void anEmptyFileHasTheDefaultsOfTheTable() {
        ApplianceConfig config = config("");
        assertEquals(123, config.port());
        assertEquals("/run/noonmark/control.sock", config.controlSocket());
        assertEquals(1000, config.maxClockErrorPpb());
        assertEquals(List.of(), config.accessRules());
        assertEquals(List.of(), config.receivers());
        assertEquals(Optional.empty(), config.makeStep());
        assertEquals(Optional.empty(), config.local());
        assertFalse(config.rtcSync());
        assertEquals(Optional.empty(), config.driftFile());
        assertEquals(Optional.empty(), config.bindAddress4());
    }

    @Test
    void readsEveryValue() {
        ApplianceConfig config = config(RECEIVER + """
                port 11123
                bindaddress 127.0.0.1
                bindaddress ::1
                makestep 0.1 -1
                local stratum 5 distance 0.25
                rtcsync
                driftfile /d interval 7
                leapseclist /l
                leapsectz right/UTC
                leapsecmode step
                holdoverlimit 0.005
                logdir /log
                controlsocket /c
                maxclockerror 0.5
                sched_priority 10
                lock_all
                leds lock 23
                """);
        assertEquals(11123, config.port());
        assertEquals(IpAddress.parse("127.0.0.1"), config.bindAddress4());
        assertEquals(IpAddress.parse("::1"), config.bindAddress6());
        assertEquals(Optional.of(new MakeStep(100_000_000, -1)), config.makeStep());
        assertEquals(Optional.of(new LocalReference(5, 250_000_000)), config.local());
        assertTrue(config.rtcSync());
        assertEquals(Optional.of(new DriftFile("/d", 7)), config.driftFile());
        assertEquals(Optional.of("/l"), config.leapSecondsList());
        assertEquals(Optional.of("right/UTC"), config.leapSecondsZone());
        assertEquals(LeapSecondMode.STEP, config.leapSecondMode());
        assertEquals(5_000_000, config.holdoverLimitNanos());
        assertEquals(Optional.of("/log"), config.logs().directory());
        assertEquals("/c", config.controlSocket());
        assertEquals(500, config.maxClockErrorPpb());
        assertEquals(10, config.realtimePriority());
        assertTrue(config.lockMemory());
        assertEquals(Optional.of(new FrontPanelConfig(OptionalInt.of(23), OptionalInt.empty())), config.frontPanel());
    }

    @Test
    void readsAReceiverWithAllItsOptions() {
        assertEquals(
                new ReceiverConfig(
                        "/dev/ttyAMA0",
                        OptionalInt.of(9600),
                        "GNSS",
                        false,
                        false,
                        LabelledPulse.NEXT,
                        Optional.of(new PulseConfig(
                                "/dev/pps1",
                                Edge.CLEAR,
                                "GNSS",
                                100_000_000,
                                late(52),
                                OptionalInt.of(18),
                                1_000_000))),
                receiver(
                        "receiver /dev/ttyAMA0 baud 9600 pps /dev/pps1 edge clear width 0.1 refid GNSS label next offset 52e-9 delay 0.001 setup off"
                                + " antenna moving pps-poll 18"));
    }

    @Test
    void aReceiverFindsItsBaudAndTakesTheAssertEdgeByDefault() {
        assertEquals(
                new ReceiverConfig(
                        "/dev/serial0",
                        OptionalInt.empty(),
                        "GPS",
                        true,
                        true,
                        LabelledPulse.AUTO,
                        Optional.of(
                                new PulseConfig("/dev/pps0", Edge.ASSERT, "GPS", 0, late(0), OptionalInt.empty(), 0))),
                receiver(RECEIVER));
        assertEquals(
                OptionalInt.empty(), receiver("receiver /dev/serial0 baud AUTO").baud());
    }

    @Test
    void anOldPulseLineBindsToTheReceiverOfItsLock() {
        ReceiverConfig receiver = receiver("""
                refclock PPS /dev/pps0:clear lock GPS refid kPPS offset -0.0000001
                receiver /dev/serial0
                """);
        assertEquals(
                Optional.of(new PulseConfig("/dev/pps0", Edge.CLEAR, "kPPS", 0, late(-100), OptionalInt.empty(), 0)),
                receiver.pulse());
        assertEquals("GPS", receiver.referenceId());
    }

    @Test
    void pulsesWithoutLockAreToldWhichLockToAdd() {
        assertEquals(
                "/n.conf:2: pulses of '/dev/pps0' name no receiver that numbers them: add 'lock GNSS', the refid of the"
                        + " 'receiver' line",
                onlyError("receiver /dev/serial0 refid GNSS\nrefclock PPS /dev/pps0 refid PPS"));
    }

    @Test
    void pulsesThatLockToNobodyAreRefused() {
        assertEquals(
                "/n.conf:2: no receiver has the refid of 'lock NMEA': add 'receiver /dev/serial0 refid NMEA'",
                onlyError("receiver /dev/serial0\nrefclock PPS /dev/pps0 lock NMEA"));
    }

    @Test
    void twoPulsesForOneReceiverAreRefused() {
        assertEquals(
                "/n.conf:2: pulses of '/dev/pps1' lock to receiver 'GPS', which has those of '/dev/pps0': keep one of them",
                onlyError(RECEIVER + "refclock PPS /dev/pps1 lock GPS"));
    }

    @Test
    void aSecondReceiverIsRefused() {
        assertEquals(
                "/n.conf:2: receiver '/dev/ttyUSB0' is a second one, which is not supported yet: keep one 'receiver' line",
                onlyError(RECEIVER + "receiver /dev/ttyUSB0 refid USB"));
    }

    @Test
    void aCorrectionWithoutPulseIsRefused() {
        assertEquals(
                "/n.conf:1: option 'offset 0.5' is said of a pulse that is not there: add 'pps DEVICE', or write offset on the"
                        + " line of 'refclock PPS'",
                onlyError("receiver /dev/serial0 offset 0.5"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allow|0.0.0.0/0 ::/0",
                "allow all|0.0.0.0/0 ::/0",
                "allow 1.2.3.4|1.2.3.4/32",
                "allow 3.4.5|3.4.5.0/24",
                "allow 6.7/22|6.7.0.0/22",
                "allow 8|8.0.0.0/8",
                "allow 192.168/16|192.168.0.0/16",
                "allow 192.168.1.77/24|192.168.1.0/24",
                "allow 2001:db8::/32|2001:db8::/32",
                "allow 2001:db8:789a::/48|2001:db8:789a::/48",
                "allow fe80::1|fe80::1/128",
                "deny all fd00::/8|fd00::/8",
                "ALLOW 0/0|0.0.0.0/0",
            })
    void readsTheSubnetFormsOfChrony(String line, String prefixes) {
        List<AccessRule> rules = config(line).accessRules();
        assertEquals(
                prefixes,
                String.join(
                        " ",
                        rules.stream()
                                .flatMap(rule -> rule.prefixes(List.of(), Map.of()).stream())
                                .map(IpPrefix::toString)
                                .toList()));
        assertEquals(line.contains("all "), rules.getFirst().all() && rules.size() == 1);
        assertEquals(!line.startsWith("deny"), rules.getFirst().allow());
    }

    @Test
    void onlinkIsTheMachinesOwnSubnetsAndAddressesThatNoRouterCarriesFar() {
        AccessRule rule = config("allow OnLink").accessRules().getFirst();
        List<IpPrefix> onLink = List.of(
                IpPrefix.of(new byte[] {(byte) 192, (byte) 168, 7, 9}, 24),
                IpPrefix.of(new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9}, 64),
                IpPrefix.ALL_IPV4);

        assertEquals("allow onlink", rule.toString());
        assertEquals(
                "[169.254.0.0/16, fe80::/10, fc00::/7, 192.168.7.0/24, 2001:db8:0:7::/64]",
                rule.prefixes(onLink, Map.of()).toString(),
                "without the tunnel that claims every address");
    }

    @Test
    void aHostByItsNameIsItsAddressesOrNobody() {
        AccessRule rule = config("deny all Pc.Example.net").accessRules().getFirst();
        IpPrefix known = IpPrefix.of(new byte[] {10, 1, 2, 3}, 32);

        assertEquals(new AccessRule.Host("Pc.Example.net", false, true), rule);
        assertEquals(List.of(), rule.prefixes(List.of(), Map.of()));
        assertEquals(List.of(known), rule.prefixes(List.of(), Map.of("Pc.Example.net", List.of(known))));
    }

    @Test
    void broadcastsAddUp() {
        assertEquals(
                List.of(
                        new BroadcastConfig(32, IpAddress.parse("192.168.1.255").orElseThrow(), 123),
                        new BroadcastConfig(64, IpAddress.parse("ff02::101").orElseThrow(), 12123)),
                config("broadcast 32 192.168.1.255\nbroadcast 64 ff02::101 12123")
                        .broadcasts());
    }

    @Test
    void keepsAccessRulesInTheOrderOfTheFile() {
        assertEquals(
                List.of("allow 10.0.0.0/8", "deny 10.1.0.0/16", "allow 10.1.2.0/24"),
                config("allow 10\ndeny 10.1\nallow 10.1.2").accessRules().stream()
                        .map(AccessRule::toString)
                        .toList());
    }

    @Test
    void namesAreReadInAnyCaseAndSpacesDoNotCount() {
        assertEquals(5, config("\t PoRt \t 5 \r\n").port());
        assertEquals(1, config("LOCAL Stratum 1").local().orElseThrow().stratum());
    }

    @ParameterizedTest
    @ValueSource(strings = {"! x", "; x", "# x", "% x", "  # x", "", " \t\r", "#\u001b[31m", "\ufeff# x"})
    void commentsAndBlankLinesSayNothing(String line) {
        assertEquals(List.of(), errors(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alow|unknown directive 'alow': did you mean 'allow'?",
                "mkaestep 1 3|unknown directive 'mkaestep': did you mean 'makestep'?",
                "recevier /dev/x|unknown directive 'recevier': did you mean 'receiver'?",
                "minpoll 4|unknown directive 'minpoll': it is an option that belongs on the line of 'server', see 'noonmark config"
                        + " explain server'",
                "restrict default|unknown directive 'restrict': it is a directive of ntpd, see 'noonmark config explain allow' for the one"
                        + " that is used here",
                "schedrr 1|unknown directive 'schedrr': 'noonmark config explain' lists all directives",
                "port|'port' needs PORT, a whole number from 0 to 65535: write 'port PORT', for example 'port 123'",
                "port 65536|'port' has '65536' for PORT, expected a whole number from 0 to 65535: write 'port PORT', for example 'port 123'",
                "port 0x7b|'port' has '0x7b' for PORT, expected a whole number from 0 to 65535: write 'port PORT', for example 'port 123'",
                "port 123 # NTP|'#' is one word too many for 'port': a comment needs a line of its own",
                "lock_all yes|'yes' is one word too many for 'lock_all': write 'lock_all', for example 'lock_all'",
                "leds|'leds' names no lamp: write 'leds lock 23 fix 24' with the GPIO numbers of your lamps",
                "leds lock 5 fix 5|'leds lock 5 fix 5' gives one pin to both lamps: write 'leds lock 23 fix 24' with the GPIO numbers of"
                        + " your lamps",
                "leds fix 28|option 'fix' of 'leds' has '28', expected a whole number from 0 to 27: write 'leds [lock N] [fix N]', for"
                        + " example 'leds lock 23 fix 24'",
                "makestep 1 3 rtcsync|'rtcsync' is one word too many for 'makestep': it is a directive, write it on a line of its own",
                "makestep 1|'makestep' needs LIMIT, a whole number from -2147483648 to 2147483647: write 'makestep THRESHOLD LIMIT', for example 'makestep 1 3'",
                "makestep NaN 1|'makestep' has 'NaN' for THRESHOLD, expected a number of seconds from 0 to 1000000000: write 'makestep"
                        + " THRESHOLD LIMIT', for example 'makestep 1 3'",
                "bindaddress eth0|'bindaddress' has 'eth0' for ADDRESS, expected an IPv4 or IPv6 address (names are not looked up): write"
                        + " 'bindaddress ADDRESS', for example 'bindaddress 192.168.1.5'",
                "allow 10.1.2.3.4|'allow' has '10.1.2.3.4' for SUBNET, expected onlink, an address, a subnet such as 192.168.1.0/24 or"
                        + " fd00::/8, or a host name: write 'allow [all] [SUBNET]', for example 'allow onlink'",
                "allow 10/8 all|'all' is one word too many for 'allow': write 'allow [all] [SUBNET]', for example 'allow onlink'",
                "driftfile drift|'driftfile' has 'drift' for FILE, expected a full path that begins with '/': write 'driftfile FILE"
                        + " [interval N]', for example 'driftfile /var/lib/noonmark/drift'",
                "receiver /dev/x bauds 9600|'receiver' has no option 'bauds': did you mean 'baud'?",
                "receiver /dev/x baud 9601|option 'baud' of 'receiver' has '9601', expected auto, 4800, 9600, 19200, 38400, 57600, 115200,"
                        + " 230400, 460800 or 921600: write 'baud auto', the default, or another value",
                "receiver /dev/x refid GALILEO|option 'refid' of 'receiver' has 'GALILEO', expected one to four ASCII characters such as"
                        + " GPS: write 'refid GPS', the default, or another value",
                "receiver /dev/x refid|option 'refid' of 'receiver' needs one to four ASCII characters such as GPS: add it after 'refid'",
                "local stratum 16|option 'stratum' of 'local' has '16', expected a whole number from 1 to 15: write 'stratum 10', the"
                        + " default, or another value",
                "local waitunsynced 5|option 'waitunsynced 5' of 'local' is not supported yet: remove it; nothing is ever served before the time was proven",
                "leapsectz ../../etc/passwd|'leapsectz' has '../../etc/passwd' for TIMEZONE, expected a name of the time zone database such as"
                        + " right/UTC: write 'leapsectz TIMEZONE', for example 'leapsectz right/UTC'",
                "leapsecmode Slew|'leapsecmode Slew' is not supported: write 'leapsecmode system' or 'step'; a server that slews a second"
                        + " is off by up to a second for 17 minutes at 1000 ppm",
                "local stratum 3 stratum 4|option 'stratum 4' repeats an option: keep one of them",
                "rtcfile /r|'rtcfile' is not supported yet: remove the line; 'rtcsync' has the kernel keep the real-time clock right",
                "broadcast 0 10.1.18.255|'broadcast' has '0' for INTERVAL, expected a whole number from 1 to 1000000: write 'broadcast"
                        + " INTERVAL ADDRESS [PORT]', for example 'broadcast 64 192.168.1.255'",
                "refclock RTC /dev/rtc0|'refclock RTC' is not supported: remove the line; a real-time clock is not a reference here",
                "include x.conf|'include' has 'x.conf' for PATTERN, expected a full path that begins with '/': write 'include PATTERN', for example 'include /etc/noonmark/site.conf'",
                "include /none.conf|'/none.conf' cannot be read, no such file: make it readable or remove the line",
                "confdir|'confdir' has 0 directories, expected one to ten: write 'confdir /etc/noonmark/conf.d'",
            })
    void saysWhatIsWrongAndWhatToDo(String line, String message) {
        assertEquals("/n.conf:2: " + message, onlyError("# comment\n" + line));
    }

    @Test
    void reportsAllProblemsOfAFileAndOfALine() {
        List<String> errors = errors("""
                alow
                port x
                receiver /dev/serial0
                refclock PPS /dev/pps0 poll 4 prefer lock GPS
                """);
        assertEquals(4, errors.size());
        assertTrue(errors.get(2).contains("'poll 4'"), errors.get(2));
        assertTrue(errors.get(3).contains("'prefer'"), errors.get(3));
    }

    @Test
    void aMissingFileIsNamed() {
        ConfigReading reading = new ConfigReader(new MapConfigFiles()).read("/etc/none.conf");
        assertEquals(
                "/etc/none.conf: '/etc/none.conf' cannot be read, no such file: name a file that exists and that you may read",
                assertInstanceOf(ConfigReading.Refused.class, reading)
                        .problems()
                        .getFirst()
                        .toString());
    }

    @Test
    void refusesWhatIsNotText() {
        assertEquals(
                "/n.conf: '/n.conf' is not a text file, it has zero bytes: name a text file",
                onlyError("\u007fELF\u0000\u0001\nport 5"));
    }

    @Test
    void refusesALineThatIsTooLongAndReadsOn() {
        List<String> errors = errors("allow " + "1".repeat(1_000_000) + "\nalow");
        assertEquals(2, errors.size());
        assertTrue(errors.getFirst().contains("is longer than 2047 characters"), errors.getFirst());
        assertEquals("/n.conf:2: unknown directive 'alow': did you mean 'allow'?", errors.get(1));
    }

    @Test
    void refusesMoreThanAMegabyte() {
        assertTrue(onlyError("#\n".repeat(600_000)).contains("1 MiB"));
    }

    @Test
    void stopsListingProblemsWhenAFileIsNoConfigurationAtAll() {
        List<String> errors = errors("lorem ipsum\n".repeat(5000));
        assertEquals(201, errors.size());
        assertEquals("/n.conf: '/n.conf' has more than 200 problems: cure the first ones", errors.getLast());
    }

    @Test
    void refusesMoreAccessRulesThanTheTableHolds() {
        assertEquals(1024, config("allow 10.0.0.1\n".repeat(1024)).accessRules().size());
        assertEquals(
                "/n.conf:1025: 'allow 10.0.0.1' is one rule more than 1024: use larger subnets",
                onlyError("allow 10.0.0.1\n".repeat(2000)));
    }

    @Test
    void showsTheEffectiveConfigurationAndWhereItComesFrom() {
        MapConfigFiles files = new MapConfigFiles()
                .with("/n.conf", "port 5\ninclude /d/*.conf\n" + RECEIVER + "driftfile /x\nallow\n")
                .with("/d/a.conf", "PORT 7");
        ConfigReading.Accepted accepted =
                assertInstanceOf(ConfigReading.Accepted.class, new ConfigReader(files).read("/n.conf"));
        assertEquals(
                List.of(
                        new Setting(
                                "receiver /dev/serial0 baud auto setup auto antenna fixed pps /dev/pps0 edge assert width 0 refid GPS"
                                        + " label auto offset 0 cable-delay 0 delay 0",
                                "/n.conf:3"),
                        new Setting("minsamples 6", "default"),
                        new Setting("maxsamples 0", "default"),
                        new Setting("acquisitionport 0", "default"),
                        new Setting("authselectmode mix", "default"),
                        new Setting("maxdistance 3", "default"),
                        new Setting("maxjitter 1", "default"),
                        new Setting("minsources 1", "default"),
                        new Setting("reselectdist 0.0001", "default"),
                        new Setting("combinelimit 3", "default"),
                        new Setting("stratumweight 0.001", "default"),
                        new Setting("refresh 1209600", "default"),
                        new Setting("ntsrefresh 2419200", "default"),
                        new Setting("nocerttimecheck 0", "default"),
                        new Setting("allow", "/n.conf:5"),
                        new Setting("port 7", "/d/a.conf:1"),
                        new Setting("clientloglimit 524288", "default"),
                        new Setting("ntsrotate 604800", "default"),
                        new Setting("holdoverlimit 0.01", "default"),
                        new Setting("maxclockerror 1", "default"),
                        new Setting("tripwire position 300 signals 1 interference on hold 60 jump 600", "default"),
                        new Setting("maxslewrate 500", "default"),
                        new Setting("maxdrift 100000", "default"),
                        new Setting("maxupdateskew 1000", "default"),
                        new Setting("leapsecmode system", "default"),
                        new Setting("driftfile /x interval 3600", "/n.conf:4"),
                        new Setting("sched_priority 0", "default"),
                        new Setting("ntsport 4460", "default"),
                        new Setting("ntsaeads 30 17 15", "default"),
                        new Setting("maxntsconnections 100", "default"),
                        new Setting("ntsprocesses 1", "default"),
                        new Setting("logbanner 32", "default"),
                        new Setting("logchange 1", "default"),
                        new Setting("controlsocket /run/noonmark/control.sock", "default")),
                accepted.settings());
        assertEquals(List.of(), accepted.problems());
    }

    @Test
    void whatIsShownReadsBackAsTheSameConfiguration() {
        String text = RECEIVER + "allow 10/8\nlocal\ndriftfile /d\nbindaddress ::1\nmakestep 1 3\nlogdir /l\n";
        ConfigReading.Accepted first = assertInstanceOf(ConfigReading.Accepted.class, Readings.of(text));
        String shown =
                String.join("\n", first.settings().stream().map(Setting::text).toList());
        assertEquals(first.config(), config(shown));
    }

    @Test
    void readsWhatTheOwnerHasMeasuredOfThePulsesDelay() {
        assertEquals(
                Optional.of(new PulseLateness(0, 50, OptionalLong.of(7_500), OptionalLong.of(800))),
                receiver(
                                "receiver /dev/serial0 pps /dev/pps0 cable-delay 50e-9 pps-latency 7.5e-6 pps-latency-error 8e-7")
                        .pulse()
                        .map(PulseConfig::lateness));
        assertEquals(
                Optional.of(new PulseLateness(0, 0, OptionalLong.of(7_500), OptionalLong.empty())),
                receiver("receiver /dev/serial0\nrefclock PPS /dev/pps0 lock GPS pps-latency 7.5e-6")
                        .pulse()
                        .map(PulseConfig::lateness));
    }

    @Test
    void aCableDelayThatWasMeantInNanosecondsIsRefused() {
        assertEquals(
                "/n.conf:1: option 'cable-delay' of 'receiver' has '50', expected a number of seconds from 0 to 0.00001: write"
                        + " 'cable-delay 0', the default, or another value",
                onlyError("receiver /dev/serial0 pps /dev/pps0 cable-delay 50"));
    }

    @Test
    void readsWhenTheReceiverIsNoLongerBelieved() {
        assertEquals(new TripwireConfig(300, 1, true, 60, 600), config(RECEIVER).tripwire());
        assertEquals(
                new TripwireConfig(0, 0.5, false, 60, 0),
                config(RECEIVER + "tripwire position 0 signals 0.5 interference off jump 0")
                        .tripwire());
        assertEquals(
                "/n.conf:1: option 'hold' of 'tripwire' has '0', expected a whole number from 1 to 86400: write 'hold 60', the default, or"
                        + " another value",
                onlyError("tripwire hold 0"));
    }

    private static PulseLateness late(long offsetNanos) {
        return new PulseLateness(offsetNanos, 0, OptionalLong.empty(), OptionalLong.empty());
    }
}
