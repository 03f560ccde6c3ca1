/* What a request in an access log shows.  By the first rule that fits:
 *
 *     ids-alert      it tries a vulnerability that has an identifier (Shellshock, Log4Shell, php-cgi, …)
 *     exploit        it tries one of a kind: SQL injection, path traversal, commands, scripts
 *     spam           the agent of a robot that sends links to weblogs
 *     scanner        a scanner's agent; another protocol; a file that should not be served (.env, .git); a well-known
 *                    path that is not here (refused with 4xx)
 *     brute-force    refused with 401 though it named a user
 *
 * Whether an attempt succeeded is not judged.  Requests are read decoded, twice over where they are encoded twice. */
#include <string.h>

#include "line/combined.h"

static const char known[] = "ids-alert", novel[] = "exploit", probe[] = "scanner", login[] = "brute-force";

struct needle {
    char text[40]; /* lower case; what follows the byte that leads to it.  In place: most tries end at its first byte */
    const char *event;
};
struct needles {
    const struct needle *at;
    size_t count;
};
#define NEEDLES(...)                                                                                                   \
    { (const struct needle[]){__VA_ARGS__}, sizeof((const struct needle[]){__VA_ARGS__}) / sizeof(struct needle) }

/* After a slash, which is in every request, by the byte behind it. */
static const struct needles after_slash[128] = {
    ['.'] = NEEDLES({"env", probe}, {"git/", probe}, {"svn/", probe}, {"aws/", probe}, {"ssh/", probe},
                    {"htpasswd", probe}, {"ds_store", probe}),
    ['e'] = NEEDLES({"tc/passwd", novel}, {"tc/shadow", novel}),
    ['p'] = NEEDLES({"roc/self/", novel}, {"hpunit/src/util/php/eval-stdin.php", known}),
    ['w'] = NEEDLES({"indows/win.ini", novel}, {"innt/system32", known}, {"00tw00t", probe}),
    ['i'] = NEEDLES({"nvokefunction", known}),
    ['_'] = NEEDLES({"ignition/execute-solution", known}),
    ['g'] = NEEDLES({"ponform/diag_form", known}, {"oform/set_limitclient_cfg", known}),
    ['b'] = NEEDLES({"oaform/admin/formlogin", known}),
    ['$'] = NEEDLES({"{(", known}),
    ['s'] = NEEDLES({"hell?cd ", known}),
    ['m'] = NEEDLES({"uieblackcat", probe}),
    ['h'] = NEEDLES({"nap1", probe}),
};

/* By their first byte, chosen so that few bytes of an ordinary request lead anywhere. */
static const struct needles in_target[128] = {
    ['.'] = NEEDLES({"./../", novel}, {".\\..\\", novel}, {".;/", known}),
    ['$'] = NEEDLES({"{jndi:", known}, {"{${", known}, {"{lower:", known}, {"{upper:", known}),
    ['('] = NEEDLES({") {", known}, {"){", known}, {"select ", novel}, {"sleep(", novel}),
    ['<'] = NEEDLES({"script", novel}, {"?php", novel}, {"!entity", novel}, {"svg/onload", novel}),
    ['\''] = NEEDLES({" or '", novel}, {" or 1=1", novel}, {" and '", novel}, {" and 1=1", novel}, {" union ", novel},
                     {"--", novel}),
    [' '] = NEEDLES({"union select ", novel}, {"union all select ", novel}, {"or 1=1", novel}, {"and 1=1", novel},
                    {"and sleep(", novel}, {"from information_schema", novel}, {"waitfor delay", novel},
                    {"into outfile", novel}),
    ['*'] = NEEDLES({"/union/*", novel}, {"/select/*", novel}),
    ['_'] =
        NEEDLES({"url_include", known}, {"prepend_file", known}, {"user_func_array", known}, {"memberaccess", known}),
    [':'] = NEEDLES({"//input", known}, {"//filter/", novel}),
    ['='] = NEEDLES({"/bin/sh", novel}, {"/bin/bash", novel}),
    ['\\'] = NEEDLES({"think\\", known}),
    ['%'] = NEEDLES({"{(#", known}, {"{#", known}),
    ['@'] = NEEDLES({"java.lang.", known}),
    [';'] = NEEDLES({"wget ", novel}, {"wget${ifs", novel}, {"curl ", novel}, {"cat /", novel}, {"cd /tmp", novel}),
    ['|'] = NEEDLES({"wget ", novel}, {"curl ", novel}, {"cat /", novel}),
    ['`'] = NEEDLES({"wget ", novel}, {"curl ", novel}, {"id`", novel}),
};

/* Where they are not, only a scanner asks for them.  After a slash, lower case. */
static const char *const well_known[] = {
    "wp-login.php",
    "wp-admin",
    "wp-content/",
    "wp-includes/",
    "wp-json/",
    "wp-config",
    "wlwmanifest.xml",
    "xmlrpc.php",
    "wordpress/",
    "phpmyadmin",
    "pma/",
    "myadmin",
    "mysqladmin",
    "adminer",
    "administrator",
    "admin.php",
    "fckeditor",
    "webmail",
    "timthumb.php",
    "cgi-bin/",
    "manager/html",
    "jenkins/",
    "solr/",
    "actuator",
    "boaform",
    "gponform",
    "setup.cgi",
    "phpunit",
    "phpinfo",
    "info.php",
    "owa/",
    "autodiscover",
    "ecp/",
    "dana-na",
    "remote/login",
    "remote/fgt_",
    "telescope/requests",
    "_ignition",
    "_profiler",
    "server-status",
    "jmx-console",
    "invoker/",
    "axis2",
    "geoserver",
    "login.action",
    "shell.php",
    "c99.php",
    "r57.php",
    "alfa.php",
    "config.php",
    "sdk/weblanguage",
    "evox/about",
    "nmaplowercheck",
    "v2/_catalog",
    "web.config",
    "id_rsa",
    "backup.sql",
    "dump.sql",
};

/* Words that scanners put into their agent, by their first letter; lower case. */
static const struct needles in_agent[128] = {
    ['a'] = NEEDLES({"cunetix", probe}, {"rachni", probe}),
    ['c'] = NEEDLES({"ensysinspect", probe}),
    ['d'] = NEEDLES({"irbuster", probe}, {"irsearch", probe}),
    ['e'] = NEEDLES({"xpanse", probe}),
    ['f'] = NEEDLES({"uzz faster", probe}),
    ['g'] = NEEDLES({"obuster", probe}),
    ['j'] = NEEDLES({"orgee", probe}),
    ['l'] = NEEDLES({"9explore", probe}, {"9tcpid", probe}),
    ['m'] = NEEDLES({"asscan", probe}, {"orfeus", probe}, {"uieblackcat", probe}),
    ['n'] = NEEDLES({"essus", probe}, {"etsparker", probe}, {"ikto", probe}, {"map", probe}, {"uclei", probe}),
    ['o'] = NEEDLES({"penvas", probe}),
    ['s'] = NEEDLES({"qlmap", probe}),
    ['t'] = NEEDLES({"rackback/1.", "spam"}), /* robots that send links to weblogs */
    ['w'] = NEEDLES({"3af", probe}, {"hatweb", probe}, {"pscan", probe}),
    ['z'] = NEEDLES({"grab", probe}, {"meu", probe}),
};

/* Shellshock and Log4Shell, which come in any field that a server may log. */
static const struct text in_fields[] = {{"() {", 4}, {"${jndi:", 7}, {"${${", 4}};

/* Other protocols at a port for HTTP, as both servers write what is no text. */
static const char *const foreign[] = {"\\x16\\x03", "\\x03\\x00", "\\x04\\x01", "\\x05\\x01", "ssh-", "mglndd_"};

static char lower(char c) { return (char)(c >= 'A' && c <= 'Z' ? c | 32 : c); }

static bool starts_lower(struct text t, size_t from, const char *word) {
    for (; *word; word++, from++)
        if (from >= t.size || lower(t.at[from]) != *word) return false;
    return true;
}

/* As starts_lower; a slash at the end of the word may as well be the end of the text. */
static bool starts_path(struct text t, size_t from, const char *word) {
    size_t size = strlen(word) - (word[strlen(word) - 1] == '/');
    return starts_lower(t, from, word) || (t.size - from == size && !strncasecmp(t.at + from, word, size));
}

static bool starts_any(struct text t, size_t from, const char *const *words, size_t count) {
    char first = from < t.size ? lower(t.at[from]) : 0;
    for (size_t i = 0; i < count; i++)
        if (words[i][0] == first && starts_path(t, from, words[i])) return true;
    return false;
}

static int hex(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* ---- how needles begin */

static void add_sets(struct needles_begin *n, const struct needles sets[static 128], bool behind_slash) {
    for (unsigned first = 0; first < 128; first++)
        for (size_t k = 0; k < sets[first].count; k++) {
            const char *text = sets[first].at[k].text;
            const char slash[NEEDLE_SIZE] = {'/', (char)first, text[0]},
                       plain[NEEDLE_SIZE] = {(char)first, text[0], text[1]};
            needles_add(n, behind_slash ? slash : plain);
        }
}

void visit_search_start(struct visit_search *v, const struct sift *sift) {
    *v = (struct visit_search){.sift = sift};
    add_sets(&v->target, in_target, false);
    add_sets(&v->target, after_slash, true);
    add_sets(&v->client, in_agent, false);
    for (size_t i = 0; i < COUNT(in_fields); i++) needles_add(&v->client, in_fields[i].at);
    for (size_t i = 0; i < COUNT(well_known); i++)
        needles_add(&v->path, (const char[NEEDLE_SIZE]){'/', well_known[i][0], well_known[i][1]});
}

/* Percent escapes and plus signs decoded into `out`, which may be `t` itself. */
static struct text decode(struct text t, char *out) {
    size_t size = 0;
    for (size_t i = 0; i < t.size; i++) {
        int high = t.at[i] == '%' && i + 2 < t.size ? hex(t.at[i + 1]) : -1, low = high < 0 ? -1 : hex(t.at[i + 2]);
        if (low >= 0) {
            out[size++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[size++] = t.at[i] == '+' ? ' ' : t.at[i];
        }
    }
    return (struct text){out, size};
}

/* What was asked for: between the method and the version.  Beyond the scratch nothing is decoded. */
static struct text target_of(const struct sift *sift, struct text line, char *scratch, size_t room) {
    size_t space = text_find(line, ' ');
    struct text t = space == line.size ? line : text_sub(line, space + 1, line.size);
    if (t.size > 9 && !memcmp(t.at + t.size - 9, " HTTP/", 6)) t.size -= 9;
    if (sift_find(sift, t, '%', '+') == t.size) return t;
    if (t.size > room) t.size = room;
    t = decode(t, scratch);
    return text_find(t, '%') == t.size ? t : decode(t, scratch);
}

/* The event of what stands at `i`, by its first byte in lower case. */
static const char *needle_at(const struct needles *sets, struct text t, size_t i, char first) {
    const struct needles *n = &sets[(uint8_t)first & 127];
    if (!n->count || (first & 128)) return NULL;
    char next = i + 1 < t.size ? lower(t.at[i + 1]) : 0;
    for (size_t k = 0; k < n->count; k++)
        if (n->at[k].text[0] == next && starts_lower(t, i + 1, n->at[k].text)) return n->at[k].event;
    return NULL;
}

const char *target_event(const struct visit_search *v, struct text target) {
    struct sifted places = {.text = target};
    for (size_t i; sift_next_needle(v->sift, &v->target, &places, &i);) {
        const char *event = needle_at(in_target, target, i, target.at[i]);
        if (!event && target.at[i] == '/' && i + 1 < target.size)
            event = needle_at(after_slash, target, i + 1, lower(target.at[i + 1]));
        if (event) return event;
    }
    return NULL;
}

bool target_is_well_known(const struct visit_search *v, struct text target) {
    struct sifted places = {.text = text_sub(target, 0, text_find(target, '?'))};
    for (size_t i; sift_next_needle(v->sift, &v->path, &places, &i);)
        if (target.at[i] == '/' && starts_any(places.text, i + 1, well_known, COUNT(well_known))) return true;
    return false;
}

static bool is_hostile(struct text field, size_t at) {
    struct text t = text_sub(field, at, field.size);
    for (size_t i = 0; i < COUNT(in_fields); i++)
        if (text_starts(t, in_fields[i])) return true;
    return false;
}

static bool is_letter(char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }

static bool is_hostile_field(const struct visit_search *v, struct text field) {
    struct sifted places = {.text = field};
    for (size_t i; sift_next_needle(v->sift, &v->client, &places, &i);)
        if (is_hostile(field, i)) return true;
    return false;
}

/* What the agent says of itself, or tries.  A word begins where no letter stands before. */
static const char *agent_event(const struct visit_search *v, struct text agent) {
    struct sifted places = {.text = agent};
    const char *event = NULL;
    for (size_t i; sift_next_needle(v->sift, &v->client, &places, &i);) {
        if (is_hostile(agent, i)) return known;
        bool word = is_letter(agent.at[i]) && (!i || !is_letter(agent.at[i - 1]));
        if (!event && word) event = needle_at(in_agent, agent, i, lower(agent.at[i]));
    }
    return event;
}

/* Another server's file given as a parameter, with the question mark behind it that makes what the script appends to it
 * harmless: nobody links to that. */
static bool includes_a_file(struct text target) {
    return target.size && target.at[target.size - 1] == '?' &&
           (text_search(target, TEXT("=http://")) != SIZE_MAX || text_search(target, TEXT("=https://")) != SIZE_MAX ||
            text_search(target, TEXT("=ftp://")) != SIZE_MAX);
}

const char *visit_event(const struct visit_search *v, const struct visit *q, char *scratch, size_t room) {
    bool refused = q->status >= 400 && q->status < 500;
    struct text target = target_of(v->sift, q->line, scratch, room);
    const char *event = target_event(v, target), *agent;
    if (event) return event;
    agent = agent_event(v, q->agent);
    if (agent == known || is_hostile_field(v, q->referer)) return known;
    if (includes_a_file(target)) return novel;
    if (agent) return agent;
    if (starts_any(q->line, 0, foreign, COUNT(foreign))) return probe;
    if (!refused) return NULL;
    if (q->status == 401) return text_is(q->user, "-") || !q->user.size ? NULL : login;
    if (text_starts(q->line, TEXT("CONNECT ")) || target_is_well_known(v, target)) return probe;
    return NULL;
}
