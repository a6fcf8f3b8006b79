package org.noonmark.certificates;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.noonmark.provisioning.IpAddress;

/**
 * Under which names and addresses clients know this server.
 *
 * @param hostNames in lower case, the most telling first
 * @param addresses of its interfaces
 */
public record ServerNames(Set<String> hostNames, Set<IpAddress> addresses) {
    public ServerNames {
        hostNames = Collections.unmodifiableSet(new LinkedHashSet<>(hostNames));
        addresses = Collections.unmodifiableSet(new LinkedHashSet<>(addresses));
    }

    /** Those among them that an authority may certify. */
    ServerNames within(NameConstraints constraints) {
        LinkedHashSet<String> names = new LinkedHashSet<>(hostNames);
        names.removeIf(name -> !constraints.permit(name));
        LinkedHashSet<IpAddress> permitted = new LinkedHashSet<>(addresses);
        permitted.removeIf(address -> !constraints.permit(address));
        return new ServerNames(names, permitted);
    }

    /** Whether a certificate names all of them. */
    boolean areIn(CertifiedKey pair) {
        List<IpAddress> certified = new ArrayList<>();
        pair.addresses().forEach(text -> IpAddress.parse(text).ifPresent(certified::add));
        return pair.hostNames().containsAll(hostNames) && certified.containsAll(addresses);
    }
}
