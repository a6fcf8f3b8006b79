package org.noonmark.provisioning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files {@code *.sources} of the directories of {@code sourcedir}, of lines as in the configuration: what other programs write, such
 * as a DHCP client, so that a line that cannot be taken costs that line alone.
 *
 * @param servers in the order of the files' names
 * @param problems what is left out and why, a sentence each
 */
public record SourceFiles(List<ServerConfig> servers, List<String> problems) {
    private static final String COMMENT = "!;#%";

    /** Reads them; {@code keys} are those of the key file. Of two files with one name that of the earlier directory holds. */
    public static SourceFiles read(ConfigFiles files, List<String> directories, List<SymmetricKey> keys) {
        List<String> problems = new ArrayList<>();
        Map<String, String> pathByName = new TreeMap<>();
        for (String directory : directories) {
            // A directory that is not there is one that nobody has written to yet.
            if (files.list(directory) instanceof ConfigFiles.Listing.Names(List<String> names)) {
                names.stream()
                        .filter(name -> PathPattern.matches("*.sources", name))
                        .forEach(name -> pathByName.putIfAbsent(name, directory + "/" + name));
            }
        }
        List<ServerConfig> servers = new ArrayList<>();
        for (String path : pathByName.values()) {
            switch (files.read(path)) {
                case ConfigFiles.FileText.Text(String text) -> lines(path, text, keys, servers, problems);
                case ConfigFiles.FileText.Unreadable(String reason) ->
                    problems.add(path + " cannot be read, " + reason + ": make it readable");
            }
        }
        return new SourceFiles(servers, problems);
    }

    /** Copies the lists. */
    public SourceFiles {
        servers = List.copyOf(servers);
        problems = List.copyOf(problems);
    }

    private static void lines(
            String path, String text, List<SymmetricKey> keys, List<ServerConfig> servers, List<String> problems) {
        int number = 0;
        for (String line : text.lines().toList()) {
            number++;
            String stripped = line.strip();
            if (stripped.isEmpty() || COMMENT.indexOf(stripped.charAt(0)) >= 0) {
                continue;
            }
            ServerLine read = ServerLine.parse(List.of(stripped.split("\\s+", -1)), keys);
            String place = path + ":" + number + ": ";
            read.problems().forEach(problem -> problems.add(place + problem));
            read.server().ifPresent(server -> {
                if (servers.stream().anyMatch(other -> other.name().equalsIgnoreCase(server.name()))) {
                    problems.add(
                            place + "'" + Statement.printable(server.name()) + "' is asked already: keep one of them");
                } else {
                    servers.add(server);
                }
            });
        }
    }
}
