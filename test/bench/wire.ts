// Owns the measure of the API itself: create, get, list and watch over the socket, ten thousand objects, two hundred watches.
// Must not start any machine.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { startCore, type CoreProcess } from './core-process.ts';
import { type Figure, median, ms, percentile } from './figures.ts';
import { machine, machinesPath } from './machines.ts';
import { watchLoad } from './watch-load.ts';

const rounds = 300;
const objects = 10_000;
const secrets = '/api/v1/namespaces/default/secrets';

/**
 * What Kubernetes promises of its own API server, as the service levels that its scalability tests hold it to: 99th percentiles
 * over five minutes in a cluster of up to 5,000 nodes. Not measured here.
 * https://github.com/kubernetes/community/blob/master/sig-scalability/slos/api_call_latency.md
 */
const kubernetes = {
  one: 'kube-apiserver’s published level, p99: 1 s (mutating one object)',
  get: 'kube-apiserver’s published level, p99: 1 s (reading one object)',
  list: 'kube-apiserver’s published level, p99: 30 s (reading a whole cluster)',
};

export async function wireFigures(): Promise<readonly Figure[]> {
  const core = await startCore();
  try {
    return [...(await calls(core)), await longList(core), ...(await load(core))];
  } finally {
    await core.end();
    core.remove();
  }
}

async function calls(core: CoreProcess): Promise<readonly Figure[]> {
  const creates = await timed(rounds, (index) =>
    core.request({ method: 'POST', path: machinesPath, body: machine(`vm-${String(index).padStart(4, '0')}`, undefined) }),
  );
  const gets = await timed(rounds, (index) => core.request({ path: `${machinesPath}/vm-${String(index).padStart(4, '0')}` }));
  const lists = await timed(30, () => core.request({ path: `${machinesPath}?limit=500` }));
  return [
    { what: 'Create a machine over the socket', ours: spread(creates), peer: kubernetes.one, promise: '' },
    { what: 'Get a machine', ours: spread(gets), peer: kubernetes.get, promise: '' },
    { what: `List ${rounds} machines`, ours: spread(lists), peer: kubernetes.list, promise: '' },
  ];
}

async function longList(core: CoreProcess): Promise<Figure> {
  for (let index = 0; index < objects; index++) {
    const name = `s-${String(index).padStart(5, '0')}`;
    await core.request({
      method: 'POST',
      path: secrets,
      body: { apiVersion: 'v1', kind: 'Secret', metadata: { name }, data: { a: 'YWJj' } },
    });
  }
  const lists = await timed(10, () => core.request({ path: secrets }));
  return { what: `List ${objects.toLocaleString('en')} Secrets, in one answer`, ours: spread(lists), peer: kubernetes.list, promise: '' };
}

async function load(core: CoreProcess): Promise<readonly Figure[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  const outcome = await watchLoad(loadOn(core), { watches: 200, writesPerSecond: 50, seconds: 60, agent });
  agent.destroy();
  const { lost, disordered, latenciesMs, memoryBytes, writes } = outcome;
  const mib = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
  return [
    {
      what: `200 watches, 50 writes a second for a minute: events lost of ${(writes * 200).toLocaleString('en')}`,
      ours: `${lost} (${disordered} out of order)`,
      peer: '–',
      promise: 'none',
      kept: lost === 0 && disordered === 0,
    },
    { what: 'The same: a write answered → all 200 have heard', ours: spread(latenciesMs), peer: '–', promise: '' },
    {
      what: 'The same: memory of the core before, in the middle, at the end',
      ours: `${mib(memoryBytes.before)}, ${mib(memoryBytes.middle)}, ${mib(memoryBytes.after)}`,
      peer: '–',
      promise: 'flat',
      kept: memoryBytes.after < memoryBytes.middle * 1.2,
    },
  ];
}

export function loadOn(core: CoreProcess): Parameters<typeof watchLoad>[0] {
  const path = `${secrets}/beat`;
  return {
    socketPath: core.socket,
    path: `${secrets}?watch=true&fieldSelector=metadata.name%3Dbeat`,
    async write(index) {
      const body = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'beat' },
        stringData: { index: String(index), ballast: 'x'.repeat(500) },
      };
      const request = index === 0 ? { method: 'POST', path: secrets, body } : { method: 'PUT', path, body };
      const { metadata } = (await core.request(request)) as { readonly metadata: { readonly resourceVersion: string } };
      return Number(metadata.resourceVersion);
    },
    memoryBytes: () => Promise.resolve(residentBytes(core.pid)),
  };
}

function residentBytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
}

async function timed(count: number, work: (index: number) => Promise<unknown>): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const began = performance.now();
    await work(index);
    times.push(performance.now() - began);
  }
  // The first ones pay for compiling.
  return times.slice(Math.floor(count / 10));
}

function spread(times: readonly number[]): string {
  return `${ms(median(times))} (p99 ${ms(percentile(times, 99))})`;
}
