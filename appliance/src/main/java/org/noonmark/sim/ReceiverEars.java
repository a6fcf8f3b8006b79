package org.noonmark.sim;

/** How a simulated receiver takes commands: it answers, and remembers. */
interface ReceiverEars {
    /** What it says to {@code bytes}, which may be any part of a command; empty: nothing yet. */
    byte[] hear(byte[] bytes);

    /** Whether it sends UBX messages of that class and id; sentences are of class 0xf0. */
    boolean sends(int messageClass, int id);

    /** Power was away: all is again as delivered. */
    void forget();

    /** One that does not listen, and sends all that it can. */
    ReceiverEars DEAF = new ReceiverEars() {
        @Override
        public byte[] hear(byte[] bytes) {
            return new byte[0];
        }

        @Override
        public boolean sends(int messageClass, int id) {
            return true;
        }

        @Override
        public void forget() {}
    };
}
