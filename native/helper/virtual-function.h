/* Owns what a card holds one of its virtual functions to: address, VLAN, spoof checking, trust, link.
   Must not change the card itself, nor how many functions it has. */
#ifndef VIRTUAL_FUNCTION_H
#define VIRTUAL_FUNCTION_H
#include "verbs.h"

/* Before a function is told anything: what is owed to it by a process that was ended, unless a machine has it. Whether it was. */
int settle_function(const struct request *request, const struct caller *caller);
int prepare_function(const struct request *request, const struct caller *caller, struct text *undo, struct fault *fault);
int act_function(const struct request *request, struct fault *fault);

#endif
