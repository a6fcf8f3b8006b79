package org.noonmark.app;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.noonmark.control.Answer;
import org.noonmark.control.Request;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.status.KeClientStatus;
import org.noonmark.status.NtsClientSetup;
import org.noonmark.status.NtsReport;
import org.noonmark.status.NtsStatus;

/** {@code nts cert}, {@code nts ca} and {@code nts client PROGRAM [NAME]}. */
final class NtsQuestions {
    private static final String JSON = "--json";
    private static final String TERMINAL = "--terminal";

    private final Supplier<NtsStatus> status;
    private final Supplier<List<KeClientStatus>> clients;
    private final int port;

    /**
     * @param status of key establishment, now
     * @param clients of it
     * @param port of key establishment, TCP
     */
    NtsQuestions(Supplier<NtsStatus> status, Supplier<List<KeClientStatus>> clients, int port) {
        this.status = status;
        this.clients = clients;
        this.port = port;
    }

    /** Who has asked for keys. */
    List<KeClientStatus> clients() {
        return clients.get();
    }

    Answer execute(Request request) {
        List<String> words = request.arguments().stream()
                .filter(word -> !word.equals(JSON) && !word.equals(TERMINAL))
                .toList();
        NtsStatus now = status.get();
        boolean json = request.has(JSON);
        return switch (words.isEmpty() ? "" : words.getFirst()) {
            case "cert" -> {
                String text = json ? NtsReport.json(now) + "\n" : NtsReport.certificates(now);
                yield new Answer(NtsReport.isGood(now) ? Answer.OK : Answer.NOT_GOOD, text);
            }
            case "ca" ->
                now.authority()
                        .map(own -> Answer.ok(json ? NtsReport.json(own) + "\n" : own.pem()))
                        .orElseGet(() -> Answer.usage(lacksAuthority(now)));
            case "client" -> client(words, now, json);
            default -> Answer.usage("nts needs one of: cert, ca, keys, client chrony|ntpd-rs|ntpsec");
        };
    }

    private Answer client(List<String> words, NtsStatus now, boolean json) {
        Optional<NtsClientSetup.Client> program =
                words.size() < 2 ? Optional.empty() : NtsClientSetup.Client.of(words.get(1));
        if (program.isEmpty() || words.size() > 3) {
            return Answer.usage(
                    "nts client needs the client's program: chrony, ntpd-rs or ntpsec, and may have a name of"
                            + " this server behind it");
        }
        if (now.certificates().isEmpty()) {
            return Answer.usage(lacksAuthority(now));
        }
        String name =
                words.size() == 3 ? words.get(2) : nameOf(now.certificates().getFirst());
        Optional<NtsStatus.Certificate> certificate =
                now.certificates().stream().filter(each -> names(each, name)).findFirst();
        if (certificate.isEmpty()) {
            return Answer.usage(
                    "no certificate here names '" + name + "': 'noonmark nts cert' lists those that are there");
        }
        boolean own = certificate.get().origin().equals(NtsIdentity.BUILT_IN);
        NtsClientSetup setup = new NtsClientSetup(program.get(), name, port, own ? now.authority() : Optional.empty());
        return Answer.ok(json ? setup.json() + "\n" : setup.script());
    }

    /** The name that is most likely to lead here: the first, and no pattern. */
    private static String nameOf(NtsStatus.Certificate certificate) {
        return certificate.names().stream()
                .filter(name -> !name.startsWith("*"))
                .findFirst()
                .orElse("");
    }

    private static boolean names(NtsStatus.Certificate certificate, String wanted) {
        Optional<IpAddress> address = IpAddress.parse(wanted);
        int dot = wanted.indexOf('.');
        String pattern = dot < 0 ? wanted : "*" + wanted.substring(dot);
        return certificate.names().stream()
                .anyMatch(name -> name.equalsIgnoreCase(wanted)
                        || name.equalsIgnoreCase(pattern)
                        || (address.isPresent() && IpAddress.parse(name).equals(address)));
    }

    private static String lacksAuthority(NtsStatus now) {
        if (!now.waiting().isEmpty()) {
            return "there is none yet: " + now.waiting();
        }
        return "there is no built-in authority: add 'ntsca /var/lib/noonmark/nts' to noonmark.conf";
    }
}
