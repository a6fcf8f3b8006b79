package org.noonmark.doctor;

import java.util.List;
import java.util.Locale;
import org.noonmark.doctor.MachineFacts.Program;

/** How things are said in the findings. */
final class Words {
    private Words() {}

    /** The same in every country. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more library
    static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }

    static String all(List<Program> programs) {
        return String.join(", ", programs.stream().map(Program::toString).toList());
    }
}
