/* Armor: an age file as text, PEM-like and strict (c2sp.org/age, ASCII armor). */
#ifndef PARLEY_SEAL_ARMOR_H
#define PARLEY_SEAL_ARMOR_H

#include "seal/seal.h"

struct armor_reader;
/* Looks at the front of a source: where armor begins there (after white space), gives a source of what is inside; else
 * one of the bytes as they are.  The caller frees the reader. */
struct armor_reader *armor_reader_new(struct seal_source from);
struct seal_source armor_source(struct armor_reader *a);
/* Whether a refusal was the armor's. */
bool armor_failed(const struct armor_reader *a);
/* The end must have come: ERR_INPUT where something else than white space follows the armor. */
enum error armor_end(struct armor_reader *a, struct diag *d) MUST_USE;
void armor_reader_free(struct armor_reader *a);

struct armor_writer;
struct armor_writer *armor_writer_new(struct seal_sink into);
struct seal_sink armor_sink(struct armor_writer *w);
/* Writes the last line. */
enum error armor_finish(struct armor_writer *w, struct diag *d) MUST_USE;
void armor_writer_free(struct armor_writer *w);

#endif
