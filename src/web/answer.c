#include <string.h>

#include "web/server.h"
#include "json/json.h"

void answer_headers(struct MHD_Response *r, const char *type) {
    static const char *const all[][2] = {
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
         "worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cache-Control", "no-store"},
    };
    for (size_t i = 0; i < COUNT(all); i++) MHD_add_response_header(r, all[i][0], all[i][1]);
    MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
}

enum MHD_Result answer_bytes(struct exchange *x, unsigned status, const char *type, struct bytes content) {
    union {
        const uint8_t *from;
        void *to;
    } at = {.from = content.at}; /* it is copied, and not written to */
    struct MHD_Response *r = MHD_create_response_from_buffer(content.size, at.to, MHD_RESPMEM_MUST_COPY);
    if (!r) return MHD_NO;
    answer_headers(r, type);
    enum MHD_Result result = MHD_queue_response(x->connection, status, r);
    MHD_destroy_response(r);
    return result;
}

enum MHD_Result answer_status(struct exchange *x, unsigned status, const char *words) {
    struct buf body = {.max = 1 << 16};
    json_t *object = json_object();
    json_put_text(object, "error", json_is_text(text_of(words)) ? text_of(words) : TEXT("?"));
    json_canonical(object, &body);
    json_decref(object);
    enum MHD_Result result = answer_bytes(x, status, "application/json", buf_as_bytes(&body));
    buf_free(&body);
    return result;
}

enum MHD_Result answer_fault(struct exchange *x, enum error code, const struct diag *d) {
    return answer_status(x, (unsigned)error_http_status(code), d->text[0] ? d->text : gettext(error_sentence(code)));
}
