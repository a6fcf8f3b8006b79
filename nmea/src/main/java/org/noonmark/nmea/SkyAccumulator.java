package org.noonmark.nmea;

import java.util.ArrayList;
import java.util.List;
import org.noonmark.nmea.Sentence.Talker;
import org.noonmark.nmea.SkyView.Dilutions;
import org.noonmark.nmea.SkyView.Satellite;

/**
 * Joins GSA and GSV sentences into sky views. Sentences of one kind that follow each other directly are one report: GSA names the
 * satellites used, GSV of all constellations the satellites seen.
 */
final class SkyAccumulator {
    private final FixListener listener;
    private final int[] used = new int[SkyView.MAX_SATELLITES];
    private int usedCount;
    private boolean inGsa;
    private Talker gsaTalker = Talker.OTHER;
    private int gsaMode;

    private final List<Satellite> seen = new ArrayList<>(SkyView.MAX_SATELLITES);
    private boolean inGsv;
    private long gsvUtcNanos;
    /** Satellites of the constellations whose sentences arrived to the last. */
    private int completeCount;
    /** Number of the sentence that continues the constellation in hand; 0 when one of it was lost. */
    private int nextNumber;

    private Dilutions dilutions = Dilutions.NONE;

    SkyAccumulator(FixListener listener) {
        this.listener = listener;
    }

    /** Any other sentence ends the report of the satellites seen. UBX messages may stand between its sentences. */
    void endGsv() {
        if (!inGsv) {
            return;
        }
        inGsv = false;
        // SiRF receivers without any satellite invent a sky with all azimuths 0.
        if (completeCount > 0 && hasDirection()) {
            listener.onSky(new SkyView(gsvUtcNanos, dilutions, seen.subList(0, completeCount)));
        }
    }

    /** Any other sentence ends the report of the satellites used; returns its best mode, 0 when unknown or none was open. */
    int endGsa() {
        int mode = inGsa ? gsaMode : 0;
        inGsa = false;
        return mode;
    }

    void onGsa(Sentence.Gsa gsa) {
        boolean again = gsa.talker() == gsaTalker && gsa.talker() != Talker.COMBINED && gsa.talker() != Talker.QUECTEL;
        if (!inGsa || again) {
            usedCount = 0;
            gsaMode = 0;
        }
        inGsa = true;
        gsaTalker = gsa.talker();
        gsaMode = Math.max(gsaMode, gsa.mode());
        for (int prn : gsa.prns()) {
            if (usedCount < used.length && !isUsed(prn)) {
                used[usedCount++] = prn;
            }
        }
        dilutions = new Dilutions(
                known(gsa.horizontalDilution(), dilutions.horizontal()),
                known(gsa.verticalDilution(), dilutions.vertical()),
                known(gsa.positionDilution(), dilutions.position()),
                dilutions.time(),
                dilutions.geometric(),
                dilutions.east(),
                dilutions.north());
    }

    /** Takes a GSV of the epoch at {@code utcNanos}. */
    void onGsv(Sentence.Gsv gsv, long utcNanos) {
        if (!inGsv) {
            gsvUtcNanos = utcNanos;
            seen.clear();
            completeCount = 0;
            inGsv = true;
        }
        boolean next = gsv.number() == 1 || gsv.number() == nextNumber;
        nextNumber = next ? gsv.number() + 1 : 0;
        if (gsv.number() == 1) {
            // What a lost sentence left incomplete is not shown.
            seen.subList(completeCount, seen.size()).clear();
        }
        for (Satellite satellite : gsv.satellites()) {
            if (seen.size() < SkyView.MAX_SATELLITES) {
                seen.add(satellite.signalDbHz() > 0 && isUsed(satellite.prn()) ? asUsed(satellite) : satellite);
            }
        }
        if (next && gsv.number() == gsv.total()) {
            completeCount = seen.size();
        }
    }

    void onDilutions(Dilutions all) {
        dilutions = all;
    }

    void onHorizontalDilution(double value) {
        dilutions = new Dilutions(
                known(value, dilutions.horizontal()),
                dilutions.vertical(),
                dilutions.position(),
                dilutions.time(),
                dilutions.geometric(),
                dilutions.east(),
                dilutions.north());
    }

    /** A UBX message tells the whole sky at once. */
    void onSatellites(long utcNanos, List<Satellite> satellites) {
        listener.onSky(new SkyView(
                utcNanos, dilutions, satellites.subList(0, Math.min(satellites.size(), SkyView.MAX_SATELLITES))));
    }

    private boolean hasDirection() {
        for (int i = 0; i < completeCount; i++) {
            double azimuth = seen.get(i).azimuthDegrees();
            if (azimuth != 0 && !Double.isNaN(azimuth)) {
                return true;
            }
        }
        return false;
    }

    private boolean isUsed(int prn) {
        for (int i = 0; i < usedCount; i++) {
            if (used[i] == prn) {
                return prn > 0;
            }
        }
        return false;
    }

    private static Satellite asUsed(Satellite s) {
        return new Satellite(
                s.prn(),
                s.gnss(),
                s.svId(),
                s.signalId(),
                s.elevationDegrees(),
                s.azimuthDegrees(),
                s.signalDbHz(),
                true);
    }

    private static double known(double value, double otherwise) {
        return Double.isNaN(value) ? otherwise : value;
    }
}
