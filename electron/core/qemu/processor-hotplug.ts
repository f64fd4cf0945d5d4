// Owns which processors a running machine is still to get, and which it got: QEMU's list of places beside the number of sockets.
// Must not plug them.
import type { Json, JsonObject } from '../../api/object.ts';

/** Arguments of `device_add`, in the order of the places. `answer` is that of `query-hotpluggable-cpus`, which lists the last place first. */
export function processorsToAdd(answer: Json, sockets: number): readonly JsonObject[] {
  const places = Array.isArray(answer) ? answer.filter(isObject) : [];
  return places
    .flatMap((place) => {
      const { type, props, 'qom-path': taken } = place;
      if (taken !== undefined || typeof type !== 'string' || !isObject(props)) return [];
      const socket = props['socket-id'];
      if (typeof socket !== 'number' || socket >= sockets) return [];
      return [{ driver: type, id: `cpu-${placeNumbers.map((name) => Number(props[name] ?? 0)).join('-')}`, ...props }];
    })
    .toReversed();
}

/** How many came while the guest ran: those that have an id. */
export function pluggedProcessors(answer: Json): number {
  const places = Array.isArray(answer) ? answer.filter(isObject) : [];
  return places.filter(({ 'qom-path': path }) => typeof path === 'string' && path.startsWith('/machine/peripheral/')).length;
}

const placeNumbers = ['socket-id', 'die-id', 'core-id', 'thread-id'] as const;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
