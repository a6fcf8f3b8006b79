package org.noonmark.cli;

import java.nio.file.Path;
import java.util.List;
import org.noonmark.app.DiskConfigFiles;
import org.noonmark.provisioning.ApplianceConfig;
import org.noonmark.provisioning.ConfigFiles;
import org.noonmark.provisioning.ConfigReader;
import org.noonmark.provisioning.ConfigReading;
import org.noonmark.provisioning.Problem;
import org.tinylog.Logger;

/** Reads a configuration for a daemon that is about to start. */
final class Startup {
    private Startup() {}

    /** The configuration cannot be used; the message has one line for each error. */
    static final class ConfigurationException extends Exception {
        private static final long serialVersionUID = 1L;

        ConfigurationException(List<Problem> problems) {
            // Warnings may follow from the errors, as "nobody is allowed" from a misspelt 'allow'.
            super(String.join(
                    "\n",
                    problems.stream()
                            .filter(Problem::isError)
                            .map(Problem::toString)
                            .toList()));
        }
    }

    /** The configuration in {@code file} and what it includes; warnings are logged. */
    static ApplianceConfig read(Path file) throws ConfigurationException {
        return accepted(reading(file));
    }

    /** The same; warnings are left to the one who reads it next. */
    static ApplianceConfig readInSilence(Path file) throws ConfigurationException {
        return silentlyAccepted(reading(file));
    }

    private static ConfigReading reading(Path file) {
        return new ConfigReader(new DiskConfigFiles())
                .read(file.toAbsolutePath().toString());
    }

    /** The configuration in {@code lines}, which may include files; {@code name} stands for the file's in messages. */
    static ApplianceConfig parse(String name, List<String> lines) throws ConfigurationException {
        ConfigFiles disk = new DiskConfigFiles();
        String path = "/" + name;
        ConfigFiles files = new ConfigFiles() {
            @Override
            public FileText read(String wanted) {
                return wanted.equals(path) ? new FileText.Text(String.join("\n", lines) + "\n") : disk.read(wanted);
            }

            @Override
            public Listing list(String directory) {
                return disk.list(directory);
            }
        };
        return accepted(new ConfigReader(files).read(path));
    }

    private static ApplianceConfig accepted(ConfigReading reading) throws ConfigurationException {
        ApplianceConfig config = silentlyAccepted(reading);
        reading.problems().forEach(problem -> Logger.warn(problem.toString()));
        return config;
    }

    private static ApplianceConfig silentlyAccepted(ConfigReading reading) throws ConfigurationException {
        return switch (reading) {
            case ConfigReading.Refused refused -> throw new ConfigurationException(refused.problems());
            case ConfigReading.Accepted accepted -> accepted.config();
        };
    }
}
