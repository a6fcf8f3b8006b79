package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.linux.LinuxTime;
import org.noonmark.linux.OverlayClock;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.provisioning.ReferenceClockConfig;
import org.noonmark.sources.ClockReading;
import org.noonmark.sources.Sources;

/** Its queue, on a clock that only this process has. */
@Timeout(60)
class SourcesServiceTest {
    @TempDir
    Path folder = Path.of("unset");

    @Test
    void readingsThatComeFasterThanTheyAreUsedAreLostAndCommandsAreNot() throws IOException, InterruptedException {
        Path file = Files.writeString(folder.resolve("noonmark.conf"), "refclock SHM 250 refid SHM\n");
        ApplianceConfig config = assertInstanceOf(
                        ConfigReading.Accepted.class, new ConfigReader(new DiskConfigFiles()).read(file.toString()))
                .config();
        ReferenceClockConfig line = config.referenceClocks().getFirst();
        OverlayClock clock = new OverlayClock(LinuxTime::realtimeNanos);
        SourcesService service = new SourcesService(config, clock, -20, 0);
        for (int i = 0; i < 5_000; i++) {
            service.onReading(line, new ClockReading(clock.nanos(), clock.nanos(), false, 0));
        }
        assertEquals(5_000 - 512, service.lostReadings());
        Thread thread = Thread.ofPlatform().start(service);
        long decisions = -1;
        // On a busy machine the thread begins late, and who asks is sent away after some seconds.
        for (int i = 0; i < 10 && decisions < 0; i++) {
            decisions = service.<Long>ask(Sources::decisions, -1L);
        }
        assertEquals(0, decisions);
        for (int i = 0; i < 10; i++) {
            service.onReading(line, new ClockReading(clock.nanos(), clock.nanos(), false, 0));
        }
        assertEquals(5_000 - 512, service.lostReadings());
        thread.interrupt();
        service.onInterrupted();
        thread.join();
    }
}
