package org.noonmark.nmea;

/** Earth-centred coordinates to latitude and longitude on the WGS 84 ellipsoid. */
final class Wgs84 {
    private static final double A = 6378137.0;
    private static final double F = 1 / 298.257223563;
    private static final double B = A * (1 - F);
    private static final double E2 = F * (2 - F);
    private static final double SECOND_E2 = E2 / (1 - E2);

    private Wgs84() {}

    /** Degrees north, by Bowring's formula: exact to 1e-9 degrees from the surface to satellite heights. */
    static double latitudeDegrees(double x, double y, double z) {
        double p = Math.hypot(x, y);
        double theta = Math.atan2(z * A, p * B);
        double sin = Math.sin(theta);
        double cos = Math.cos(theta);
        return Math.toDegrees(Math.atan2(z + SECOND_E2 * B * sin * sin * sin, p - E2 * A * cos * cos * cos));
    }

    /** Degrees east. */
    static double longitudeDegrees(double x, double y) {
        return Math.toDegrees(Math.atan2(y, x));
    }

    /** Metres above the ellipsoid. */
    static double heightMetres(double x, double y, double z) {
        double latitude = Math.toRadians(latitudeDegrees(x, y, z));
        double sin = Math.sin(latitude);
        double normal = A / Math.sqrt(1 - E2 * sin * sin);
        // Written without a division by cos(latitude), which fails at the poles.
        return Math.hypot(x, y) * Math.cos(latitude) + z * sin - A * A / normal;
    }
}
