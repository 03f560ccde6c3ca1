/* Forgetting what is not what it should be, so that it can come again. */
#include "store/mend.h"

#include "store/sql.h"

enum error store_mend_database(struct store *s, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "REINDEX", "");
    sql_unlock(s);
    return result;
}

enum error store_forget_checkpoint(struct store *s, int64_t record, enum checkpoint_kind kind, uint64_t size,
                                   struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "DELETE FROM checkpoint WHERE record = ? AND kind = ? AND size = ?", "iiu",
                                record, (int64_t)kind, size);
    sql_unlock(s);
    return result;
}

enum error store_forget_receipt(struct store *s, int64_t record, uint64_t size, struct text line, struct diag *d) {
    sql_lock(s);
    enum error result =
        sql_run(s, d, "DELETE FROM receipt WHERE record = ? AND size = ? AND line = ?", "iut", record, size, line);
    sql_unlock(s);
    return result;
}

enum error store_forget_cards(struct store *s, int64_t record, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "DELETE FROM card WHERE record = ?", "i", record);
    sql_unlock(s);
    return result;
}

enum error store_is_named(struct store *s, int64_t channel, struct sha256 sha, bool *out, struct diag *d) {
    uint64_t named = 0;
    sql_lock(s);
    enum error result = sql_number(
        s, &named, d,
        "SELECT EXISTS(SELECT 1 FROM record r JOIN named n ON n.record = r.id WHERE r.channel = ? AND n.sha = ?)", "ih",
        channel, &sha);
    sql_unlock(s);
    if (!result) *out = named != 0;
    return result;
}

enum error store_forget_blob(struct store *s, int64_t channel, struct sha256 sha, struct diag *d) {
    sql_lock(s);
    enum error result = sql_run(s, d, "DELETE FROM blob WHERE channel = ? AND sha = ? AND state = ?", "ihi", channel,
                                &sha, (int64_t)BLOB_HELD);
    sql_unlock(s);
    return result;
}
