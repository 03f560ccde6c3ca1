#include "node/address.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static bool split(const char *address, struct address *out) {
    const char *colon = strrchr(address, ':');
    uint64_t port;
    if (!colon || !text_u64(text_of(colon + 1), &port) || port > UINT16_MAX) return false;
    size_t size = (size_t)(colon - address);
    bool six = size > 2 && address[0] == '[' && colon[-1] == ']';
    if (six) {
        address++;
        size -= 2;
    }
    if (!size || size >= sizeof out->host || strlen(colon + 1) >= sizeof out->port) return false;
    memset(out, 0, sizeof *out);
    memcpy(out->host, address, size);
    strcpy(out->port, colon + 1);
    return six == (strchr(out->host, ':') != NULL);
}

static bool is_loopback(const struct sockaddr *at) {
    if (at->sa_family == AF_INET)
        return (ntohl(((const struct sockaddr_in *)(const void *)at)->sin_addr.s_addr) >> 24) == 127;
    return at->sa_family == AF_INET6 &&
           IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)at)->sin6_addr);
}

static enum error find(const char *address, struct address *out, struct addrinfo **found, struct diag *d) {
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    if (!split(address, out) || getaddrinfo(out->host, out->port, &hints, found))
        return fail(d, ERR_USAGE, _("expected an address and a port as 127.0.0.1:7443, found “%s”"), address);
    out->loopback = is_loopback((*found)->ai_addr);
    return OK;
}

enum error address_read(const char *address, struct address *out, struct diag *d) {
    struct addrinfo *found;
    struct address read;
    enum error result = find(address, &read, &found, d);
    if (result) return result;
    freeaddrinfo(found);
    *out = read;
    return OK;
}

enum error address_listen(const char *address, int backlog, int *out, unsigned *port, struct diag *d) {
    struct address read;
    struct addrinfo *found;
    struct sockaddr_storage name;
    socklen_t size = sizeof name;
    char chosen[8];
    int on = 1;
    enum error result = find(address, &read, &found, d);
    if (result) return result;
    int made = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool bound = made >= 0 && !setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) &&
                 !bind(made, found->ai_addr, found->ai_addrlen) && !listen(made, backlog) &&
                 !getsockname(made, (struct sockaddr *)&name, &size);
    if (!bound) {
        result = fail_errno(d, address, _("listening on"));
        if (made >= 0) close(made);
    } else {
        *out = made;
        if (!getnameinfo((struct sockaddr *)&name, size, NULL, 0, chosen, sizeof chosen, NI_NUMERICSERV))
            *port = (unsigned)strtoul(chosen, NULL, 10);
    }
    freeaddrinfo(found);
    return result;
}
