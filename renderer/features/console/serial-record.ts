// Owns the bytes of a serial console as they came, for *Save log*.
// Must not grow without bound: the oldest go first.

export const recordLimitBytes = 32 * 1024 * 1024;

export interface SerialRecord {
  add(bytes: Uint8Array<ArrayBuffer>): void;
  clear(): void;
  /** `complete` is false when the beginning had to go. */
  snapshot(): { readonly chunks: readonly Uint8Array<ArrayBuffer>[]; readonly complete: boolean };
}

export function createSerialRecord(limitBytes: number = recordLimitBytes): SerialRecord {
  let chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let complete = true;
  return {
    add(bytes) {
      chunks.push(bytes);
      size += bytes.length;
      while (size > limitBytes && chunks.length > 1) {
        size -= chunks.shift()!.length;
        complete = false;
      }
    },
    clear() {
      chunks = [];
      size = 0;
      complete = true;
    },
    snapshot: () => ({ chunks: [...chunks], complete }),
  };
}
