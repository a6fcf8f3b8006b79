package org.noonmark.ntp;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts of one packet thread. Written by that thread only, without locks or atomic read-modify-write; any thread may read, and
 * sees each number a moment late but never torn. All counts rise from 0.
 */
public final class PacketCounters {
    private final Map<Disposition, AtomicLong> dispositions = new EnumMap<>(Disposition.class);
    private final AtomicLong authenticated = new AtomicLong();
    private final AtomicLong sealed = new AtomicLong();
    private final AtomicLong ntsNaks = new AtomicLong();
    private final AtomicLong interleaved = new AtomicLong();
    private final AtomicLong unstamped = new AtomicLong();
    private final AtomicLong stampedInDriver = new AtomicLong();
    private final AtomicLong sendFailures = new AtomicLong();

    public PacketCounters() {
        for (Disposition disposition : Disposition.values()) {
            dispositions.put(disposition, new AtomicLong());
        }
    }

    /** Writer: one more datagram came to this end. */
    public void count(Disposition disposition) {
        add(counter(disposition), 1);
    }

    /** Writer: one of the requests answered had a right MAC, or NTS. */
    public void countAuthenticated() {
        add(authenticated, 1);
    }

    /** Writer: one of these had NTS. */
    public void countSealed() {
        add(sealed, 1);
    }

    /** Writer: one of the answers told a client that its NTS cookies are not known. */
    public void countNtsNak() {
        add(ntsNaks, 1);
    }

    /** Writer: one of the answers told when the one before it left. */
    public void countInterleaved() {
        add(interleaved, 1);
    }

    /** Writer: a datagram came without a receive stamp of the kernel, so that its T2 is the late user-space time. */
    public void countUnstamped() {
        add(unstamped, 1);
    }

    /** Writer: a datagram's stamp is that of our program in the network's driver. */
    public void countStampedInDriver() {
        add(stampedInDriver, 1);
    }

    /** Writer: so many answers could not be handed to the kernel (no route, full queue). */
    public void countSendFailures(int failures) {
        add(sendFailures, failures);
    }

    /** Datagrams that came to this end. */
    public long of(Disposition disposition) {
        return counter(disposition).get();
    }

    /** All datagrams received. */
    public long received() {
        return answered() + refused();
    }

    /** Requests answered, among them those of {@link #sendFailures}. */
    public long answered() {
        return of(Disposition.ANSWERED);
    }

    /** Requests answered that had a right MAC or NTS, as their answers have. */
    public long authenticated() {
        return authenticated.get();
    }

    /** Those among them that had NTS. */
    public long sealed() {
        return sealed.get();
    }

    /** Answers that told a client that its NTS cookies are not known. */
    public long ntsNaks() {
        return ntsNaks.get();
    }

    /** Answers in interleaved mode, whose transmit stamp is the kernel's. */
    public long interleaved() {
        return interleaved.get();
    }

    /** Datagrams dropped, for whatever reason. */
    public long refused() {
        long sum = 0;
        for (Map.Entry<Disposition, AtomicLong> entry : dispositions.entrySet()) {
            sum += entry.getKey() == Disposition.ANSWERED ? 0 : entry.getValue().get();
        }
        return sum;
    }

    /** Datagrams without a kernel stamp: none on a sound system. */
    public long unstamped() {
        return unstamped.get();
    }

    /** Datagrams stamped by our program in the network's driver. */
    public long stampedInDriver() {
        return stampedInDriver.get();
    }

    /** Answers that the kernel refused to send. */
    public long sendFailures() {
        return sendFailures.get();
    }

    private AtomicLong counter(Disposition disposition) {
        return Objects.requireNonNull(dispositions.get(disposition));
    }

    private static void add(AtomicLong counter, long more) {
        counter.lazySet(counter.getPlain() + more);
    }
}
