// Owns what a machine goes through beyond other objects before it is stored: its instance type and preference are found and tried on.
// Must not store anything: the definition stays as its author wrote it.
import { annotations } from '../api/annotations.ts';
import { AppError, type Cause } from '../api/errors.ts';
import type { VirtualMachineInstance } from '../api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../api/kinds/virtual-machine.ts';
import type { DraftObject, ResourceId } from '../api/object.ts';
import { resources } from '../api/resources.ts';
import { presetConflicts, withPresets } from '../core/defaults/presets.ts';
import { templateAsRun } from '../core/defaults/virtual-machine-instance.ts';
import { applied, applyCauses } from '../core/instancetype/apply.ts';
import { type Choice, isEmptyChoice, noChoice } from '../core/instancetype/choice.ts';
import { inferred } from '../core/instancetype/inference.ts';
import { matcherCauses } from '../core/instancetype/matcher.ts';
import { requirementCauses } from '../core/instancetype/requirements.ts';
import { densityOf } from '../core/quota/density.ts';
import { givenAmounts, withGivenAmounts } from '../core/quota/given-amounts.ts';
import { hyperConvergedKey } from './certificates.ts';
import { chosenBy } from './instancetypes.ts';
import type { StoreReader } from './ports.ts';
import { read, readAll } from './typed.ts';

type Draft = Pick<VirtualMachine, 'spec' | 'status'> & Pick<DraftObject, 'metadata'>;

export interface Preparation {
  readonly draft: DraftObject;
  readonly choice: Choice;
  /** Reasons that make every other rule idle. */
  readonly causes: readonly Cause[];
}

/** Before defaulting. Drafts have passed the decoder. Throws BadRequest when the machine's disk does not say what it was asked for. */
export function prepared(
  reader: StoreReader,
  resource: ResourceId,
  { draft, old }: { readonly draft: DraftObject; readonly old?: DraftObject },
): Preparation {
  if (resource === resources.virtualMachineInstances && old === undefined)
    return { draft: preset(reader, draft), choice: noChoice, causes: [] };
  if (resource !== resources.virtualMachines || draft['spec'] === undefined || draft.metadata.deletionTimestamp !== undefined) {
    return { draft, choice: noChoice, causes: [] };
  }
  const machine = draft as unknown as Draft;
  if (machine.spec.instancetype === undefined && machine.spec.preference === undefined) return { draft, choice: noChoice, causes: [] };
  const causes = matcherCauses(machine.spec, (old as Partial<Draft> | undefined)?.spec);
  if (causes.length > 0) return { draft, choice: noChoice, causes };
  const namespace = machine.metadata.namespace ?? 'default';
  const { spec, failures } = inferred(machine.spec, namespace, (key) => reader.get(key));
  if (failures.length > 0) throw new AppError('BadRequest', failures.join('. '));
  const complete = { ...draft, spec };
  const chosen = chosenBy(reader, { ...machine, metadata: { namespace }, spec });
  return { draft: complete, ...chosen };
}

/** A new run gets what presets, its project and this computer's density say. Throws BadRequest where two of them disagree. */
function preset(reader: StoreReader, draft: DraftObject): DraftObject {
  if (draft['spec'] === undefined) return draft;
  const run = draft as unknown as DraftObject & Pick<VirtualMachineInstance, 'spec'>;
  const presets = readAll(reader, resources.presets, draft.metadata.namespace);
  const conflicts = presetConflicts(presets, draft.metadata);
  if (conflicts.length > 0) throw new AppError('BadRequest', conflicts.join('. '));
  const whole = presets.length === 0 ? run : withPresets(run, presets);
  // It has them already where it goes on with the memory of a run before.
  if (run.metadata.annotations?.[annotations.givenAmounts] !== undefined) return whole;
  const { namespace = 'default' } = draft.metadata;
  const { resourceRequirements, higherWorkloadDensity } = read(reader, hyperConvergedKey)?.spec ?? {};
  const given = givenAmounts({
    ranges: readAll(reader, resources.limitRanges, namespace),
    labels: read(reader, { resource: resources.namespaces, name: namespace })?.metadata.labels ?? {},
    quotas: readAll(reader, resources.resourceQuotas, namespace),
    density: densityOf({ resourceRequirements, higherWorkloadDensity }),
    autoCpuLimitOf: resourceRequirements?.autoCPULimitNamespaceLabelSelector,
  });
  return withGivenAmounts(whole, given);
}

export interface Fitting {
  /** What the rules of a machine are asked about. */
  readonly subject: DraftObject;
  readonly causes: readonly Cause[];
}

/** After defaulting: the machine as it would be with its instance type and preference. */
export function fitted(draft: DraftObject, choice: Choice): Fitting {
  if (isEmptyChoice(choice)) return { subject: draft, causes: [] };
  const machine = draft as unknown as Draft;
  const { template } = machine.spec;
  if (template.spec === undefined) return { subject: draft, causes: [] };
  const own = { spec: template.spec, annotations: template.metadata?.annotations ?? {} };
  const causes = applyCauses(own, choice, 'spec.template.spec');
  if (causes.length > 0) return { subject: draft, causes };
  const { spec, annotations: notes } = applied(own, choice);
  const metadata = Object.keys(notes).length === 0 ? {} : { metadata: { ...template.metadata, annotations: notes } };
  const made = { ...template, spec, ...metadata };
  return {
    subject: { ...draft, spec: { ...machine.spec, template: made } },
    causes: requirementCauses(templateAsRun(template.spec), choice),
  };
}
