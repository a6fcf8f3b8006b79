package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines that name other servers. */
class ServersTest {
    private static final String RECEIVER = "receiver /dev/serial0 pps /dev/pps0\n";

    @Test
    void serversAndPoolsAddUpInTheOrderOfTheFile() {
        List<ServerConfig> servers = Readings.config(RECEIVER + """
                server ntp1.example.net iburst prefer
                pool pool.ntp.org maxsources 3 iburst
                server 192.0.2.7 port 1123 noselect offset -0.5 version 3
                server 2001:db8::1 minstratum 2 maxdelay 0.1 burst offline auto_offline trust require
                """).servers();
        assertEquals(
                List.of("ntp1.example.net", "pool.ntp.org", "192.0.2.7", "2001:db8::1"),
                servers.stream().map(ServerConfig::name).toList());
        assertEquals(
                Set.of(ServerConfig.Flag.IBURST, ServerConfig.Flag.PREFER),
                servers.get(0).flags());
        assertEquals(3, servers.get(1).maxSources());
        assertEquals(ServerConfig.Role.POOL, servers.get(1).role());
        assertEquals(-500_000_000L, servers.get(2).offsetNanos());
        assertEquals(1123, servers.get(2).port());
        assertEquals(3, servers.get(2).version());
        assertEquals(100_000_000L, servers.get(3).maxDelayNanos());
        assertEquals(6, servers.get(3).flags().size() + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 6, 10",
        "minpoll 4, 4, 10",
        "maxpoll 5, 5, 5",
        "minpoll 11, 11, 11",
        "minpoll 3 maxpoll 5, 3, 5",
    })
    void oneEndOfTheIntervalMovesTheOtherOutOfItsWay(String options, int least, int most) {
        ServerConfig server = Readings.config(RECEIVER + "server a.example " + options)
                .servers()
                .getFirst();
        assertEquals(least, server.minPollLog2());
        assertEquals(most, server.maxPollLog2());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "server | /n.conf:2: 'server' needs NAME, a host name such as time.example.net, or an IP address: write",
                "server a..b | /n.conf:2: 'server' has 'a..b' for NAME, expected a host name such as time.example.net, or an IP address: write",
                "server 300.1.2.3 | /n.conf:2: 'server' has '300.1.2.3' for NAME, expected a host name such as time.example.net, or an IP address: write",
                "server a.example minpoll 8 maxpoll 7 | /n.conf:2: 'maxpoll 7' is below 'minpoll 8': make minpoll the smaller one",
                "server a.example key 5 | /n.conf:2: 'key 5' needs a file of keys: add 'keyfile /etc/noonmark/noonmark.keys'",
                "server a.example ntsport 0 | /n.conf:2: option 'ntsport' of 'server' has '0', expected a whole number from 1 to 65535",
                "pool a.example maxsources 17 | /n.conf:2: option 'maxsources' of 'pool' has '17', expected a whole number from 1 to 16",
                "server a.example extfield F323 | /n.conf:2: option 'extfield F323' of 'server' is not supported yet: remove it; the fields of version 4",
                "server a.example asymmetry 0.6 | /n.conf:2: option 'asymmetry' of 'server' has '0.6', expected a number of shares from -0.5 to 0.5",
                "server a.example ipv4 ipv6 | /n.conf:2: 'ipv4' and 'ipv6' leave no address of a name: keep one of them, or none",
                "peer a.example nts | /n.conf:2: 'peer' has no option 'nts'",
                "peer a.example copy | /n.conf:2: 'peer' has no option 'copy'",
                "pool a.example copy | /n.conf:2: 'pool' has no option 'copy'",
                "acquisitionport 123 | /n.conf:2: 'acquisitionport 123' is the port that clients are answered at: remove the line,",
            })
    void aLineThatCannotBeMeantIsRefusedInOneSentence(String line, String start) {
        String message = Readings.onlyError(RECEIVER + line);
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void anEqualIsAskedInItsWayAndWithoutAKeyThatIsTold() {
        ApplianceConfig config = Readings.config(RECEIVER + """
                peer a.example xleave presend 9 filter 5 maxdelayquant 0.3 asymmetry -0.5 ipv6
                server b.example minsamples 8
                minsamples 10
                maxsamples 32
                acquisitionport 1123
                bindacqaddress 192.0.2.7
                bindacqaddress 2001:db8::7
                bindacqdevice eth0
                """);
        ServerConfig peer = config.servers().getFirst();
        assertEquals(ServerConfig.Role.PEER, peer.role());
        assertEquals(new ServerConfig.Shaping(OptionalInt.of(9), 0.3, 5, -0.5), peer.shaping());
        assertEquals(Set.of(ServerConfig.Flag.XLEAVE, ServerConfig.Flag.IPV6), peer.flags());
        assertEquals(OptionalInt.empty(), peer.minSamples());
        assertEquals(OptionalInt.of(8), config.servers().getLast().minSamples());
        ServerRules rules = config.serverRules();
        assertEquals(10, rules.minSamples());
        assertEquals(32, rules.maxSamples());
        assertEquals(
                new ServerRules.Outgoing(
                        1_123, IpAddress.parse("192.0.2.7"), IpAddress.parse("2001:db8::7"), Optional.of("eth0")),
                rules.outgoing());
        String warning = "'peer a.example' has no key: whoever forges that address speaks for it";
        assertTrue(
                Readings.warnings(RECEIVER + "peer a.example\n").stream().anyMatch(line -> line.contains(warning)),
                warning);
    }

    /** Two boxes that copy each other follow one another, and both say stratum 1. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true",
        "a.example, true",
        "127.0.0.1, false",
        "127.3.2.1, false",
        "::1, false",
        "localhost, false"
    })
    void onlyAProgramOfTheSameMachineIsCopiedWithoutAWarning(String name, boolean warned) {
        String line = RECEIVER + "server " + name + " copy\n";
        assertEquals(
                Set.of(ServerConfig.Flag.COPY),
                Readings.config(line).servers().getFirst().flags());
        assertEquals(
                warned,
                Readings.warnings(line).stream()
                        .anyMatch(text -> text.contains("'copy' of '" + name + "' hides from others")));
    }

    @Test
    void ntsIsAskedForWithItsPortAndItsCertificates() {
        ApplianceConfig config = Readings.config(RECEIVER + """
                server a.example nts
                server b.example nts ntsport 14460 certset 3
                ntstrustedcerts /etc/a.pem
                ntstrustedcerts 3 /etc/b
                nosystemcert
                nocerttimecheck 1
                ntsrefresh 3600
                """);
        assertEquals(
                List.of(new ServerConfig.Nts(4460, 0), new ServerConfig.Nts(14_460, 3)),
                config.servers().stream()
                        .flatMap(server -> server.nts().stream())
                        .toList());
        assertEquals(3_600, config.serverRules().ntsRefreshSeconds());
        assertEquals(
                new ServerRules.Trust(
                        List.of(
                                new ServerRules.Certificates(0, "/etc/a.pem"),
                                new ServerRules.Certificates(3, "/etc/b")),
                        false,
                        1),
                config.serverRules().trust());
    }

    /** As Debian's chrony.conf has them: one bad line costs itself alone, and a directory that is not there nothing. */
    @Test
    void filesOfSourcesAreReadByName() {
        List<String> directories = Readings.config(RECEIVER + "sourcedir /run/a /etc/b\nsourcedir /missing\n")
                .serverRules()
                .directories();
        assertEquals(List.of("/run/a", "/etc/b", "/missing"), directories);
        MapConfigFiles files = new MapConfigFiles()
                .with("/run/a/dhcp.sources", "# by DHCP\nserver 192.0.2.1 iburst\n")
                .with("/etc/b/dhcp.sources", "server 192.0.2.9\n")
                .with("/etc/b/more.sources", "pool a.example iburst maxsources 2\nserver b..c\nserver A.example\n")
                .with("/etc/b/other.txt", "server 192.0.2.8\n");
        SourceFiles read = SourceFiles.read(files, directories, List.of());
        assertEquals(
                List.of("192.0.2.1", "a.example"),
                read.servers().stream().map(ServerConfig::name).toList());
        assertEquals(2, read.problems().size(), read.problems()::toString);
        assertTrue(read.problems().getFirst().startsWith("/etc/b/more.sources:2: "), read.problems()::toString);
    }

    @Test
    void aServerIsAskedOnce() {
        assertEquals(
                "/n.conf:3: 'A.example' is asked already by line 2: keep one of them",
                Readings.onlyError(RECEIVER + "server a.example\npool A.example"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-b.c", "_ntp.example", "ntp.example.", "::1", "127.0.0.1", "2.debian.pool.ntp.org"})
    void takesNamesAndAddresses(String name) {
        assertEquals(
                name,
                Readings.config(RECEIVER + "server " + name)
                        .servers()
                        .getFirst()
                        .name());
    }
}
