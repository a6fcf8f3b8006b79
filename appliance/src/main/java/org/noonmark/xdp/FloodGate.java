package org.noonmark.xdp;

/** What leaves out requests in a flood, before they are in a queue; {@link XdpProgram} does. */
interface FloodGate {
    /**
     * This client is one of those that are taken first where {@link #limitStrangers} says so; IPv6 addresses as far as the scope tells
     * clients apart. Any thread may say so: a client's requests come to several queues, and it is one of them until all have taken it back.
     *
     * @param high first 64 bits of its address
     * @param low last 64 bits
     */
    void prefer(long high, long low);

    /** One of those that have said so takes it back. */
    void forget(long high, long low);

    /**
     * How many requests of strangers are taken of a queue; of known clients as many as any of them needs.
     *
     * @param perSecond infinite: all, and of everybody
     */
    void limitStrangers(int queue, double perSecond);

    /** Requests of a queue that were dropped for want of room. */
    long dropped(int queue);
}
