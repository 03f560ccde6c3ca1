#include "cli/fork.h"

#include "base/os.h"
#include "cli/speak.h"
#include "record/entry.h"
#include "sync/folder_part.h"
#include "json/json.h"

static json_t *fork_json(const struct folder_parting *p, struct arena *a) {
    json_t *whole = json_object(), *list = json_array();
    char hex[SHA256_HEX], at[INSTANT_TEXT_MAX];
    for (size_t i = 0; i < 2; i++) {
        struct entry e;
        json_t *one = json_object();
        json_put_u64(one, "size", p->of[i].at.size);
        json_put_text(one, "root", sha256_hex(&p->of[i].at.root, hex));
        if (p->at.parts) json_put_text(one, "entry", sha256_hex(&p->at.leaves[i], hex));
        if (p->entries[i].size && entry_read(p->entries[i], a, &e, NULL) == OK)
            json_put_text(one, "time", instant_write(e.time, at));
        json_add(list, one);
    }
    json_put_text(whole, "origin", p->of[0].at.origin);
    json_put_bool(whole, "parts", p->at.parts);
    json_put_u64(whole, "index", p->at.index);
    json_put(whole, "histories", list);
    json_put_text_if(whole, "proof", p->proof);
    return whole;
}

static void print_half(struct cli *c, const struct folder_parting *p, size_t i, const char *folder) {
    char hex[SHA256_HEX], at[INSTANT_TEXT_MAX];
    struct entry e;
    printf(_("%s, signed at size %llu\n"), folder, (unsigned long long)p->of[i].at.size);
    printf(_("  entry %llu has the hash %.*s"), (unsigned long long)p->at.index,
           TEXT_ARG(sha256_hex(&p->at.leaves[i], hex)));
    if (p->entries[i].size && entry_read(p->entries[i], &c->arena, &e, NULL) == OK)
        printf(_(", and says the time %.*s"), TEXT_ARG(instant_write(e.time, at)));
    printf("\n");
}

static enum error keep_proof(struct cli *c, const struct folder_parting *p, const char *path) {
    if (!path) return OK;
    if (!p->proof.size)
        return fail(&c->diag, ERR_NO, _("no one log key has signed both histories: there is no proof to write"));
    return os_write(path, bytes_from_text(p->proof), 0644, &c->diag);
}

enum error cli_fork(struct cli *c, const char *const folders[static 2], const struct vkey *logs, size_t count,
                    const char *proof) {
    struct folder_parting p;
    enum error result = folder_part(folders, logs, count, &c->arena, &p, &c->diag);
    if (result) return result;
    if (c->json) {
        result = cli_print_json(c, fork_json(&p, &c->arena));
        if (result) return result;
    }
    if (!p.at.parts)
        return fail(&c->diag, ERR_NO, _("these are one history: up to entry %llu both hold the same"),
                    (unsigned long long)p.at.index);
    if (!c->json) {
        printf(_("the histories part at entry %llu: before it both hold the same\n"), (unsigned long long)p.at.index);
        for (size_t i = 0; i < 2; i++) print_half(c, &p, i, folders[i]);
        printf("%s\n", p.proof.size ? _("proved: one log key has signed both histories")
                                    : _("not proved: each is signed by another key of the log"));
    }
    return keep_proof(c, &p, proof);
}
