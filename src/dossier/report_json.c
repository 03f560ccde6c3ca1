/* The report as JSON, for programs. */
#include "dossier/verify.h"

static void put_sha256(json_t *object, const char *key, struct sha256 sha) {
    char hex[SHA256_HEX];
    json_put_text(object, key, sha256_hex(&sha, hex));
}

/* Text that others wrote into a note or a record: well-formed by its reader. */
static json_t *texts(struct names names) {
    json_t *list = json_array();
    for (size_t i = 0; i < names.count; i++) json_add_text(list, names.at[i]);
    return list;
}

static json_t *parties_json(const struct dossier_report *r) {
    json_t *list = json_array();
    for (unsigned i = 0; i < 2; i++) {
        json_t *party = json_object();
        json_put_text(party, "party", r->parties[i]);
        json_put_text_if(party, "fingerprint", r->fingerprints[i]);
        json_add(list, party);
    }
    return list;
}

static json_t *receipts_json(const struct proved_receipt *at, size_t count) {
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_t *receipt = json_object();
        json_put_text(receipt, "key", at[i].key);
        json_put(receipt, "stamp", json_from_instant(at[i].stamp));
        json_add(list, receipt);
    }
    return list;
}

static void put_witnesses(json_t *record, const struct dossier_report *r, const struct proved_record *of) {
    if (!r->quorum.named) return;
    json_t *o = json_object();
    json_put_u64(o, "named", r->quorum.named);
    json_put_u64(o, "needed", r->quorum.needed);
    json_put(o, "cosigned", receipts_json(of->cosigned, of->cosigned_count));
    json_put_bool(o, "met", of->cosigned_count >= r->quorum.needed);
    json_put(record, "witnesses", o);
}

static json_t *record_json(const struct dossier_report *r, const struct proved_record *of) {
    json_t *record = json_object();
    json_put_text(record, "channel", of->channel);
    json_put_text(record, "origin", of->origin);
    json_put_u64(record, "size", of->size);
    put_sha256(record, "root", of->root);
    json_put_text(record, "signed_by", of->log);
    json_put_u64(record, "cards", of->cards);
    json_put_u64(record, "closed", of->closed);
    json_put(record, "receipts", receipts_json(of->receipts, of->receipt_count));
    put_witnesses(record, r, of);
    return record;
}

static json_t *attachment_json(const struct proved_attachment *of) {
    static const char *const states[] = {
        [ATTACHED_CLOSED] = "closed", [ATTACHED_OPEN] = "open", [ATTACHED_ERASED] = "erased"};
    json_t *attachment = json_object();
    json_put_text(attachment, "role", of->attach->role);
    json_put_text(attachment, "name", of->attach->name);
    put_sha256(attachment, "sealed", of->attach->sealed);
    put_sha256(attachment, "plain", of->attach->plain);
    json_put_text(attachment, "state", text_of(states[of->state]));
    json_put_text_if(attachment, "flaw", of->flaw);
    json_put_text_if(attachment, "note", of->note);
    return attachment;
}

static json_t *message_json(const struct dossier_report *r, const struct proved_message *of) {
    const struct head *head = &of->message->head;
    json_t *message = json_object(), *attachments = json_array();
    json_put_text(message, "record", entry_channel(&r->verdict, of->entry));
    json_put_u64(message, "entry", of->entry->index);
    json_put_text(message, "id", head->id);
    json_put_text(message, "kind", head->kind);
    json_put_text_if(message, "case", head->matter);
    json_put_text(message, "from", head->from);
    json_put_text(message, "to", head->to);
    put_sha256(message, "identity", of->message->identity);
    json_put_bool(message, "counts", of->verdict && !of->verdict->why);
    if (of->verdict && of->verdict->why) json_put_text(message, "why", text_of(void_words(of->verdict->why)));
    json_put_text_if(message, "flaw", of->flaw);
    json_put(message, "signed_by", texts(of->signed_by));
    json_put(message, "delivered", json_from_instant(of->verdict ? of->verdict->delivered : INSTANT_NONE));
    json_put_bool(message, "sealed", of->sealed);
    json_put_bool(message, "sealed_to_addressee", of->to_addressee);
    for (size_t i = 0; i < of->attachment_count; i++) json_add(attachments, attachment_json(&of->attachments[i]));
    json_put(message, "attachments", attachments);
    return message;
}

json_t *dossier_report_json(const struct dossier_report *r) {
    json_t *report = json_object(), *records = json_array(), *messages = json_array();
    for (unsigned i = 0; i < 2; i++)
        for (size_t g = 0; g < r->channel.view.parties[i].count; g++)
            json_add(records, record_json(r, &r->records[i][g]));
    for (size_t i = 0; i < r->message_count; i++) json_add(messages, message_json(r, &r->messages[i]));
    json_put(report, "parties", parties_json(r));
    json_put(report, "records", records);
    json_put(report, "messages", messages);
    json_put_u64(report, "closed_messages", r->closed_messages);
    json_put_u64(report, "closed_attachments", r->closed_attachments);
    json_put(report, "state", matter_json(&r->state));
    return report;
}
