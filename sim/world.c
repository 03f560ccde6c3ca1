/* Parties: their keys, cards and disks; how they start, die and start again. */
#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "agreements.h"
#include "book.h"
#include "note/note.h"
#include "record/channel.h"
#include "signatures.h"
#include "sync/answers.h"
#include "sync/own.h"
#include "sync/pins.h"
#include "vfs.h"

void violated(struct world *w, const char *format, ...) {
    if (w->violation[0]) return;
    va_list values;
    va_start(values, format);
    vsnprintf(w->violation, sizeof w->violation, format, values);
    va_end(values);
    trace(w, "VIOLATION %s", w->violation);
}

void trace(const struct world *w, const char *format, ...) {
    if (!w->set.trace) return;
    va_list values;
    va_start(values, format);
    printf("%10.3f %*s", (double)(w->now - 20000 * INSTANT_DAY) / INSTANT_SECOND, 2 * (int)w->depth, "");
    vprintf(format, values);
    putchar('\n');
    va_end(values);
}

instant party_now(const struct party *p) { return p->world->now + p->skew; }

/* ---- keys and cards */

static enum error log_keys(void *state, struct text origin, const struct signer *out[static 2], size_t *count,
                           struct diag *d) {
    struct party *p = state;
    for (size_t i = 0; i < p->seat_count; i++) {
        if (!text_equal(origin, p->seats[i]->origin)) continue;
        out[0] = p->seats[i]->log;
        out[1] = p->seats[i]->next_log;
        *count = out[1] ? 2 : 1;
        return OK;
    }
    return fail(d, ERR_NO_KEY, "no log key");
}

static enum error mirror_key(void *state, const struct signer **out, struct diag *d) {
    (void)d;
    const struct party *p = state;
    *out = p->keys[p->card_count - 1].mirror;
    return OK;
}

static struct signer *make_signer(struct world *w, struct text name, enum key_type type) {
    w->signers = arena_grow(&w->arena, w->signers, w->signer_count, &w->signer_room, sizeof(struct signer *));
    return w->signers[w->signer_count++] = signer_new(name, type, &w->random);
}

const struct keys *party_keys(const struct party *p, uint64_t serial) {
    ASSERT(serial < p->card_count);
    return &p->keys[serial];
}

struct text party_recipient(const struct party *p, struct arena *a) {
    struct seal_recipient r = seal_identity_recipient(p->identities[p->identity_count - 1]);
    struct buf text = {.max = 128};
    seal_recipient_write(&r, &text);
    struct text made = arena_text(a, buf_as_text(&text));
    buf_free(&text);
    return made;
}

/* ---- keys change in two steps, or at once where one was lost */

static struct signer *new_signer(struct party *p, const char *what, enum key_type type) {
    return make_signer(p->world, arena_format(&p->world->arena, "%.*s/%s", TEXT_ARG(p->name), what), type);
}

static void change_mirror(struct party *p, struct keys *k, bool at_once) {
    if (k->next_mirror) {
        k->mirror = k->next_mirror;
        k->next_mirror = NULL;
    } else if (at_once)
        k->mirror = new_signer(p, "mirror", KEY_COSIGNATURE);
    else
        k->next_mirror = new_signer(p, "mirror", KEY_COSIGNATURE);
}

/* Whether the other side has receipted the card that names both keys: then the old one may go. */
static bool both_are_known(struct seat *s) {
    struct arena a = {0};
    struct kept_card card = {0};
    struct kept_receipt receipt = {0};
    bool known = s->who->store && !store_card(s->who->store, s->own, UINT64_MAX, &a, &card, NULL) &&
                 !store_newest_receipt(s->who->store, s->own, &a, &receipt, NULL) && card.serial >= s->next_since &&
                 card.index < receipt.size;
    arena_free(&a);
    return known;
}

static void change_log(struct seat *s) {
    if (!s->next_log) {
        s->next_log = make_signer(s->who->world, s->origin, KEY_ED25519);
        s->next_since = s->who->card_count;
    } else if (both_are_known(s)) {
        s->log = s->next_log;
        s->next_log = NULL;
    }
}

static void change_keys(struct party *p, struct keys *k, struct rng *r) {
    uint64_t what = rng_below(r, 6);
    if (what == 0) k->officer = new_signer(p, "a.officer", KEY_ED25519);
    if (what == 1 && p->identity_count < IDENTITIES_MAX)
        p->identities[p->identity_count++] = seal_identity_new(&p->world->random);
    if (what == 2 || what == 3) change_mirror(p, k, what == 3 && rng_chance(r, 500));
    if (what >= 4) change_log(p->seats[rng_below(r, p->seat_count)]);
}

static struct card_log *log_lines(struct party *p, struct arena *a, size_t *count) {
    struct card_log *lines = ARENA_ARRAY(a, struct card_log, 2 * p->seat_count);
    *count = 0;
    for (size_t i = 0; i < p->seat_count; i++) {
        const struct seat *s = p->seats[i];
        lines[(*count)++] = (struct card_log){s->origin, signer_vkey_text(s->log, a)};
        if (s->next_log) lines[(*count)++] = (struct card_log){s->origin, signer_vkey_text(s->next_log, a)};
    }
    return lines;
}

struct bytes party_next_card(struct party *p, struct rng *r) {
    uint64_t serial = p->card_count;
    struct bytes previous = serial ? p->cards[serial - 1] : bytes_of(NULL, 0);
    struct arena *a = &p->world->arena;
    struct keys keys = p->keys[serial ? serial - 1 : 0];
    if (r) change_keys(p, &keys, r);
    char hex[SHA256_HEX];
    size_t log_count;
    struct card_log *lines = log_lines(p, a, &log_count);
    struct sha256 id = sha256_of(previous);
    struct text mirrors[2] = {signer_vkey_text(keys.mirror, a)}, role = TEXT("lead"),
                url = arena_format(a, "https://%.*s:7443", TEXT_ARG(p->name));
    if (keys.next_mirror) mirrors[1] = signer_vkey_text(keys.next_mirror, a);
    struct card c = {.party = p->name,
                     .serial = serial,
                     .root = signer_vkey_text(p->root, a),
                     .mirrors = {mirrors, keys.next_mirror ? 2 : 1},
                     .logs = lines,
                     .log_count = serial ? log_count : 0 /* the records are not there yet when one invites */,
                     .tls = {&p->pin, 1},
                     .urls = {&url, 1},
                     .departments = &(struct card_line){TEXT("incident"), TEXT("Incidents")},
                     .department_count = 1,
                     .recipients = &(struct card_line){TEXT("incident"), party_recipient(p, a)},
                     .recipient_count = 1,
                     .officers = &(struct officer){.name = TEXT("a.officer"),
                                                   .department = TEXT("incident"),
                                                   .key = signer_vkey_text(keys.officer, a),
                                                   .roles = {&role, 1}},
                     .officer_count = 1};
    if (previous.size) c.previous = sha256_hex(&id, hex);
    struct buf text = {.max = CARD_MAX_BYTES}, note = {.max = CARD_MAX_BYTES};
    const struct signer *root = p->root;
    card_write(&c, &text);
    ASSERT(note_sign(buf_as_text(&text), &root, 1, &note, NULL) == OK);
    struct bytes made = arena_bytes(a, buf_as_bytes(&note));
    buf_free(&text);
    buf_free(&note);
    p->cards = arena_grow(a, p->cards, p->card_count, &p->card_room, sizeof *p->cards);
    p->keys = arena_grow(a, p->keys, p->card_count, &p->key_room, sizeof *p->keys);
    p->keys[p->card_count] = keys;
    return p->cards[p->card_count++] = made;
}

/* ---- starting and dying */

static enum error add_channel(struct seat *s, struct diag *d) {
    struct arena *a = &s->who->world->arena;
    struct channel c = {.own_party = s->who->name,
                        .party = s->other->who->name,
                        .number = 1 + s->generation,
                        .invited_card = s->generation ? s->other->who->cards[s->other->who->card_count - 1]
                                                      : s->other->who->invitation,
                        .limits = CHANNEL_LIMITS_DEFAULT};
    const struct seat *sides[2] = {s, s->other};
    for (int side = 0; side < 2; side++) {
        c.of[side].name = sides[side]->name;
        c.of[side].origin = sides[side]->origin;
        c.of[side].root = signer_vkey_text(sides[side]->who->root, a);
    }
    return store_add_channel(s->who->store, &c, &s->channel, d);
}

/* What is in the store: a channel that was to be added may be there or not. */
enum error seat_look_up(struct seat *s, struct diag *d) {
    struct arena a = {0};
    struct channel c;
    enum error result = store_find_channel(s->who->store, s->origin, &a, &c, NULL, NULL);
    if (result == ERR_MISSING) {
        result = add_channel(s, d);
        if (!result) result = store_find_channel(s->who->store, s->origin, &a, &c, NULL, d);
    }
    if (!result) {
        s->channel = c.id;
        s->own = c.of[SIDE_OWN].id;
        s->theirs = c.of[SIDE_THEIRS].id;
    }
    arena_free(&a);
    return result;
}

static void close_store(struct party *p) {
    answers_free(p->node.answers);
    pins_free(p->node.pins);
    store_close(p->store);
    p->node = (struct sync_node){0};
    p->store = NULL;
}

static void fall(struct party *p) {
    struct world *w = p->world;
    struct rng r = {w->set.seed ^ (uint64_t)w->now};
    disk_at(p->number)->dead = true;
    close_store(p);
    p->dies = false;
    disk_power_on(p->number, p->rule, &r);
    disk_at(p->number)->dead = true; /* until it starts */
    w->counts.crashes++;
    trace(w, "%u is down", p->number);
}

void party_enter(struct party *p) { p->frames++; }

void party_leave(struct party *p) {
    p->frames--;
    if (disk_at(p->number)->dead && !p->dies) party_crash(p, p->rule, p->world->now + SIM_MINUTE);
    if (!p->frames && p->dies) fall(p);
}

void party_crash(struct party *p, enum disk_rule rule, instant up_at) {
    if (!p->store) return;
    p->dies = true;
    p->rule = rule;
    p->up_at = up_at;
    disk_at(p->number)->dead = true;
    if (!p->frames) fall(p);
}

void party_start(struct party *p) {
    struct store_options o = {.folder = p->folder, .vfs = "sim"};
    struct diag d = {0};
    disk_at(p->number)->dead = false;
    p->starts++;
    enum error result = store_open(&o, &p->store, &d);
    trace(p->world, "%u starts: %s %s", p->number, error_name(result), d.text);
    if (result) { /* a fault of the disk: another try, later */
        if (p->world->calm) violated(p->world, "party %u can't open its store: %s", p->number, d.text);
        p->store = NULL;
        p->up_at = p->world->now + SIM_MINUTE;
        return;
    }
    p->node = (struct sync_node){
        .store = p->store, .keys = {log_keys, mirror_key, p}, .pins = pins_new(p->store), .answers = answers_new()};
    party_enter(p);
    for (size_t i = 0; i < p->seat_count && !result; i++) {
        result = seat_look_up(p->seats[i], &d);
        p->seats[i]->looked = 0;
        if (!result) check_seat(p->seats[i]);
        if (!result) seat_begin(p->seats[i]);
    }
    if (result) trace(p->world, "%u can't go on: %s %s", p->number, error_name(result), d.text);
    if (result && p->world->calm) violated(p->world, "party %u can't go on: %s", p->number, d.text);
    if (result) party_crash(p, p->rule, p->world->now + SIM_MINUTE);
    party_leave(p);
}

/* ---- making the world */

static void make_party(struct world *w, unsigned number) {
    struct party *p = w->parties[number] = ARENA_NEW(&w->arena, struct party);
    struct sha256 pin;
    char hex[SHA256_HEX];
    p->world = w;
    p->number = number;
    p->name = arena_format(&w->arena, "p%u.example", number);
    p->root = make_signer(w, arena_format(&w->arena, "%.*s/root", TEXT_ARG(p->name)), KEY_ED25519);
    p->keys = arena_grow(&w->arena, p->keys, 0, &p->key_room, sizeof *p->keys);
    p->keys[0] = (struct keys){new_signer(p, "a.officer", KEY_ED25519), new_signer(p, "mirror", KEY_COSIGNATURE), NULL};
    p->identities[p->identity_count++] = seal_identity_new(&w->random);
    random_fill(&w->random, pin.at, sizeof pin.at);
    p->pin = arena_text(&w->arena, sha256_hex(&pin, hex));
    p->malicious = number >= w->set.parties - w->set.liars;
    snprintf(p->folder, sizeof p->folder, DISK_ROOT "%u", number);
    disk_format(number);
    disk_at(number)->drops_syncs = w->set.drops_syncs;
}

struct seat *make_seat(struct world *w, unsigned channel, unsigned number, struct party *who,
                       const struct party *other) {
    struct seat *s = ARENA_NEW(&w->arena, struct seat);
    s->who = who;
    s->number = channel;
    s->first = s;
    s->name = arena_format(&w->arena, "%.*s/to/%.*s/%u", TEXT_ARG(who->name), TEXT_ARG(other->name), number);
    random_fill(&w->random, s->secret, sizeof s->secret);
    s->origin = channel_origin(s->name, s->secret, &w->arena);
    s->hash = origin_hash(s->origin, &w->arena);
    s->log = make_signer(w, s->origin, KEY_ED25519);
    s->remote = (struct remote){net_call, s};
    who->seats[who->seat_count++] = s;
    return w->seats[w->seat_count++] = s;
}

/* A ring first, so that nobody is alone; then chords, each pair once. */
static void make_channels(struct world *w) {
    unsigned made = 0, parties = w->set.parties;
    for (unsigned step = 1; step <= parties / 2 && made < w->set.channels; step++)
        for (unsigned i = 0; i < parties && made < w->set.channels; i++) {
            unsigned j = (i + step) % parties;
            if (2 * step == parties && j < i) continue;
            struct seat *a = make_seat(w, made, 1, w->parties[i], w->parties[j]);
            struct seat *b = make_seat(w, made, 1, w->parties[j], w->parties[i]);
            a->other = b;
            b->other = a;
            made++;
        }
}

void world_start(struct world *w, const struct settings *set) {
    char seed[32];
    *w = (struct world){.set = *set, .now = 20000 * INSTANT_DAY};
    snprintf(seed, sizeof seed, "%llu", (unsigned long long)set->seed);
    w->random = random_seeded(text_of(seed));
    w->cut_until = ARENA_ARRAY(&w->arena, instant, CHANNELS_MAX);
    w->late = arena_take(&w->arena, CHANNELS_MAX, sizeof *w->late);
    w->known = arena_take(&w->arena, CHANNELS_MAX, sizeof *w->known);
    vfs_begin(set->seed);
    signatures_forget();
    agreements_forget();
    for (unsigned i = 0; i < set->parties; i++) make_party(w, i);
    make_channels(w);
    for (unsigned i = 0; i < set->parties; i++) {
        w->parties[i]->invitation = party_next_card(w->parties[i], NULL);
        (void)party_next_card(w->parties[i], NULL);
    }
    for (unsigned i = 0; i < set->parties; i++) party_start(w->parties[i]);
}

void world_end(struct world *w) {
    for (size_t i = 0; i < w->seat_count; i++) {
        book_forget(w->seats[i]);
        free(w->seats[i]->left);
    }
    for (unsigned i = 0; i < w->set.parties; i++) {
        struct party *p = w->parties[i];
        close_store(p);
        disk_destroy(i);
        for (size_t k = 0; k < p->identity_count; k++) seal_identity_free(p->identities[k]);
    }
    for (size_t i = 0; i < CHANNELS_MAX * PLACES_MAX; i++)
        for (int part = 0; part < 2; part++) buf_free(&w->late[i / PLACES_MAX][i % PLACES_MAX].bytes[part]);
    for (size_t i = 0; i < w->signer_count; i++) signer_free(w->signers[i]);
    free(w->events);
    arena_free(&w->arena);
}
