package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.noonmark.linux.NativeCalls;
import org.noonmark.pps.gpio.FrontPanel;

/** The libraries have loggers, warnings and stack traces of their own. The terminal belongs to us. */
class QuietLibrariesTest {
    @Test
    void theFrontPanelsLibrariesPrintNothingOnAMachineWithoutGpio() throws Exception {
        Process child = start("panel");
        String errors = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, child.waitFor());
        assertEquals("", errors);
        assertEquals(1, output.lines().count(), output);
    }

    @Test
    void aMissingNativeLibraryIsOneSentenceWithItsCure() throws Exception {
        Process child = start("native", "-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=/nowhere");
        String errors = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertEquals(0, child.waitFor());
        assertEquals("", errors);
        assertEquals(1, output.lines().count(), output);
        assertTrue(output.startsWith("the native part of JNA (libjnidispatch.so) cannot be loaded: "), output);
        assertTrue(output.contains("-Djna.boot.library.path=DIRECTORY"), output);
    }

    /** The child: does one thing and prints one line about it. */
    public static void main(String[] arguments) {
        if (arguments[0].equals("panel")) {
            try (FrontPanel panel = FrontPanel.open(OptionalInt.of(23), OptionalInt.empty())) {
                panel.show(true, true);
                System.out.println(panel.fault().orElse("lamps"));
            }
        } else {
            try {
                NativeCalls.require();
                System.out.println("loaded");
            } catch (UnsatisfiedLinkError e) {
                System.out.println(e.getMessage());
            }
        }
    }

    private static Process start(String what, String... options) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(List.of(options));
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path", ""), QuietLibrariesTest.class.getName(), what));
        return new ProcessBuilder(command).start();
    }
}
