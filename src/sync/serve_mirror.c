/* Being a mirror: checkpoints, entries and receipts that a counterparty brings. */
#include "sync/cards.h"
#include "sync/gzip.h"
#include "sync/mirror.h"
#include "sync/own.h"
#include "sync/serve.h"

/* The other side's record, whose origin stands in the body; anything else does not exist. */
static enum error find_theirs(struct serving *s, struct text origin, struct diag *d) {
    enum error result = serve_find(s, origin, d);
    if (!result && s->side != SIDE_THEIRS) result = fail(d, ERR_MISSING, _("no such record"));
    return result;
}

enum error take_checkpoint(struct serving *s, struct diag *d) {
    struct add_checkpoint c;
    struct note note;
    struct checkpoint at;
    struct kept_checkpoint known;
    enum error result = add_checkpoint_read(s->request->body, &c, d);
    if (!result) result = note_read(c.note, &s->arena, &note, d);
    if (!result) result = checkpoint_read(note.text, &at, d);
    if (!result) result = find_theirs(s, at.origin, d);
    if (!result) result = mirror_take_checkpoint(s->node, &s->channel, &c, NULL, s->now, d);
    if (result == ERR_CONFLICT) {
        result = mirror_known(s->node, &s->channel, &s->arena, &known, d);
        response_start(s->response, 409, TYPE_SIZE);
        buf_u64(&s->response->body, known.size);
        buf_char(&s->response->body, '\n');
    } else if (!result) {
        response_start(s->response, 200, TYPE_TEXT);
    }
    return result;
}

/* ---- entries */

static enum error answer_info(struct serving *s, unsigned status, uint64_t size, struct diag *d) {
    struct mirror_info info = {.size = size};
    enum error result = store_size(s->node->store, s->channel.of[SIDE_THEIRS].id, &info.next, d);
    response_start(s->response, status, TYPE_MIRROR_INFO);
    if (!result) mirror_info_write(&info, &s->response->body);
    return result;
}

/* Where the client is to go on: 409 with the end that it named, where that is one that is known, else with that of the
 * newest checkpoint; 422 where none ever came. */
static enum error answer_elsewhere(struct serving *s, uint64_t end, struct diag *d) {
    struct kept_checkpoint known = {.size = end};
    enum error result = end ? OK : mirror_known(s->node, &s->channel, &s->arena, &known, d);
    if (!result && !known.note.size && !end) result = fail(d, ERR_PROOF, _("no checkpoint of this record came yet"));
    return result ? result : answer_info(s, 409, known.size, d);
}

/* Of a body that is cut off the packages before that stand. */
static enum error take_packages(struct serving *s, struct bytes body, const struct add_entries *head,
                                const struct kept_checkpoint *at, size_t *taken, struct diag *d) {
    struct package *list = ARENA_ARRAY(&s->arena, struct package, WIRE_PACKAGES_MAX);
    size_t count = 0;
    for (uint64_t start = head->start; start < head->end && count < WIRE_PACKAGES_MAX; start = list[count++].end) {
        package_bounds(start, head->end, &list[count]);
        if (!package_read(&body, &list[count])) break;
    }
    return mirror_take_packages(s->node, &s->channel, list, count, at, taken, d);
}

static enum error finish(struct serving *s, uint64_t end, struct diag *d) {
    struct diag settled = {0};
    bool appended;
    response_start(s->response, 200, TYPE_TEXT);
    enum error result = mirror_commit(s->node, &s->channel, end, s->now, &s->response->body, d);
    if (result == ERR_PENDING) return answer_info(s, 202, end, d);
    if (result == ERR_CONFLICT) return answer_elsewhere(s, 0, d);
    /* What is to be recorded of this can be recorded later as well. */
    if (!result) (void)(own_settle(s->node, &s->channel, s->now, &appended, &settled) == OK);
    return result;
}

static enum error take_upload(struct serving *s, struct bytes body, struct diag *d) {
    struct add_entries head;
    struct kept_checkpoint at;
    uint64_t held;
    size_t taken = 0;
    enum error result = add_entries_read(&body, &head, d);
    if (!result) result = find_theirs(s, head.origin, d);
    if (!result) result = sync_is_open(&s->channel, d);
    if (!result) result = store_size(s->node->store, s->channel.of[SIDE_THEIRS].id, &held, d);
    if (result) return result;
    bool known = head.end && mirror_checkpoint_at(s->node, &s->channel, head.end, &s->arena, &at, NULL) == OK;
    if (!known || head.start > held) return answer_elsewhere(s, known ? head.end : 0, d);
    result = take_packages(s, body, &head, &at, &taken, d);
    if (result) return result;
    result = store_size(s->node->store, s->channel.of[SIDE_THEIRS].id, &held, d);
    if (result) return result;
    if (held >= head.end) return finish(s, head.end, d);
    return taken ? answer_info(s, 202, head.end, d) : fail(d, ERR_INPUT, _("no whole package came"));
}

/* Content-Encoding: gzip, which a mirror must take; not larger than a plain body may be. */
enum error take_entries(struct serving *s, struct diag *d) {
    if (!s->request->content_encoding.size) return take_upload(s, s->request->body, d);
    struct buf body = {.max = REQUEST_BODY_MAX};
    enum error result = gzip_unpack(s->request->body, &body, d);
    if (!result) result = take_upload(s, buf_as_bytes(&body), d);
    buf_free(&body);
    return result;
}

/* ---- receipts, and what was shown */

static enum error own_record_only(struct serving *s, struct diag *d) {
    return s->side == SIDE_OWN ? OK : fail(d, ERR_MISSING, _("no such record"));
}

enum error take_receipt(struct serving *s, struct diag *d) {
    struct diag settled = {0};
    bool appended;
    enum error result = own_record_only(s, d);
    if (!result) result = own_take_cosigned(s->node, &s->channel, s->request->body, s->now, d);
    if (result) return result;
    response_start(s->response, 200, TYPE_TEXT);
    (void)(own_settle(s->node, &s->channel, s->now, &appended, &settled) == OK);
    return OK;
}

enum error take_shown(struct serving *s, struct diag *d) {
    struct kept_checkpoint known;
    uint64_t intended = 0;
    enum error result = own_record_only(s, d);
    if (!result && s->request->dated) sync_note_skew(s->node, &s->channel, s->request->ahead); /* whoever calls */
    if (!result) result = own_compare(s->node, &s->channel, s->request->body, NULL, s->now, d);
    if (result == ERR_FROZEN && store_channel(s->node->store, s->channel.id, &s->arena, &s->channel, d) == OK &&
        s->channel.state == CHANNEL_RESTORED) {
        result = store_intended_size(s->node->store, s->channel.of[SIDE_OWN].id, &intended, d);
        response_start(s->response, 409, TYPE_SIZE);
        buf_u64(&s->response->body, intended);
        buf_char(&s->response->body, '\n');
        return result;
    }
    if (!result) result = mirror_known(s->node, &s->channel, &s->arena, &known, d);
    /* Every exchange begins with this: whoever can't call learns here that it was called. */
    if (!result) result = store_set_contact(s->node->store, s->channel.id, s->now, TEXT(""), d);
    if (result) return result;
    response_start(s->response, 200, TYPE_TEXT);
    buf_bytes(&s->response->body, known.note);
    /* What waited for this comparison is signed now; where a key is missing it waits on. */
    own_sign_if_allowed(s->node, &s->channel);
    return OK;
}
