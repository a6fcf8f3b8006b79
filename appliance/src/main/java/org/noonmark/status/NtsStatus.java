package org.noonmark.status;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Key establishment for NTS, for people and their programs.
 *
 * @param listening the addresses at which keys are had, such as {@code 0.0.0.0:4460}; empty when they are not
 * @param waiting why not, one sentence; empty when they are, or when nobody asked for it
 * @param certificates those served, the dearest first
 * @param authority the built-in one, empty when there is none (yet)
 * @param troubles what is wrong with keys and certificates, each one sentence with its cure
 * @param connections taken since the start
 * @param established those among them that ended with keys
 * @param refusals the others, by reason
 */
public record NtsStatus(
        List<String> listening,
        String waiting,
        List<Certificate> certificates,
        Optional<Authority> authority,
        List<String> troubles,
        long connections,
        long established,
        List<ServerStatus.Refusal> refusals) {
    /** Nobody asked for it. */
    public static final NtsStatus NONE =
            new NtsStatus(List.of(), "", List.of(), Optional.empty(), List.of(), 0, 0, List.of());

    /**
     * A certificate of the server.
     *
     * @param origin whose it is: {@code built-in}, or the owner's file
     * @param names host names and addresses
     * @param notBeforeSeconds seconds since 1970
     * @param notAfterSeconds seconds since 1970
     * @param fingerprint SHA-256, in pairs of digits
     */
    public record Certificate(
            String origin, List<String> names, long notBeforeSeconds, long notAfterSeconds, String fingerprint) {
        public Certificate {
            names = List.copyOf(names);
        }
    }

    /**
     * The built-in authority.
     *
     * @param name of its certificate
     * @param notAfterSeconds seconds since 1970
     * @param fingerprint SHA-256, in pairs of digits
     * @param pem its certificate, which clients are given
     */
    public record Authority(String name, long notAfterSeconds, String fingerprint, String pem) {}

    public NtsStatus {
        listening = List.copyOf(listening);
        certificates = List.copyOf(certificates);
        troubles = List.copyOf(troubles);
        refusals = List.copyOf(refusals);
    }

    /** The same with one more of {@link #troubles}, if {@code sentence} is one. */
    public NtsStatus withTrouble(String sentence) {
        List<String> more = new ArrayList<>(troubles);
        if (!sentence.isEmpty()) {
            more.add(sentence);
        }
        return new NtsStatus(listening, waiting, certificates, authority, more, connections, established, refusals);
    }
}
