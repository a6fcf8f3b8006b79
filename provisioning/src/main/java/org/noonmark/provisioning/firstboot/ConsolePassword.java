package org.noonmark.provisioning.firstboot;

/**
 * The password of the login user at keyboard and screen. Over the network there is no login by password.
 *
 * @param file where it was written
 * @param line in that file
 * @param hash as crypt(5) has it
 */
record ConsolePassword(String file, int line, String hash) {
    /** What the line is called that took its place. */
    static final String NAME = "console password";

    /** Whether it is a hash of a kind that the system's login knows: yescrypt, SHA-512, SHA-256. */
    static boolean isHash(String text) {
        return text.matches("\\$(y|gy|6|5)\\$[A-Za-z0-9./$=,]{8,300}");
    }

    /** The line that chpasswd -e reads. */
    String text() {
        return SshLogin.USER + ":" + hash + "\n";
    }
}
