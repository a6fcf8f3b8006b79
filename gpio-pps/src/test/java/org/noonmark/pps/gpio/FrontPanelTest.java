package org.noonmark.pps.gpio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalOutput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalOutputProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class FrontPanelTest {
    private static final OptionalInt LOCK = OptionalInt.of(23);
    private static final OptionalInt FIX = OptionalInt.of(24);

    private final Context board = Pi4J.newContextBuilder()
            .add(MockDigitalOutputProvider.newInstance())
            .disableShutdownHook()
            .build();

    @Test
    void lightsEachLampByItsOwnState() {
        try (FrontPanel panel = FrontPanel.open(() -> board, LOCK, FIX)) {
            assertEquals(List.of(false, false), lamps());

            panel.show(false, true);
            assertEquals(List.of(false, true), lamps());

            panel.show(true, true);
            assertEquals(List.of(true, true), lamps());

            panel.show(true, false);
            assertEquals(List.of(true, false), lamps());
            assertEquals(Optional.empty(), panel.fault());
        }
    }

    @Test
    void writesAPinOnlyWhenItsStateChanges() {
        try (FrontPanel panel = FrontPanel.open(() -> board, LOCK, FIX)) {
            List<String> changes = new ArrayList<>();
            pin("lock").addListener(event -> changes.add(event.state().getName()));

            panel.show(true, false);
            panel.show(true, false);
            panel.show(true, true);

            assertEquals(List.of("HIGH"), changes);
        }
    }

    @Test
    void darkensTheLampsWhenClosed() {
        FrontPanel panel = FrontPanel.open(() -> board, LOCK, FIX);
        panel.show(true, true);
        DigitalOutput lock = pin("lock");
        DigitalOutput fix = pin("fix");

        panel.close();

        assertFalse(lock.isHigh());
        assertFalse(fix.isHigh());
        assertTrue(board.isShutdown());
    }

    @Test
    void hasOnlyTheLampThatIsAskedFor() {
        try (FrontPanel panel = FrontPanel.open(() -> board, LOCK, OptionalInt.empty())) {
            panel.show(true, true);

            assertTrue(pin("lock").isHigh());
            assertFalse(board.hasIO("noonmark-fix"));
        }
    }

    @Test
    void goesOnWithoutLampsWhenTheBoardRefuses() {
        FrontPanel panel = FrontPanel.open(
                () -> {
                    throw new IllegalStateException("no chip\n here");
                },
                LOCK,
                FIX);

        panel.show(true, true);
        panel.close();

        assertTrue(panel.fault().orElse("").startsWith("no lamps: no chip here"));
    }

    @Test
    void goesOnWithoutLampsOnAMachineWithoutGpio() {
        Assumptions.assumeFalse(Files.exists(Path.of("/dev/gpiochip0")), "this machine has GPIO");

        try (FrontPanel panel = FrontPanel.open(LOCK, FIX)) {
            panel.show(true, true);

            assertTrue(panel.fault().orElse("").startsWith("no lamps: "), panel.fault()::toString);
        }
    }

    @Test
    void startsNothingWhenNoLampIsAskedFor() {
        try (FrontPanel panel = FrontPanel.open(OptionalInt.empty(), OptionalInt.empty())) {
            panel.show(true, true);

            assertEquals(Optional.empty(), panel.fault());
        }
    }

    private List<Boolean> lamps() {
        return List.of(pin("lock").isHigh(), pin("fix").isHigh());
    }

    private DigitalOutput pin(String lamp) {
        return board.io("noonmark-" + lamp, DigitalOutput.class);
    }
}
