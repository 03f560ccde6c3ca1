/* Successors: which sizes both old records are followed at, and what is to be done where the two sides differ. */
#include "desk/successor.h"

#include "tlog/tree.h"

struct old_records { /* of the channel that is followed, as this home holds them; parties in bytewise order */
    const struct link_channel *channel;
    struct arena *arena;
    unsigned own;
    struct tree trees[2];
    struct record_view records[2];
    struct channel_view view; /* of one generation: leaves with their `seen` and nothing else */
};

/* ---- finding and telling */

enum error successor_find(struct desk *k, struct text party, bool drill, uint64_t number, struct link_channel *out,
                          struct diag *d) {
    struct link_channel *list;
    size_t count;
    enum error result = number ? desk_link(k, d) : desk_channel(k, party, drill, out, d);
    if (result || !number) return result;
    result = link_channels(k->link, &k->arena, &list, &count, d);
    for (size_t i = 0; i < count && !result; i++) {
        if (!text_equal(list[i].party, party) || list[i].drill != drill || list[i].number != number) continue;
        *out = list[i];
        return OK;
    }
    if (result) return result;
    return fail(d, ERR_MISSING, _("there is no channel number %llu with %.*s here"), (unsigned long long)number,
                TEXT_ARG(party));
}

const char *successor_needed(const struct link_channel *c, struct text own_root) {
    if (c->state == CHANNEL_FROZEN) return _("the records contradict each other; the channel goes on in a successor");
    if (c->state == CHANNEL_RESTORED)
        return _("this store is not the one whose word they have; the channel goes on in a successor");
    if (c->state != CHANNEL_FOLLOWED && own_root.size && !text_equal(c->own_root, own_root))
        return _("one's own root changed; the channel goes on in a successor, once people have compared again");
    return NULL;
}

struct text successor_command(const struct link_channel *c, struct arena *a) {
    return arena_format(a, "parley invite --to %.*s --successor%s -o FILE", TEXT_ARG(c->party),
                        c->drill ? " --drill" : "");
}

/* ---- what is held */

static struct leaf read_leaf(struct old_records *o, struct bytes leaf, struct entry_size *seen) {
    struct entry e;
    if (entry_read(leaf, o->arena, &e, NULL)) return (struct leaf){.malformed = true};
    *seen = e.seen;
    return (struct leaf){.time = e.time};
}

static enum error read_record(struct desk *k, struct old_records *o, unsigned party, struct entry_size **seen,
                              struct diag *d) {
    const struct link_channel *c = o->channel;
    struct text origin = party == o->own ? c->own_origin : c->their_origin;
    struct bytes *raw = NULL;
    size_t count = 0;
    enum error result = origin.size ? link_leaves(k->link, origin, 0, o->arena, &raw, &count, d) : OK;
    if (result) return result;
    struct leaf *leaves = ARENA_ARRAY(o->arena, struct leaf, count);
    *seen = ARENA_ARRAY(o->arena, struct entry_size, count);
    tree_add_leaves(&o->trees[party], raw, count);
    for (size_t i = 0; i < count; i++) leaves[i] = read_leaf(o, raw[i], &(*seen)[i]);
    o->records[party] = (struct record_view){party == o->own ? c->own_name : c->their_name, origin, leaves, count};
    o->view.parties[party] = (struct party_view){party == o->own ? k->home.party : c->party, &o->records[party], 1};
    return OK;
}

static struct sha256 root_at(struct old_records *o, unsigned party, uint64_t size) {
    return size ? tree_root_at(&o->trees[party], size) : tree_empty_root();
}

static bool is_true(struct old_records *o, unsigned party, struct entry_size at) {
    return at.size <= o->trees[party].size && sha256_equal(root_at(o, party, at.size), at.root);
}

static enum error read_both(struct desk *k, const struct link_channel *c, struct arena *a, struct old_records *o,
                            struct diag *d) {
    struct entry_size *seen[2] = {NULL, NULL};
    *o = (struct old_records){.channel = c, .arena = a, .own = text_compare(k->home.party, c->party) < 0 ? 0 : 1};
    enum error result = read_record(k, o, 0, &seen[0], d);
    if (!result) result = read_record(k, o, 1, &seen[1], d);
    for (unsigned p = 0; p < 2 && !result; p++)
        for (size_t i = 0; i < o->records[p].count; i++) {
            struct leaf *leaf = (struct leaf *)(uintptr_t)&o->records[p].leaves[i];
            if (!leaf->malformed) leaf->seen = (struct leaf_seen){seen[p][i].size, is_true(o, 1 - p, seen[p][i])};
        }
    return result;
}

static void drop_both(struct old_records *o) {
    tree_free(&o->trees[0]);
    tree_free(&o->trees[1]);
}

static uint64_t largest_seen(const struct old_records *o, unsigned by, uint64_t among) {
    uint64_t largest = 0;
    for (uint64_t i = 0; i < among && i < o->records[by].count; i++)
        if (view_seen_true(&o->view, by, 0, i) && o->records[by].leaves[i].seen.size > largest)
            largest = o->records[by].leaves[i].seen.size;
    return largest;
}

/* So much of one's own record they hold, by their own word: a receipt, or a `seen` that is true here. */
static uint64_t surely_theirs(const struct old_records *o) {
    uint64_t seen = largest_seen(o, 1 - o->own, UINT64_MAX), receipted = o->channel->receipted_size;
    if (receipted > o->trees[o->own].size) receipted = 0;
    return seen > receipted ? seen : receipted;
}

static struct text number_pair(struct cut c, struct arena *a) {
    return arena_format(a, "%llu,%llu", (unsigned long long)c.of[0], (unsigned long long)c.of[1]);
}

/* ---- proposing */

static enum error check_given(struct old_records *o, struct cut given, struct diag *d) {
    for (unsigned p = 0; p < 2; p++)
        if (given.of[p] > o->trees[p].size)
            return fail(d, ERR_USAGE,
                        _n("--at: the record of %.*s has %llu entry here, not %llu",
                           "--at: the record of %.*s has %llu entries here, not %llu", o->trees[p].size),
                        TEXT_ARG(o->view.parties[p].party), (unsigned long long)o->trees[p].size,
                        (unsigned long long)given.of[p]);
    struct cut closed = cut_reduce(&o->view, 0, given);
    if (closed.of[0] == given.of[0] && closed.of[1] == given.of[1]) return OK;
    return fail(d, ERR_USAGE,
                _("--at: an entry below %.*s has seen more than that of the other record; what is closed is %.*s"),
                TEXT_ARG(number_pair(given, o->arena)), TEXT_ARG(number_pair(closed, o->arena)));
}

static void write_lines(struct old_records *o, struct cut cut, struct entry_follows out[static 2]) {
    for (unsigned p = 0; p < 2; p++)
        out[p] = (struct entry_follows){o->records[p].channel, {cut.of[p], root_at(o, p, cut.of[p])}};
}

enum error successor_propose(struct desk *k, const struct link_channel *before, const struct cut *at,
                             struct entry_follows out[static 2], struct diag *d) {
    struct old_records o;
    enum error result = read_both(k, before, &k->arena, &o, d);
    struct cut cut;
    if (!result && at) {
        cut = *at;
        result = check_given(&o, cut, d);
    } else if (!result) {
        cut.of[o.own] = surely_theirs(&o);
        cut.of[1 - o.own] = o.trees[1 - o.own].size;
        cut = cut_reduce(&o.view, 0, cut);
    }
    if (!result) write_lines(&o, cut, out);
    drop_both(&o);
    return result;
}

/* ---- accepting */

/* The sizes that would do here, of those that were proposed: what is held, true and closed. */
static struct cut would_do(struct old_records *o, const struct entry_size at[static 2]) {
    struct cut cut;
    for (unsigned p = 0; p < 2; p++) {
        uint64_t held = o->trees[p].size;
        if (is_true(o, p, at[p]) || at[p].size > held)
            cut.of[p] = at[p].size < held ? at[p].size : held;
        else /* two histories: only what went before can be common */
            cut.of[p] = p == o->own ? surely_theirs(o) : largest_seen(o, o->own, surely_theirs(o));
    }
    return cut_reduce(&o->view, 0, cut);
}

static enum error say_why_not(struct old_records *o, unsigned p, struct entry_size at, struct text command,
                              struct diag *d) {
    uint64_t held = o->trees[p].size;
    struct text party = o->channel->party, record = o->records[p].channel;
    if (at.size > held)
        return fail(d, ERR_CONFLICT,
                    _("they follow %llu entries of %.*s, and this home holds %llu.  `parley sync %.*s`, or a folder "
                      "that they write with `parley record export %.*s%s` and you take with `parley record import`, "
                      "brings the others; then accept again.  To go on without them, let them accept what this "
                      "writes: %.*s"),
                    (unsigned long long)at.size, TEXT_ARG(record), (unsigned long long)held, TEXT_ARG(party),
                    TEXT_ARG(o->view.parties[o->own].party), p == o->own ? " --theirs" : "", TEXT_ARG(command));
    return fail(d, ERR_CONFLICT,
                _("the two sides hold different entries in the first %llu of %.*s.  What went before can be followed: "
                  "let them accept what this writes: %.*s"),
                (unsigned long long)at.size, TEXT_ARG(record), TEXT_ARG(command));
}

static enum error check(struct old_records *o, const struct entry_size at[static 2], struct diag *d) {
    struct cut given = {{at[0].size, at[1].size}}, cut = would_do(o, at);
    struct text command =
        arena_format(o->arena, "parley invite --to %.*s --successor%s --at %.*s -o FILE", TEXT_ARG(o->channel->party),
                     o->channel->drill ? " --drill" : "", TEXT_ARG(number_pair(cut, o->arena)));
    for (unsigned p = 0; p < 2; p++)
        if (!is_true(o, p, at[p])) return say_why_not(o, p, at[p], command, d);
    if (cut.of[0] == given.of[0] && cut.of[1] == given.of[1]) return OK;
    return fail(d, ERR_CONFLICT,
                _("an entry that they follow has seen more than they follow of the other record: so it would not count "
                  "here.  Let them accept what this writes: %.*s"),
                TEXT_ARG(command));
}

static const struct entry_follows *line_for(const struct entry_follows lines[static 2], struct text channel) {
    for (unsigned i = 0; i < 2; i++)
        if (text_equal(lines[i].channel, channel)) return &lines[i];
    return NULL;
}

enum error successor_check(struct desk *k, const struct link_channel *before,
                           const struct entry_follows lines[static 2], struct diag *d) {
    struct old_records o;
    struct entry_size at[2];
    enum error result = read_both(k, before, &k->arena, &o, d);
    for (unsigned p = 0; p < 2 && !result; p++) {
        const struct entry_follows *line = line_for(lines, o.records[p].channel);
        if (!line)
            result = fail(d, ERR_INPUT, _("the invitation does not follow %.*s"), TEXT_ARG(o.records[p].channel));
        else
            at[p] = line->at;
    }
    if (!result) result = check(&o, at, d);
    drop_both(&o);
    return result;
}

/* ---- lines */

enum error successor_lines(struct desk *k, const struct link_channel *c, struct entry_follows out[static 2],
                           struct diag *d) {
    struct bytes *leaves;
    size_t count;
    struct entry e;
    enum error result = link_leaves(k->link, c->own_origin, 0, &k->arena, &leaves, &count, d);
    if (result) return result;
    if (!count || entry_read(leaves[0], &k->arena, &e, NULL) || e.follows_count != 2)
        return fail(d, ERR_MISSING, _("the record %.*s follows no other"), TEXT_ARG(c->own_name));
    out[0] = e.follows[0];
    out[1] = e.follows[1];
    return OK;
}

bool successor_same(const struct entry_follows a[static 2], const struct entry_follows b[static 2]) {
    for (unsigned i = 0; i < 2; i++) {
        const struct entry_follows *same = line_for(b, a[i].channel);
        if (!same || same->at.size != a[i].at.size || !sha256_equal(same->at.root, a[i].at.root)) return false;
    }
    return true;
}

struct cut successor_cut(const struct desk *k, const struct link_channel *before,
                         const struct entry_follows lines[static 2]) {
    bool own_first = text_compare(k->home.party, before->party) < 0;
    const struct entry_follows *first = line_for(lines, own_first ? before->own_name : before->their_name),
                               *second = line_for(lines, own_first ? before->their_name : before->own_name);
    return (struct cut){{first ? first->at.size : 0, second ? second->at.size : 0}};
}
