#include "desk/nudge.h"

#include "base/codec.h"

enum { ADDRESS_MAX = 254, WORD_BYTES = 45, BODY_BYTES = 57 }; /* bytes that fill a line in Base 64 */

enum error nudge_check_address(struct text address, struct diag *d) {
    size_t at = text_find(address, '@');
    bool good = at && at + 1 < address.size && address.size <= ADDRESS_MAX && address.at[0] != '-';
    for (size_t i = 0; i < address.size && good; i++) {
        char c = address.at[i];
        good = c > ' ' && c < 0x7f && !strchr("<>()[]\\,;:\"", c) && (c != '@' || i == at);
    }
    return good ? OK
                : fail(d, ERR_USAGE, _("expected an address as name@host.example, found “%.*s”"), TEXT_ARG(address));
}

static bool is_ascii(struct text t) {
    for (size_t i = 0; i < t.size; i++)
        if ((unsigned char)t.at[i] >= 0x80) return false;
    return true;
}

/* RFC 2047: words of at most 75 characters, each of whole characters. */
static void put_subject(struct text subject, struct buf *out) {
    buf_string(out, "Subject:");
    if (is_ascii(subject)) {
        buf_format(out, " %.*s\n", TEXT_ARG(subject));
        return;
    }
    while (subject.size) {
        struct text word = text_first_whole(subject, WORD_BYTES);
        buf_string(out, " =?UTF-8?B?");
        buf_base64(out, bytes_from_text(word), BASE64_PADDED);
        buf_string(out, "?=\n");
        subject = text_sub(subject, word.size, subject.size);
    }
}

static void put_date(instant now, struct buf *out) {
    static const char *const days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"}; /* 1970 began on a Thursday */
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t year, second = now % INSTANT_DAY / INSTANT_SECOND;
    unsigned month, day;
    instant_to_civil(now, &year, &month, &day);
    buf_format(out, "Date: %s, %u %s %04lld %02d:%02d:%02d +0000\n", days[now / INSTANT_DAY % 7], day,
               months[month - 1], (long long)year, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

void nudge_write(struct text from, struct text to, instant now, struct random *r, struct buf *out) {
    uint8_t id[16];
    struct text body = text_of(_("There is something for you in parley.\n"));
    random_fill(r, id, sizeof id);
    if (from.size) buf_format(out, "From: %.*s\n", TEXT_ARG(from));
    buf_format(out, "To: %.*s\n", TEXT_ARG(to));
    put_subject(text_of(_("There is something for you")), out);
    put_date(now, out);
    buf_string(out, "Message-ID: <");
    buf_hex(out, bytes_of(id, sizeof id));
    buf_string(out, "@parley.invalid>\nAuto-Submitted: auto-generated\nMIME-Version: 1.0\n"
                    "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n");
    for (struct text rest = body; rest.size;) {
        struct text line = text_first(rest, BODY_BYTES);
        buf_base64(out, bytes_from_text(line), BASE64_PADDED);
        buf_char(out, '\n');
        rest = text_sub(rest, line.size, rest.size);
    }
}
