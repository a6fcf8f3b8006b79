package org.noonmark.xdp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes the few instructions of the kernel's eBPF machine that our program needs (RFC 9669). Registers are numbers, r0 to r10. */
final class BpfAssembler {
    private static final int JUMP_ALWAYS = 0x05;

    private record Instruction(int code, int destination, int source, int offset, int immediate) {}

    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final Map<Integer, String> targets = new HashMap<>();

    /** What a load or store moves. */
    enum Size {
        WORD(0x00),
        HALF(0x08),
        BYTE(0x10),
        DOUBLE(0x18);

        private final int bits;

        Size(int bits) {
            this.bits = bits;
        }
    }

    /** Names the place of the next instruction. */
    BpfAssembler label(String name) {
        labels.put(name, instructions.size());
        return this;
    }

    BpfAssembler move(int destination, int source) {
        return add(0xbf, destination, source, 0, 0);
    }

    BpfAssembler set(int destination, int immediate) {
        return add(0xb7, destination, 0, 0, immediate);
    }

    BpfAssembler plus(int destination, int immediate) {
        return add(0x07, destination, 0, 0, immediate);
    }

    BpfAssembler plusRegister(int destination, int source) {
        return add(0x0f, destination, source, 0, 0);
    }

    BpfAssembler minusRegister(int destination, int source) {
        return add(0x1f, destination, source, 0, 0);
    }

    BpfAssembler and(int destination, int immediate) {
        return add(0x57, destination, 0, 0, immediate);
    }

    BpfAssembler times(int destination, int immediate) {
        return add(0x27, destination, 0, 0, immediate);
    }

    /** Unsigned. */
    BpfAssembler shiftRight(int destination, int bits) {
        return add(0x77, destination, 0, 0, bits);
    }

    /** destination = the octets, as the machine reads them. */
    BpfAssembler setLong(int destination, long value) {
        add(0x18, destination, 0, 0, (int) value);
        return add(0, 0, 0, 0, (int) (value >>> 32));
    }

    BpfAssembler andRegister(int destination, int source) {
        return add(0x5f, destination, source, 0, 0);
    }

    /** destination = *(source + offset). */
    BpfAssembler load(Size size, int destination, int source, int offset) {
        return add(0x61 | size.bits, destination, source, offset, 0);
    }

    /** *(destination + offset) = source. */
    BpfAssembler store(Size size, int destination, int offset, int source) {
        return add(0x63 | size.bits, destination, source, offset, 0);
    }

    /** *(destination + offset) = immediate, sign-extended. */
    BpfAssembler storeImmediate(Size size, int destination, int offset, int immediate) {
        return add(0x62 | size.bits, destination, 0, offset, immediate);
    }

    BpfAssembler jump(String label) {
        return branch(JUMP_ALWAYS, 0, 0, 0, label);
    }

    BpfAssembler ifEqual(int register, int immediate, String label) {
        return branch(0x15, register, 0, immediate, label);
    }

    BpfAssembler ifNotEqual(int register, int immediate, String label) {
        return branch(0x55, register, 0, immediate, label);
    }

    /** Compares the lower 32 bits. */
    BpfAssembler ifWordNotEqual(int register, int immediate, String label) {
        return branch(0x56, register, 0, immediate, label);
    }

    /** Jumps when any of the mask's bits is set. */
    BpfAssembler ifAnyBit(int register, int mask, String label) {
        return branch(0x45, register, 0, mask, label);
    }

    /** Unsigned. */
    BpfAssembler ifGreater(int register, int than, String label) {
        return branch(0x2d, register, than, 0, label);
    }

    /** destination = the map of this file descriptor. */
    BpfAssembler loadMap(int destination, int mapFd) {
        add(0x18, destination, 1, 0, mapFd);
        return add(0, 0, 0, 0, 0);
    }

    /** Calls a function of the kernel: arguments in r1 to r5, which it destroys, result in r0. */
    BpfAssembler call(int function) {
        return add(0x85, 0, 0, 0, function);
    }

    BpfAssembler exit() {
        return add(0x95, 0, 0, 0, 0);
    }

    /** The program, 8 octets an instruction, in a direct buffer. */
    ByteBuffer assemble() {
        ByteBuffer program = ByteBuffer.allocateDirect(8 * instructions.size()).order(ByteOrder.nativeOrder());
        for (int place = 0; place < instructions.size(); place++) {
            Instruction each = instructions.get(place);
            int offset = each.offset();
            String target = targets.get(place);
            if (target != null) {
                Integer label = labels.get(target);
                if (label == null) {
                    throw new IllegalStateException("no label " + target);
                }
                offset = label - place - 1;
            }
            program.put((byte) each.code());
            program.put((byte) (each.source() << 4 | each.destination()));
            program.putShort((short) offset);
            program.putInt(each.immediate());
        }
        return program.flip();
    }

    private BpfAssembler branch(int code, int register, int other, int immediate, String label) {
        targets.put(instructions.size(), label);
        return add(code, register, other, 0, immediate);
    }

    private BpfAssembler add(int code, int destination, int source, int offset, int immediate) {
        instructions.add(new Instruction(code, destination, source, offset, immediate));
        return this;
    }
}
