// Owns VirtualMachineSnapshot and VirtualMachineRestore: each is done once, when its machine holds still, and says how it went.
// Must not know QEMU; snapshot-taking.ts does.
import { annotations } from '../../api/annotations.ts';
import { AppError } from '../../api/errors.ts';
import type {
  VirtualMachineRestore,
  VirtualMachineSnapshot,
  VirtualMachineSnapshotContent,
} from '../../api/kinds/virtual-machine-snapshot.ts';
import type { VirtualMachine } from '../../api/kinds/virtual-machine.ts';
import type { DraftObject, KubeObject, ObjectKey } from '../../api/object.ts';
import { resources } from '../../api/resources.ts';
import { definitionOf } from '../../core/history/definition.ts';
import { ownedBy } from '../../core/reconcile/vmi-of-vm.ts';
import { hardwareText, isSameHardware } from '../../core/snapshots/guest-hardware.ts';
import { type Contents, contentStatus, snapshotContent, withKeptDefinition } from '../../core/snapshots/snapshot-content.ts';
import {
  type RestoreFact,
  type SnapshotFact,
  isRestoreOver,
  restoreStatusAfter,
  snapshotStatusAfter,
} from '../../core/snapshots/snapshot-status.ts';
import { sameJson } from '../../core/status/same-json.ts';
import { finalizers } from '../admission.ts';
import type { Controller, EngineContext } from '../context.ts';
import { claimNames } from '../launch-facts.ts';
import { textOf } from '../queue.ts';
import { record } from '../revisions.ts';
import {
  claimsOf,
  forgetSnapshot,
  loadSnapshot,
  processorsPluggedInto,
  type Subject,
  subjectOf,
  takeSnapshot,
} from '../snapshot-taking.ts';
import { dropSavedState } from '../suspend-to-disk.ts';
import { read } from '../typed.ts';

export function createSnapshotController(context: EngineContext): Controller {
  return {
    async reconcile(key) {
      const snapshot = read(context.store, { ...key, resource: resources.snapshots });
      if (snapshot === undefined) return;
      const vm = machineOf(context, key, snapshot.spec.source.name);
      if (snapshot.metadata.deletionTimestamp !== undefined) return free(context, key, { snapshot, vm });
      const { phase } = snapshot.status ?? {};
      if (phase === 'Succeeded' || phase === 'Failed') return;
      if (vm === undefined) return tell(context, key, { type: 'Waiting', reason: 'Source does not exist' });
      // An earlier core was ended in the middle: what it left is not known to be whole.
      if (phase === 'InProgress') return tell(context, key, { type: 'Failed', message: 'It was interrupted. Take another.' });
      const subject = await subjectOf(context, vm);
      if (subject.type === 'between') return tell(context, key, { type: 'Waiting', reason: 'Source is starting or stopping' });
      tell(context, key, { type: 'Begun' });
      try {
        const hardware = subject.type === 'running' ? { hardware: await hardwareOf(subject) } : {};
        const contents = { vm, claims: claimsByVolume(context, vm), tag: tagOf(snapshot), ...hardware };
        const memory = await takeSnapshot(context, { vm, subject, tag: tagOf(snapshot) });
        const agent = subject.type === 'running' && subject.guest.agentConnected;
        context.store.transaction(() => {
          noteTaken(context, key, { vm, memory });
          standOn(context, vm, snapshot.metadata.name);
          const content = keepContent(context, key, snapshotContent(snapshot, contents));
          tell(context, key, { type: 'Taken', online: memory, agent, sourceUid: vm.metadata.uid, content });
          context.events.record(vm, { type: 'Normal', reason: 'SuccessfulSnapshot', message: `Snapshot ${key.name} was taken.` });
        });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        tell(context, key, { type: 'Failed', message: textOf(error) });
        context.events.record(vm, { type: 'Warning', reason: 'FailedSnapshot', message: `Snapshot ${key.name}: ${textOf(error)}` });
      }
    },
  };
}

export function createRestoreController(context: EngineContext): Controller {
  return {
    async reconcile(key) {
      const restore = read(context.store, { ...key, resource: resources.restores });
      if (restore === undefined || restore.metadata.deletionTimestamp !== undefined || isRestoreOver(restore.status)) return;
      const { target, virtualMachineSnapshotName } = restore.spec;
      const vm = machineOf(context, key, target.name);
      const snapshot = read(context.store, { ...key, resource: resources.snapshots, name: virtualMachineSnapshotName });
      if (vm === undefined) return tellRestore(context, key, { type: 'Waiting', reason: 'Target does not exist' });
      if (snapshot?.status?.readyToUse !== true)
        return tellRestore(context, key, { type: 'Waiting', reason: 'Snapshot is not ready to use' });
      if (snapshot.status.sourceUID !== vm.metadata.uid) {
        return tellRestore(context, key, { type: 'Failed', message: 'The snapshot is of another machine.' });
      }
      const content = contentOf(context, snapshot);
      const then = content === undefined ? vm : withKeptDefinition(vm, content);
      const subject = await subjectOf(context, then, { isPast: true });
      // Without memory in it a running guest would be left with disks that changed under it.
      if (subject.type === 'between' || (subject.type === 'running' && !hasMemory(snapshot))) {
        return tellRestore(context, key, {
          type: 'Waiting',
          reason: 'Waiting for target VM to be powered off. Please stop the restore target to proceed with restore',
        });
      }
      try {
        const hardware = content?.metadata.annotations?.[annotations.snapshotHardware];
        if (subject.type === 'running' && !isSameHardware(await hardwareOf(subject), hardware)) {
          return tellRestore(context, key, { type: 'Waiting', reason: otherHardware });
        }
        await loadSnapshot(context, { subject, tag: tagOf(snapshot) });
        // Its memory is of a machine whose disks are others now.
        await dropSavedState(context, vm);
        context.store.transaction(() => {
          if (content !== undefined) bringBack(context, vm, content);
          standOn(context, vm, snapshot.metadata.name);
          tellRestore(context, key, { type: 'Done' });
          const message = `Went back to snapshot ${snapshot.metadata.name}${subject.type === 'running' ? '' : ', disks alone'}.`;
          context.events.record(vm, { type: 'Normal', reason: 'VirtualMachineRestoreComplete', message });
        });
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        tellRestore(context, key, { type: 'Failed', message: textOf(error) });
        context.events.record(vm, { type: 'Warning', reason: 'VirtualMachineRestoreError', message: textOf(error) });
      }
    },
  };
}

async function hardwareOf({ guest: { machine }, vmi }: Extract<Subject, { type: 'running' }>): Promise<string> {
  return hardwareText(vmi, { plugged: await processorsPluggedInto(machine, vmi) });
}

const otherHardware =
  'The machine has other hardware than when the snapshot was taken: its memory cannot go back. Stop the machine to go back with its disks alone.';

/** Names it inside the images: short, and never a number, which QEMU would take for an id. */
function tagOf({ metadata: { uid } }: KubeObject): string {
  return `vd-${uid}`;
}

function machineOf({ store }: EngineContext, { namespace = 'default' }: ObjectKey, name: string): VirtualMachine | undefined {
  return read(store, { resource: resources.virtualMachines, namespace, name });
}

function contentOf({ store }: EngineContext, { metadata: { namespace = 'default' }, status }: VirtualMachineSnapshot) {
  const name = status?.virtualMachineSnapshotContentName;
  return name === undefined ? undefined : read(store, { resource: resources.snapshotContents, namespace, name });
}

function claimsByVolume({ store }: EngineContext, vm: VirtualMachine): Contents['claims'] {
  const volumes = vm.spec.template.spec?.volumes ?? [];
  return claimsOf(store, vm).flatMap(({ name, claim }) => {
    const volume = volumes.find((one) => claimNames({ spec: { domain: { devices: {} }, volumes: [one] } }).includes(name));
    return volume === undefined || claim === undefined ? [] : [{ volume: volume.name, claim }];
  });
}

function keepContent({ objects, clock }: EngineContext, { namespace = 'default' }: ObjectKey, draft: DraftObject): string {
  const { name } = objects.create({ resource: resources.snapshotContents, namespace }, draft, { byCore: true }).metadata;
  objects.change({ resource: resources.snapshotContents, namespace, name }, (object) => ({
    ...object,
    status: contentStatus(clock.now()),
  }));
  return name;
}

/** Written down with the changes of its definition, so that it can be looked up and undone like any other. */
function bringBack({ store, clock }: EngineContext, { metadata }: VirtualMachine, content: VirtualMachineSnapshotContent): void {
  const key: ObjectKey = { resource: resources.virtualMachines, namespace: metadata.namespace ?? 'default', name: metadata.name };
  store.transaction((tx) => {
    const before = read(tx, { ...key, resource: resources.virtualMachines });
    if (before === undefined) return;
    const next = withKeptDefinition(before, content);
    if (sameJson(definitionOf(before), definitionOf(next))) return;
    const after = tx.replace(key.resource, next);
    record(tx, clock, { operation: 'update', key, before, after, options: { manager: 'restore' } });
  });
}

function hasMemory({ metadata }: VirtualMachineSnapshot): boolean {
  return metadata.annotations?.[annotations.snapshotMemory] === 'true';
}

/** Its place in the tree, and that it goes with its machine: the images that hold it do. */
function noteTaken(
  { objects }: EngineContext,
  key: ObjectKey,
  { vm, memory }: { readonly vm: VirtualMachine; readonly memory: boolean },
): void {
  const parent = vm.metadata.annotations?.[annotations.parentSnapshot];
  objects.change(key, (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      ownerReferences: [ownedBy(vm)],
      annotations: {
        ...object.metadata.annotations,
        [annotations.snapshotMemory]: String(memory),
        ...(parent === undefined ? {} : { [annotations.parentSnapshot]: parent }),
      },
    },
  }));
}

function standOn({ objects }: EngineContext, { metadata: { namespace = 'default', name } }: VirtualMachine, snapshot: string): void {
  objects.change({ resource: resources.virtualMachines, namespace, name }, (object) => ({
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [annotations.parentSnapshot]: snapshot } },
  }));
}

async function free(
  context: EngineContext,
  key: ObjectKey,
  { snapshot, vm }: { readonly snapshot: VirtualMachineSnapshot; readonly vm: VirtualMachine | undefined },
): Promise<void> {
  const isKept = snapshot.status?.readyToUse === true && vm !== undefined && vm.metadata.uid === snapshot.status.sourceUID;
  if (isKept && vm.metadata.deletionTimestamp === undefined) {
    const subject = await subjectOf(context, vm);
    // Its machine's next change wakes us.
    if (subject.type === 'between') return;
    await forgetSnapshot(context, { subject, tag: tagOf(snapshot) });
  }
  context.objects.dropFinalizer(key, finalizers[resources.snapshots] ?? '');
}

function tell({ objects, clock }: EngineContext, key: ObjectKey, fact: SnapshotFact): void {
  objects.change(key, (object) => withStatus(object, snapshotStatusAfter((object as VirtualMachineSnapshot).status, fact, clock.now())));
}

function tellRestore({ objects, clock }: EngineContext, key: ObjectKey, fact: RestoreFact): void {
  objects.change(key, (object) => withStatus(object, restoreStatusAfter((object as VirtualMachineRestore).status, fact, clock.now())));
}

/** Said again without a change it would wake us without end: times alone are no change. */
function withStatus(object: KubeObject, status: VirtualMachineSnapshot['status'] | VirtualMachineRestore['status']): KubeObject {
  const plain = (value: unknown): string => JSON.stringify(value, (name, part: unknown) => (name.endsWith('Time') ? undefined : part));
  return plain(object['status']) === plain(status) ? object : { ...object, status };
}
