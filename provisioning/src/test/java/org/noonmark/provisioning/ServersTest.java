package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
        assertTrue(servers.get(1).pool());
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
                "server a.example xleave | /n.conf:2: option 'xleave' of 'server' is not supported yet: remove it; servers are asked in basic mode,",
            })
    void aLineThatCannotBeMeantIsRefusedInOneSentence(String line, String start) {
        String message = Readings.onlyError(RECEIVER + line);
        assertTrue(message.startsWith(start), message);
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
