#include "cli/page_calls.h"

#include <string.h>

#include "vocab/words.h"

static const char *const not_for_the_page[] = {
    "help", "version", "init", "join", "serve", "desk", "taxii", "watch", "seal", "open", "note",
};

const struct command *page_command(const char *name) {
    const struct command *found = cli_find(name);
    for (size_t i = 0; found && i < COUNT(not_for_the_page); i++)
        if (!strcmp(found->name, not_for_the_page[i])) return NULL;
    return found;
}

static bool has_word(const char *const *words, const char *word) {
    for (; words && *words && strcmp(*words, "--"); words++)
        if (!strcmp(*words, word)) return true;
    return false;
}

static bool prints_svg(const char *const *words) {
    for (; words && *words && strcmp(*words, "--"); words++)
        if (!strcmp(*words, "--svg")) return words[1] && !strcmp(words[1], "-");
    return false;
}

const char *page_prints(const struct command *command, const char *const *words) {
    static const char *const types[][2] = {
        {"calendar", "text/calendar; charset=utf-8"},
        {"dossier", "application/x-tar"},
        {"invite", "text/plain; charset=utf-8"},
        {"accept", "text/plain; charset=utf-8"},
    };
    if (prints_svg(words)) return "image/svg+xml";
    if (has_word(words, "--html")) return "text/html; charset=utf-8";
    if (command->needs & TELLS_JSON) return "application/json";
    for (size_t i = 0; i < COUNT(types); i++)
        if (!strcmp(command->name, types[i][0])) return types[i][1];
    return "application/octet-stream";
}

/* ---- OpenAPI */

static json_t *text_schema(const char *type) {
    json_t *schema = json_object();
    json_put_text(schema, "type", text_of(type));
    return schema;
}

static json_t *reference(const char *name) {
    json_t *schema = json_object();
    char path[64];
    snprintf(path, sizeof path, "#/components/schemas/%s", name);
    json_put_text(schema, "$ref", text_of(path));
    return schema;
}

static json_t *list_of(json_t *items) {
    json_t *schema = text_schema("array");
    json_put(schema, "items", items);
    return schema;
}

/* An option that takes a file takes its content, too. */
static json_t *option_schema(const struct option_row *row) {
    json_t *schema = row->kind == OPTION_FLAG     ? text_schema("boolean")
                     : row->kind == OPTION_NUMBER ? text_schema("integer")
                     : row->kind == OPTION_WORDS  ? list_of(reference("Value"))
                                                  : reference("Value");
    json_put_text_if(schema, "description", text_of(row->help));
    return schema;
}

static const char *name_of(const struct option_row *row) { return row->name + strspn(row->name, "-"); }

/* A closed list: the words that the option takes, in their order. */
static void put_words(json_t *schema, const struct word_list *list) {
    json_t *words = json_array();
    for (size_t i = 0; i < list->count; i++) json_add_text(words, text_of(list->at[i].name));
    int gone = json_object_del(schema, "$ref");
    (void)gone; /* a flag has none */
    json_put(schema, "enum", words);
    json_put_text(schema, "type", TEXT("string"));
}

static void take_meanings(struct cli *c, const struct option_row *row) {
    json_t *schema = json_object_get(c->page_into, row->argument + strspn(row->argument, "-"));
    json_t *items = json_object_get(schema, "items");
    if (schema) put_words(items ? items : schema, *(const struct word_list **)row->value);
}

/* For cli->page: the options of a command go into the object that `cli->page_into` is. */
static void take_rows(struct cli *c, const struct option_row *rows, size_t count) {
    static const char *const own[] = {"home", "passphrase-file", "json", "quiet"};
    for (size_t i = 0; i < count; i++) {
        bool skip = rows[i].kind == OPTION_MEANINGS;
        for (size_t k = 0; k < COUNT(own); k++) skip = skip || !strcmp(name_of(&rows[i]), own[k]);
        if (!skip) json_put(c->page_into, name_of(&rows[i]), option_schema(&rows[i]));
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i].kind == OPTION_MEANINGS) take_meanings(c, &rows[i]);
}

static json_t *options_schema(const struct command *command) {
    static char help[] = "--help";
    char *ask[] = {help, NULL};
    struct cli c = {.argc = 1, .argv = ask, .page = take_rows, .page_into = json_object()};
    json_t *schema = text_schema("object");
    c.command = cli_name(&c.arena, command).at;
    enum error result = command->run(&c);
    (void)result; /* it has printed no page, but given it */
    json_put_bool(schema, "additionalProperties", false);
    json_put(schema, "properties", c.page_into);
    arena_free(&c.arena);
    return schema;
}

static json_t *content(const char *type, json_t *schema) {
    json_t *media = json_object(), *by_type = json_object(), *holder = json_object();
    json_put(media, "schema", schema);
    json_put(by_type, type, media);
    json_put(holder, "content", by_type);
    return holder;
}

static json_t *request_body(const struct command *command) {
    json_t *schema = text_schema("object"), *members = json_object(), *words = list_of(reference("Value"));
    json_put_text_if(words, "description", text_of(command->arguments));
    json_put(members, "words", words);
    json_put(members, "options", options_schema(command));
    json_put_bool(schema, "additionalProperties", false);
    json_put(schema, "properties", members);
    return content("application/json", schema);
}

static json_t *responses(const struct command *command) {
    static const char *const faults[][2] = {
        {"400", "wrong usage"},          {"401", "the desk is locked, or the secret is wrong"},
        {"409", "the answer is no"},     {"422", "bad input"},
        {"503", "it could not be done"},
    };
    const char *type = page_prints(command, NULL);
    json_t *all = json_object(), *good;
    good = content(type, strcmp(type, "application/json") ? text_schema("string") : json_object());
    json_put_text(good, "description", TEXT("what the command prints"));
    json_put(all, "200", good);
    for (size_t i = 0; i < COUNT(faults); i++) {
        json_t *fault = content("application/json", reference("Fault"));
        json_put_text(fault, "description", text_of(faults[i][1]));
        json_put(all, faults[i][0], fault);
    }
    return all;
}

static json_t *query(const char *name, const char *description) {
    json_t *parameter = json_object();
    json_put_text(parameter, "name", text_of(name));
    json_put_text(parameter, "in", TEXT("query"));
    json_put_text(parameter, "description", text_of(description));
    json_put(parameter, "schema", text_schema("string"));
    return parameter;
}

static json_t *operation(const struct command *command, struct arena *a) {
    json_t *post = json_object(), *path = json_object(), *parameters = json_array();
    json_put_text(post, "operationId", cli_name(a, command));
    json_put_text(post, "summary", text_of(command->summary));
    json_add(parameters, query("language", "of what people read: en, fr, ru"));
    json_add(parameters, query("job", "a name under which the events tell its progress"));
    json_put(post, "parameters", parameters);
    json_put(post, "requestBody", request_body(command));
    json_put(post, "responses", responses(command));
    json_put(path, "post", post);
    return path;
}

/* What is no command: method, path, summary, media type of the answer. */
static void put_others(json_t *paths) {
    static const char *const others[][4] = {
        {"get", "/api/session", "whose desk it is, and until when its keys are open", "application/json"},
        {"get", "/api/events", "changes of records and progress of jobs, as they come", "text/event-stream"},
        {"get", "/api/openapi.json", "this description", "application/json"},
        {"post", "/api/lock", "forget the keys", "application/json"},
        {"post", "/api/unlock", "open the keys: takes {\"passphrase\": …}, gives {\"secret\": …}", "application/json"},
    };
    for (size_t i = 0; i < COUNT(others); i++) {
        json_t *path = json_object(), *call = json_object(), *all = json_object(), *good;
        good = content(others[i][3], json_object());
        json_put_text(good, "description", TEXT("done"));
        json_put(all, "200", good);
        json_put_text(call, "summary", text_of(others[i][2]));
        json_put(call, "responses", all);
        json_put(path, others[i][0], call);
        json_put(paths, others[i][1], path);
    }
}

static json_t *file_schema(const char *member, const char *description) {
    json_t *schema = text_schema("object"), *members = json_object(), *required = json_array();
    json_put(members, member, text_schema("string"));
    if (strcmp(member, "error") != 0) json_put(members, "language", text_schema("string")); /* for LANGUAGE=FILE */
    json_add_text(required, text_of(member));
    json_put_text(schema, "description", text_of(description));
    json_put_bool(schema, "additionalProperties", false);
    json_put(schema, "required", required);
    json_put(schema, "properties", members);
    return schema;
}

static json_t *schemas(void) {
    json_t *all = json_object(), *value = json_object(), *kinds = json_array();
    json_add(kinds, text_schema("string"));
    json_add(kinds, text_schema("integer"));
    json_add(kinds, file_schema("content", "where the command takes a file: its content, a text"));
    json_add(kinds, file_schema("base64", "where the command takes a file: its content in Base 64"));
    json_put(value, "oneOf", kinds);
    json_put(all, "Value", value);
    json_put(all, "Fault", file_schema("error", "what was expected, what was found, what to do"));
    return all;
}

static json_t *security(json_t *into) {
    json_t *by_name = json_object(), *scheme = json_object(), *need = json_object(), *needs = json_array();
    json_put_text(scheme, "type", TEXT("apiKey"));
    json_put_text(scheme, "in", TEXT("header"));
    json_put_text(scheme, "name", TEXT("Parley-Session"));
    json_put(by_name, "session", scheme);
    json_put(into, "securitySchemes", by_name);
    json_put(need, "session", json_array());
    json_add(needs, need);
    return needs;
}

json_t *page_openapi(void) {
    json_t *whole = json_object(), *info = json_object(), *paths = json_object(), *parts = json_object();
    struct arena a = {0};
    json_put_text(info, "title", TEXT("parley desk"));
    json_put_text(info, "version", TEXT(PARLEY_VERSION));
    for (size_t i = 0; i < cli_command_count; i++) {
        if (!page_command(cli_commands[i].name)) continue;
        struct text name = cli_name(&a, &cli_commands[i]);
        json_put(paths, arena_format(&a, "/api/run/%.*s", TEXT_ARG(name)).at, operation(&cli_commands[i], &a));
    }
    put_others(paths);
    json_put_text(whole, "openapi", TEXT("3.1.0"));
    json_put(whole, "info", info);
    json_put(whole, "security", security(parts));
    json_put(whole, "paths", paths);
    json_put(parts, "schemas", schemas());
    json_put(whole, "components", parts);
    arena_free(&a);
    return whole;
}
