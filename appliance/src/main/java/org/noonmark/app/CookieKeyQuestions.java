package org.noonmark.app;

import org.noonmark.control.Answer;
import org.noonmark.control.Request;
import org.noonmark.status.CookieKeyStatus;

/** {@code nts keys} and {@code rekey}. */
final class CookieKeyQuestions {
    private static final String JSON = "--json";

    private final CookieKeyring keyring;

    CookieKeyQuestions(CookieKeyring keyring) {
        this.keyring = keyring;
    }

    Answer keys(Request request) {
        CookieKeyStatus status = keyring.status();
        String text = request.has(JSON) ? status.json() + "\n" : status.text();
        return new Answer(status.trouble().isEmpty() ? Answer.OK : Answer.NOT_GOOD, text);
    }

    /** Says {@code 200 OK} first, as chronyc does. */
    Answer rekey(Request request) {
        String done = keyring.rekey();
        if (request.has(JSON)) {
            return keys(request);
        }
        return keyring.trouble().isEmpty()
                ? Answer.ok("200 OK: " + done + "\n")
                : new Answer(Answer.NOT_GOOD, keyring.trouble() + "\n");
    }
}
