#include "node/tls.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>

enum { SERIAL_BITS = 127, CENTURY_DAYS = 36525, COMMON_NAME_MAX = 64 /* RFC 5280, ub-common-name */ };

static bool set_times(X509 *x, instant now) {
    time_t start = (time_t)((now - INSTANT_DAY) / INSTANT_SECOND);
    return X509_time_adj_ex(X509_getm_notBefore(x), 0, 0, &start) &&
           X509_time_adj_ex(X509_getm_notAfter(x), CENTURY_DAYS, 0, &start);
}

static bool set_names(X509 *x, struct text name) {
    X509_NAME *subject = X509_get_subject_name(x);
    int size = name.size > COMMON_NAME_MAX ? COMMON_NAME_MAX : (int)name.size;
    return X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name.at, size, -1, 0) &&
           X509_set_issuer_name(x, subject);
}

static bool set_serial(X509 *x) {
    BIGNUM *serial = BN_new();
    bool set = serial && BN_rand(serial, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
               BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(x));
    BN_free(serial);
    return set;
}

/* By what address clients may know it; this machine by its own names. */
static bool set_host(X509 *x, const char *host) {
    char names[256];
    X509V3_CTX context;
    snprintf(names, sizeof names, "IP:%s,IP:127.0.0.1,IP:::1,DNS:localhost", host);
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, x, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, NID_subject_alt_name, names);
    bool set = e && X509_add_ext(x, e, -1);
    X509_EXTENSION_free(e);
    return set;
}

static X509 *certify(EVP_PKEY *key, const char *host, struct text name, instant now) {
    X509 *x = X509_new();
    if (x && X509_set_version(x, X509_VERSION_3) && set_serial(x) && set_times(x, now) && set_names(x, name) &&
        (!host || set_host(x, host)) && X509_set_pubkey(x, key) && X509_sign(x, key, EVP_sha256()))
        return x;
    X509_free(x);
    return NULL;
}

static void take_bio(BIO *bio, struct buf *out) {
    char *at;
    long size = BIO_get_mem_data(bio, &at);
    if (size > 0) buf_bytes(out, bytes_of(at, (size_t)size));
}

static bool write_pem(EVP_PKEY *key, X509 *x, struct buf *key_out, struct buf *certificate_out) {
    BIO *secret = BIO_new(BIO_s_secmem()), *public = BIO_new(BIO_s_mem());
    bool written = secret && public && PEM_write_bio_PrivateKey(secret, key, NULL, NULL, 0, NULL, NULL) &&
                   PEM_write_bio_X509(public, x);
    if (written) {
        take_bio(secret, key_out);
        take_bio(public, certificate_out);
    }
    BIO_free(secret);
    BIO_free(public);
    return written && !key_out->failed && !certificate_out->failed;
}

enum error tls_make_for(const char *host, struct text name, instant now, struct buf *key, struct buf *certificate,
                        struct diag *d) {
    EVP_PKEY *pair = EVP_EC_gen("P-256");
    X509 *x = pair ? certify(pair, host, name, now) : NULL;
    bool made = x && write_pem(pair, x, key, certificate);
    X509_free(x);
    EVP_PKEY_free(pair);
    return made ? OK : fail(d, ERR_INTERNAL, _("libcrypto could not make a TLS key and certificate"));
}

enum error tls_make(struct text name, instant now, struct buf *key, struct buf *certificate, struct diag *d) {
    return tls_make_for(NULL, name, now, key, certificate, d);
}

enum error tls_spki(struct bytes certificate, struct sha256 *out, struct diag *d) {
    BIO *bio = BIO_new_mem_buf(certificate.at, (int)certificate.size);
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    unsigned char *der = NULL;
    int size = x ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der) : -1;
    if (size > 0) *out = sha256_of(bytes_of(der, (size_t)size));
    OPENSSL_free(der);
    X509_free(x);
    BIO_free(bio);
    return size > 0 ? OK : fail(d, ERR_INPUT, _("expected a certificate in PEM form"));
}
