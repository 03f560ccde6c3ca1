#include "web/session.h"

#include "base/codec.h"
#include "base/hash.h"
#include "base/secret.h"

static struct session_secret secret_made(struct random *r) {
    uint8_t bytes[32];
    struct session_secret out = {0};
    struct buf text = {.max = SESSION_SECRET_SIZE};
    random_fill(r, bytes, sizeof bytes);
    buf_base64(&text, bytes_of(bytes, sizeof bytes), BASE64_RAW);
    for (size_t i = 0; i < text.size; i++) {
        char c = (char)text.at[i];
        out.at[i] = c == '+' ? '-' : c == '/' ? '_' : c;
    }
    secret_wipe(bytes, sizeof bytes);
    buf_wipe(&text);
    return out;
}

static bool is_secret(const struct session_secret *s, struct text typed) {
    return s->at[0] && bytes_equal_secret(bytes_of(s->at, SESSION_SECRET_SIZE), bytes_from_text(typed));
}

void session_invite(struct session *s, struct random *r, instant now) {
    s->key = secret_made(r);
    s->key_until = now + SESSION_KEY_SECONDS * INSTANT_SECOND;
}

bool session_enter(struct session *s, struct text key, struct random *r, instant now) {
    if (!is_secret(&s->key, key) || now >= s->key_until) return false;
    secret_wipe(&s->key, sizeof s->key);
    if (!s->secret.at[0]) session_renew(s, r, now);
    s->asked = now;
    return true;
}

void session_renew(struct session *s, struct random *r, instant now) {
    s->secret = secret_made(r);
    s->asked = now;
}

bool session_admits(struct session *s, struct text secret, instant now) {
    if (!is_secret(&s->secret, secret)) return false;
    s->asked = now;
    return true;
}

void session_forget(struct session *s) { secret_wipe(&s->secret, sizeof s->secret); }
