package org.noonmark.xdp;

import java.util.List;

/** Where the program runs. */
public enum XdpMode {
    /** In the card's driver. */
    NATIVE(1 << 2, "native"),

    /** In the kernel's own receive path, for any driver: slower, as each frame has been made a packet before. */
    GENERIC(1 << 1, "generic");

    /** The driver where it can, else the kernel. */
    public static final List<XdpMode> BEST = List.of(NATIVE, GENERIC);

    private final int flag;
    private final String word;

    XdpMode(int flag, String word) {
        this.flag = flag;
        this.word = word;
    }

    /** XDP_FLAGS_DRV_MODE or XDP_FLAGS_SKB_MODE. */
    int flag() {
        return flag;
    }

    @Override
    public String toString() {
        return word;
    }
}
