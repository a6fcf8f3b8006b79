package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a client of this server needs to speak NTS with it: the files of a real program with the authority's certificate in them, as a script
 * to be run there as root, or as JSON (client, server, files with path and text, restart).
 */
public final class NtsClientSetup {
    private static final int KE_PORT = 4460;

    /** The programs whose files are known. */
    public enum Client {
        /** Its configuration reads files of both kinds from folders, on Debian, Fedora and their kin. */
        CHRONY("chrony", "systemctl restart chronyd || systemctl restart chrony"),
        /** One file. */
        NTPD_RS("ntpd-rs", "systemctl restart ntpd-rs"),
        /** Its configuration reads a folder on Debian. */
        NTPSEC("ntpsec", "systemctl restart ntpsec");

        private final String word;
        private final String restart;

        Client(String word, String restart) {
            this.word = word;
            this.restart = restart;
        }

        /** As the command line says it. */
        public String word() {
            return word;
        }

        /** The program of that name. */
        public static Optional<Client> of(String word) {
            return List.of(values()).stream()
                    .filter(client -> client.word.equals(word.toLowerCase(Locale.ROOT)))
                    .findFirst();
        }
    }

    /** A file of the client's. */
    private record ClientFile(String path, String text, boolean appended) {}

    private final Client client;
    private final String server;
    private final int port;
    private final Optional<NtsStatus.Authority> authority;

    /**
     * @param server name or address by which the client knows this server; must be in the certificate
     * @param port TCP port of key establishment
     * @param authority whose certificate the client shall trust; empty: one that it knows anyway
     */
    public NtsClientSetup(Client client, String server, int port, Optional<NtsStatus.Authority> authority) {
        this.client = client;
        this.server = server;
        this.port = port;
        this.authority = authority;
    }

    /** The script. */
    public String script() {
        StringBuilder out = new StringBuilder(2_048);
        out.append("# ").append(client.word()).append(" with NTS to ").append(server);
        out.append(": run this as root on the client, for example: noonmark nts client ");
        out.append(client.word()).append(" | ssh root@CLIENT sh\n");
        // A folder that is not there means another layout of the client's files: nothing is half done then.
        out.append("set -e\n");
        for (ClientFile file : files()) {
            if (file.appended()) {
                // A second run adds nothing.
                out.append("grep -qsF '")
                        .append(server)
                        .append("' ")
                        .append(file.path())
                        .append(" || ");
            }
            out.append("cat ")
                    .append(file.appended() ? ">>" : ">")
                    .append(file.path())
                    .append(" <<'END'\n");
            out.append(file.text()).append("END\n");
        }
        return out.append(client.restart).append('\n').toString();
    }

    /** The same for programs. */
    public String json() {
        JsonWriter json =
                new JsonWriter().beginObject().field("client", client.word()).field("server", server);
        json.beginArray("files");
        for (ClientFile file : files()) {
            json.beginObject().field("path", file.path()).field("append", file.appended());
            json.field("text", file.text()).endObject();
        }
        return json.endArray().field("restart", client.restart).endObject().toString();
    }

    private List<ClientFile> files() {
        List<ClientFile> files = new ArrayList<>();
        switch (client) {
            case CHRONY -> {
                trust(files, "/etc/chrony/noonmark-ca.pem");
                String trusted = authority.isPresent() ? "ntstrustedcerts /etc/chrony/noonmark-ca.pem\n" : "";
                String ntsPort = port == KE_PORT ? "" : " ntsport " + port;
                files.add(new ClientFile(
                        "/etc/chrony/conf.d/noonmark.conf",
                        trusted + "server " + server + " nts iburst" + ntsPort + "\n",
                        false));
            }
            case NTPD_RS -> {
                trust(files, "/etc/ntpd-rs/noonmark-ca.pem");
                String trusted =
                        authority.isPresent() ? "certificate-authority = \"/etc/ntpd-rs/noonmark-ca.pem\"\n" : "";
                files.add(new ClientFile(
                        "/etc/ntpd-rs/ntp.toml",
                        "\n[[source]]\nmode = \"nts\"\naddress = \"" + ofNtpdRs() + "\"\n" + trusted,
                        true));
            }
            case NTPSEC -> {
                trust(files, "/etc/ntpsec/noonmark-ca.pem");
                String trusted = authority.isPresent() ? " ca /etc/ntpsec/noonmark-ca.pem" : "";
                files.add(new ClientFile(
                        "/etc/ntpsec/ntp.d/noonmark.conf",
                        "server " + withPort() + " nts iburst" + trusted + "\n",
                        false));
            }
        }
        return files;
    }

    private void trust(List<ClientFile> files, String path) {
        authority.ifPresent(own -> files.add(new ClientFile(path, own.pem(), false)));
    }

    /** It takes an IPv6 address without brackets, and so without a port. */
    private String ofNtpdRs() {
        return server.contains(":") ? server : withPort();
    }

    private String withPort() {
        String host = server.contains(":") ? "[" + server + "]" : server;
        return port == KE_PORT ? host : host + ":" + port;
    }
}
