// Owns the sockets and the memory that a pretended QEMU has room for while it runs.
// Must not know who asked for them.
import type { Json, JsonObject } from '../../electron/api/object.ts';
import { laterMemoryId } from '../../electron/core/qemu/devices/memory.ts';
import type { LaunchPlan } from '../../electron/core/qemu/launch-plan.ts';

export interface FakeRoomOptions {
  readonly plan: LaunchPlan;
  readonly refuse: (message: string) => never;
  /** Whether the guest has a driver for memory that comes later. */
  readonly takesMemory: () => boolean;
  readonly onMemory: (bytes: number) => void;
}

export type Handlers = Readonly<Record<string, (args: JsonObject) => Json | undefined>>;

/** Undefined: the command is about something else. */
export function fakeRoom({ plan, refuse, takesMemory, onMemory }: FakeRoomOptions): Handlers {
  const smp = plan.args.find(({ flag }) => flag === '-smp')?.value;
  const numbers = new Map(
    [...(typeof smp === 'string' ? smp : '').matchAll(/(\w+)=(\d+)/g)].map(([, name = '', count]) => [name, Number(count)]),
  );
  const [sockets, cores, threads] = ['sockets', 'cores', 'threads'].map((name) => numbers.get(name) ?? 1) as [number, number, number];
  const places = Array.from({ length: sockets * cores * threads }, (_, index) => ({
    'socket-id': Math.floor(index / (cores * threads)),
    'die-id': 0,
    'core-id': Math.floor(index / threads) % cores,
    'thread-id': index % threads,
  }));
  const taken = places.map((_, index) => (index < (numbers.get('cpus') ?? 1) ? `/machine/unattached/device[${index}]` : undefined));
  const later = plan.args.find(({ flag, value }) => flag === '-device' && typeof value === 'object' && value['id'] === laterMemoryId);
  let requested = 0;
  const isLater = ({ path }: JsonObject): boolean => path === `/machine/peripheral/${laterMemoryId}`;
  return {
    // The last place first, as QEMU has it.
    'query-hotpluggable-cpus': () =>
      places
        .map((props, index) => ({
          type: 'max-x86_64-cpu',
          'vcpus-count': 1,
          props,
          ...(taken[index] === undefined ? {} : { 'qom-path': taken[index] }),
        }))
        .toReversed(),
    device_add(args) {
      if (typeof args['driver'] !== 'string' || !args['driver'].endsWith('-x86_64-cpu')) return undefined;
      const index = places.findIndex((place) => Object.entries(place).every(([name, number]) => args[name] === number));
      if (index === -1 || taken[index] !== undefined) return refuse('CPU does not fit');
      taken[index] = typeof args['id'] === 'string' ? `/machine/peripheral/${args['id']}` : `/machine/peripheral-anon/device[${index}]`;
      return {};
    },
    'qom-get'(args) {
      if (!isLater(args)) return undefined;
      if (later === undefined) return refuse('Device not found');
      return args['property'] === 'size' && !takesMemory() ? 0 : requested;
    },
    'qom-set'(args) {
      if (!isLater(args)) return undefined;
      if (later === undefined) return refuse('Device not found');
      requested = Number(args['value']);
      if (takesMemory()) onMemory(requested);
      return {};
    },
  };
}
