package org.noonmark.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateKey;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeAlgorithmsTest {
    @BeforeAll
    static void prefer() {
        NativeAlgorithms.prefer();
    }

    @Test
    void tlsFindsTheLibraryForWhatIsDear() throws GeneralSecurityException {
        assertInstanceOf(
                NativeAlgorithms.class, KeyPairGenerator.getInstance("EC").getProvider());
        assertInstanceOf(
                NativeAlgorithms.class, KeyAgreement.getInstance("ECDH").getProvider());
        assertInstanceOf(
                NativeAlgorithms.class, Signature.getInstance("RSASSA-PSS").getProvider());
        assertInstanceOf(
                NativeAlgorithms.class, Signature.getInstance("SHA256withECDSA").getProvider());
    }

    @Test
    void whatPacketsTakeStaysJavas() throws GeneralSecurityException {
        assertEquals("SUN", MessageDigest.getInstance("SHA-256").getProvider().getName());
        assertEquals("SunJCE", Mac.getInstance("HmacSHA256").getProvider().getName());
        assertEquals(
                "SunJCE", Cipher.getInstance("AES/ECB/NoPadding").getProvider().getName());
        assertEquals(
                "SunJCE", Cipher.getInstance("AES/GCM/NoPadding").getProvider().getName());
    }

    @Test
    void theServersKeyIsHeldByTheLibrary() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
        generator.initialize(2_048);
        PrivateKey key = generator.generateKeyPair().getPrivate();

        PrivateKey held = NativeAlgorithms.held(key);

        assertEquals(
                AmazonCorrettoCryptoProvider.class.getPackage(), held.getClass().getPackage());
        assertEquals(((RSAPrivateKey) key).getPrivateExponent(), ((RSAPrivateKey) held).getPrivateExponent());
    }
}
