package org.noonmark.backup;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A backup as a file. Four lines of text say what it is and how the rest is sealed; the rest is the {@link Backup}, by AES-256-GCM (NIST SP
 * 800-38D), with those lines as additional data, so nothing in the file can be changed unseen. The key comes from the passphrase by
 * PBKDF2 with HMAC-SHA-512 (RFC 8018); 32 further octets of it stand in the file, to tell a wrong passphrase from a damaged file.
 *
 * <pre>
 * noonmark-backup 1
 * made 2026-11-23T04:00:00Z on clock
 * key PBKDF2-HMAC-SHA512 ITERATIONS SALT CHECK
 * sealed AES-256-GCM NONCE OCTETS
 * </pre>
 *
 * Numbers in decimal, octets in lower-case hexadecimal.
 */
public final class SealedBackup {
    /** Against a thief who tries: OWASP's Password Storage Cheat Sheet (2023) asks for 210 000 with SHA-512. */
    static final int ITERATIONS = 300_000;

    /** Shorter ones are found by trying. */
    public static final int LEAST_PASSPHRASE = 8;

    /** What is larger is no backup, so it need not be read on. */
    public static final int MOST_BYTES = Backup.MOST_BYTES + 4_096;

    private static final int VERSION = 1;
    private static final int KEY_BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern FIRST = Pattern.compile("noonmark-backup (\\d{1,6})\n");
    private static final Pattern HEAD = Pattern.compile("""
            noonmark-backup 1
            made (\\S+ on [!-~]*)
            key PBKDF2-HMAC-SHA512 (\\d{1,8}) ([0-9a-f]{32}) ([0-9a-f]{64})
            sealed AES-256-GCM ([0-9a-f]{24}) (\\d{1,8})
            """);
    /** A file that asks for more would keep a box busy for minutes; one that asks for less was not made here. */
    private static final int LEAST_ITERATIONS = 100_000;

    private static final int MOST_ITERATIONS = 5_000_000;
    private static final int MOST_HEAD = 1_024;
    private static final HexFormat HEX = HexFormat.of();

    private SealedBackup() {}

    /**
     * Seals a backup.
     *
     * @param passphrase of {@value #LEAST_PASSPHRASE} characters at least
     * @param random fit for secrets
     * @throws IllegalArgumentException for more than 16 MiB
     */
    public static byte[] seal(Backup backup, char[] passphrase, RandomGenerator random) {
        byte[] plain = backup.bytes();
        if (plain.length > Backup.MOST_BYTES) {
            throw new IllegalArgumentException("a backup of " + plain.length + " bytes");
        }
        byte[] salt = bytes(random, SALT_BYTES);
        byte[] nonce = bytes(random, NONCE_BYTES);
        byte[] keys = keys(passphrase, salt, ITERATIONS);
        String host = backup.host().replaceAll("[^!-~]", "");
        byte[] head = ("noonmark-backup " + VERSION + "\nmade " + backup.made() + " on " + host
                        + "\nkey PBKDF2-HMAC-SHA512 " + ITERATIONS + " " + HEX.formatHex(salt) + " "
                        + HEX.formatHex(keys, KEY_BYTES, 2 * KEY_BYTES) + "\nsealed AES-256-GCM "
                        + HEX.formatHex(nonce) + " " + (plain.length + TAG_BITS / 8) + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] rest = cipher(Cipher.ENCRYPT_MODE, keys, nonce, head).doFinal(plain);
            byte[] file = Arrays.copyOf(head, head.length + rest.length);
            System.arraycopy(rest, 0, file, head.length, rest.length);
            return file;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-GCM", e);
        }
    }

    /**
     * Opens a file.
     *
     * @throws UnusableBackupException when it is no backup, of a newer version, cut off or damaged, or the passphrase is wrong
     */
    public static Backup open(byte[] file, char[] passphrase) throws UnusableBackupException {
        Matcher head = head(file);
        int iterations = Integer.parseInt(head.group(2));
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new UnusableBackupException("its third line is damaged: take another copy of it");
        }
        int sealed = Integer.parseInt(head.group(6));
        int length = head.end();
        if (file.length - length != sealed) {
            throw new UnusableBackupException("it has " + file.length + " bytes in place of " + (length + sealed)
                    + (file.length - length < sealed ? ": it was cut off; copy it again" : ": copy it again"));
        }
        byte[] keys = keys(passphrase, HEX.parseHex(head.group(3)), iterations);
        byte[] check = Arrays.copyOfRange(keys, KEY_BYTES, 2 * KEY_BYTES);
        if (!MessageDigest.isEqual(check, HEX.parseHex(head.group(4)))) {
            throw new UnusableBackupException("it opens with another passphrase: type the one that it was made with");
        }
        try {
            byte[] nonce = HEX.parseHex(head.group(5));
            byte[] text = Arrays.copyOf(file, length);
            byte[] plain = cipher(Cipher.DECRYPT_MODE, keys, nonce, text).doFinal(file, length, sealed);
            return Backup.parse(plain);
        } catch (GeneralSecurityException e) {
            throw new UnusableBackupException("it is damaged, or somebody has changed it: take another copy of it");
        }
    }

    /** The lines of text, in order; of a file that is cut off in them as much as there is tells what is wrong. */
    private static Matcher head(byte[] file) throws UnusableBackupException {
        if (file.length > MOST_BYTES) {
            throw new UnusableBackupException(
                    "it is larger than any backup of Noonmark: name a file that 'noonmark config backup' has made");
        }
        String start = new String(file, 0, Math.min(file.length, MOST_HEAD), StandardCharsets.ISO_8859_1);
        Matcher first = FIRST.matcher(start);
        if (!first.lookingAt()) {
            throw new UnusableBackupException(
                    "it is no backup of Noonmark: name a file that 'noonmark config backup' has made");
        }
        int version = Integer.parseInt(first.group(1));
        if (version > VERSION) {
            throw new UnusableBackupException("it was made by a newer version (form " + version
                    + ", this one knows form " + VERSION + "): update this box first");
        }
        Matcher head = HEAD.matcher(start);
        if (!head.lookingAt()) {
            boolean cutOff = start.chars().filter(letter -> letter == '\n').count() < 4 && file.length < MOST_HEAD;
            throw new UnusableBackupException(
                    cutOff ? "it was cut off: copy it again" : "its first lines are damaged: take another copy of it");
        }
        return head;
    }

    private static byte[] keys(char[] passphrase, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(passphrase, salt, iterations, 2 * KEY_BYTES * 8);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has PBKDF2", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static Cipher cipher(int mode, byte[] keys, byte[] nonce, byte[] head) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(keys, 0, KEY_BYTES, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(head);
        return cipher;
    }

    private static byte[] bytes(RandomGenerator random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }
}
