package org.noonmark.nmea.serial;

import com.fazecast.jSerialComm.SerialPort;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Loads jSerialComm's native part. By itself the library unpacks it into a folder of the temporary directory that every user may
 * write to, and loads what lies there. So it is unpacked here, into a folder of mode 700 that is gone again when it is loaded; on an
 * appliance {@code -DjSerialComm.library.path=DIRECTORY} names the file's folder and nothing is unpacked.
 */
final class SerialLibrary {
    private static final String LIBRARY_PATH = "jSerialComm.library.path";
    private static final String UNPACK_FOLDER = "fazecast.jSerialComm.appid";
    private static final String FILE = "libjSerialComm.so";
    private static final String CURE =
            "start java with -DjSerialComm.library.path=DIRECTORY that holds it, or with -Djava.io.tmpdir=DIRECTORY where this user may write and execute";

    private static boolean loaded;

    private SerialLibrary() {}

    /**
     * Loads it, once for the process.
     *
     * @throws UnsatisfiedLinkError with one sentence that has the reason and the cure
     */
    static synchronized void require() {
        if (loaded) {
            return;
        }
        // Where the library looks when all else fails: a name that nobody can have prepared.
        System.setProperty(UNPACK_FOLDER, UUID.randomUUID().toString());
        String given = System.getProperty(LIBRARY_PATH);
        if (given != null) {
            loadFrom(Path.of(given));
        } else {
            Path folder = unpack();
            System.setProperty(LIBRARY_PATH, folder.toString());
            try {
                loadFrom(folder);
            } finally {
                System.clearProperty(LIBRARY_PATH);
                discard(folder);
            }
        }
        loaded = true;
    }

    private static void loadFrom(Path folder) {
        if (!Files.isReadable(folder.resolve(FILE))) {
            throw unloadable(
                    new UnsatisfiedLinkError("there is none in " + folder + ", which " + LIBRARY_PATH + " names"));
        }
        try {
            // Any static call loads it; this one also has the library remove what its own fall-back may unpack.
            SerialPort.autoCleanupAtShutdown();
        } catch (LinkageError e) {
            throw unloadable(e);
        }
    }

    /** A new folder, readable by this user alone, with the library of this processor. */
    private static Path unpack() {
        String resource = "/Linux/" + architecture() + "/" + FILE;
        try (InputStream library = SerialPort.class.getResourceAsStream(resource)) {
            if (library == null) {
                throw unloadable(new UnsatisfiedLinkError("the jar has no " + resource));
            }
            Path folder = Files.createTempDirectory("noonmark-serial");
            Files.copy(library, folder.resolve(FILE));
            return folder;
        } catch (IOException e) {
            String folder = System.getProperty("java.io.tmpdir", "");
            throw unloadable(new IOException("it cannot be unpacked into " + folder, e));
        }
    }

    private static String architecture() {
        String arch = System.getProperty("os.arch", "");
        return switch (arch) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "armv8_64";
            default -> arch;
        };
    }

    /** The mapping outlives the file. */
    private static void discard(Path folder) {
        try {
            Files.deleteIfExists(folder.resolve(FILE));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            // A private folder with one file stays behind in the temporary directory: untidy, harmless.
            folder.toFile().deleteOnExit();
        }
    }

    private static UnsatisfiedLinkError unloadable(Throwable cause) {
        String reason = String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\n\\s*", " ");
        UnsatisfiedLinkError error = new UnsatisfiedLinkError(
                "the native part of jSerialComm (" + FILE + ") cannot be loaded: " + reason + "; " + CURE);
        error.initCause(cause);
        return error;
    }
}
