package org.noonmark.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DecodeCommandTest {
    private static final Path CAPTURES = Path.of("..", "nmea", "src", "test", "resources", "receivers", "gpsd");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    private int run(InputStream in, String... args) {
        DecodeCommand command = new DecodeCommand(in, new PrintStream(out, true, StandardCharsets.UTF_8));
        return new CommandLine(command).setErr(new PrintWriter(err, true)).execute(args);
    }

    private int run(String... args) {
        return run(InputStream.nullInputStream(), args);
    }

    private List<JsonNode> objects(String jsonClass) throws IOException {
        List<JsonNode> found = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            JsonNode object = JSON.readTree(line);
            if (object.path("class").asText().equals(jsonClass)) {
                found.add(object);
            }
        }
        return found;
    }

    @Test
    void printsGpsdsNamesAndUnits() throws IOException {
        int exitCode = run(CAPTURES.resolve("ublox-8.log").toString());

        assertEquals(0, exitCode);
        JsonNode fix = objects("TPV").getFirst();
        assertEquals("2017-01-10T00:09:41.000Z", fix.path("time").asText());
        assertEquals(3, fix.path("mode").asInt());
        assertEquals(44.068897833, fix.path("lat").asDouble(), 1e-9);
        assertEquals(-121.314271333, fix.path("lon").asDouble(), 1e-9);
        assertEquals(1123.4, fix.path("altHAE").asDouble(), 1e-6);
        assertEquals(1144.8, fix.path("altMSL").asDouble(), 1e-6);
        assertEquals(0.015, fix.path("speed").asDouble(), 1e-6);
        JsonNode sky = objects("SKY").getFirst();
        assertEquals(25, sky.path("nSat").asInt());
        assertEquals(14, sky.path("uSat").asInt());
        JsonNode satellite = sky.path("satellites").get(1);
        assertEquals(
                "{\"PRN\":3,\"gnssid\":0,\"svid\":3,\"az\":174.0,\"el\":21.0,\"ss\":29.0,\"used\":true}",
                satellite.toString());
    }

    @Test
    void readsUbxToo() throws IOException {
        assertEquals(0, run(CAPTURES.resolve("u-blox-m8t-time.log").toString()));

        JsonNode fix = objects("TPV").get(1);
        assertEquals("2021-02-23T18:04:30.000Z", fix.path("time").asText());
        assertEquals(7, fix.path("status").asInt());
        assertEquals(18, fix.path("leapseconds").asInt());
    }

    @Test
    void takesTheFloorOfTheEraFromTheOption() throws IOException {
        run(CAPTURES.resolve("ublox-8.log").toString(), "--floor", "2030-01-01");

        assertEquals(
                "2036-08-26T00:09:41.000Z",
                objects("TPV").getFirst().path("time").asText());
    }

    @Test
    void takesTheFloorOfTheEraFromASidecar(@TempDir Path directory) throws IOException {
        Path copy = directory.resolve("capture.log");
        Files.copy(CAPTURES.resolve("ublox-8.log"), copy);
        Files.writeString(directory.resolve("capture.log.date"), "2030-01-01\n");
        run(copy.toString());

        assertEquals(
                "2036-08-26T00:09:41.000Z",
                objects("TPV").getFirst().path("time").asText());
    }

    @Test
    void refusesASidecarWithoutADate(@TempDir Path directory) throws IOException {
        Path copy = Files.copy(CAPTURES.resolve("ublox-8.log"), directory.resolve("capture.log"));
        Path sidecar = Files.writeString(directory.resolve("capture.log.date"), "last summer\n");

        assertEquals(ExitCode.NO_INPUT, run(copy.toString()));
        assertEquals(
                "noonmark decode: " + sidecar + ": expected one date such as 2024-05-31" + System.lineSeparator(),
                err.toString());
    }

    @Test
    void readsStandardInput() throws IOException {
        run(new ByteArrayInputStream(Files.readAllBytes(CAPTURES.resolve("mt3339.log"))), "-");

        assertEquals(30, objects("TPV").size());
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertEquals(ExitCode.NO_INPUT, run("no-such-file.log"));
        assertEquals("noonmark decode: no-such-file.log: no such file" + System.lineSeparator(), err.toString());
    }

    @Test
    void saysWhyNothingWasUnderstood() {
        int exitCode = run(CAPTURES.resolve("hp58534a.log").toString());

        assertEquals(ExitCode.NOT_GOOD, exitCode);
        assertTrue(err.toString().contains("13 sentences came without checksum"), err.toString());
    }

    @Test
    void endsWithItsOwnCodeWhenReadingFails() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("Input/output error");
            }
        };

        assertEquals(ExitCode.NO_INPUT, run(broken, "-"));
    }
}
