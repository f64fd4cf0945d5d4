// Owns the manifest of a small machine: one disk image of this computer, in place, and whatever a test says beside.
// Must not start it.
import type { RunStrategy } from '../../electron/api/lifecycle.ts';

export interface GuestMachine {
  /** Path of a raw image. */
  readonly disk?: string;
  /** 256Mi when absent. */
  readonly memory?: string;
  /** Always when absent. */
  readonly runStrategy?: RunStrategy;
  /** Annotations of the machine. */
  readonly notes?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** Fields of the template's spec, of its domain and of its devices, beside those that are written here. */
  readonly spec?: object;
  readonly domain?: object;
  readonly devices?: object;
}

export function guestMachine(name: string, { disk, memory = '256Mi', runStrategy = 'Always', ...more }: GuestMachine): object {
  const { notes, labels } = more;
  const disks = disk === undefined ? [] : [{ name: 'disk', disk: { bus: 'virtio' } }];
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name, ...(notes === undefined ? {} : { annotations: notes }), ...(labels === undefined ? {} : { labels }) },
    spec: {
      runStrategy,
      template: {
        metadata: { labels: { 'kubevirt.io/domain': name } },
        spec: {
          terminationGracePeriodSeconds: 0,
          volumes: disk === undefined ? [] : [{ name: 'disk', hostDisk: { path: disk, type: 'Disk' } }],
          ...more.spec,
          domain: { memory: { guest: memory }, ...more.domain, devices: { disks, ...more.devices } },
        },
      },
    },
  };
}
