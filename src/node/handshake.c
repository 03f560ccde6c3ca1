/* Who may connect: the check of the pin, in the handshake. */
#include <gnutls/x509.h>

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
    return count < LISTENER_PEER_MAX;
}

static int verify(gnutls_session_t session) {
    struct peer *p = gnutls_db_get_ptr(session);
    char pin[SHA256_HEX];
    bool known = read_pin(session, pin) && p->listener->options.pin_known(p->listener->options.state, text_of(pin));
    pthread_mutex_lock(&p->listener->lock);
    bool room = known && has_room(p->listener, pin);
    if (room)
        for (size_t i = 0; i < SHA256_HEX; i++) p->pin[i] = pin[i];
    pthread_mutex_unlock(&p->listener->lock);
    if (room) return 0;
    /* Without an alert the client could not tell a refusal from a broken network. */
    gnutls_alert_send(session, GNUTLS_AL_FATAL, GNUTLS_A_CERTIFICATE_UNKNOWN);
    return GNUTLS_E_CERTIFICATE_ERROR;
}

enum error handshake_prepare(struct listener *l, struct diag *d) {
    const struct listener_options *o = &l->options;
    gnutls_datum_t key = {(unsigned char *)(uintptr_t)o->key.at, (unsigned)o->key.size};
    gnutls_datum_t certificate = {(unsigned char *)(uintptr_t)o->certificate.at, (unsigned)o->certificate.size};
    if (gnutls_certificate_allocate_credentials(&l->credentials) < 0) return fail(d, ERR_MEMORY, _("out of memory"));
    int code = gnutls_certificate_set_x509_key_mem(l->credentials, &certificate, &key, GNUTLS_X509_FMT_PEM);
    if (code < 0) return fail(d, ERR_INPUT, _("the TLS key: %s"), gnutls_strerror(code));
    gnutls_certificate_set_verify_function(l->credentials, verify);
    return OK;
}

/* libmicrohttpd keeps the session's own pointer for itself; that of the session cache is free, as there is no cache: a
 * resumed session would pass by the check.  The connection's key and certificate take the place of those that the
 * daemon was given. */
bool handshake_begin(struct peer *p, gnutls_session_t session) {
    gnutls_db_set_ptr(session, p);
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_handshake_set_timeout(session, LISTENER_HANDSHAKE_SECONDS * 1000);
    return gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, p->listener->credentials) >= 0;
}
