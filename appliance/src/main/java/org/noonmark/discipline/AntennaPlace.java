package org.noonmark.discipline;

/**
 * Where a fixed antenna is: the mean of its first fixes, followed slowly. First fixes that do not stay together are begun anew.
 * Heights are left out, as they scatter more.
 */
final class AntennaPlace {
    private static final int FIRST_FIXES = 120;
    private static final double SLOWLY = 1.0 / 3_600;
    private static final double METRES_PER_DEGREE = 111_320;

    private double latitudeDegrees;
    private double longitudeDegrees;
    private int fixes;

    /**
     * A fix.
     *
     * @param farMetres how far off is another place
     * @return its distance from the place in metres, half way round the Earth at most; 0 while the place is being learned
     */
    double onFix(double latitude, double longitude, double farMetres) {
        double metres = fixes == 0 ? 0 : distance(latitude, longitude);
        if (fixes < FIRST_FIXES) {
            learn(latitude, longitude, metres > farMetres);
            return 0;
        }
        if (metres <= farMetres) {
            move(latitude, longitude, SLOWLY);
        }
        return metres;
    }

    private void learn(double latitude, double longitude, boolean elsewhere) {
        fixes = elsewhere ? 1 : fixes + 1;
        move(latitude, longitude, 1.0 / fixes);
    }

    private void move(double latitude, double longitude, double share) {
        latitudeDegrees += share * (latitude - latitudeDegrees);
        longitudeDegrees += share * eastOf(longitude);
    }

    private double distance(double latitude, double longitude) {
        double north = (latitude - latitudeDegrees) * METRES_PER_DEGREE;
        double east = eastOf(longitude) * METRES_PER_DEGREE * Math.cos(Math.toRadians(latitudeDegrees));
        return Math.hypot(north, east);
    }

    /** Degrees, the short way round. */
    private double eastOf(double longitude) {
        return Math.IEEEremainder(longitude - longitudeDegrees, 360);
    }
}
