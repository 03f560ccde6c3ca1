#include "sync/request.h"

#include <stdio.h>

void response_free(struct response *r) { buf_free(&r->body); }

void response_start(struct response *r, unsigned status, const char *content_type) {
    r->status = status;
    snprintf(r->content_type, sizeof r->content_type, "%s", content_type);
    r->content_range[0] = 0;
    r->gzip = r->dated = false;
    buf_clear(&r->body);
}

void response_refuse(struct response *r, unsigned status, const struct diag *d) {
    response_start(r, status, "text/plain; charset=utf-8");
    buf_string(&r->body, d->text[0] ? d->text : _(error_sentence(d->code)));
    buf_char(&r->body, '\n');
}
