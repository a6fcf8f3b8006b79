package org.noonmark.sources;

import java.util.Optional;
import java.util.Set;

/** What the core of this package asks of the world: a network, a resolver, clocks, chance. Called by the one thread that runs it. */
public interface Outside {
    /** 64 bits that nobody can foretell. */
    long random();

    /** This instant. */
    Moment now();

    /**
     * Sends a request from a port that is used for it alone (RFC 9109). Answers and the kernel's stamp of its leaving come in by
     * {@link Association#onReply} and {@link Association#onDeparture}.
     *
     * @param request header, and a MAC or the fields of NTS where that is configured
     * @return whether it left
     */
    boolean send(Association to, byte[] request);

    /** Nothing more is expected: the port may be closed. */
    void hangUp(Association of);

    /**
     * Establishes keys for NTS with the server; the outcome comes by {@link Sources#onKeys} or {@link Sources#onNoKeys}, some time later.
     *
     * @param withoutGcmSiv whether AEAD 30 is not to be offered
     */
    void establish(Association with, boolean withoutGcmSiv);

    /** Keys of an earlier run for a server that was just found; empty when there are none. */
    Optional<NtsKeys> savedKeys(Association of);

    /** What servers that follow this machine may call their reference, by any of its addresses. */
    Set<Integer> ownReferenceIds();

    /** Looks up a name or an address in words; the answer comes by {@link Sources#onResolved}, some time later or never. */
    void lookUp(String name);
}
