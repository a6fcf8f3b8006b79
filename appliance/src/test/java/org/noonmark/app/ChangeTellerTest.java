package org.noonmark.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.noonmark.provisioning.LogConfig;

/** Mails by a program that keeps them. */
class ChangeTellerTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    private Path folder;

    @Test
    void aLargeCorrectionIsMailedOnceAndASmallOneIsNot() throws IOException, InterruptedException {
        Path kept = folder.resolve("mail");
        Path program = Files.writeString(
                folder.resolve("sendmail"),
                "#!/bin/sh\ncat > " + kept + ".part\necho \"$@\" >> " + kept + ".part\nmv " + kept + ".part " + kept
                        + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        LogConfig logs = new LogConfig(
                Optional.empty(), Set.of(), 32, SECOND, Optional.of(new LogConfig.Mail("root@localhost", SECOND / 2)));
        ChangeTeller teller = new ChangeTeller(logs, "box", List.of(folder.resolve("absent"), program));
        teller.onCorrection(SECOND / 2, 0);
        teller.onCorrection(-3 * SECOND / 4, SECOND);
        for (int i = 0; i < 1_000 && !Files.exists(kept); i++) {
            Thread.sleep(10);
        }
        assertEquals("""
                To: root@localhost
                Subject: noonmark reports change to system clock on node [box]

                System clock wrong by -0.750000 seconds.
                -t
                """, Files.readString(kept));
        Files.delete(kept);
        teller.onCorrection(2 * SECOND, 2 * SECOND);
        assertFalse(Files.exists(kept));
    }

    /** One was told of a moment ago, and only another is worth a mail. */
    @Test
    void aMailIsNotLostBecauseTheLogWasToldBefore() throws IOException, InterruptedException {
        Path kept = folder.resolve("mail");
        Path program = Files.writeString(
                folder.resolve("sendmail"), "#!/bin/sh\ncat > " + kept + ".part\nmv " + kept + ".part " + kept + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        LogConfig logs = new LogConfig(
                Optional.empty(), Set.of(), 32, SECOND / 2, Optional.of(new LogConfig.Mail("root@localhost", SECOND)));
        ChangeTeller teller = new ChangeTeller(logs, "box", List.of(program));
        teller.onCorrection(3 * SECOND / 4, 0);
        teller.onCorrection(2 * SECOND, 10 * SECOND);
        for (int i = 0; i < 1_000 && !Files.exists(kept); i++) {
            Thread.sleep(10);
        }
        assertTrue(Files.readString(kept).contains("wrong by 2.000000 seconds"));
    }
}
