// Owns sizes in words where only the language is at hand.
// Must not be used in long lists: formats-context.tsx keeps what is costly to make.
import { createFormats } from './formats.ts';

export function bytesText(bytes: number, language: string): string {
  return createFormats(language).bytes(bytes);
}

export function mebibytesText(mebibytes: number, language: string): string {
  return createFormats(language).mebibytes(mebibytes);
}
