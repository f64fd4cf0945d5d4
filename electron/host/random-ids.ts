// Owns making names that nobody else has.
// Must not be used where a test needs the same name twice.
import { randomInt, randomUUID } from 'node:crypto';
import type { Ids } from '../engine/ports.ts';

/** Kubernetes' SafeEncodeString: no vowels and nothing that looks alike, so no suffix is a word or misread. */
const safeAlphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;

export const randomIds: Ids = {
  uuid: () => randomUUID(),
  suffix: () => Array.from({ length: suffixLength }, () => safeAlphabet[randomInt(safeAlphabet.length)]).join(''),
};
