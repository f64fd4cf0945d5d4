// Owns one operation of a JSON patch (RFC 6902).
// Must not apply it; the server does.
import type { Json } from './object.ts';

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test';
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}
