package org.noonmark.ntp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.noonmark.time.NtpShort;
import org.noonmark.time.NtpTime;

/** Packets that others sent and others decoded; sources in ntp/SOURCE.md. */
class CapturedPacketsTest {
    private static final long NOW = 1_560_000_000_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "zeek/ntp.pcap, zeek/ntp.ntp.log, 32",
        "zeek/NTP-digest.pcap, zeek/ntp-digest.ntp.log, 40",
        "zeek/misordered-ntp.pcap, zeek/misordered-ntp.ntp.log, 2"
    })
    void headerFieldsEqualZeeksDecoding(String capture, String log, int packets) {
        List<CapturedPackets.Payload> payloads = CapturedPackets.read(capture).payloads();
        List<String> rows = new String(CapturedPackets.octets(log), StandardCharsets.US_ASCII)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
        assertEquals(packets, payloads.size());
        assertEquals(packets, rows.size());
        for (int i = 0; i < packets; i++) {
            NtpPacket packet = payloads.get(i).packet();
            List<String> columns = List.of(rows.get(i).split("\t"));
            String which = capture + " packet " + (i + 1);
            assertEquals(columns.subList(6, 14), zeeksColumns(packet), which);
            assertTime(columns.get(14), packet.referenceTimestamp(), which);
            assertTime(columns.get(15), packet.originTimestamp(), which);
            assertTime(columns.get(16), packet.receiveTimestamp(), which);
            assertTime(columns.get(17), packet.transmitTimestamp(), which);
        }
    }

    @Test
    void headerFieldsEqualThoseOfNtpdRs() throws IOException {
        JsonNode packets = new ObjectMapper()
                .readTree(CapturedPackets.octets("ntpd-rs-packets.json"))
                .get("packets");
        for (JsonNode said : packets) {
            byte[] octets = HexFormat.of().parseHex(said.get("packet").asText());
            NtpPacket packet = new NtpPacket(ByteBuffer.wrap(octets), 0, octets.length);
            assertEquals(said.get("version").asInt(), packet.version());
            assertEquals(said.get("mode").asInt(), packet.mode());
            if (said.has("refid")) {
                assertEquals(said.get("stratum").asInt(), packet.stratum());
                assertEquals(said.get("poll").asInt(), packet.poll());
                assertEquals(said.get("precision").asInt(), packet.precision());
                assertEquals(hex(said, "root_delay_raw"), packet.rootDelay());
                assertEquals(hex(said, "root_dispersion_raw"), packet.rootDispersion());
                assertEquals(hex(said, "refid"), packet.referenceId());
                assertEquals(hex(said, "reference"), packet.referenceTimestamp());
                assertEquals(hex(said, "origin"), packet.originTimestamp());
                assertEquals(hex(said, "receive"), packet.receiveTimestamp());
                assertEquals(hex(said, "transmit"), packet.transmitTimestamp());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "zeek/ntp.pcap, ANSWERED, 16",
        "zeek/ntp.pcap, NOT_A_REQUEST, 16",
        "zeek/NTP-digest.pcap, UNKNOWN_KEY, 40",
        "zeek/ntpmode67.pcap, CONTROL_MODE, 9",
        "tcpdump/ntp-control.pcap, CONTROL_MODE, 21",
        "tcpdump/ntp-time-ef.pcap, AUTHENTICATION_NOT_SERVED, 1",
        "tcpdump/ntp-time.pcap, ANSWERED, 1",
        "tcpdump/ntp.pcap, UNKNOWN_KEY, 3",
        "tcpdump/ntp.pcap, ANSWERED, 1",
        "tcpdump/ntp.pcap, NOT_A_REQUEST, 4"
    })
    void requestsOfOthersMeetTheStatedRule(String capture, Disposition disposition, int packets) {
        Map<Disposition, Integer> met = new EnumMap<>(Disposition.class);
        for (CapturedPackets.Payload payload : CapturedPackets.read(capture).payloads()) {
            met.merge(respond(new NtpExchange(), payload.octets(), payload.sourcePort()), 1, Integer::sum);
        }
        assertEquals(packets, met.get(disposition), () -> capture + " " + met);
    }

    @Test
    void mutatedCapturesNeverThrowAndNeverGrow() {
        long seed = 1968;
        Random random = new Random(seed);
        NtpExchange exchange = new NtpExchange();
        int answered = 0;
        for (String capture :
                List.of("tcpdump/ntp-time-ef.pcap", "tcpdump/ntp.pcap", "zeek/NTP-digest.pcap", "zeek/ntp.pcap")) {
            for (CapturedPackets.Payload payload : CapturedPackets.read(capture).payloads()) {
                for (int round = 0; round < 3_000; round++) {
                    byte[] octets = mutated(payload.octets(), random);
                    if (respond(exchange, octets, 40_000) == Disposition.ANSWERED) {
                        answered++;
                        assertTrue(exchange.packet().length() <= octets.length, () -> "seed " + seed);
                    }
                }
            }
        }
        assertNotEquals(0, answered);
    }

    private static Disposition respond(NtpExchange exchange, byte[] octets, int sourcePort) {
        NtpResponder responder = new NtpResponder(
                () -> new AccessTable(List.of(AccessRule.everyone(true, false, "allow"))), NtpOptions.PLAIN, 1);
        exchange.datagram(ByteBuffer.wrap(octets), 0, octets.length, false)
                .from(0, 0xffff_c0a8_0001L, sourcePort)
                .to(0, 0xffff_c0a8_0002L, 123)
                .receivedAt(NOW);
        Disposition disposition = responder.respond(exchange);
        if (disposition == Disposition.ANSWERED) {
            responder.stampTransmit(exchange, SystemVariables.unsynchronised(-20), NOW + 10_000);
        }
        return disposition;
    }

    /** Some octets changed, and sometimes cut or lengthened. */
    private static byte[] mutated(byte[] original, Random random) {
        int length = random.nextInt(3) == 0 ? random.nextInt(original.length + 40) : original.length;
        byte[] octets = new byte[length];
        System.arraycopy(original, 0, octets, 0, Math.min(length, original.length));
        for (int changes = random.nextInt(4); changes > 0 && length > 0; changes--) {
            octets[random.nextInt(length)] = (byte) random.nextInt(256);
        }
        return octets;
    }

    /** Version, mode, stratum, poll, precision, root delay, root dispersion and reference id as Zeek prints them. */
    private static List<String> zeeksColumns(NtpPacket packet) {
        return List.of(
                String.valueOf(packet.version()),
                String.valueOf(packet.mode()),
                String.valueOf(packet.stratum()),
                seconds(Math.scalb(1.0, packet.poll())),
                seconds(Math.scalb(1.0, packet.precision())),
                seconds(NtpShort.toNanos(packet.rootDelay()) / 1e9),
                seconds(NtpShort.toNanos(packet.rootDispersion()) / 1e9),
                referenceId(packet));
    }

    private static String seconds(double seconds) {
        return "%.6f".formatted(seconds);
    }

    /** Zeek keeps a time as a floating-point number of seconds, whose last microsecond is rounded. */
    private static void assertTime(String zeeksSeconds, long stamp, String which) {
        long zeeksMicros = Long.parseLong(zeeksSeconds.replace(".", ""));
        long micros = stamp == 0 ? 0 : NtpTime.toUnixNanos(stamp, NOW) / 1_000;
        assertTrue(Math.abs(micros - zeeksMicros) <= 1, () -> which + ": " + micros + " is not " + zeeksMicros);
    }

    private static String referenceId(NtpPacket packet) {
        StringBuilder text = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            int octet = packet.referenceId() >> shift & 0xff;
            if (packet.stratum() > 1) {
                text.append(octet).append(shift > 0 ? "." : "");
            } else {
                text.append(octet == 0 ? "\\x00" : String.valueOf((char) octet));
            }
        }
        return text.toString();
    }

    private static long hex(JsonNode node, String field) {
        String digits = node.get(field).asText();
        return digits.length() == 8 ? Integer.parseUnsignedInt(digits, 16) : Long.parseUnsignedLong(digits, 16);
    }
}
