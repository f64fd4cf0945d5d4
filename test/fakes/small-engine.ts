// Owns an engine without machines: objects are real, starting one only writes what a start would show.
// Must not outlive the real engine's arrival in serve-fake.ts.
import type { UsageLine } from '../../electron/api/computer.ts';
import { AppError } from '../../electron/api/errors.ts';
import { conflictText, lifecycle, machineState } from '../../electron/api/lifecycle.ts';
import type { VirtualMachine } from '../../electron/api/kinds/virtual-machine.ts';
import type { VirtualMachineInstance } from '../../electron/api/kinds/virtual-machine-instance.ts';
import type { KubeObject, ObjectKey } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import type { Engine } from '../../electron/engine/engine-port.ts';
import { createObjects } from '../../electron/engine/objects.ts';
import type { Clock, Host, Ids, Store } from '../../electron/engine/ports.ts';
import { channelPair } from './channel-pair.ts';
import { settingsSpecSchema } from '../../electron/api/kinds/settings.ts';

export interface SmallEngineParts {
  readonly store: Store;
  readonly host: Host;
  readonly clock: Clock;
  readonly ids: Ids;
}

export function smallEngine({ store, host, clock, ids }: SmallEngineParts): Engine {
  const objects = createObjects({ store, clock, ids, architecture: () => 'amd64' });
  const settings = settingsSpecSchema.parse({});
  const found = (key: ObjectKey): KubeObject => {
    const object = store.get(key);
    if (object === undefined) throw new AppError('NotFound', `${key.resource} "${key.name}" not found`);
    return object;
  };
  const vmKey = ({ namespace, name }: ObjectKey): ObjectKey => ({ resource: resources.virtualMachines, namespace: namespace ?? '', name });
  const vmiKey = ({ namespace, name }: ObjectKey): ObjectKey => ({
    resource: resources.virtualMachineInstances,
    namespace: namespace ?? '',
    name,
  });
  const run = (key: ObjectKey): void => {
    const vm = found(vmKey(key)) as VirtualMachine;
    objects.create({ resource: resources.virtualMachineInstances, namespace: key.namespace ?? '' }, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: { name: key.name },
      spec: vm.spec.template.spec,
    });
    const now = new Date(clock.now()).toISOString();
    objects.change(vmiKey(key), (object) => ({
      ...object,
      status: {
        phase: 'Running',
        nodeName: 'here',
        interfaces: [{ name: 'default', ipAddress: '10.0.2.15' }],
        conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: now }],
      },
    }));
    objects.change(vmKey(key), (object) => ({ ...object, status: { created: true, ready: true, printableStatus: 'Running' } }));
  };
  const halt = (key: ObjectKey): void => {
    if (store.get(vmiKey(key)) !== undefined) {
      objects.delete(vmiKey(key));
      objects.dropFinalizer(vmiKey(key), 'kubevirt.io/foregroundDeleteVirtualMachine');
    }
    objects.change(vmKey(key), (object) => ({ ...object, status: { created: false, ready: false, printableStatus: 'Stopped' } }));
  };
  const pause = (key: ObjectKey, paused: boolean): void => {
    objects.change(vmiKey(key), (object) => ({
      ...object,
      status: {
        ...(object.status as object),
        conditions: [{ type: 'Ready', status: 'True' }, ...(paused ? [{ type: 'Paused', status: 'True' }] : [])],
      },
    }));
    objects.change(vmKey(key), (object) => ({
      ...object,
      status: { ...(object.status as object), printableStatus: paused ? 'Paused' : 'Running' },
    }));
  };
  return {
    get: found,
    list: (resource, namespace) => ({ items: store.list(resource, namespace), resourceVersion: store.resourceVersion() }),
    create: async (...[resource, namespace, draft, options]) => {
      const object = objects.create(namespace === undefined ? { resource } : { resource, namespace }, draft, options);
      if (resource === resources.virtualMachines && options?.dryRun !== true) {
        objects.change({ resource, namespace: namespace ?? '', name: object.metadata.name }, (vm) => ({
          ...vm,
          status: { printableStatus: 'Stopped' },
        }));
      }
      return object;
    },
    update: async (key, draft, options) => objects.update(key, draft, options),
    delete: async (key, options) => {
      if (key.resource === resources.virtualMachines && options?.dryRun !== true) halt(key);
      const object = objects.delete(key, options);
      for (const finalizer of object.metadata.finalizers ?? []) objects.dropFinalizer(key, finalizer);
      return object;
    },
    changesSince: (version) => store.changesSince(version),
    subscribe: (listener) => store.subscribe(listener),
    act: async (verb, key, options = {}) => {
      found(key);
      const state = machineState(
        store.get(vmKey(key)) as VirtualMachine | undefined,
        store.get(vmiKey(key)) as VirtualMachineInstance | undefined,
      );
      const verdict = lifecycle(verb, state, options);
      if (!verdict.allowed) throw new AppError('Conflict', conflictText(verb, key.name, verdict.message));
      if (options.dryRun === true) return;
      if (verb === 'stop' || verb === 'restart') halt(key);
      if (verb === 'start' || verb === 'restart') run(key);
      if (verb === 'pause' || verb === 'unpause') pause(key, verb === 'pause');
    },
    startCheck: async () => ({
      apiVersion: 'virtdeck.io/v1alpha1',
      kind: 'StartCheck',
      allowed: true,
      causes: [],
      warnings: [],
      passed: ['The memory is there.'],
    }),
    openConsole: async (name, key) => {
      found(key);
      const [here, there] = channelPair();
      if (name === 'console') {
        there.onData((chunk) => there.write(chunk));
        there.write(Buffer.from(`${key.name} login: `));
      }
      there.onClose(() => undefined);
      return here;
    },
    screenshot: async (key) => {
      found(key);
      return Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');
    },
    serialLog: async (key) => Buffer.from(`${found(key).metadata.name} login: `),
    guestAgent: async () => {
      throw new AppError('AgentUnavailable', 'The guest agent is not connected.');
    },
    upload: async (key, bytes) => {
      found(key);
      for await (const chunk of bytes) void chunk;
    },
    watchUsage(listener) {
      let cancel: () => void;
      const tick = (): void => {
        listener(usageLine(store, clock.now()));
        cancel = clock.after(1000, tick);
      };
      cancel = clock.after(1000, tick);
      return () => cancel();
    },
    usageHistory: () => [],
    computer: () => host.computer.report(settings),
    catalog: () => host.disks.catalog(),
    inspectImage: (path) => host.disks.inspectImage(path),
    listDirectory: (path) => host.disks.listDirectory(path),
    start: async () => {
      if (store.get({ resource: resources.namespaces, name: 'default' }) === undefined) {
        objects.create(
          { resource: resources.namespaces },
          { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' }, spec: {} },
        );
      }
    },
    close: async () => undefined,
  };
}

function usageLine(store: Store, now: number): UsageLine {
  return {
    machines: store.list(resources.virtualMachineInstances).map(({ metadata: { namespace = '', name } }, index) => ({
      namespace,
      name,
      sample: {
        at: now,
        cpuPercent: (Math.sin(now / 5000 + index) + 1) * 40,
        residentMiB: 256,
        diskReadBps: 0,
        diskWriteBps: 4096,
        netRxBps: 1000,
        netTxBps: 500,
      },
    })),
  };
}
