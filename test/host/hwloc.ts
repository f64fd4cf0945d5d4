// Owns what hwloc finds in a sysfs tree: somebody else's eyes on the same files.
// Must not be what the product reads with.
import { spawnSync } from 'node:child_process';
import { cpuListText } from '../../electron/api/cpu-list.ts';

export const isHwlocThere = spawnSync('lstopo-no-graphics', ['--version']).status === 0;

/** Lists of processors as Linux writes them. */
export interface HwlocTopology {
  readonly cpus: string;
  readonly cores: readonly string[];
  readonly caches: readonly string[];
  /** With the memory in MiB. Memory without processors is told with those of the node that it is nearest to. */
  readonly nodes: readonly string[];
}

export function hwlocTopology(root: string): HwlocTopology {
  // Else it asks the processor that the test runs on.
  const env = { ...process.env, HWLOC_FSROOT: root, HWLOC_THISSYSTEM: '0', HWLOC_COMPONENTS: 'linux,stop' };
  const { stdout, stderr, status } = spawnSync('lstopo-no-graphics', ['--of', 'xml', '--no-io', '-'], { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`lstopo: ${stderr}`);
  const objects = [...stdout.matchAll(/<object type="(\w+)"([^>]*)>/g)].map(([, type = '', attributes = '']) => ({ type, attributes }));
  const of = (wanted: string): readonly string[] => objects.flatMap(({ type, attributes }) => (type === wanted ? [attributes] : []));
  const setsOf = (wanted: string): readonly string[] => of(wanted).map((one) => cpuListText(cpusIn(attribute(one, 'cpuset'))));
  return {
    cpus: cpuListText(of('PU').map((one) => Number(attribute(one, 'os_index')))),
    cores: setsOf('Core').toSorted(),
    caches: setsOf('L3Cache').toSorted(),
    nodes: of('NUMANode')
      .toSorted((a, b) => Number(attribute(a, 'os_index')) - Number(attribute(b, 'os_index')))
      .map((one) => `${cpuListText(cpusIn(attribute(one, 'cpuset')))}:${Math.floor(Number(attribute(one, 'local_memory')) / 2 ** 20)}`),
  };
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? '';
}

/** `0x0000000f`; of more than 32 processors parts of 32 bits, parted by commas, the highest first. */
function cpusIn(mask: string): readonly number[] {
  const parts = mask.split(',').toReversed();
  return parts.flatMap((part, word) => {
    const bits = Number(part);
    return Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit) => (Math.floor(bits / 2 ** bit) % 2 === 1 ? [word * 32 + bit] : []));
  });
}
