package org.noonmark.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.noonmark.certificates.CertifiedKey;
import org.noonmark.certificates.Judgement;
import org.noonmark.certificates.LocalAuthority;
import org.noonmark.certificates.Renewal;
import org.noonmark.certificates.ServerNames;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.NtsConfig;
import org.noonmark.server.SelfHandshake;
import org.noonmark.server.TlsIdentity;
import org.noonmark.status.NtsStatus;
import org.tinylog.Logger;

/**
 * Which keys and certificates the server speaks with: the owner's as long as they are good, and those of the built-in authority. Looks on one
 * thread; any thread may read what came of it, which is whole at any time.
 */
final class NtsIdentity {
    /** What waits, while nothing can be served. */
    static final String WAITING = "the built-in authority waits for the date: it is made as soon as the time is proven";

    /** Whose a certificate is that the authority here has issued. */
    static final String BUILT_IN = "built-in";

    private static final String NO_PAIR = "no certificate can be used";

    private final List<OwnersPair> owners;
    private final Optional<AuthorityFolder> authority;
    private final Supplier<ServerNames> names;
    private List<CertifiedKey> served = List.of();
    private Set<String> told = Set.of();
    private volatile @Nullable SSLContext context;
    private volatile Account account = new Account("", List.of(), Optional.empty(), List.of());

    /** What the status tells of it. */
    record Account(
            String waiting,
            List<NtsStatus.Certificate> certificates,
            Optional<NtsStatus.Authority> authority,
            List<String> troubles) {}

    /**
     * @param names of this machine, now
     * @param hostName for the name of a new authority
     */
    NtsIdentity(NtsConfig config, Supplier<ServerNames> names, String hostName) {
        owners = config.pairs().stream().map(OwnersPair::new).toList();
        authority = config.authorityDirectory().map(folder -> new AuthorityFolder(Path.of(folder), hostName));
        this.names = names;
    }

    /** What to serve with; null while there is nothing. */
    @Nullable SSLContext context() {
        return context;
    }

    Account account() {
        return account;
    }

    /**
     * Looks after everything: files that have changed, dates, names. Handshakes under way are not touched.
     *
     * @param provenNow the time; empty while it is not proven: then nothing is made and no date is judged
     */
    void look(Optional<Instant> provenNow) {
        owners.forEach(OwnersPair::look);
        authority.ifPresent(folder -> renew(folder, provenNow));
        List<String> troubles = new ArrayList<>();
        List<CertifiedKey> pairs = new ArrayList<>();
        for (OwnersPair owner : owners) {
            owner.trouble().ifPresent(troubles::add);
            owner.current().ifPresent(pair -> {
                if (isFit(pair, owner.name().toString(), troubles)) {
                    pairs.add(pair);
                    provenNow
                            .flatMap(now -> Judgement.of(pair, now))
                            .ifPresent(word -> troubles.add(owner.name() + ": " + word));
                }
            });
        }
        // One that has ended comes after those that hold: a client may get a better one.
        provenNow.ifPresent(now -> pairs.sort(Comparator.comparing(pair -> !Judgement.holds(pair, now))));
        authority.flatMap(AuthorityFolder::pair).ifPresent(pairs::add);
        authority.flatMap(AuthorityFolder::trouble).ifPresent(troubles::add);
        serve(pairs);
        tell(troubles);
        account = new Account(waiting(troubles), certificates(), authority(), List.copyOf(troubles));
    }

    private void renew(AuthorityFolder folder, Optional<Instant> provenNow) {
        ServerNames now = names.get();
        Renewal step = Renewal.of(folder.authority(), folder.pair(), provenNow, now);
        provenNow.ifPresent(date -> folder.perform(step, date, now));
    }

    /** Whether TLS takes it: tried once, before any client meets it. */
    private boolean isFit(CertifiedKey pair, String name, List<String> troubles) {
        if (served.contains(pair)) {
            return true;
        }
        try {
            SelfHandshake.run(TlsIdentity.of(List.of(pair)));
            return true;
        } catch (SSLException e) {
            troubles.add(name + ": TLS 1.3 does not take it (" + e.getMessage()
                    + "): use a key on P-256 or an RSA key of 2048 bits");
            return false;
        }
    }

    private void serve(List<CertifiedKey> pairs) {
        if (!pairs.equals(served) && !pairs.isEmpty()) {
            context = TlsIdentity.of(pairs);
            served = List.copyOf(pairs);
        }
    }

    /** Each trouble once in the log, until it has gone. */
    private void tell(List<String> troubles) {
        troubles.stream()
                .filter(trouble -> !told.contains(trouble))
                .forEach(trouble -> Logger.warn("NTS: {}", trouble));
        told = Set.copyOf(troubles);
    }

    private String waiting(List<String> troubles) {
        if (context != null) {
            return "";
        }
        return authority.isPresent() && authority.get().trouble().isEmpty()
                ? WAITING
                : NO_PAIR + (troubles.isEmpty() ? "" : ", see below");
    }

    private List<NtsStatus.Certificate> certificates() {
        List<NtsStatus.Certificate> certificates = new ArrayList<>();
        for (CertifiedKey pair : served) {
            String origin = owners.stream()
                    .filter(owner -> owner.current().equals(Optional.of(pair)))
                    .map(owner -> owner.name().toString())
                    .findFirst()
                    .orElse(BUILT_IN);
            List<String> all = new ArrayList<>(pair.hostNames());
            pair.addresses()
                    .forEach(text -> all.add(
                            IpAddress.parse(text).map(IpAddress::toString).orElse(text)));
            certificates.add(new NtsStatus.Certificate(
                    origin,
                    all,
                    pair.notBefore().getEpochSecond(),
                    pair.notAfter().getEpochSecond(),
                    CertifiedKey.fingerprint(pair.certificate())));
        }
        return certificates;
    }

    private Optional<NtsStatus.Authority> authority() {
        return authority.flatMap(AuthorityFolder::authority).map(NtsIdentity::describe);
    }

    private static NtsStatus.Authority describe(LocalAuthority own) {
        return new NtsStatus.Authority(
                own.certificate().getSubjectX500Principal().getName().replaceFirst("^CN=", ""),
                own.certificate().getNotAfter().toInstant().getEpochSecond(),
                CertifiedKey.fingerprint(own.certificate()),
                own.certificateText());
    }
}
