/* Sealing and opening 64 MiB, and sealing a file of them into one that is named by its hash, against the loop of
 * ChaCha20-Poly1305 that an age payload can't be faster than, and against the program age where it is installed. */
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/os.h"
#include "bench.h"
#include "seal/seal.h"

enum { PLAIN_BYTES = 64 << 20 };

struct state {
    uint8_t *plain;
    struct seal_identity *identity;
    struct seal_recipient recipient;
    struct buf sealed, opened;
    char folder[64], seal_command[512], open_command[512];
};

static void cipher_loop(void *of) {
    struct state *s = of;
    uint8_t key[32] = {1}, nonce[12] = {2}, out[SEAL_CHUNK_SIZE + 16];
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    int size;
    EVP_EncryptInit_ex(c, EVP_chacha20_poly1305(), NULL, key, nonce);
    for (size_t at = 0; at < PLAIN_BYTES; at += SEAL_CHUNK_SIZE) {
        nonce[11]++;
        EVP_EncryptInit_ex(c, NULL, NULL, NULL, nonce);
        bench_need(EVP_EncryptUpdate(c, out, &size, s->plain + at, SEAL_CHUNK_SIZE), "the cipher");
        EVP_EncryptFinal_ex(c, out, &size);
        EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, 16, out);
    }
    bench_keep(out[0]);
    EVP_CIPHER_CTX_free(c);
}

static void seal(void *of) {
    struct state *s = of;
    struct random r = random_system();
    struct sealer to = {.recipients = &s->recipient, .count = 1};
    s->sealed.size = 0;
    bench_need(seal_bytes(&to, bytes_of(s->plain, PLAIN_BYTES), &r, &s->sealed, NULL) == OK, "sealing");
}

static void open_sealed(void *of) {
    struct state *s = of;
    struct opener with = {.identities = &s->identity, .count = 1};
    s->opened.size = 0;
    bench_need(seal_open_bytes(&with, buf_as_bytes(&s->sealed), &s->opened, NULL, NULL) == OK, "opening");
    bench_keep(s->opened.size);
}

/* ---- a file sealed into a file, and the hash by which it is named */

struct naming {
    struct hasher *hash;
    int file;
};

static enum error put_and_hash(void *of, struct bytes b, struct diag *d) {
    struct naming *n = of;
    hasher_add(n->hash, b);
    while (b.size) {
        ssize_t written = write(n->file, b.at, b.size);
        if (written < 0) return fail_errno(d, "sealed", "writing");
        b = bytes_of(b.at + written, b.size - (size_t)written);
    }
    return OK;
}

static void seal_and_name(void *of) {
    struct state *s = of;
    char plain[OS_PATH_MAX], sealed[OS_PATH_MAX];
    struct random r = random_system();
    struct os_reader reader;
    struct sealer to = {.recipients = &s->recipient, .count = 1};
    struct naming n = {hasher_new(), open(os_path(sealed, s->folder, "sealed"), O_WRONLY | O_CREAT | O_TRUNC, 0600)};
    bench_need(n.file >= 0 && !os_reader_open(os_path(plain, s->folder, "plain"), &reader, NULL) &&
                   !seal_stream(&to, (struct seal_source){os_reader_read, &reader},
                                (struct seal_sink){put_and_hash, &n}, &r, NULL),
               "sealing a file");
    bench_keep(hasher_peek(n.hash).at[0]);
    hasher_free(n.hash);
    os_reader_close(&reader);
    close(n.file);
}

static void age_seals_and_names(void *of) {
    char command[1200];
    const struct state *s = of;
    snprintf(command, sizeof command, "%s && sha256sum %s/sealed >/dev/null", s->seal_command, s->folder);
    bench_need(!system(command), "age, then sha256sum");
}

static void age_seals(void *of) { bench_need(system(((struct state *)of)->seal_command) == 0, "age"); }

static void age_opens(void *of) { bench_need(system(((struct state *)of)->open_command) == 0, "age --decrypt"); }

static void write_file(const char *folder, const char *name, const void *at, size_t size) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    bench_need(f && fwrite(at, 1, size, f) == size && !fclose(f), "writing a file");
}

/* False where age is not installed. */
static bool prepare_age(struct state *s) {
    if (system("command -v age >/dev/null")) return false;
    struct buf recipient = {.max = 128}, identity = {.max = 128};
    snprintf(s->folder, sizeof s->folder, "/tmp/parley-bench-XXXXXX");
    bench_need(mkdtemp(s->folder) != NULL, "making a folder");
    seal_recipient_write(&s->recipient, &recipient);
    seal_identity_write(s->identity, &identity);
    write_file(s->folder, "identity", identity.at, identity.size);
    write_file(s->folder, "plain", s->plain, PLAIN_BYTES);
    snprintf(s->seal_command, sizeof s->seal_command, "age -r %.*s -o %s/sealed %s/plain", (int)recipient.size,
             (const char *)recipient.at, s->folder, s->folder);
    snprintf(s->open_command, sizeof s->open_command, "age -d -i %s/identity -o %s/opened %s/sealed", s->folder,
             s->folder, s->folder);
    buf_free(&recipient);
    buf_free(&identity);
    return true;
}

static void remove_files(const struct state *s) {
    static const char *const names[] = {"identity", "plain", "sealed", "opened"};
    char path[128];
    for (size_t i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", s->folder, names[i]);
        unlink(path);
    }
    rmdir(s->folder);
}

int main(void) {
    struct random r = random_system();
    struct state s = {.plain = malloc(PLAIN_BYTES), .identity = seal_identity_new(&r)};
    bench_need(s.plain != NULL, "taking memory");
    random_fill(&r, s.plain, PLAIN_BYTES);
    s.recipient = seal_identity_recipient(s.identity);
    s.sealed.max = s.opened.max = PLAIN_BYTES + (1 << 20);
    const struct way sealing[] = {
        {"OpenSSL ChaCha20-Poly1305 loop", cipher_loop}, {"parley", seal}, {"age, file to file", age_seals}};
    const struct way opening[] = {
        {"OpenSSL ChaCha20-Poly1305 loop", cipher_loop}, {"parley", open_sealed}, {"age, file to file", age_opens}};
    bool has_age = prepare_age(&s);
    bench_compare("seal 64 MiB", PLAIN_BYTES, "B", sealing, has_age ? 3 : 2, &s);
    bench_compare("open 64 MiB", PLAIN_BYTES, "B", opening, has_age ? 3 : 2, &s);
    const struct way naming[] = {{"age, then sha256sum", age_seals_and_names},
                                 {"parley, hashing what it writes", seal_and_name}};
    if (has_age) bench_compare("seal a file of 64 MiB and name it", PLAIN_BYTES, "B", naming, COUNT(naming), &s);
    if (has_age) remove_files(&s);
    seal_identity_free(s.identity);
    buf_free(&s.sealed);
    buf_free(&s.opened);
    free(s.plain);
    return 0;
}
