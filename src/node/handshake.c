/* Who may connect: the check of the pin, in the handshake. */
#include <gnutls/x509.h>
#include <stdlib.h>

#include "node/peer.h"

static bool read_pin(gnutls_session_t session, char out[static SHA256_HEX]) {
    unsigned count = 0;
    gnutls_x509_crt_t certificate;
    struct sha256 spki;
    size_t size = sizeof spki.at;
    if (gnutls_certificate_type_get2(session, GNUTLS_CTYPE_CLIENT) != GNUTLS_CRT_X509) return false;
    const gnutls_datum_t *chain = gnutls_certificate_get_peers(session, &count);
    if (!chain || !count || gnutls_x509_crt_init(&certificate) < 0) return false;
    bool read = gnutls_x509_crt_import(certificate, chain, GNUTLS_X509_FMT_DER) >= 0 &&
                gnutls_x509_crt_get_key_id(certificate, GNUTLS_KEYID_USE_SHA256, spki.at, &size) >= 0 &&
                size == sizeof spki.at;
    gnutls_x509_crt_deinit(certificate);
    if (read) sha256_hex(&spki, out);
    return read;
}

/* Counts under the lock; the connection that is being let in does not bear its pin yet. */
static bool has_room(struct listener *l, const char *pin) {
    unsigned count = 0;
    for (const struct peer *p = l->peers; p; p = p->next) count += text_equal(text_of(p->pin), text_of(pin));
    return count < l->settings.peer_connections;
}

static int verify(gnutls_session_t session) {
    struct peer *p = gnutls_db_get_ptr(session);
    char pin[SHA256_HEX];
    bool known = read_pin(session, pin) && p->listener->options.pin_known(p->listener->options.state, text_of(pin));
    pthread_mutex_lock(&p->listener->lock);
    bool room = known && has_room(p->listener, pin);
    if (room)
        for (size_t i = 0; i < SHA256_HEX; i++) p->pin[i] = pin[i];
    else
        peer_refused_locked(p->listener, known ? REFUSED_PEER_CONNECTIONS : REFUSED_UNKNOWN);
    pthread_mutex_unlock(&p->listener->lock);
    if (room) return 0;
    /* Without an alert the client could not tell a refusal from a broken network. */
    gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_CERTIFICATE_UNKNOWN);
    return GNUTLS_E_CERTIFICATE_ERROR;
}

enum error handshake_prepare(struct listener *l, struct bytes key_pem, struct bytes certificate_pem, struct diag *d) {
    gnutls_datum_t key = {(unsigned char *)(uintptr_t)key_pem.at, (unsigned)key_pem.size};
    gnutls_datum_t certificate = {(unsigned char *)(uintptr_t)certificate_pem.at, (unsigned)certificate_pem.size};
    struct credentials *c = calloc(1, sizeof *c);
    if (!c || gnutls_certificate_allocate_credentials(&c->made) < 0) {
        free(c);
        return fail(d, ERR_MEMORY, _("out of memory"));
    }
    int code = gnutls_certificate_set_x509_key_mem(c->made, &certificate, &key, GNUTLS_X509_FMT_PEM);
    if (code < 0) {
        gnutls_certificate_free_credentials(c->made);
        free(c);
        return fail(d, ERR_INPUT, _("the TLS key: %s"), gnutls_strerror(code));
    }
    gnutls_certificate_set_verify_function(c->made, verify);
    pthread_mutex_lock(&l->lock);
    c->older = l->credentials;
    l->credentials = c;
    pthread_mutex_unlock(&l->lock);
    return OK;
}

void handshake_forget(struct listener *l) {
    for (struct credentials *c = l->credentials, *older; c; c = older) {
        older = c->older;
        gnutls_certificate_free_credentials(c->made);
        free(c);
    }
}

/* libmicrohttpd keeps the session's own pointer for itself; that of the session cache is free, as there is no cache: a
 * resumed session would pass by the check.  The connection's key and certificate take the place of those that the
 * daemon was given. */
bool handshake_begin(struct peer *p, gnutls_session_t session) {
    gnutls_db_set_ptr(session, p);
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    pthread_mutex_lock(&p->listener->lock);
    unsigned patience_ms = (unsigned)p->listener->settings.handshake_s * 1000;
    gnutls_certificate_credentials_t in_force = p->listener->credentials->made;
    pthread_mutex_unlock(&p->listener->lock);
    gnutls_handshake_set_timeout(session, patience_ms);
    return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, in_force) >= 0;
}
