/* Owns saying no, and how a deed is undone: what every verb needs.
   Must not know any verb. */
#ifndef JUDGEMENT_H
#define JUDGEMENT_H
#include "request.h"
#include "text.h"

/* Both return whether to go on. */
int refuse(struct fault *fault, const char *code, const char *field, const char *message);
int done(struct fault *fault, const char *field, long result);

/* The caller adds fields of its own, and the closing brace. */
void undo_begin(struct text *undo, const char *verb, const char *name);
void undo_number(struct text *undo, const char *field, u64 number);

#endif
