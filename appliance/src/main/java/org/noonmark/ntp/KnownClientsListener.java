package org.noonmark.ntp;

/** Hears which clients are answered first in a flood, in the thread that answers. Addresses are those of {@link ClientTable}. */
public interface KnownClientsListener {
    /** Nobody hears. */
    KnownClientsListener NONE = new KnownClientsListener() {
        @Override
        public void onKnown(long high, long low) {}

        @Override
        public void onForgotten(long high, long low) {}
    };

    /** This client is one of them from now on. */
    void onKnown(long high, long low);

    /** This client is no longer one of them. */
    void onForgotten(long high, long low);
}
