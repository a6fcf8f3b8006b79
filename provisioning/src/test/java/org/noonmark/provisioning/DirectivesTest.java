package org.noonmark.provisioning;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DirectivesTest {
    /** Names of chrony.conf(5), 4.9-dev, and those that chrony's reader still knows without documenting them. */
    private static final List<String> CHRONY = List.of("""
            acquisitionport allow authselectmode bindacqaddress bindacqdevice bindaddress bindcmdaddress bindcmddevice binddevice
            broadcast clientloglimit clockprecision cmdallow cmddeny cmdport cmdratelimit combinelimit commandkey confdir
            corrtimeratio deny driftfile dscp dumpdir dumponexit fallbackdrift generatecommandkey hwclockfile hwtimestamp
            hwtstimeout include initstepslew keyfile leapseclist leapsecmode leapsectz linux_freq_scale linux_hz local lock_all
            log logbanner logchange logdir mailonchange makestep manual maxchange maxclockerror maxdistance maxdrift maxjitter
            maxntsconnections maxsamples maxslewrate maxstratum maxtxbuffers maxupdateskew minsamples minsources minstratum
            nocerttimecheck noclientlog nosystemcert ntpsigndsocket ntsaeads ntscachedir ntsdumpdir ntsntpserver ntsport
            ntsprocesses ntsratelimit ntsrefresh ntsrotate ntsservercert ntsserverkey ntstrustedcerts opencommands peer pidfile
            pool port ptpdomain ptpport ratelimit refclock refresh reselectdist rtcautotrim rtcdevice rtcfile rtconutc rtcsync
            sched_priority server smoothtime sourcedir stratumweight tempcomp user""".split("\\s+"));

    static List<Directive> table() {
        return Directives.all();
    }

    @Test
    void theTableIsChronysAndOurOwn() {
        TreeSet<String> expected = new TreeSet<>(CHRONY);
        expected.addAll(List.of(
                "receiver",
                "controlsocket",
                "holdoverlimit",
                "leds",
                "ntpcores",
                "ntsacme",
                "ntsca",
                "record",
                "tripwire",
                "xdp"));
        assertEquals(
                List.copyOf(expected),
                Directives.all().stream().map(Directive::name).sorted().toList());
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyEntryIsASentenceAndItsExplanationSaysIt(Directive directive) {
        assertTrue(directive.effect().matches("[A-Z].*\\."), directive.effect());
        String explanation = Explanation.of(directive);
        assertTrue(explanation.startsWith(directive.name()), explanation);
        assertTrue(explanation.contains(directive.effect()), explanation);
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyRefusalHasACureThatBeginsWithAVerb(Directive directive) {
        switch (directive) {
            case Directive.Supported supported ->
                supported.options().stream()
                        .flatMap(option -> option.instead().stream())
                        .forEach(cure -> assertTrue(cure.matches("(remove|use) .*"), cure));
            case Directive.NotYet notYet -> assertTrue(notYet.instead().matches("(remove|write) .*"), notYet.instead());
            case Directive.Never never -> assertFalse(never.reason().endsWith("."), never.reason());
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyRefusedDirectiveIsRefusedByName(Directive directive) {
        if (!(directive instanceof Directive.Supported)) {
            String message = Readings.onlyError(directive.name().toUpperCase(Locale.ROOT) + " a b c");
            assertTrue(message.contains("is not supported"), message);
        }
    }

    @Test
    void everyDefaultAndEverySampleLineIsAccepted() {
        for (Directive.Supported directive : SupportedDirectives.TABLE) {
            directive.standard().ifPresent(Readings::config);
            for (String line : directive.sample()) {
                List<String> errors = Readings.errors("receiver /dev/s\n" + line.replaceFirst("^#", "")).stream()
                        .filter(error -> !error.contains("second one")
                                && !error.contains("cannot be read")
                                && !error.contains("that goes with it"))
                        .toList();
                assertEquals(List.of(), errors);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alow, allow",
        "ALOW, allow",
        "alloww, allow",
        "lalow, allow",
        "dny, deny",
        "prot, port",
        "divers, ",
        "serer, server",
        "bindadress, bindaddress",
        "leapseclst, leapseclist",
        "refclok, refclock",
        "x, ",
        "receivr, receiver",
        "maxclokerror, maxclockerror",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, ",
    })
    void findsTheNameThatWasMeant(String typed, String meant) {
        assertEquals(
                Optional.ofNullable(meant),
                Directives.nearest(typed, Directives.all().stream().map(Directive::name)));
    }

    @Test
    void explainsADirectiveFromTheTable() {
        assertEquals("""
                driftfile FILE [interval N]
                    Keeps the clock's frequency in FILE, so that a restart need not learn it anew.
                    FILE               the file; a full path that begins with '/'
                    interval           least number of seconds between two writes; a whole number from 1 to 2147483647; default 3600
                    Default: none
                """, Explanation.of(Directives.named("DriftFile").orElseThrow()));
    }

    @Test
    void theSampleIsAcceptedWithoutWarning() {
        MapConfigFiles files =
                new MapConfigFiles().with("/n.conf", SampleConfig.text()).with("/etc/noonmark/conf.d/README", "");
        ConfigReading.Accepted accepted =
                assertInstanceOf(ConfigReading.Accepted.class, new ConfigReader(files).read("/n.conf"));
        assertEquals(List.of(), accepted.problems());
        assertEquals(
                Optional.of("/var/lib/noonmark/drift"),
                accepted.config().driftFile().map(DriftFile::path));
    }

    /** The image takes the file; when the table changed, write it anew with {@code noonmark config sample}. */
    @Test
    void theSampleFileIsThatOfTheTable() throws IOException {
        try (InputStream in = Directive.class.getResourceAsStream("noonmark.conf")) {
            assertEquals(
                    SampleConfig.text(), new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void theSampleNamesEveryDirectiveThatIsHonoured() {
        for (Directive.Supported directive : SupportedDirectives.TABLE) {
            assertTrue(
                    SampleConfig.text().lines().anyMatch(line -> line.matches("#?" + directive.name() + "( .*)?")),
                    directive.name());
        }
    }
}
