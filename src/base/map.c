#include "base/map.h"

struct map_node {
    struct map_node *left, *right;
    unsigned level; /* 1 at the leaves; a left child is one lower, a right child equal or one lower */
    struct text name;
    void *thing;
};

static const struct map_node *find(const struct map *m, struct text name) {
    const struct map_node *node = m->root;
    while (node) {
        int order = text_compare(name, node->name);
        if (!order) return node;
        node = order < 0 ? node->left : node->right;
    }
    return NULL;
}

void *map_get(const struct map *m, struct text name) {
    const struct map_node *node = find(m, name);
    return node ? node->thing : NULL;
}

bool map_has(const struct map *m, struct text name) { return find(m, name); }

/* Turns a left child of the same level into the parent. */
static struct map_node *skew(struct map_node *node) {
    struct map_node *left = node->left;
    if (!left || left->level != node->level) return node;
    node->left = left->right;
    left->right = node;
    return left;
}

/* Lifts the middle of three nodes of the same level in a row to the right. */
static struct map_node *split(struct map_node *node) {
    struct map_node *right = node->right;
    if (!right || !right->right || right->right->level != node->level) return node;
    node->right = right->left;
    right->left = node;
    right->level++;
    return right;
}

/* The recursion is at most twice the logarithm of the count deep. */
static struct map_node *add(struct map *m, struct map_node *node, struct text name, void ***place) {
    if (!node) {
        node = ARENA_NEW(m->arena, struct map_node);
        *node = (struct map_node){.level = 1, .name = name};
        *place = &node->thing;
        m->count++;
        return node;
    }
    int order = text_compare(name, node->name);
    if (!order)
        *place = &node->thing;
    else if (order < 0)
        node->left = add(m, node->left, name, place);
    else
        node->right = add(m, node->right, name, place);
    return order ? split(skew(node)) : node;
}

void **map_put(struct map *m, struct text name) {
    void **place = NULL;
    m->root = add(m, m->root, name, &place);
    return place;
}

static size_t list(const struct map_node *node, size_t at, struct text *names, void **things) {
    if (!node) return at;
    at = list(node->left, at, names, things);
    if (names) names[at] = node->name;
    if (things) things[at] = node->thing;
    return list(node->right, at + 1, names, things);
}

void map_list(const struct map *m, struct text *names, void **things) {
    size_t count = list(m->root, 0, names, things);
    ASSERT(count == m->count);
}
