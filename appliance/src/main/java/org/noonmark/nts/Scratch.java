package org.noonmark.nts;

/** Working memory of all ciphers of one thread: what is in it means nothing between two texts. */
final class Scratch {
    private final byte[] from = new byte[AeadCipher.MOST_TEXT + AesBlocks.BLOCK];
    private final byte[] to = new byte[AeadCipher.MOST_TEXT + AesBlocks.BLOCK];

    /** What AES gets. */
    byte[] from() {
        return from;
    }

    /** What AES gives. */
    byte[] to() {
        return to;
    }
}
