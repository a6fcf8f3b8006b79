package org.noonmark.provisioning;

import static org.noonmark.provisioning.Argument.optional;
import static org.noonmark.provisioning.Argument.required;

import java.util.List;
import java.util.Optional;
import org.noonmark.provisioning.Directive.Supported;

/** The part of the table that is about key establishment: chrony's directives, and one of our own. */
final class NtsDirectives {
    private static final Kind AEAD = new Kind.Choice("15", "17", "30");

    private NtsDirectives() {}

    static Supported port() {
        return new Supported(
                "ntsport",
                "Sets the TCP port at which clients get their keys (NTS-KE); 0 closes it.",
                List.of(required("PORT", new Kind.Whole(0, 65535), "TCP port")),
                List.of(),
                Optional.of("ntsport 4460"),
                List.of("#ntsport 4460"));
    }

    static Supported authority() {
        return new Supported(
                "ntsca",
                "Makes, in DIRECTORY, an authority for this network and with it certificates for this server's names and addresses, so"
                        + " that NTS works without any other; 'noonmark nts client' prints what clients need. The directory holds secrets.",
                List.of(required("DIRECTORY", new Kind.Path(), "where it is kept, writable for the daemon")),
                List.of(),
                Optional.empty(),
                List.of("ntsca /var/lib/noonmark/nts"));
    }

    static Supported certificate() {
        return new Supported(
                "ntsservercert",
                "Names a file of the server's certificates for NTS (PEM, its own first); with each of several goes the 'ntsserverkey' of"
                        + " the same place, and the client's word for the server chooses. Read again whenever it changes.",
                List.of(required("FILE", new Kind.Path(), "PEM")),
                List.of(),
                Optional.empty(),
                List.of("#ntsservercert /etc/noonmark/time.example.net.crt"));
    }

    static Supported key() {
        return new Supported(
                "ntsserverkey",
                "Names the file of the private key of an 'ntsservercert' (PEM: PKCS#8, PKCS#1 or SEC 1, without a password).",
                List.of(required("FILE", new Kind.Path(), "PEM, readable for the daemon and nobody else")),
                List.of(),
                Optional.empty(),
                List.of("#ntsserverkey /etc/noonmark/time.example.net.key"));
    }

    static Supported acme() {
        return new Supported(
                "ntsacme",
                "Gets a certificate for public names of this server from the ACME service at URL, and renews it; who writes this agrees to"
                        + " that service's terms. That the names are the owner's is shown by HTTP (port 80 is open while it is asked), or by the"
                        + " owner's program 'hook', which puts a record into the name system: it is called with 'set NAME VALUE', and with"
                        + " 'clear NAME VALUE' afterwards, and ends with 0 when the TXT record can be seen.",
                List.of(
                        required("URL", new Kind.WebAddress(), "directory of the service"),
                        required("NAME", new Kind.PublicName(), "name that leads to this server"),
                        optional("NAME2", new Kind.PublicName(), "another"),
                        optional("NAME3", new Kind.PublicName(), "another")),
                List.of(
                        Option.of(
                                "hook",
                                new Kind.Path(),
                                "program for the DNS challenge; the image's unit runs those below /usr alone"),
                        Option.of(
                                "port", new Kind.Whole(1, 65535), "80", "TCP port to which port 80 of the names leads"),
                        Option.of(
                                "directory",
                                new Kind.Path(),
                                "/var/lib/noonmark/acme",
                                "where account key and certificate are kept; holds secrets"),
                        Option.of(
                                "trust",
                                new Kind.Path(),
                                "/etc/ssl/certs/ca-certificates.crt",
                                "PEM of the authorities that the service's own certificate is judged by")),
                Optional.empty(),
                List.of("#ntsacme https://acme-v02.api.letsencrypt.org/directory time.example.net"));
    }

    static Supported algorithms() {
        return new Supported(
                "ntsaeads",
                "Lists the algorithms that NTS may be spoken with: AES-SIV-CMAC-256 (15), AES-SIV-CMAC-512 (17), AES-128-GCM-SIV (30); of"
                        + " these the client's dearest is taken.",
                List.of(
                        required("ID", AEAD, "number of an algorithm"),
                        optional("ID2", AEAD, "another"),
                        optional("ID3", AEAD, "another")),
                List.of(),
                Optional.of("ntsaeads 30 17 15"),
                List.of("#ntsaeads 30 17 15"));
    }

    static Supported timeServer() {
        return new Supported(
                "ntsntpserver",
                "Sends NTS clients for the time to another server, which must have the same cookie keys; without this line to this one.",
                List.of(required("HOSTNAME", new Kind.Host(), "name or address of that server")),
                List.of(),
                Optional.empty(),
                List.of("#ntsntpserver time2.example.net"));
    }

    static Supported connections() {
        return new Supported(
                "maxntsconnections",
                "Limits the connections for keys that are open at a time, some tens of kB each; one more closes the oldest of the client that has"
                        + " most.",
                List.of(required(
                        "CONNECTIONS", new Kind.Whole(1, 300), "number; each takes up to 60 kB of the daemon's 64 MB")),
                List.of(),
                Optional.of("maxntsconnections 100"),
                List.of("#maxntsconnections 100"));
    }

    static Supported processes() {
        return new Supported(
                "ntsprocesses",
                "Sets how many processors key establishment may take at a time, after all that serves time; here they are threads of the"
                        + " one process.",
                List.of(required("PROCESSES", new Kind.Whole(0, 1_000), "number; 0 is 1")),
                List.of(),
                Optional.of("ntsprocesses 1"),
                List.of("#ntsprocesses 1"));
    }

    static Supported rateLimit() {
        return new Supported(
                "ntsratelimit",
                "Limits how often one client gets keys; clients of one IPv6 network of 64 bits are one.",
                List.of(),
                List.of(
                        Option.of(
                                "interval",
                                new Kind.Whole(-19, 12),
                                "6",
                                "log2 of the seconds between connections in the long run: 6 is one in 64 seconds"),
                        Option.of("burst", new Kind.Whole(1, 255), "8", "connections in a row, for clients that begin"),
                        Option.of(
                                "leak",
                                new Kind.Whole(1, 4),
                                "2",
                                "one in 2^leak of the connections above the limit is taken all the same")),
                Optional.empty(),
                List.of("#ntsratelimit interval 6 burst 8 leak 2"));
    }
}
