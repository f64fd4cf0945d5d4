// Owns durations in words where only the language is at hand.
// Must not be used in long lists: formats-context.tsx keeps what is costly to make.
import { createFormats } from './formats.ts';

/** Milliseconds. */
export function durationText(milliseconds: number, language: string): string {
  return createFormats(language).duration(milliseconds);
}
