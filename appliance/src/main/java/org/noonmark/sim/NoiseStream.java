package org.noonmark.sim;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers that bears a name: the same name gives the same numbers on every machine and in every language
 * (splitmix64, seeded with the name's FNV-1a hash).
 */
final class NoiseStream {
    private long state;
    private double spare = Double.NaN;

    NoiseStream(String name) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : name.getBytes(StandardCharsets.US_ASCII)) {
            hash = (hash ^ b) * 0x100000001b3L;
        }
        state = hash;
    }

    private long bits() {
        state += 0x9e3779b97f4a7c15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** 0 to 1, the latter excluded. */
    double uniform() {
        return (bits() >>> 11) * 0x1p-53;
    }

    /** Mean 0, sigma 1 (Box and Muller, both of the pair used). */
    double gaussian() {
        if (!Double.isNaN(spare)) {
            double kept = spare;
            spare = Double.NaN;
            return kept;
        }
        double radius = Math.sqrt(-2 * Math.log(1 - uniform()));
        double angle = 2 * Math.PI * uniform();
        spare = radius * Math.sin(angle);
        return radius * Math.cos(angle);
    }

    /** Mean 1. */
    double exponential() {
        return -Math.log(1 - uniform());
    }
}
