/* The numbers of a node, and whether it is well.  Their names are documented in doc/node.md; who changes one here
 * changes what others' dashboards show. */
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/os.h"
#include "node/monitor.h"

enum { CHANNEL_HEX = 16, DISK_FREE_MIN = 64 << 20 };

static const char *const listener_names[MONITOR_LISTENERS] = {"peers", "desk", "desks"};

/* ---- the text format */

static void head(struct buf *out, const char *name, const char *type, const char *help) {
    buf_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void plain(struct buf *out, const char *name, const char *type, const char *help, uint64_t value) {
    head(out, name, type, help);
    buf_format(out, "%s %llu\n", name, (unsigned long long)value);
}

static void labelled(struct buf *out, const char *name, const char *labels, uint64_t value) {
    buf_format(out, "%s{%s} %llu\n", name, labels, (unsigned long long)value);
}

/* ---- of listeners */

struct listened {
    bool there[MONITOR_LISTENERS];
    struct listener_counts of[MONITOR_LISTENERS];
};

static void one_a_listener(struct buf *out, const struct listened *l, const char *name, const char *type,
                           const char *help, size_t at) {
    char labels[64];
    head(out, name, type, help);
    for (size_t i = 0; i < MONITOR_LISTENERS; i++) {
        if (!l->there[i]) continue;
        snprintf(labels, sizeof labels, "listener=\"%s\"", listener_names[i]);
        labelled(out, name, labels, *(const uint64_t *)(const void *)((const char *)&l->of[i] + at));
    }
}

static void write_bytes(struct buf *out, const struct listened *l) {
    char labels[64];
    head(out, "parley_bytes_total", "counter", "Bytes of bodies of requests and answers.");
    for (size_t i = 0; i < MONITOR_LISTENERS; i++) {
        if (!l->there[i]) continue;
        snprintf(labels, sizeof labels, "listener=\"%s\",direction=\"in\"", listener_names[i]);
        labelled(out, "parley_bytes_total", labels, l->of[i].bytes_in);
        snprintf(labels, sizeof labels, "listener=\"%s\",direction=\"out\"", listener_names[i]);
        labelled(out, "parley_bytes_total", labels, l->of[i].bytes_out);
    }
}

static void write_answers(struct buf *out, const struct listened *l) {
    char labels[64];
    head(out, "parley_answers_total", "counter", "Answers by the class of their status.");
    for (size_t i = 0; i < MONITOR_LISTENERS; i++)
        for (size_t class = 2; l->there[i] && class < COUNT(l->of[i].answers); class ++) {
            snprintf(labels, sizeof labels, "listener=\"%s\",class=\"%zuxx\"", listener_names[i], class);
            labelled(out, "parley_answers_total", labels, l->of[i].answers[class]);
        }
}

static void write_refusals(struct buf *out, const struct listened *l) {
    char labels[96];
    head(out, "parley_refusals_total", "counter", "Connections and requests refused or ended, by reason.");
    for (size_t i = 0; i < MONITOR_LISTENERS; i++)
        for (size_t why = 0; l->there[i] && why < REFUSALS; why++) {
            snprintf(labels, sizeof labels, "listener=\"%s\",reason=\"%s\"", listener_names[i], refusal_words[why]);
            labelled(out, "parley_refusals_total", labels, l->of[i].refusals[why]);
        }
}

static void write_listeners(struct buf *out, const struct monitored *m) {
    struct listened l = {0};
    for (size_t i = 0; i < MONITOR_LISTENERS; i++) {
        l.there[i] = m->listeners[i] != NULL;
        if (l.there[i]) listener_count(m->listeners[i], &l.of[i]);
    }
    one_a_listener(out, &l, "parley_connections", "gauge", "Connections that are open.",
                   offsetof(struct listener_counts, connections));
    one_a_listener(out, &l, "parley_handshakes", "gauge", "Connections that have not proved whose they are.",
                   offsetof(struct listener_counts, handshakes));
    one_a_listener(out, &l, "parley_connections_total", "counter", "Connections that came.",
                   offsetof(struct listener_counts, accepted));
    one_a_listener(out, &l, "parley_requests_total", "counter", "Requests that were answered.",
                   offsetof(struct listener_counts, requests));
    write_answers(out, &l);
    write_bytes(out, &l);
    write_refusals(out, &l);
}

/* ---- of exchanges */

static void write_exchanges(struct buf *out, struct exchanges *x) {
    struct exchange_counts c = {0};
    exchanges_count(x, &c);
    head(out, "parley_exchanges_total", "counter", "Exchanges that this node began, by how they ended.");
    labelled(out, "parley_exchanges_total", "result=\"done\"", c.done);
    labelled(out, "parley_exchanges_total", "result=\"failed\"", c.failed);
    labelled(out, "parley_exchanges_total", "result=\"no_address\"", c.waited);
    plain(out, "parley_exchanges_running", "gauge", "Exchanges under way.", c.running);
    plain(out, "parley_exchanges_queued", "gauge", "Exchanges that wait for a thread.", c.queued);
    head(out, "parley_exchanged_total", "counter", "Entries and files of exchanges that this node began.");
    labelled(out, "parley_exchanged_total", "what=\"entries\",direction=\"sent\"", c.sent_entries);
    labelled(out, "parley_exchanged_total", "what=\"entries\",direction=\"got\"", c.got_entries);
    labelled(out, "parley_exchanged_total", "what=\"files\",direction=\"sent\"", c.sent_blobs);
    labelled(out, "parley_exchanged_total", "what=\"files\",direction=\"got\"", c.got_blobs);
}

/* ---- of channels */

struct seen {
    const struct channel *channel;
    struct link_sync_row row;
    char label[CHANNEL_HEX + 1];
};

static enum error look_at_channels(const struct monitored *m, struct arena *a, struct seen **out, size_t *count) {
    struct channel *list;
    enum error result = store_channels(m->engine->store, a, &list, count, NULL);
    if (result) return result;
    struct seen *seen = ARENA_ARRAY(a, struct seen, *count + 1);
    for (size_t i = 0; i < *count && !result; i++) {
        seen[i] = (struct seen){.channel = &list[i], .row = {.receipted_at = INSTANT_NONE}};
        snprintf(seen[i].label, sizeof seen[i].label, "%.*s", CHANNEL_HEX, list[i].of[SIDE_OWN].hash.at);
        if (list[i].of[SIDE_THEIRS].id)
            result = engine_fill_row(m->engine, &list[i], a, &seen[i].row, NULL);
        else
            result = store_size(m->engine->store, list[i].of[SIDE_OWN].id, &seen[i].row.own_size, NULL);
    }
    if (!result) *out = seen;
    return result;
}

static uint64_t lag(const struct seen *s) {
    return s->row.own_size > s->row.receipted_size ? s->row.own_size - s->row.receipted_size : 0;
}
static uint64_t own_size(const struct seen *s) { return s->row.own_size; }
static uint64_t their_size(const struct seen *s) { return s->row.their_size; }
static uint64_t frozen(const struct seen *s) { return s->channel->state == CHANNEL_FROZEN; }
static uint64_t in_trouble(const struct seen *s) { return s->channel->trouble.size > 0; }
static uint64_t receipted_at(const struct seen *s) {
    return s->row.receipted_at == INSTANT_NONE ? 0 : (uint64_t)(s->row.receipted_at / INSTANT_SECOND);
}
static uint64_t contacted_at(const struct seen *s) {
    return s->channel->contacted_at == INSTANT_NONE ? 0 : (uint64_t)(s->channel->contacted_at / INSTANT_SECOND);
}

static const struct {
    const char *name, *help;
    uint64_t (*value)(const struct seen *s);
} of_channels[] = {
    {"parley_channel_own_entries", "Entries of one's own record.", own_size},
    {"parley_channel_their_entries", "Entries held of the counterparty's record.", their_size},
    {"parley_channel_lag_entries", "Entries of one's own record without a receipt.", lag},
    {"parley_channel_receipt_time_seconds", "When the newest receipt was given; 0: none yet.", receipted_at},
    {"parley_channel_contact_time_seconds", "When an exchange last came to its end; 0: none yet.", contacted_at},
    {"parley_channel_trouble", "1 where the last exchange failed.", in_trouble},
    {"parley_channel_frozen", "1 where a contradiction has frozen the channel.", frozen},
};

/* Party names are host names (party/name.h): nothing in them needs an escape. */
static void write_channels(const struct monitored *m, struct buf *out) {
    struct arena a = {0};
    struct seen *list;
    size_t count = 0;
    char labels[512];
    if (look_at_channels(m, &a, &list, &count)) count = 0;
    plain(out, "parley_channels", "gauge", "Channels of this node.", count);
    for (size_t n = 0; n < COUNT(of_channels); n++) {
        head(out, of_channels[n].name, "gauge", of_channels[n].help);
        for (size_t i = 0; i < count; i++) {
            if (m->names)
                snprintf(labels, sizeof labels, "channel=\"%s\",party=\"%.*s\"", list[i].label,
                         TEXT_ARG(list[i].channel->party));
            else
                snprintf(labels, sizeof labels, "channel=\"%s\"", list[i].label);
            labelled(out, of_channels[n].name, labels, of_channels[n].value(&list[i]));
        }
    }
    arena_free(&a);
}

/* ---- of the process and its disk */

static uint64_t resident_bytes(void) {
    char line[128] = "";
    unsigned long long whole, resident;
    FILE *f = fopen("/proc/self/statm", "re");
    if (!f) return 0;
    bool read = fgets(line, sizeof line, f) && sscanf(line, "%llu %llu", &whole, &resident) == 2;
    (void)fclose(f);
    return read ? resident * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static uint64_t store_bytes(const char *folder) {
    static const char *const names[] = {"parley.db", "parley.db-wal"};
    uint64_t all = 0;
    for (size_t i = 0; i < COUNT(names); i++) {
        char path[OS_PATH_MAX];
        struct stat about;
        if (!stat(os_path(path, folder, names[i]), &about)) all += (uint64_t)about.st_size;
    }
    return all;
}

static uint64_t disk_free(const char *folder) {
    struct statvfs about;
    return statvfs(folder, &about) ? 0 : (uint64_t)about.f_bavail * about.f_frsize;
}

static void write_process(const struct monitored *m, struct buf *out) {
    plain(out, "parley_start_time_seconds", "gauge", "When the node was started.",
          (uint64_t)(m->started / INSTANT_SECOND));
    plain(out, "process_resident_memory_bytes", "gauge", "Memory of the process.", resident_bytes());
    plain(out, "parley_database_bytes", "gauge", "Bytes of the node's database, its larger files not counted.",
          store_bytes(m->engine->folder));
    plain(out, "parley_disk_free_bytes", "gauge", "Bytes that are free where the node keeps its things.",
          disk_free(m->engine->folder));
}

void metrics_write(const struct monitored *m, struct buf *out) {
    head(out, "parley_info", "gauge", "The version.");
    labelled(out, "parley_info", "version=\"" PARLEY_VERSION "\"", 1);
    write_process(m, out);
    write_exchanges(out, m->exchanges);
    write_listeners(out, m);
    write_channels(m, out);
}

/* ---- whether it is well */

static bool is_late(const struct monitored *m, const struct seen *s, instant now) {
    if (!m->receipt_age_s || !lag(s) || s->channel->state == CHANNEL_FOLLOWED) return false;
    return s->row.receipted_at == INSTANT_NONE ||
           now - s->row.receipted_at > (instant)m->receipt_age_s * INSTANT_SECOND;
}

bool health_write(const struct monitored *m, instant now, struct buf *out) {
    struct arena a = {0};
    struct seen *list = NULL;
    size_t count = 0, late = 0, stopped = 0;
    bool store = !look_at_channels(m, &a, &list, &count), listening = true;
    for (size_t i = 0; i < MONITOR_LISTENERS; i++)
        listening = listening && (!m->listeners[i] || listener_alive(m->listeners[i]));
    bool space = disk_free(m->engine->folder) >= DISK_FREE_MIN, well = store && listening && space;
    for (size_t i = 0; store && i < count; i++) {
        late += is_late(m, &list[i], now);
        stopped += frozen(&list[i]) > 0;
    }
    buf_format(out,
               "{\"channels\":%zu,\"disk\":\"%s\",\"frozen\":%zu,\"late\":%zu,\"listening\":%s,\"status\":\"%s\","
               "\"store\":%s}\n",
               store ? count : 0, space ? "ok" : "full", stopped, late, listening ? "true" : "false",
               well ? "ok" : "ill", store ? "true" : "false");
    arena_free(&a);
    return well;
}
