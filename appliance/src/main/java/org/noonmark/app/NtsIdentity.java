package org.noonmark.app;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
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

    /** The same, where an ACME service makes the certificate. */
    static final String ORDERED = "the certificate is ordered from the ACME service as soon as the time is proven";

    private static final String NO_PAIR = "no certificate can be used";

    private final List<OwnersPair> owners;
    private final boolean isOrdered;
    private final Optional<AuthorityFolder> authority;
    private final Supplier<ServerNames> names;
    private List<CertifiedKey> served = List.of();
    /** Why TLS does not take an owner's pair; empty where it does. */
    private final Map<CertifiedKey, Optional<String>> fitness = new HashMap<>();

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
    NtsIdentity(NtsConfig config, Supplier<ServerNames> names, Supplier<String> hostName) {
        owners = Stream.concat(
                        config.pairs().stream().map(OwnersPair::new),
                        config.acme().stream().map(acme -> new OwnersPair(Path.of(acme.directory(), AcmeService.PAIR))))
                .toList();
        isOrdered = config.acme().isPresent();
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
        List<String> troubles = new ArrayList<>();
        List<CertifiedKey> pairs = new ArrayList<>();
        for (OwnersPair owner : owners) {
            owner.look();
            owner.trouble().ifPresent(troubles::add);
            owner.current().filter(pair -> isFit(pair, owner.name(), troubles)).ifPresent(pair -> {
                pairs.add(pair);
                provenNow
                        .flatMap(now -> Judgement.of(pair, now))
                        .ifPresent(word -> troubles.add(owner.name() + ": " + word));
            });
        }
        // One that has ended comes after those that hold: a client may get a better one.
        provenNow.ifPresent(now -> pairs.sort(Comparator.comparing(pair -> !Judgement.holds(pair, now))));
        authority.ifPresent(folder -> renew(folder, provenNow, troubles).ifPresent(pairs::add));
        fitness.keySet()
                .retainAll(owners.stream()
                        .flatMap(owner -> owner.current().stream())
                        .toList());
        serve(pairs);
        tell(troubles);
        account = new Account(waiting(troubles), certificates(), authority(), List.copyOf(troubles));
    }

    private Optional<CertifiedKey> renew(AuthorityFolder folder, Optional<Instant> provenNow, List<String> troubles) {
        ServerNames now = names.get();
        folder.load();
        Renewal step = Renewal.of(folder.authority(), folder.pair(), provenNow, now);
        provenNow.ifPresent(date -> folder.perform(step, date, now));
        troubles.addAll(folder.troubles());
        folder.authority().ifPresent(own -> nameless(own, now).ifPresent(troubles::add));
        return folder.pair();
    }

    /**
     * After the host got another name: those below .local and the like, and addresses, are certified all the same. A name of the rest of the
     * world is not, since clients trust the authority for the names of its first day alone.
     */
    private static Optional<String> nameless(LocalAuthority own, ServerNames names) {
        Set<String> certified = own.certifiable(names).hostNames();
        return names.hostNames().stream()
                .filter(name -> name.contains(".") && !certified.contains(name))
                .findFirst()
                .map(name ->
                        "the built-in authority was made when this host had another name, and may not certify '" + name
                                + "': let clients ask for "
                                + certified.stream().findFirst().orElse("an address")
                                + " or an address; or get a certificate for the name ('ntsservercert')");
    }

    /** Whether TLS takes it: tried once for each pair, before any client meets it. */
    private boolean isFit(CertifiedKey pair, Path name, List<String> troubles) {
        Optional<String> fault = fitness.computeIfAbsent(pair, NtsIdentity::faultOf);
        fault.ifPresent(why -> troubles.add(
                name + ": TLS 1.3 does not take it (" + why + "): use a key on P-256 or an RSA key of 2048 bits"));
        return fault.isEmpty();
    }

    private static Optional<String> faultOf(CertifiedKey pair) {
        try {
            SelfHandshake.run(TlsIdentity.of(List.of(pair)));
            return Optional.empty();
        } catch (SSLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
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
        if (authority.isPresent() && authority.get().isReadable()) {
            return WAITING;
        }
        return isOrdered ? ORDERED : NO_PAIR + (troubles.isEmpty() ? "" : ", see below");
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
