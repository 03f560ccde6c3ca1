#include "cli/logs.h"

#include <string.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/speak.h"
#include "scan/set.h"
#include "scan/timezone.h"
#include "vocab/rsit.h"

static enum error read_format(struct cli *c, const char *name, struct scan_options *out) {
    if (!name) return OK;
    out->format = format_find(text_of(name));
    if (out->format) return OK;
    struct buf known = {.max = 4096};
    for (size_t i = 0; i < line_format_count; i++) buf_format(&known, "%s%s", i ? " " : "", line_formats[i].name);
    enum error result = cli_usage(c, _("--format: no such format: “%s”; there are %.*s"), name, (int)known.size,
                                  (const char *)known.at);
    buf_free(&known);
    return result;
}

void cli_log_input(struct cli *c, struct log_options *typed, enum log_input_kind kind, const char *name,
                   struct bytes file) {
    typed->inputs = arena_grow(&c->arena, typed->inputs, typed->input_count, &typed->input_room, sizeof *typed->inputs);
    typed->inputs[typed->input_count++] =
        (struct log_input){kind, arena_string(&c->arena, text_of(name)), sha256_of(file)};
}

void cli_log_put_inputs(const struct log_options *typed, json_t *object) {
    static const char *const kinds[] = {[INPUT_RULES] = "rules", [INPUT_MAP] = "map", [INPUT_WHERE] = "where"};
    char hex[SHA256_HEX];
    json_t *inputs = json_array();
    for (size_t i = 0; i < typed->input_count; i++) {
        json_t *input = json_object();
        json_put_text(input, "kind", text_of(kinds[typed->inputs[i].kind]));
        json_put_text(input, "name", text_of(typed->inputs[i].name));
        json_put_text(input, "sha256", sha256_hex(&typed->inputs[i].hash, hex));
        json_add(inputs, input);
    }
    json_put(object, "inputs", inputs);
}

/* A file by its path, or by its name in the home. */
static enum error read_map_file(struct cli *c, const char *map, struct buf *out) {
    enum error result = os_read(map, MAP_BYTES_MAX, out, &c->diag);
    if (result != ERR_MISSING || strchr(map, '/')) return result;
    struct text path = arena_format(&c->arena, "%s/maps/%s", c->home, map);
    result = os_read(path.at, MAP_BYTES_MAX, out, &c->diag);
    if (result == ERR_MISSING) result = fail(&c->diag, ERR_MISSING, _("--map: neither a file nor in %s/maps"), c->home);
    if (result) diag_where(&c->diag, map);
    return result;
}

/* What is typed has an equals sign, or names a file. */
static enum error read_map(struct cli *c, struct log_options *typed, struct scan_options *out) {
    struct buf file = {.max = MAP_BYTES_MAX};
    if (!typed->map) return OK;
    if (out->format && strcmp(out->format->name, "mapped") != 0)
        return cli_usage(c, _("--map is for the format “mapped”: the others know their columns"));
    bool spelled = strchr(typed->map, '=') != NULL;
    enum error result = spelled ? OK : read_map_file(c, typed->map, &file);
    struct text text = spelled ? text_of(typed->map) : arena_text(&c->arena, buf_as_text(&file));
    if (!result) result = map_read(text, &typed->columns, &c->diag);
    if (!result && !spelled) cli_log_input(c, typed, INPUT_MAP, typed->map, bytes_from_text(text));
    if (result) diag_where(&c->diag, spelled ? "--map" : typed->map);
    buf_free(&file);
    out->format = format_find(TEXT("mapped"));
    out->map = &typed->columns;
    return result;
}

static enum error read_event(struct cli *c, const char *event, struct scan_options *out) {
    if (!event) return OK;
    const struct rsit_type *type = rsit_find(text_of(event));
    if (!type)
        return cli_usage(c, _("--event: expected an event of the incident taxonomy, as brute-force, found “%s”"),
                         event);
    out->event = text_of(type->value);
    return OK;
}

static enum error read_stamps(struct cli *c, const struct log_options *typed, struct stamp_options *out) {
    if (typed->year && typed->until)
        return cli_usage(c, _("--year and --until both say of which year a time is: give one of them"));
    if (typed->year > 9999) return cli_usage(c, _("--year: expected a year up to 9999"));
    out->year = (int64_t)typed->year;
    out->until = INSTANT_NONE;
    enum error result = cli_time(c, "--until", typed->until, &out->until);
    if (result || !typed->timezone) return result;
    return timezone_load(text_of(typed->timezone), &c->arena, &out->zone, &c->diag);
}

static enum error read_threads(struct cli *c, uint64_t typed, struct scan_options *out) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (typed > SCAN_THREADS_MAX) return cli_usage(c, _("--threads: expected at most %d"), SCAN_THREADS_MAX);
    if (!typed) typed = processors < 1 ? 1 : processors > SCAN_THREADS_MAX ? SCAN_THREADS_MAX : (uint64_t)processors;
    out->threads = (unsigned)typed;
    return OK;
}

enum error cli_log_options(struct cli *c, struct log_options *typed, struct scan_options *out) {
    enum error result = read_format(c, typed->format, out);
    out->slack = SCAN_SLACK;
    if (!result) result = read_map(c, typed, out);
    if (!result) result = read_event(c, typed->event, out);
    if (!result) result = read_stamps(c, typed, &out->stamps);
    if (!result) result = cli_log_rules(c, typed, out);
    return result ? result : read_threads(c, typed->threads, out);
}

enum error cli_logs(struct cli *c, struct words *logs, struct scan_options *scan) {
    struct logs found;
    for (size_t i = 0; scan && i < logs->count; i++)
        scan->takes_any = scan->takes_any || (strcmp(logs->at[i], "-") != 0 && !os_is_file(logs->at[i]) &&
                                              (os_is_folder(logs->at[i]) || !os_exists(logs->at[i])));
    enum error result = logs_find(logs->at, logs->count, &c->arena, &found, &c->diag);
    if (result) return result;
    if (found.repeated && !c->quiet)
        fprintf(stderr,
                _n("%zu name is that of a file that is read already: it is read once\n",
                   "%zu names are those of files that are read already: each is read once\n", found.repeated),
                found.repeated);
    *logs = (struct words){found.names, found.count};
    return OK;
}

/* ", 62 % of 880 MiB, 0m 4s left" */
static void put_rest(const struct progress *p, const struct scan_progress *at, struct buf *out) {
    instant took = os_now_precise() - p->started;
    if (!at->size || at->taken > at->size || took < INSTANT_SECOND) return;
    buf_format(out, _(", %llu %% of %llu MiB"), (unsigned long long)(at->taken * 100 / at->size),
               (unsigned long long)(at->size >> 20));
    if (!at->taken) return;
    buf_string(out, ", ");
    buf_length(out, (instant)((double)took / (double)at->taken * (double)(at->size - at->taken)));
    buf_string(out, _(" left"));
}

static void tell_progress(void *state, const struct scan_progress *at) {
    const struct progress *p = state;
    struct buf line = {.max = 1024};
    double seconds = (double)(os_now_precise() - p->started + 1) / (double)INSTANT_SECOND;
    if (!p->shown) return;
    buf_format(&line, _n("%llu MiB, %llu line", "%llu MiB, %llu lines", at->lines),
               (unsigned long long)(at->bytes >> 20), (unsigned long long)at->lines);
    buf_format(&line, _(", %.0f MiB a second"), (double)at->bytes / (double)(1 << 20) / seconds);
    put_rest(p, at, &line);
    progress_tell(state, "%.*s", (int)line.size, (const char *)line.at);
    buf_free(&line);
}

void cli_log_progress(struct cli *c, struct progress *p, struct scan_options *scan) {
    progress_start(p, c);
    scan->progress = tell_progress;
    scan->progress_state = p;
}

void cli_log_report(const struct log_options *typed, const struct scan_report *r, struct buf *out) {
    static const char *const kind_words[] = {
        [INPUT_RULES] = N_("rules:"), [INPUT_MAP] = N_("map:"), [INPUT_WHERE] = N_("expression:")};
    char hex[SHA256_HEX];
    scan_report_page(r, out);
    for (size_t i = 0; i < typed->input_count; i++) {
        buf_format(out, "%s ", gettext(kind_words[typed->inputs[i].kind]));
        scan_show_text(text_of(typed->inputs[i].name), SIZE_MAX, out);
        buf_format(out, ", %s\n", sha256_hex(&typed->inputs[i].hash, hex).at);
    }
    if (r->zoneless && !typed->timezone)
        buf_format(out, "%s\n", _("some times name no zone: they are read as UTC; --timezone names another"));
}
