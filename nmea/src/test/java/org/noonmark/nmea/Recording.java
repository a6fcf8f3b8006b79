package org.noonmark.nmea;

import java.util.ArrayList;
import java.util.List;

/** Keeps all that a listener is told, in order. */
final class Recording implements FixListener {
    final List<Object> all = new ArrayList<>();
    final List<TimeLabel> labels = new ArrayList<>();
    final List<FixReport> fixes = new ArrayList<>();
    final List<SkyView> skies = new ArrayList<>();
    final List<LeapNotice> leaps = new ArrayList<>();
    final List<ReceiverHealth> healths = new ArrayList<>();
    final List<PulseNotice> pulses = new ArrayList<>();
    final List<ReceiverReply> replies = new ArrayList<>();
    final List<TimeJump> jumps = new ArrayList<>();

    @Override
    public void onLabel(TimeLabel label) {
        all.add(label);
        labels.add(label);
    }

    @Override
    public void onFix(FixReport fix) {
        all.add(fix);
        fixes.add(fix);
    }

    @Override
    public void onSky(SkyView sky) {
        all.add(sky);
        skies.add(sky);
    }

    @Override
    public void onLeap(LeapNotice leap) {
        all.add(leap);
        leaps.add(leap);
    }

    @Override
    public void onHealth(ReceiverHealth health) {
        all.add(health);
        healths.add(health);
    }

    @Override
    public void onPulse(PulseNotice pulse) {
        all.add(pulse);
        pulses.add(pulse);
    }

    @Override
    public void onReply(ReceiverReply reply) {
        all.add(reply);
        replies.add(reply);
    }

    @Override
    public void onTimeJump(TimeJump jump) {
        all.add(jump);
        jumps.add(jump);
    }

    /** Runs a whole capture through a decoder. */
    static Recording of(byte[] capture, GpsEra era) {
        Recording recording = new Recording();
        ReceiverDecoder decoder = new ReceiverDecoder(era, recording);
        decoder.accept(capture, 0, capture.length, 0);
        decoder.endOfInput();
        return recording;
    }
}
