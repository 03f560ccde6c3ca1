/* OpenSSH's server, through syslog.
 *
 * Rules: a failed or refused login is `brute-force`; a peer that speaks no SSH, or none that this server speaks, is
 * `scanner`.  Each such line counts once: one attempt may leave several lines.  Lines of other kinds (accepted logins,
 * closed connections) have no rule, but their address is read.
 *
 * Who and where: sshd tells the peer's address and port, and where it listens only in "Connection from".  Everywhere
 * else dst_port is the port registered for ssh, 22.  User names, identification strings and the reasons that peers give
 * are a stranger's words, so each rule says where in its message sshd itself puts the address: at the start, at the
 * end, or, where words of a stranger may stand on both sides, wherever it stands alone; two of them that differ are
 * REASON_SOURCES.
 *
 * Source: the messages of OpenSSH 3.9 to 9.9, with the patches of Debian (libwrap) and macOS ("via"). */
#include "base/digits.h"
#include "line/host.h"
#include "line/readers.h"
#include "line/syslog.h"

enum { SSH_PORT = 22 };

struct peer {
    struct text host, port; /* the port may be empty */
    struct text local_host, local_port;
};

static size_t digits_of(struct text t) {
    size_t digits = t.size >= WORD_SIZE ? word_digits(word_at(t.at)) : 0;
    if (t.size < WORD_SIZE || digits == WORD_SIZE)
        while (digits < t.size && t.at[digits] >= '0' && t.at[digits] <= '9') digits++;
    return digits;
}

static bool is_digits(struct text t) {
    if (t.size && t.size <= WORD_SIZE) return word_digits(word_of(t)) >= t.size;
    for (size_t i = 0; i < t.size; i++)
        if (t.at[i] < '0' || t.at[i] > '9') return false;
    return t.size > 0;
}

static bool cut_end(struct text *t, struct text end) {
    if (!text_ends(*t, end)) return false;
    t->size -= end.size;
    return true;
}

/* Takes the last word off the end, with the space before it. */
static bool cut_last(struct text *t, struct text *word) {
    size_t at = text_behind_last(*t, ' ');
    *word = text_sub(*t, at, t->size);
    t->size = at ? at - 1 : 0;
    return word->size > 0;
}

/* `192.0.2.1`, perhaps with ` port 4711`, off the front.  Old messages have a colon right after it. */
static bool take_first(struct text *t, struct text *host, struct text *port) {
    size_t end = text_find(*t, ' ');
    *host = text_sub(*t, 0, end);
    *t = text_sub(*t, end, t->size);
    cut_end(host, TEXT(":"));
    *port = (struct text){0};
    struct text rest = *t;
    if (text_skip(&rest, TEXT(" port "))) {
        *port = text_sub(rest, 0, digits_of(rest));
        *t = text_sub(rest, port->size, rest.size);
    }
    return host->size > 0;
}

static enum reason at_start(struct text t, struct peer *p) {
    return take_first(&t, &p->host, &p->port) ? REASON_FACT : REASON_RULE;
}

/* `A port N on B port M`; older versions say nothing of B. */
static enum reason connection(struct text t, struct peer *p) {
    if (!take_first(&t, &p->host, &p->port)) return REASON_RULE;
    if (text_skip(&t, TEXT(" on "))) take_first(&t, &p->local_host, &p->local_port);
    return REASON_FACT;
}

/* What follows the address at the end of a message. */
static void cut_tail(struct text *t) {
    cut_end(t, TEXT(" [preauth]"));
    while (cut_end(t, TEXT(" "))) continue;
    if (!cut_end(t, TEXT(" ssh2"))) cut_end(t, TEXT(" ssh1"));
}

/* `… 192.0.2.1 port 4711`, or without the port.  A user name may be empty or hold anything, but stands before it. */
static enum reason at_end(struct text t, struct peer *p) {
    struct text word;
    cut_tail(&t);
    if (!cut_last(&t, &word)) return REASON_RULE;
    if (is_digits(word) && cut_end(&t, TEXT(" port"))) {
        p->port = word;
        if (!cut_last(&t, &word)) return REASON_RULE;
    }
    p->host = word;
    return REASON_FACT;
}

/* The same, with `from` before it. */
static enum reason from_at_end(struct text t, struct peer *p) {
    struct text start = t;
    enum reason reason = at_end(t, p);
    if (reason) return reason;
    start.size = (size_t)(p->host.at - t.at);
    return text_ends(start, TEXT(" from ")) ? REASON_FACT : REASON_RULE;
}

/* `… from H via L`, as macOS has it, or without `via`. */
static enum reason from_via(struct text t, struct peer *p) {
    struct text whole = t, local;
    cut_tail(&t);
    if (cut_last(&t, &local) && cut_end(&t, TEXT(" via"))) {
        p->local_host = local;
        whole = t;
    }
    return from_at_end(whole, p);
}

/* `USER from H not allowed because …`: the user is one of the system's. */
static enum reason not_allowed(struct text t, struct peer *p) {
    size_t at = text_search(t, TEXT(" not allowed because "));
    if (at == SIZE_MAX) return REASON_RULE;
    return from_at_end(text_sub(t, 0, at), p);
}

/* Takes note of one more place where the address may stand. */
static enum reason one_more(struct peer *p, const struct peer *other) {
    if (p->host.size && !(text_equal(p->host, other->host) && text_equal(p->port, other->port))) return REASON_SOURCES;
    *p = *other;
    return REASON_FACT;
}

/* `USER from H port N ssh2`, then nothing or `: ` and what the peer says of its key or host.  Both the user and that
 * are a stranger's.  Without such a place, as messages of others than OpenSSH lack the `ssh2`, it is at the end. */
static enum reason from_in_login(struct text t, struct peer *p) {
    static const struct text from = {" from ", 6};
    struct text rest = t;
    cut_end(&rest, TEXT(" [preauth]"));
    for (size_t at; (at = text_search(rest, from)) != SIZE_MAX;) {
        struct peer found = {0};
        rest = text_sub(rest, at + from.size, rest.size);
        struct text after = rest;
        if (!take_first(&after, &found.host, &found.port) || !found.port.size) continue;
        if (!text_skip(&after, TEXT(" ssh2")) && !text_skip(&after, TEXT(" ssh1"))) continue;
        if (after.size && !text_starts(after, TEXT(": "))) continue;
        if (one_more(p, &found)) return REASON_SOURCES;
    }
    return p->host.size ? REASON_FACT : from_at_end(t, p);
}

/* `USER H port N: …`, where the user, and names in what follows, are a stranger's. */
static enum reason before_colon(struct text t, struct peer *p) {
    static const struct text port = {" port ", 6};
    for (size_t from = 0, at; (at = text_search(text_sub(t, from, t.size), port)) != SIZE_MAX; from += at + port.size) {
        struct text before = text_sub(t, 0, from + at), after = text_sub(t, from + at + port.size, t.size);
        struct peer found = {.port = text_sub(after, 0, digits_of(after))};
        if (!found.port.size || !text_starts(text_sub(after, found.port.size, after.size), TEXT(":"))) continue;
        if (!cut_last(&before, &found.host)) continue;
        if (one_more(p, &found)) return REASON_SOURCES;
    }
    return p->host.size ? REASON_FACT : REASON_RULE;
}

/* `… ruser= rhost=H  user=U`: sshd sets no ruser, and the user, a stranger's word, comes last. */
static enum reason rhost(struct text t, struct peer *p) {
    size_t at = text_search(t, TEXT(" rhost="));
    if (at == SIZE_MAX) return REASON_RULE;
    t = text_sub(t, at + 7, t.size);
    p->host = text_sub(t, 0, text_find(t, ' '));
    return p->host.size ? REASON_FACT : REASON_RULE;
}

/* libwrap: `refused connect from NAME (H)`. */
static enum reason in_parentheses(struct text t, struct peer *p) {
    if (!cut_end(&t, TEXT(")"))) return REASON_RULE;
    size_t at = t.size;
    while (at && t.at[at - 1] != '(') at--;
    p->host = text_sub(t, at, t.size);
    return at ? REASON_FACT : REASON_RULE;
}

struct rule {                /* the first that fits counts */
    struct text start, also; /* the message begins with one and holds the other, if there is one */
    enum reason (*find)(struct text rest, struct peer *p);
    const char *event; /* NULL: the line is no event, but has an address */
};
struct rules_at {
    const struct rule *at;
    size_t count;
};
static const char login[] = "brute-force", probe[] = "scanner";
#define WORDS(literal)                                                                                                 \
    { literal, sizeof(literal) - 1 }
#define NONE                                                                                                           \
    { NULL, 0 }
#define RULES(...)                                                                                                     \
    { (const struct rule[]){__VA_ARGS__}, sizeof((const struct rule[]){__VA_ARGS__}) / sizeof(struct rule) }
/* By the first byte of a message. */
static const struct rules_at rules_at[128] = {
    ['F'] = RULES({WORDS("Failed "), NONE, from_in_login, login}),
    ['A'] = RULES({WORDS("Accepted "), NONE, from_in_login, NULL}, {WORDS("Address "), NONE, at_start, NULL}),
    ['P'] = RULES({WORDS("Postponed "), NONE, from_in_login, NULL}, {WORDS("Partial "), NONE, from_in_login, NULL},
                  {WORDS("PAM: "), WORDS(" for "), from_via, login},
                  {WORDS("PAM "), WORDS("more authentication failure"), rhost, NULL} /* sums up what others told */),
    ['I'] =
        RULES({WORDS("Invalid user "), NONE, from_at_end, login}, {WORDS("Illegal user "), NONE, from_at_end, login}),
    ['U'] =
        RULES({WORDS("User "), NONE, not_allowed, login}, {WORDS("Unable to negotiate with "), NONE, at_start, probe}),
    ['m'] = RULES({WORDS("maximum authentication attempts exceeded for "), NONE, from_at_end, login}),
    ['C'] = RULES({WORDS("Connection closed by authenticating user "), NONE, at_end, login},
                  {WORDS("Connection closed by invalid user "), NONE, at_end, login},
                  {WORDS("Connection reset by authenticating user "), NONE, at_end, login},
                  {WORDS("Connection reset by invalid user "), NONE, at_end, login},
                  {WORDS("Connection closed by "), NONE, at_start, NULL},
                  {WORDS("Connection reset by "), NONE, at_start, NULL},
                  {WORDS("Connection from "), NONE, connection, NULL}),
    ['D'] = RULES({WORDS("Disconnected from authenticating user "), NONE, at_end, login},
                  {WORDS("Disconnected from invalid user "), NONE, at_end, login},
                  {WORDS("Disconnecting authenticating user "), NONE, before_colon, login},
                  {WORDS("Disconnecting invalid user "), NONE, before_colon, login},
                  {WORDS("Did not receive identification string from "), NONE, at_start, probe},
                  {WORDS("Disconnected from user "), NONE, at_end, NULL},
                  {WORDS("Disconnected from "), NONE, at_start, NULL}),
    ['R'] = RULES(
        {WORDS("Received disconnect from "), WORDS(": Auth fail"), at_start, login},
        {WORDS("Received disconnect from "), WORDS("No supported authentication methods available"), at_start, login},
        {WORDS("Received disconnect from "), WORDS("No authentication methods available"), at_start, login},
        {WORDS("ROOT LOGIN REFUSED FROM "), NONE, at_start, login},
        {WORDS("Received disconnect from "), NONE, at_start, NULL}),
    ['p'] = RULES({WORDS("pam_"), WORDS("authentication failure;"), rhost, login}),
    ['B'] = RULES({WORDS("Bad protocol version identification "), NONE, from_at_end, probe}),
    ['b'] = RULES({WORDS("banner exchange: Connection from "), NONE, at_start, probe}),
    ['T'] = RULES({WORDS("Timeout before authentication for connection from "), NONE, at_start, NULL},
                  {WORDS("Timeout before authentication for "), NONE, at_start, NULL}),
    ['r'] = RULES({WORDS("refused connect from "), NONE, in_parentheses, probe}),
};

static const struct rule *find_rule(struct text message, struct text *rest) {
    uint8_t first = message.size ? (uint8_t)message.at[0] : 0;
    if (first >= COUNT(rules_at)) return NULL;
    for (size_t i = 0; i < rules_at[first].count; i++) {
        const struct rule *rule = &rules_at[first].at[i];
        *rest = message;
        if (text_skip(rest, rule->start) && (!rule->also.size || text_search(*rest, rule->also) != SIZE_MAX))
            return rule;
    }
    return NULL;
}

static void keep_local(const struct peer *p, struct observation *out) {
    if (!p->local_host.size) return;
    if (!host_read(p->local_host, &out->dst)) out->known |= KNOWN_DST;
    if (p->local_port.size && port_read(p->local_port, &out->dst_port)) out->known |= KNOWN_DST_PORT;
}

static enum reason keep_peer(const struct peer *p, struct observation *out) {
    enum reason reason = host_read(p->host, &out->src);
    if (reason) return reason;
    out->known |= KNOWN_SRC | KNOWN_DST_PORT;
    out->dst_port = SSH_PORT;
    if (p->port.size && port_read(p->port, &out->src_port)) out->known |= KNOWN_SRC_PORT;
    keep_local(p, out);
    out->protocol = TEXT("tcp");
    return REASON_FACT;
}

enum reason sshd_message(struct text message, struct observation *out) {
    struct peer p = {0};
    struct text rest;
    syslog_unfold(&message, &out->count);
    if (!text_skip(&message, TEXT("error: "))) text_skip(&message, TEXT("fatal: "));
    const struct rule *rule = find_rule(message, &rest);
    if (!rule) return REASON_RULE;
    enum reason reason = rule->find(rest, &p);
    if (!reason) reason = keep_peer(&p, out);
    if (!rule->event) return REASON_RULE;
    if (!reason) out->event = text_of(rule->event);
    return reason;
}

bool is_sshd(struct text program) {
    return text_equal(program, TEXT("sshd")) || text_equal(program, TEXT("sshd-session")) ||
           text_equal(program, TEXT("sshd-auth"));
}

enum reason sshd_parse(struct reader *r, struct text line, struct observation *out) {
    struct syslog s;
    enum reason reason = syslog_read(&r->stamper, &r->tags, line, &s);
    if (s.stamped) {
        out->first = out->last = s.stamp.at;
        out->twice = s.stamp.twice;
    }
    if (reason) return reason;
    if (!is_sshd(s.program)) return REASON_PROGRAM;
    reason = r->rules ? service_users_rules(r, s.program, s.message, out) : REASON_RULE;
    if (r->logins.asked) logins_set_aside(&r->logins, s.program, s.message, r->program.set ? r->program.sections : 0);
    return reason == REASON_RULE ? sshd_message(s.message, out) : reason;
}

unsigned sshd_detect(struct text line) {
    static const struct stamp_options any = {.year = 2024, .until = INSTANT_NONE}; /* a leap year has all days */
    struct stamper stamper;
    struct syslog_names names = {0};
    struct syslog s;
    stamper_start(&stamper, &any, (struct chain){0});
    if (syslog_read(&stamper, &names, line, &s)) return 0;
    return is_sshd(s.program) ? 10 : 1;
}
