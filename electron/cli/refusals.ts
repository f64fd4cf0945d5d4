// Owns what becomes of a command that was refused, in part or as a whole: it goes on with the rest, then says every refusal.
// Must not send anything.
import type { Cause } from '../api/errors.ts';
import { plainText } from '../api/plain-text.ts';
import { ApiRefusal, CoreGone } from './connection.ts';
import { JsonPathError } from './json-path.ts';
import { UsageError } from './resource-names.ts';

/** Several refusals of one command, in the order in which they came. */
export class Refusals extends Error {
  readonly refusals: readonly Error[];
  constructor(refusals: readonly Error[]) {
    super(refusals.map(({ message }) => message).join('\n'));
    this.refusals = refusals;
  }
}

/** Does the work for each item; what is refused does not keep the rest from being done. The second answer holds the refusals. */
export async function forEach<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly [readonly Result[], readonly Error[]]> {
  const results: Result[] = [];
  const refusals: Error[] = [];
  for (const item of items) {
    try {
      results.push(await work(item));
    } catch (error) {
      if (!(error instanceof ApiRefusal || error instanceof UsageError)) throw error;
      refusals.push(error);
    }
  }
  return [results, refusals];
}

export function throwRefusals(refusals: readonly Error[]): void {
  const [first, ...more] = refusals;
  if (first !== undefined) throw more.length === 0 ? first : new Refusals(refusals);
}

/** What goes to standard error, as kubectl says it. A fault of ours keeps its stack; the words may be a cluster's. */
export function refusalText(error: unknown): string {
  return plainText(textOfRefusal(error));
}

function textOfRefusal(error: unknown): string {
  if (error instanceof Refusals) return error.refusals.map(textOfRefusal).join('\n');
  if (error instanceof ApiRefusal) {
    const { reason, message, details } = error.status;
    const head = `Error from server${reason === undefined || reason === '' ? '' : ` (${reason})`}: ${error.message}`;
    return [head, ...(details?.causes ?? []).flatMap((cause) => causeLine(cause, message ?? ''))].join('\n');
  }
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const expected =
    error instanceof CoreGone ||
    error instanceof UsageError ||
    error instanceof JsonPathError ||
    'syscall' in error ||
    error.constructor === Error;
  return `error: ${expected ? error.message : (error.stack ?? error.message)}`;
}

/** Without what the message has said already. */
function causeLine({ field, message, fix }: Cause, said: string): readonly string[] {
  const texts = [said.includes(message) ? undefined : message, fix].filter((text) => text !== undefined);
  if (texts.length === 0) return [];
  return [`  * ${field === '' ? '' : `${field}: `}${texts.join(' ')}`];
}
