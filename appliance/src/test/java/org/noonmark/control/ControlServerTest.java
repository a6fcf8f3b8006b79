package org.noonmark.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlServerTest {
    private static final Commands ECHO = request -> Answer.ok(request.line() + "\n");

    @TempDir
    Path directory = Path.of("unset");

    @Test
    void carriesARequestAndItsAnswer() throws IOException {
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
            Answer answer = new ControlClient(socket()).ask(new Request("status", List.of("--json", "-v")));
            assertEquals(new Answer(Answer.OK, "status --json -v\n"), answer);
            assertEquals(1, server.requests());
        }
    }

    @Test
    void carriesALongAnswerWhole() throws IOException {
        String text = "0123456789abcde\n".repeat(100_000);
        try (ControlServer server = new ControlServer(socket(), _ -> new Answer(1, text))) {
            server.start();
            assertEquals(new Answer(1, text), new ControlClient(socket()).ask(new Request("x", List.of())));
        }
    }

    @Test
    void onlyOwnerAndGroupMayConnect() throws IOException {
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
            assertEquals("rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())));
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() throws IOException {
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
        }
        try (var left = Files.list(directory)) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void replacesTheSocketOfADaemonThatWasKilled() throws IOException {
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket()));
        }
        assertTrue(Files.exists(socket()));
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
            assertEquals(
                    "x\n",
                    new ControlClient(socket()).ask(new Request("x", List.of())).text());
        }
    }

    @Test
    void refusesToTakeTheSocketOfALivingDaemon() throws IOException {
        try (ControlServer first = new ControlServer(socket(), ECHO)) {
            first.start();
            try (ControlServer second = new ControlServer(socket(), ECHO)) {
                SocketInUseException refusal = assertThrows(SocketInUseException.class, second::start);
                assertTrue(
                        String.valueOf(refusal.getMessage()).contains("systemctl stop noonmark"), refusal.getMessage());
            }
            assertEquals(
                    "x\n",
                    new ControlClient(socket()).ask(new Request("x", List.of())).text());
        }
    }

    @Test
    void takesNoNameThatAFileOrALinkHas() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "years of work");
        Path link = Files.createSymbolicLink(directory.resolve("link"), precious);
        Path beside = directory.resolve("beside");
        Files.createSymbolicLink(directory.resolve("beside.new"), precious);
        for (Path path : List.of(precious, link, beside)) {
            assertThrows(FileAlreadyExistsException.class, () -> new ControlServer(path, ECHO).start());
        }
        assertEquals("years of work", Files.readString(precious));
    }

    @Test
    void namesTheDirectoryThatIsMissing() {
        Path nowhere = directory.resolve("run/noonmark/control.sock");
        IOException refusal = assertThrows(IOException.class, () -> new ControlServer(nowhere, ECHO).start());
        assertEquals(
                "control socket " + nowhere + ": no directory " + nowhere.getParent() + ": make it first",
                refusal.getMessage());
    }

    @Test
    void refusesARequestThatNeverEnds() throws IOException {
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
            assertTrue(exchange("x".repeat(ControlProtocol.MAX_REQUEST_BYTES)).startsWith("2 "));
            assertEquals(1, server.refused());
        }
    }

    @Test
    void aBrokenCommandDoesNotEndTheServer() throws IOException {
        Commands broken = request -> {
            if (request.name().equals("broken")) {
                throw new IllegalStateException("deliberate");
            }
            return Answer.ok("fine\n");
        };
        try (ControlServer server = new ControlServer(socket(), broken)) {
            server.start();
            ControlClient client = new ControlClient(socket());
            assertEquals(
                    Answer.NOT_GOOD,
                    client.ask(new Request("broken", List.of())).code());
            assertEquals("fine\n", client.ask(new Request("x", List.of())).text());
        }
    }

    @Test
    void survivesAnyBytes() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(42);
        try (ControlServer server = new ControlServer(socket(), ECHO)) {
            server.start();
            for (int i = 0; i < 300; i++) {
                byte[] bytes = new byte[random.nextInt(1, 1_500)];
                random.nextBytes(bytes);
                try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                    connection.write(ByteBuffer.wrap(bytes));
                }
            }
            assertEquals("x\n", askWhenThereIsRoom("x").text());
        }
    }

    @Test
    void saysWhatToDoWhenNobodyAnswers() {
        NoDaemonException nobody = assertThrows(
                NoDaemonException.class, () -> new ControlClient(socket()).ask(new Request("status", List.of())));
        assertEquals(
                "no daemon answers at " + socket() + ": is noonmark running? systemctl status noonmark",
                nobody.getMessage());
    }

    @Test
    void saysSoWhenSomethingElseAnswers() throws Exception {
        try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            other.bind(UnixDomainSocketAddress.of(socket()));
            Thread.ofVirtual().start(() -> {
                try (SocketChannel connection = other.accept()) {
                    connection.write(StandardCharsets.US_ASCII.encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThrows(
                    NoDaemonException.class, () -> new ControlClient(socket()).ask(new Request("status", List.of())));
        }
    }

    @Test
    void aRequestIsItsWords() {
        assertEquals(new Request("gps", List.of("--position")), Request.parse("  gps   --position \r"));
        assertEquals("", Request.parse("").name());
        assertFalse(Request.parse("gps").has("--position"));
    }

    private Path socket() {
        return directory.resolve("control.sock");
    }

    /** The server lets go of a connection a moment after the client has, and has places for some only. */
    private Answer askWhenThereIsRoom(String name) throws IOException, InterruptedException {
        ControlClient client = new ControlClient(socket());
        Answer answer = client.ask(new Request(name, List.of()));
        for (int i = 0; i < 1_000 && answer.text().startsWith("too many connections"); i++) {
            Thread.sleep(10);
            answer = client.ask(new Request(name, List.of()));
        }
        return answer;
    }

    private String exchange(String sent) throws IOException {
        try (SocketChannel connection = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            connection.write(StandardCharsets.US_ASCII.encode(sent));
            ByteBuffer answer = ByteBuffer.allocate(1_024);
            while (connection.read(answer) >= 0) {
                // until the server closes
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
        }
    }
}
