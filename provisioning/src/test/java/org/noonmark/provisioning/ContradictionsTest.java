package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.noonmark.provisioning.Readings.warnings;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContradictionsTest {
    @Test
    void everyCertificateOfNtsNeedsItsKeyAndEveryKeyItsCertificate() {
        assertEquals(
                List.of(
                        "/n.conf:3: 'ntsservercert /b' has no 'ntsserverkey' that goes with it: add an 'ntsserverkey FILE' line, as"
                                + " many of the one as of the other"),
                Readings.errors("ntsservercert /a\nntsserverkey /a\nntsservercert /b"));
        assertEquals(
                List.of(
                        "/n.conf:1: 'ntsserverkey /a' has no 'ntsservercert' that goes with it: add an 'ntsservercert FILE' line, as"
                                + " many of the one as of the other"),
                Readings.errors("ntsserverkey /a"));
        NtsConfig nts = Readings.config(
                        "ntsservercert /a\nntsservercert /b\nntsserverkey /c\nntsserverkey /d\nntsaeads 15")
                .nts();
        assertEquals(List.of(new NtsConfig.Pair("/a", "/c"), new NtsConfig.Pair("/b", "/d")), nts.pairs());
        assertEquals(List.of(15), nts.aeads());
    }

    @Test
    void twoAuthoritiesThatOverwriteEachOthersCertificate() {
        String acme = "ntsacme https://acme.example.net/dir time.example.net directory ";
        assertEquals(
                List.of(
                        "/n.conf:2: 'ntsacme' and 'ntsca' of /n.conf:1 keep their certificates in '/var/nts', where each"
                                + " overwrites the other's: give 'ntsacme' another 'directory'"),
                Readings.errors("ntsca /var/nts\n" + acme + "/var//nts/"));
        assertEquals(List.of(), Readings.errors("ntsca /var/nts\n" + acme + "/var/nts/acme"));
    }

    private static final String GOOD = "receiver /dev/serial0 pps /dev/pps0\nallow 10/8\n";

    @Test
    void aWholeConfigurationHasNoWarning() {
        assertEquals(List.of(), warnings(GOOD + "deny 10.1/16\nallow all fd00::/8"));
    }

    @Test
    void servingOnAClosedPort() {
        assertEquals(
                List.of(
                        "/n.conf:3: warning: 'port 0' closes the NTP port, so 'allow 10/8' of /n.conf:2 serves nobody: remove"
                                + " 'port 0'"),
                warnings(GOOD + "port 0"));
    }

    @Test
    void aServerThatAnswersNobody() {
        assertEquals(
                List.of(
                        "/n.conf: warning: no 'allow' line, so nobody is served: add 'allow onlink' or your own network"),
                warnings("receiver /dev/serial0 pps /dev/pps0"));
        assertEquals(List.of(), warnings("receiver /dev/serial0 pps /dev/pps0\nport 0"));
    }

    @Test
    void aServerWithoutReceiver() {
        assertEquals(
                List.of(
                        "/n.conf: warning: no 'receiver' line, so the time is never proven and nothing is served: add 'receiver"
                                + " /dev/serial0 pps /dev/pps0'"),
                warnings("allow"));
    }

    @Test
    void aLimitForClientsThatNobodyCounts() {
        assertEquals(
                "/n.conf:4: 'ratelimit' counts the requests of each client, which 'noclientlog' of /n.conf:3 forbids: remove one of"
                        + " them",
                Readings.onlyError(GOOD + "noclientlog\nratelimit"));
        assertEquals(
                List.of(
                        "/n.conf:4: warning: 'clientloglimit 1000' has no effect beside 'noclientlog' of /n.conf:3: remove one of them"),
                warnings(GOOD + "noclientlog\nclientloglimit 1000"));
        assertEquals(List.of(), warnings(GOOD + "noclientlog"));
    }

    @Test
    void aReceiverWithoutPulses() {
        assertEquals(
                List.of(
                        "/n.conf:1: warning: receiver '/dev/serial0' has no pulses, so the clock is not steered: add 'pps"
                                + " /dev/pps0'"),
                warnings("receiver /dev/serial0\nallow"));
    }

    @Test
    void aRuleThatTakesBackAnEarlierOne() {
        assertEquals(
                List.of("/n.conf:3: warning: 'deny 10.0.0.0/8' takes back 'allow 10/8' of line 2: remove one of them"),
                warnings(GOOD + "deny 10.0.0.0/8"));
        assertEquals(
                List.of("/n.conf:3: warning: 'deny all' takes back 'allow 10/8' of line 2: remove one of them"),
                warnings(GOOD + "deny all"));
        assertEquals(List.of(), warnings(GOOD + "deny all 11/8"));
        assertEquals(List.of(), warnings(GOOD + "deny"));
    }

    @Test
    void aValueThatIsReplacedInTheSameFile() {
        assertEquals(
                List.of("/n.conf:4: warning: 'makestep 1 5' replaces 'makestep 9999 1' of line 3: keep one of them"),
                warnings(GOOD + "makestep 9999 1\nmakestep 1 5"));
        assertEquals(List.of(), warnings(GOOD + "bindaddress ::1\nbindaddress 127.0.0.1"));
    }

    @Test
    void aLocalClockThatClaimsToBeAReference() {
        assertEquals(
                List.of(
                        "/n.conf:3: warning: 'local stratum 1' calls a clock that nothing steers a reference: write 'local stratum"
                                + " 10'"),
                warnings(GOOD + "local stratum 1"));
    }
}
