// Owns telling a frame of api/frames.ts from anything else that a page may post.
// Must not act on it.
import type { ClientFrame } from '../api/frames.ts';

const frameTypes: readonly unknown[] = ['request', 'open', 'chunk', 'end', 'cancel', 'ack'];

export function isClientFrame(value: unknown): value is ClientFrame {
  if (typeof value !== 'object' || value === null) return false;
  const frame = value as Readonly<Record<string, unknown>>;
  if (!frameTypes.includes(frame['type']) || typeof frame['id'] !== 'number') return false;
  switch (frame['type']) {
    case 'request':
      return (
        typeof frame['method'] === 'string' && isPath(frame['path']) && typeof frame['headers'] === 'object' && frame['headers'] !== null
      );
    case 'open':
      return isPath(frame['path']);
    case 'chunk':
      return frame['data'] instanceof Uint8Array;
    case 'ack':
      return typeof frame['bytes'] === 'number';
    default:
      return true;
  }
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && value.startsWith('/');
}
