package org.noonmark.ntp;

/** Where packet threads get NTS from. Any thread may call. */
public interface NtsProvider {
    /** A new one, for one packet thread. */
    NtsAuthenticator authenticator();

    /** Octets of a request that is answered, with which a server tries itself out before real ones come. */
    byte[] sampleRequest();
}
