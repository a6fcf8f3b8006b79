package org.noonmark.provisioning.firstboot;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.noonmark.provisioning.Directives;
import org.noonmark.provisioning.IpAddress;
import org.noonmark.provisioning.IpPrefix;

/** The forms that values have. */
final class Forms {
    private Forms() {}

    /** A string that {@code parse} understands. */
    static <T> Form<T> text(String expected, Function<String, Optional<T>> parse) {
        return new Form<>() {
            @Override
            public Optional<T> read(Given given, String cure) {
                Optional<T> read = given.text().flatMap(parse);
                if (read.isEmpty()) {
                    given.refuse(
                            given.text().isPresent() ? "is not " + expected : "is not a text in quotes",
                            cure + (given.text().isPresent() ? "" : ", with the quotes"));
                }
                return read;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** A string that passes a test. */
    static Form<String> word(String expected, Predicate<String> test) {
        return text(expected, word -> Optional.of(word).filter(test));
    }

    /** One of a few words. */
    static <T> Form<T> choice(List<String> words, Function<String, Optional<T>> parse) {
        String expected = "one of " + quoted(words);
        return new Form<>() {
            @Override
            public Optional<T> read(Given given, String cure) {
                Optional<T> read = given.text().flatMap(parse);
                if (read.isEmpty()) {
                    String cause = given.text()
                            .flatMap(word -> meant(word, words))
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse("write " + expected);
                    given.refuse("is not " + expected, cause);
                }
                return read;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** A word with typing errors, or the beginning of exactly one. */
    private static Optional<String> meant(String word, List<String> words) {
        String lower = word.strip().toLowerCase(Locale.ROOT);
        List<String> begun = words.stream()
                .filter(known -> lower.length() >= 3 && known.startsWith(lower))
                .toList();
        return begun.size() == 1 ? Optional.of(begun.getFirst()) : Directives.nearest(lower, words.stream());
    }

    /** One of a few words, as it stands. */
    static Form<String> choice(String... words) {
        List<String> all = List.of(words);
        return choice(all, word -> Optional.of(word).filter(all::contains));
    }

    /** A word of a long list. */
    static Form<String> known(String expected, Supplier<Stream<String>> words) {
        return new Form<>() {
            @Override
            public Optional<String> read(Given given, String cure) {
                Optional<String> word = given.text().filter(text -> words.get().anyMatch(text::equals));
                if (word.isEmpty()) {
                    String better = given.text()
                            .flatMap(text -> words.get()
                                    .filter(text::equalsIgnoreCase)
                                    .findFirst()
                                    .or(() -> words.get()
                                            .filter(known -> endsWithPlace(known, text))
                                            .sorted()
                                            .findFirst())
                                    .or(() -> Directives.nearest(text, words.get())))
                            .map(near -> "did you mean \"" + near + "\"?")
                            .orElse(cure);
                    given.refuse("is not " + expected, better);
                }
                return word;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** Whether a time zone is that of a city, as people call it: {@code new york} of {@code America/New_York}. */
    private static boolean endsWithPlace(String zone, String city) {
        String place = city.strip().replace(' ', '_').toLowerCase(Locale.ROOT);
        return place.length() >= 3 && zone.toLowerCase(Locale.ROOT).endsWith("/" + place);
    }

    private static String quoted(List<String> words) {
        return String.join(", ", words.stream().map(word -> '"' + word + '"').toList());
    }

    /** {@code true} or {@code false}. */
    static Form<Boolean> flag() {
        return new Form<>() {
            @Override
            public Optional<Boolean> read(Given given, String cure) {
                if (given.value() instanceof Boolean flag) {
                    return Optional.of(flag);
                }
                given.refuse(
                        "is not " + expected(), "write '" + given.name() + " = true' or '= false', without quotes");
                return Optional.empty();
            }

            @Override
            public String expected() {
                return "true or false";
            }
        };
    }

    /** A whole number of a range. */
    static Form<Integer> whole(int least, int most) {
        return wholeOf("a whole number from " + least + " to " + most, number -> number >= least && number <= most);
    }

    /** A whole number that passes a test. */
    static Form<Integer> wholeOf(String expected, Predicate<Integer> test) {
        return new Form<>() {
            @Override
            public Optional<Integer> read(Given given, String cure) {
                if (given.value() instanceof Long number
                        && number == number.intValue()
                        && test.test(number.intValue())) {
                    return Optional.of(number.intValue());
                }
                boolean quoted =
                        given.text().filter(text -> text.matches("[0-9]{1,9}")).isPresent();
                given.refuse("is not " + expected, quoted ? "write the number without quotes" : cure);
                return Optional.empty();
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** Several of a form, in an array; one alone may stand without brackets. A wrong element loses only itself. */
    static <T> Form<List<T>> list(Form<T> element) {
        return new Form<>() {
            @Override
            public Optional<List<T>> read(Given given, String cure) {
                List<Given> elements = given.elements();
                List<T> good = new ArrayList<>();
                Set<Object> seen = new HashSet<>();
                for (Given each : elements) {
                    if (seen.add(each.value())) {
                        element.read(each, cure).ifPresent(good::add);
                    } else {
                        each.remark("is there twice", "remove one of them");
                    }
                }
                return good.isEmpty() && !elements.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(good));
            }

            @Override
            public String expected() {
                return element.expected() + ", or several in brackets";
            }
        };
    }

    /** A public key of OpenSSH. */
    static Form<SshKey> sshKey() {
        return new Form<>() {
            @Override
            public Optional<SshKey> read(Given given, String cure) {
                if (given.text().isEmpty()) {
                    given.refuse("is not a text in quotes", cure);
                    return Optional.empty();
                }
                return switch (SshKey.parse(given.text().get())) {
                    case SshKey.Reading.Good(SshKey key) -> Optional.of(key);
                    case SshKey.Reading.Bad(String fault, String better) -> {
                        given.refuse(fault, better);
                        yield Optional.empty();
                    }
                };
            }

            @Override
            public String expected() {
                return "the line of a public key, as in id_ed25519.pub";
            }
        };
    }

    /** A word for automatic addresses, {@code off}, or addresses with prefix length. */
    static Form<Addressing> addressing(boolean ipv6, String automatic) {
        Form<List<InterfaceAddress>> fixed = list(interfaceAddress(ipv6));
        return new Form<>() {
            @Override
            public Optional<Addressing> read(Given given, String cure) {
                if (given.value().equals(automatic)) {
                    return Optional.of(new Addressing.Automatic());
                }
                if (given.value().equals("off")) {
                    return Optional.of(new Addressing.Off());
                }
                if (given.elements().isEmpty()) {
                    given.refuse("is empty", "write '" + given.name() + " = \"" + automatic + "\"' or an address");
                    return Optional.empty();
                }
                return fixed.read(given, cure).map(Addressing.Fixed::new);
            }

            @Override
            public String expected() {
                return "\"" + automatic + "\", \"off\", or " + fixed.expected();
            }
        };
    }

    private static Form<InterfaceAddress> interfaceAddress(boolean ipv6) {
        String example = ipv6 ? "fd00::5/64" : "192.168.1.5/24";
        String expected = "an " + family(ipv6) + " address with the length of its prefix, as in \"" + example + "\"";
        return new Form<>() {
            @Override
            public Optional<InterfaceAddress> read(Given given, String cure) {
                String text = given.text().orElse("").strip();
                Optional<String> withLength = ipv6 ? Optional.empty() : Netmask.inPlace(text);
                Optional<IpAddress> bare = IpAddress.parse(text).filter(address -> address.ipv6() == ipv6);
                Optional<InterfaceAddress> address =
                        InterfaceAddress.parse(text).filter(own -> own.address().ipv6() == ipv6);
                if (bare.isPresent()) {
                    given.refuse(
                            "has no prefix length",
                            "write \"" + text + (ipv6 ? "/64" : "/24") + "\" if your network is a usual one");
                } else if (address.isEmpty()) {
                    given.refuse(
                            "is not " + expected,
                            withLength.map(right -> "write \"" + right + "\"").orElse(cure));
                } else if (address.get().isWholeSubnet() || address.get().isBroadcast()) {
                    given.refuse(
                            "is the " + (address.get().isBroadcast() ? "broadcast address" : "name") + " of the network"
                                    + ", not an address in it",
                            "write this machine's own address");
                    return Optional.empty();
                }
                return address;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** Who may ask the time: {@code onlink} or a subnet, in the short form. */
    static Form<String> allowed() {
        String expected = "\"onlink\" or a subnet as in \"192.168.1.0/24\"";
        return new Form<>() {
            @Override
            public Optional<String> read(Given given, String cure) {
                String text = given.text().orElse("").strip();
                Optional<String> allowed = text.equals("onlink")
                        ? Optional.of(text)
                        : IpPrefix.parse(text).map(IpPrefix::toString);
                if (allowed.isEmpty()) {
                    String better = Netmask.inPlace(text)
                            .map(right -> "write \"" + right + "\"")
                            .orElse(text.equals("all") ? "write \"0.0.0.0/0\" and \"::/0\" for everybody" : cure);
                    given.refuse("is not " + expected, better);
                }
                return allowed;
            }

            @Override
            public String expected() {
                return expected;
            }
        };
    }

    /** An address of a family. */
    static Form<IpAddress> address(boolean ipv6) {
        return text(
                "an " + family(ipv6) + " address",
                text -> IpAddress.parse(text.strip()).filter(address -> address.ipv6() == ipv6));
    }

    /** An address of either family. */
    static Form<IpAddress> address() {
        return text("an IP address", text -> IpAddress.parse(text.strip()));
    }

    private static String family(boolean ipv6) {
        return ipv6 ? "IPv6" : "IPv4";
    }

    /** Words that a program of another machine would write: letters, digits and hyphens, with dots between. */
    static boolean isDomain(String text) {
        return text.length() <= 253 && Stream.of(text.split("\\.", -1)).allMatch(Forms::isHostname);
    }

    /** One label of a host name, RFC 1123 section 2.1. */
    static boolean isHostname(String text) {
        return text.matches("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    }
}
