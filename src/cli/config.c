/* config: what the config of a home says, what is wrong with it, and what could stand in it. */
#include <string.h>

#include "cli/cli.h"
#include "cli/speak.h"
#include "desk/home.h"
#include "json/fields.h"

/* ---- show */

static void print_setting(const char *word, struct text value, bool standard) {
    printf("%-20s %.*s%s\n", word, TEXT_ARG(value), standard ? _("  (as by default)") : "");
}

static enum error show_json(struct cli *c, struct home *h) {
    json_t *o = json_object();
    for (size_t i = 0; i < home_word_count; i++) json_put_text_if(o, home_words[i].word, home_value(h, i));
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++)
        json_put_u64(o, node_settings_rows[i].word, *node_setting(&h->settings, i));
    return cli_print_json(c, o);
}

static enum error show(struct cli *c) {
    struct home h;
    enum error result = home_open(c->home, &c->arena, &h, &c->diag);
    if (result) return result;
    if (c->json) return show_json(c, &h);
    for (size_t i = 0; i < home_word_count; i++)
        if (home_value(&h, i).size) print_setting(home_words[i].word, home_value(&h, i), false);
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++) {
        uint64_t value = *node_setting(&h.settings, i);
        print_setting(node_settings_rows[i].word, arena_format(&c->arena, "%llu", (unsigned long long)value),
                      value == node_settings_rows[i].standard);
    }
    return OK;
}

/* ---- check */

struct faults {
    struct cli *cli;
    json_t *list;
    size_t count;
};

static void take_fault(void *state, const struct diag *d) {
    struct faults *f = state;
    f->count++;
    if (f->list) {
        json_t *o = json_object();
        if (d->line) json_put_u64(o, "line", d->line);
        json_put_text(o, "text", text_of(d->text));
        json_add(f->list, o);
    } else if (d->line) {
        printf("%s:%llu: %s\n", d->where, (unsigned long long)d->line, d->text);
    } else {
        printf("%s: %s\n", d->where, d->text);
    }
}

static enum error check(struct cli *c) {
    struct home h;
    struct faults f = {.cli = c, .list = c->json ? json_array() : NULL};
    enum error result = home_check(c->home, &c->arena, take_fault, &f, &h, &c->diag);
    if (result) {
        json_decref(f.list);
        return result;
    }
    if (c->json) {
        json_t *o = json_object();
        json_put_bool(o, "ok", !f.count);
        json_put(o, "faults", f.list);
        result = cli_print_json(c, o);
    } else if (!f.count) {
        printf("%s\n", _("the config is in order"));
    }
    if (!result && f.count)
        result = fail(&c->diag, ERR_NO, _("the config is not in order; `parley config example` has each word"));
    return result;
}

/* ---- example */

static void explain(const char *meaning) { printf("\n# %s.\n", gettext(meaning)); }

static enum error example(struct cli *c) {
    (void)c;
    printf("parley config v1\n");
    printf("# %s\n",
           _("The config of a home: one word and its value a line.  What is commented out is as by default."));
    printf("# %s\n", _("`parley config check` says what is wrong; a node that runs reads it again on SIGHUP, but for "
                       "addresses."));
    for (size_t i = 0; i < home_word_count; i++) {
        explain(home_words[i].meaning);
        printf("%s%s %s\n", home_words[i].needed ? "" : "#", home_words[i].word, home_words[i].example);
    }
    for (size_t i = 0; i < NODE_SETTING_COUNT; i++) {
        const struct node_setting_row *r = &node_settings_rows[i];
        explain(r->meaning);
        printf("#%s %llu\n", r->word, (unsigned long long)r->standard);
    }
    return OK;
}

enum error cli_config(struct cli *c) {
    static const struct {
        const char *word;
        enum error (*run)(struct cli *c);
    } verbs[] = {{"show", show}, {"check", check}, {"example", example}};
    enum error result = cli_options(c, NULL, 0, 0, 1);
    if (result) return result;
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (!strcmp(c->words.count ? c->words.at[0] : "show", verbs[i].word)) return verbs[i].run(c);
    return cli_usage(c, _("expected show, check or example, found “%s”"), c->words.at[0]);
}
