package org.noonmark.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SealedBackupTest {
    private static final char[] PASSPHRASE = "four words of mine \u00fc".toCharArray();
    private static final String SECRET = "psk=0123456789abcdef";
    private static final Backup BACKUP = new Backup(
            Instant.parse("2026-11-23T04:00:00Z"),
            "clock",
            "10000000abcdef01",
            "0.1",
            List.of(
                    new KeptFile(KeptFile.Kind.FILE, KeptFile.SETTINGS, "rwxr-xr-x", bytes("[system]\n")),
                    new KeptFile(KeptFile.Kind.DIRECTORY, "etc", "rwxr-xr-x", new byte[0]),
                    new KeptFile(KeptFile.Kind.LINK, "etc/localtime", "rwxrwxrwx", bytes("/usr/share/zoneinfo/UTC")),
                    new KeptFile(KeptFile.Kind.FILE, "etc/wpa", "rw-------", bytes(SECRET))));
    private static final byte[] SEALED = SealedBackup.seal(BACKUP, PASSPHRASE, new Random(1));

    @Test
    void opensWithItsPassphrase() throws UnusableBackupException {
        assertEquals(BACKUP, SealedBackup.open(SEALED, PASSPHRASE));
    }

    @Test
    void showsWhatItIsAndNothingElse() {
        String text = new String(SEALED, StandardCharsets.ISO_8859_1);
        assertTrue(text.startsWith("noonmark-backup 1\nmade 2026-11-23T04:00:00Z on clock\n"), text);
        assertFalse(text.contains("psk") || text.contains("wpa") || text.contains("[system]"));
        assertFalse(new String(SealedBackup.seal(BACKUP, PASSPHRASE, new Random(2)), StandardCharsets.ISO_8859_1)
                .contains(text.substring(text.length() - 40)));
    }

    /** RFC 8018, section 5.2, worked out here with the MAC alone: whoever has the passphrase can open the file with any program. */
    @Test
    void itsKeyIsPbkdf2OfThePassphraseInUtf8() throws Exception {
        String[] words = new String(SEALED, StandardCharsets.ISO_8859_1).split("\n", -1)[2].split(" ", -1);
        Mac mac = Mac.getInstance("HmacSHA512");
        mac.init(new SecretKeySpec(new String(PASSPHRASE).getBytes(StandardCharsets.UTF_8), "raw"));
        mac.update(HexFormat.of().parseHex(words[3]));
        byte[] u = mac.doFinal(ByteBuffer.allocate(4).putInt(1).array());
        byte[] key = u.clone();
        for (int i = 1; i < Integer.parseInt(words[2]); i++) {
            u = mac.doFinal(u);
            for (int j = 0; j < key.length; j++) {
                key[j] ^= u[j];
            }
        }
        assertTrue(MessageDigest.isEqual(
                Arrays.copyOfRange(key, 32, 64), HexFormat.of().parseHex(words[4])));
    }

    @Test
    void saysThatThePassphraseIsAnother() {
        refused(SEALED, "four words of yours".toCharArray(), "another passphrase");
    }

    @Test
    void saysThatItWasCutOff() {
        for (int length : List.of(SEALED.length - 1, SEALED.length / 2, 260, 120, 40, 20)) {
            refused(Arrays.copyOf(SEALED, length), PASSPHRASE, "cut off");
        }
        refused(Arrays.copyOf(SEALED, SEALED.length + 1), PASSPHRASE, "copy it again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hello", "noonmark-journal 4\n", "noonmark-backup x\n", "noonmark-backup 1"})
    void saysThatAnotherFileIsNoBackup(String text) {
        refused(bytes(text), PASSPHRASE, "no backup of Noonmark");
    }

    @Test
    void saysThatANewerVersionMadeIt() {
        refused(replaced("noonmark-backup 1", "noonmark-backup 2"), PASSPHRASE, "newer version (form 2");
    }

    @Test
    void asksForNoMoreWorkThanABoxCanDo() {
        refused(replaced(" 300000 ", " 99999999 "), PASSPHRASE, "third line is damaged");
        refused(replaced(" 300000 ", " 1000 "), PASSPHRASE, "third line is damaged");
    }

    /** Each line of text is as safe as the rest. */
    @Test
    void noticesAnyChange() {
        refused(replaced("on clock", "on knock"), PASSPHRASE, "damaged");
        SplittableRandom random = new SplittableRandom(3);
        int head = new String(SEALED, StandardCharsets.ISO_8859_1).indexOf("sealed");
        for (int i = 0; i < 5; i++) {
            byte[] changed = SEALED.clone();
            changed[head + 20 + random.nextInt(SEALED.length - head - 20)] ^= (byte) (1 << random.nextInt(8));
            assertThrows(UnusableBackupException.class, () -> SealedBackup.open(changed, PASSPHRASE));
        }
    }

    /** Every line, each of its fields, and the sealed rest with its tag; where the key is derived first, a few of each. */
    @Test
    void aFlippedBitIsNoticedInEveryRegion() {
        String text = new String(SEALED, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n', text.indexOf("sealed")) + 1;
        List<Integer> places = new ArrayList<>(List.of(end, end + 1, (end + SEALED.length) / 2, SEALED.length - 16));
        places.add(SEALED.length - 1);
        int place = 0;
        for (String field : text.substring(0, end).split("(?<=[ \n])", -1)) {
            if (!field.isEmpty()) {
                places.add(place + field.length() / 2);
                places.add(place + field.length() - 1);
            }
            place += field.length();
        }
        for (int at : places) {
            byte[] changed = SEALED.clone();
            changed[at] ^= (byte) (1 << (at % 8));
            String said = String.valueOf(assertThrows(
                            UnusableBackupException.class, () -> SealedBackup.open(changed, PASSPHRASE), "at " + at)
                    .getMessage());
            assertFalse(said.isEmpty() || said.contains("\n"), said);
        }
    }

    @Test
    void eachLengthButItsOwnIsRefused() {
        for (int length = 0; length < SEALED.length; length++) {
            byte[] cut = Arrays.copyOf(SEALED, length);
            assertThrows(UnusableBackupException.class, () -> SealedBackup.open(cut, PASSPHRASE));
        }
        refused(Arrays.copyOf(SEALED, SealedBackup.MOST_BYTES + 1), PASSPHRASE, "larger than any backup");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etc/../../usr/bin/x", "/etc/passwd", "usr/bin/x", "etc//x", "etc/./x", "", "state/\0x"})
    void holdsNoFileThatLiesElsewhere(String path) {
        assertThrows(
                IllegalArgumentException.class, () -> new KeptFile(KeptFile.Kind.FILE, path, "rw-------", new byte[0]));
    }

    @Test
    void damagedContentIsRefusedWhoeverSealedIt() {
        byte[] plain = BACKUP.bytes();
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 5_000; i++) {
            byte[] changed =
                    random.nextInt(4) == 0 ? Arrays.copyOf(plain, random.nextInt(plain.length)) : plain.clone();
            if (changed.length > 0) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            }
            try {
                Backup.parse(changed);
            } catch (UnusableBackupException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("not in order"));
            }
        }
    }

    private static void refused(byte[] file, char[] passphrase, String why) {
        String said =
                String.valueOf(assertThrows(UnusableBackupException.class, () -> SealedBackup.open(file, passphrase))
                        .getMessage());
        assertTrue(said.contains(why), said);
    }

    private static byte[] replaced(String old, String fresh) {
        return new String(SEALED, StandardCharsets.ISO_8859_1)
                .replace(old, fresh)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
