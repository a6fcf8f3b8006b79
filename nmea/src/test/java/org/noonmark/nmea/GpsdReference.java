package org.noonmark.nmea;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What gpsd printed for a capture: the JSON objects of its {@code .chk} file. */
record GpsdReference(List<Tpv> fixes, List<Sky> skies) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** {@code time} as printed, empty when gpsd had none. */
    record Tpv(String time, int mode, double latitude, double longitude) {}

    /** A SKY that lists satellites. */
    record Sky(List<Integer> prns, int used) {
        /** gpsd prints each constellation's end: this view is an early part of {@code later}. */
        boolean growsInto(Sky later) {
            return later.prns.size() > prns.size()
                    && later.prns.subList(0, prns.size()).equals(prns);
        }

        String counts() {
            return prns.size() + "/" + used;
        }
    }

    static GpsdReference of(Path capture) {
        List<Tpv> fixes = new ArrayList<>();
        List<Sky> skies = new ArrayList<>();
        try (var lines = Files.lines(Path.of(capture + ".chk"), StandardCharsets.ISO_8859_1)) {
            lines.filter(line -> line.startsWith("{")).forEach(line -> {
                JsonNode object = parse(line);
                switch (object.path("class").asText()) {
                    case "TPV" ->
                        fixes.add(new Tpv(
                                object.path("time").asText(""),
                                object.path("mode").asInt(),
                                object.path("lat").asDouble(Double.NaN),
                                object.path("lon").asDouble(Double.NaN)));
                    case "SKY" -> {
                        if (object.has("satellites")) {
                            skies.add(sky(object));
                        }
                    }
                    default -> {}
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new GpsdReference(fixes, skies);
    }

    private static Sky sky(JsonNode object) {
        List<Integer> prns = new ArrayList<>();
        int used = 0;
        for (JsonNode satellite : object.path("satellites")) {
            prns.add(satellite.path("PRN").asInt());
            used += satellite.path("used").asBoolean() ? 1 : 0;
        }
        return new Sky(prns, used);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
