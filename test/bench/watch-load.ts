// Owns a load: many watches over real sockets while somebody writes, every event counted, memory measured.
// Must not judge; tests and the bench do.
import { type Agent, get, type IncomingMessage } from 'node:http';

export interface LoadTarget {
  /** Where it is watched. */
  readonly socketPath: string;
  readonly path: string;
  /** Changes one object; answers the version of the change. */
  write(index: number): Promise<number>;
  /** Of the process that serves. */
  memoryBytes(): Promise<number>;
}

export interface Load {
  readonly watches: number;
  readonly writesPerSecond: number;
  readonly seconds: number;
  readonly agent: Agent;
}

export interface LoadOutcome {
  readonly writes: number;
  /** Events that a watch did not get, over all watches. */
  readonly lost: number;
  /** Events that came out of order, over all watches. */
  readonly disordered: number;
  /** From the write's answer to the last watch that heard of it. */
  readonly latenciesMs: readonly number[];
  readonly memoryBytes: { readonly before: number; readonly middle: number; readonly after: number };
}

interface Reader {
  readonly seen: Set<number>;
  last: number;
  disordered: number;
  close(): void;
}

/** Opens the watches, writes at the pace, and waits until every watch has heard of the last write. */
export async function watchLoad(target: LoadTarget, load: Load): Promise<LoadOutcome> {
  const heard = createHeard(load.watches);
  const readers = await Promise.all(Array.from({ length: load.watches }, () => open(target, { agent: load.agent, onVersion: heard.note })));
  const versions: number[] = [];
  const before = await target.memoryBytes();
  let middle = before;
  const total = load.writesPerSecond * load.seconds;
  const begun = performance.now();
  for (let index = 0; index < total; index++) {
    const due = begun + (index * 1000) / load.writesPerSecond;
    const early = due - performance.now();
    if (early > 1) await new Promise((resolve) => setTimeout(resolve, early));
    const version = await target.write(index);
    versions.push(version);
    heard.written(version);
    if (index === Math.floor(total / 2)) middle = await target.memoryBytes();
  }
  await heard.all();
  const after = await target.memoryBytes();
  for (const one of readers) one.close();
  const lost = readers.reduce((sum, { seen }) => sum + versions.filter((version) => !seen.has(version)).length, 0);
  const disordered = readers.reduce((sum, one) => sum + one.disordered, 0);
  return { writes: total, lost, disordered, latenciesMs: heard.latenciesMs(), memoryBytes: { before, middle, after } };
}

interface Heard {
  readonly note: (version: number) => void;
  written(version: number): void;
  /** Resolves when every watch has heard of every write, or none has heard anything for a while. */
  all(): Promise<void>;
  latenciesMs(): readonly number[];
}

const patienceMs = 20_000;

function createHeard(watches: number): Heard {
  const counts = new Map<number, number>();
  const complete = new Map<number, number>();
  const written = new Map<number, number>();
  let outstanding = 0;
  let onNews: () => void = () => undefined;
  const settle = (version: number): void => {
    if (complete.has(version) && written.has(version)) outstanding -= 1;
    onNews();
  };
  return {
    note(version) {
      const count = (counts.get(version) ?? 0) + 1;
      counts.set(version, count);
      if (count !== watches) return;
      complete.set(version, performance.now());
      settle(version);
    },
    written(version) {
      written.set(version, performance.now());
      outstanding += 1;
      settle(version);
    },
    all: () =>
      new Promise((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        onNews = () => {
          clearTimeout(timer);
          if (outstanding === 0) resolve();
          else timer = setTimeout(resolve, patienceMs);
        };
        onNews();
      }),
    latenciesMs: () =>
      [...written].flatMap(([version, at]) => {
        const done = complete.get(version);
        return done === undefined ? [] : [Math.max(0, done - at)];
      }),
  };
}

interface Opening {
  readonly agent: Agent;
  readonly onVersion: (version: number) => void;
}

function open({ socketPath, path }: LoadTarget, { agent, onVersion }: Opening): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const request = get({ socketPath, path, agent }, (answer) => resolve(reader(answer, onVersion, () => request.destroy())));
    request.once('error', reject);
  });
}

const versionIn = /"resourceVersion":"(\d+)"/;

function reader(answer: IncomingMessage, onVersion: (version: number) => void, close: () => void): Reader {
  const state: Reader = { seen: new Set(), last: 0, disordered: 0, close };
  let rest = '';
  answer.setEncoding('utf8');
  answer.on('error', () => undefined);
  answer.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const version = Number(versionIn.exec(line)?.[1]);
      if (version <= state.last) state.disordered += 1;
      state.last = version;
      state.seen.add(version);
      onVersion(version);
    }
  });
  return state;
}
