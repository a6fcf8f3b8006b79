package org.noonmark.provisioning;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a word of the configuration must look like. */
sealed interface Kind {
    /** Whether {@code word} is one. */
    boolean accepts(String word);

    /** What is expected, to follow the word "expected": "a whole number from 0 to 65535". */
    String expected();

    /** The cure for a word of chrony's that is known, but {@link #accepts accepted} by no version of ours so far. */
    default Optional<String> instead(String word) {
        return Optional.empty();
    }

    /** A decimal whole number. */
    record Whole(long least, long most) implements Kind {
        private static final Pattern FORM = Pattern.compile("[+-]?[0-9]{1,10}");

        @Override
        public boolean accepts(String word) {
            if (!FORM.matcher(word).matches()) {
                return false;
            }
            long value = Long.parseLong(word);
            return value >= least && value <= most;
        }

        @Override
        public String expected() {
            return "a whole number from " + least + " to " + most;
        }
    }

    /**
     * A decimal number, with or without exponent.
     *
     * @param unit plural, as it is spoken: "seconds"
     */
    record Decimal(String unit, String least, String most) implements Kind {
        /** Bounds on digits keep the number exact and cheap: an exponent of a billion is not a value but an attack. */
        private static final Pattern FORM =
                Pattern.compile("[+-]?([0-9]{1,20}(\\.[0-9]{0,20})?|\\.[0-9]{1,20})([eE][+-]?[0-9]{1,2})?");

        @Override
        public boolean accepts(String word) {
            if (!FORM.matcher(word).matches()) {
                return false;
            }
            BigDecimal value = new BigDecimal(word);
            return value.compareTo(new BigDecimal(least)) >= 0 && value.compareTo(new BigDecimal(most)) <= 0;
        }

        @Override
        public String expected() {
            return "a number of " + unit + " from " + least + " to " + most;
        }
    }

    /** An absolute path. */
    record Path() implements Kind {
        @Override
        public boolean accepts(String word) {
            return word.length() > 1
                    && word.startsWith("/")
                    && word.chars().noneMatch(c -> Character.isISOControl(c) || c == '\ufffd');
        }

        @Override
        public String expected() {
            return "a full path that begins with '/'";
        }
    }

    /** A name of the time zone database. */
    record TimeZone() implements Kind {
        private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_+-]{1,30}(/[A-Za-z0-9_+-]{1,30}){0,3}");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "a name of the time zone database such as right/UTC";
        }
    }

    /** An absolute path of a PPS device, or the same with {@code :clear}. */
    record PulseDevice() implements Kind {
        @Override
        public boolean accepts(String word) {
            int colon = word.indexOf(':');
            return new Path().accepts(word)
                    && (colon < 0 || word.substring(colon).equals(":clear"));
        }

        @Override
        public String expected() {
            return "a PPS device such as /dev/pps0 or /dev/pps0:clear";
        }
    }

    /** What a driver of reference clocks is told to read; each has its own form. */
    record ClockDevice() implements Kind {
        private static final Pattern FORM = Pattern.compile("[!-~]{1,200}");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "a device, a path or a number such as /dev/pps0 or 0";
        }
    }

    /** The name of a log file of chrony's. */
    record LogFile() implements Kind {
        private static final Choice NAMES = new Choice(Stream.of(LogConfig.File.values())
                .map(file -> file.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new));

        @Override
        public boolean accepts(String word) {
            return NAMES.accepts(word);
        }

        @Override
        public String expected() {
            return NAMES.expected();
        }
    }

    /** To whom a mail is sent. */
    record MailAddress() implements Kind {
        private static final Pattern FORM =
                Pattern.compile("[A-Za-z0-9._+][A-Za-z0-9._+-]{0,63}(@[A-Za-z0-9.-]{1,253})?");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "a mail address such as root@localhost";
        }
    }

    /** Numbers of processor cores. */
    record Cores() implements Kind {
        private static final Pattern FORM = Pattern.compile("[0-9]{1,3}(,[0-9]{1,3}){0,15}");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "one to sixteen numbers of processor cores such as 2,3";
        }
    }

    /** The name of a network interface: what Linux takes for one. */
    record Interface() implements Kind {
        private static final Pattern FORM = Pattern.compile("(?!\\.{1,2}$)[!-.0-~&&[^:]]{1,15}");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "a network interface such as eth0";
        }
    }

    /** An IP address. */
    record Address() implements Kind {
        @Override
        public boolean accepts(String word) {
            return IpAddress.parse(word).isPresent();
        }

        @Override
        public String expected() {
            return "an IPv4 or IPv6 address (names are not looked up)";
        }
    }

    /** Another machine: an IP address, or a name that is looked up when it is needed. */
    record Host() implements Kind {
        private static final Pattern NAME = Pattern.compile(
                "(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,62})(\\.[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}))*\\.?");

        @Override
        public boolean accepts(String word) {
            // What looks like an IPv4 address and is none is no name either.
            return IpAddress.parse(word).isPresent() || (NAME.matcher(word).matches() && !word.matches("[0-9.]+"));
        }

        @Override
        public String expected() {
            return "a host name such as time.example.net, or an IP address";
        }
    }

    /** A name of the public name system: what an authority certifies. */
    record PublicName() implements Kind {
        private static final Pattern NAME = Pattern.compile(
                "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+");

        @Override
        public boolean accepts(String word) {
            return NAME.matcher(word).matches() && !word.matches("[0-9.]+");
        }

        @Override
        public String expected() {
            return "a name with its domain such as time.example.net";
        }
    }

    /** Where a service of the web is. */
    record WebAddress() implements Kind {
        private static final Pattern FORM = Pattern.compile(
                "https://([A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\])(:[0-9]{1,5})?(/[A-Za-z0-9._~/%-]{0,500})?");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "an address such as https://acme.example.net/directory";
        }
    }

    /** Clients: a subnet in one of chrony's forms, those who are near, or a host by its name. */
    record Clients() implements Kind {
        static boolean isOnLink(String word) {
            return word.equalsIgnoreCase("onlink");
        }

        @Override
        public boolean accepts(String word) {
            return isOnLink(word) || IpPrefix.parse(word).isPresent() || isName(word);
        }

        /** Names have a letter: what has none was meant to be an address. */
        private static boolean isName(String word) {
            return new Host().accepts(word) && word.matches(".*[A-Za-z].*");
        }

        @Override
        public String expected() {
            return "onlink, an address, a subnet such as 192.168.1.0/24 or fd00::/8, or a host name";
        }
    }

    /** A reference identifier as RFC 5905 shows it for stratum 1. */
    record ReferenceId() implements Kind {
        private static final Pattern FORM = Pattern.compile("[!-~]{1,4}");

        @Override
        public boolean accepts(String word) {
            return FORM.matcher(word).matches();
        }

        @Override
        public String expected() {
            return "one to four ASCII characters such as GPS";
        }
    }

    /**
     * One of some words, in any case.
     *
     * @param refused words of chrony that are known but cannot be used, each with its cure; they are not {@link #accepts accepted}
     */
    record Choice(List<String> words, Map<String, String> refused) implements Kind {
        Choice(String... words) {
            this(List.of(words), Map.of());
        }

        @Override
        public boolean accepts(String word) {
            return words.stream().anyMatch(word::equalsIgnoreCase);
        }

        @Override
        public Optional<String> instead(String word) {
            return refused.entrySet().stream()
                    .filter(known -> known.getKey().equalsIgnoreCase(word))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }

        @Override
        public String expected() {
            return String.join(", ", words.subList(0, words.size() - 1))
                    + (words.size() > 1 ? " or " : "")
                    + words.getLast();
        }
    }
}
