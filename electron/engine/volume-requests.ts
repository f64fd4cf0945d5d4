// Owns addvolume and removevolume: the change of the definition, and of the run when there is one, in one transaction.
// Must not plug anything: the run's controller sees the change.
import { AppError } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import { phaseOf } from '../api/lifecycle.ts';
import type { ObjectKey } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { type VolumeRequest, volumeRequestRefusal, withVolumeRequest } from '../core/reconcile/volume-request.ts';
import { draftOf } from './admission.ts';
import type { EngineContext } from './context.ts';
import type { WriteOptions } from './engine-port.ts';
import { notFound } from './removal.ts';
import { read } from './typed.ts';

interface Change {
  readonly request: VolumeRequest;
  readonly options: Pick<WriteOptions, 'dryRun' | 'manager'>;
}

/** Of a VirtualMachine: for good, and at once when it runs. Of an instance: until its end. Throws NotFound, Conflict or Invalid. */
export function changeVolumes(context: EngineContext, key: ObjectKey, change: Change): void {
  if (key.resource === resources.virtualMachines) changeMachine(context, key, change);
  else changeRun(context, key, change);
}

function changeMachine(context: EngineContext, key: ObjectKey, { request, options }: Change): void {
  const { store, objects } = context;
  const vmKey = { ...key, resource: resources.virtualMachines };
  store.transaction(() => {
    const vm = read(store, vmKey);
    if (vm === undefined) throw notFound(vmKey);
    const spec = vm.spec.template.spec;
    if (spec === undefined) throw new AppError('Conflict', `The machine ${key.name} has no template.`);
    refuse('virtualmachine', key.name, volumeRequestRefusal(spec, request));
    const template = { ...vm.spec.template, spec: withVolumeRequest(spec, request) };
    objects.update(vmKey, { ...draftOf(vm), spec: { ...vm.spec, template } }, options);
    const vmi = read(store, { ...key, resource: resources.virtualMachineInstances });
    const isOwn = vmi?.metadata.ownerReferences?.some(({ uid }) => uid === vm.metadata.uid) === true;
    // What was plugged into the run alone is only made to last.
    if (vmi === undefined || !isOwn || !takesVolumes(vmi) || volumeRequestRefusal(vmi.spec, request) !== undefined) return;
    writeRun(context, vmi, { request, options });
  });
}

function changeRun(context: EngineContext, key: ObjectKey, { request, options }: Change): void {
  const vmiKey = { ...key, resource: resources.virtualMachineInstances };
  context.store.transaction(() => {
    const vmi = read(context.store, vmiKey);
    if (vmi === undefined) throw notFound(vmiKey);
    refuse('virtualmachineinstance', key.name, takesVolumes(vmi) ? volumeRequestRefusal(vmi.spec, request) : 'VMI is not running');
    writeRun(context, vmi, { request, options });
  });
}

function takesVolumes(vmi: VirtualMachineInstance): boolean {
  return phaseOf(vmi) === 'Running' && vmi.metadata.deletionTimestamp === undefined;
}

/** With defaults and rules as for a new run. */
function writeRun({ objects }: EngineContext, vmi: VirtualMachineInstance, { request, options }: Change): void {
  const { name, namespace = 'default', annotations, labels, ownerReferences } = vmi.metadata;
  const at = { resource: resources.virtualMachineInstances, namespace };
  const metadata = {
    name,
    ...(annotations === undefined ? {} : { annotations }),
    ...(labels === undefined ? {} : { labels }),
    ...(ownerReferences === undefined ? {} : { ownerReferences }),
  };
  const made = objects.preview(at, { ...draftOf(vmi), metadata, spec: withVolumeRequest(vmi.spec, request) }) as VirtualMachineInstance;
  if (options.dryRun !== true) objects.change({ ...at, name }, (stored) => ({ ...stored, spec: made.spec }));
}

function refuse(kind: 'virtualmachine' | 'virtualmachineinstance', name: string, message: string | undefined): void {
  if (message === undefined) return;
  throw new AppError('Conflict', `Operation cannot be fulfilled on ${kind}.kubevirt.io "${name}": ${message}`, {
    causes: [{ reason: 'VolumeConflict', field: 'name', message }],
  });
}
