// Owns machines for the tests of this room: only what a test speaks of.
// Must not default anything.
import type { VirtualMachineInstance, VirtualMachineInstanceSpec } from '../../../electron/api/kinds/virtual-machine-instance.ts';

type Spec = VirtualMachineInstanceSpec;

export interface MachineParts extends Partial<Omit<Spec, 'domain'>> {
  readonly domain?: Partial<Spec['domain']>;
  readonly devices?: Spec['domain']['devices'];
  readonly annotations?: Readonly<Record<string, string>>;
}

export function machine({ domain = {}, devices = {}, annotations = {}, ...spec }: MachineParts = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name: 'web',
      namespace: 'default',
      uid: '5ea1ab1e-0000-4000-8000-000000000003',
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations,
    },
    spec: { ...spec, domain: { ...domain, devices } },
  };
}
