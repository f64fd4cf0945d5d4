// Owns what presets fill into a run (KubeVirt v1.9.0, pkg/virt-api/webhooks/mutating-webhook/mutators/preset.go).
// Must not overwrite what the run says: upstream only warns of it.
import type { VirtualMachineInstancePreset } from '../../api/kinds/virtual-machine-instance-preset.ts';
import type { VirtualMachineInstanceSpec } from '../../api/kinds/virtual-machine-instance.ts';
import type { ObjectMeta } from '../../api/object.ts';
import { selects } from '../../api/label-match.ts';
import { sameJson } from '../status/same-json.ts';

type Domain = VirtualMachineInstanceSpec['domain'];
type Run = { readonly spec: VirtualMachineInstanceSpec; readonly metadata: Partial<ObjectMeta> };

const markPrefix = 'virtualmachinepreset.kubevirt.io/';
const exclusion = 'virtualmachineinstancepresets.admission.kubevirt.io/exclude';

/** Parts that are taken whole, or not at all. */
const parts = ['cpu', 'memory', 'firmware', 'clock', 'features', 'ioThreadsPolicy', 'machine'] as const satisfies readonly (keyof Domain)[];

/** The run with every preset that its labels select, each marked on it. */
export function withPresets<Subject extends Run>(run: Subject, presets: readonly VirtualMachineInstancePreset[]): Subject {
  return matchingPresets(presets, run.metadata).reduce((current: Subject, preset) => withPreset(current, preset), run);
}

function matchingPresets(
  presets: readonly VirtualMachineInstancePreset[],
  { labels = {}, annotations = {} }: Partial<ObjectMeta>,
): readonly VirtualMachineInstancePreset[] {
  return annotations[exclusion] === 'true' ? [] : presets.filter(({ spec }) => selects(spec.selector, labels));
}

function withPreset<Subject extends Run>(run: Subject, preset: VirtualMachineInstancePreset): Subject {
  const domain = merged(run.spec.domain, preset.spec.domain ?? { devices: {} });
  if (sameJson(domain, run.spec.domain)) return run;
  const annotations = { ...run.metadata.annotations, [`${markPrefix}${preset.metadata.name}`]: preset.apiVersion };
  return { ...run, metadata: { ...run.metadata, annotations }, spec: { ...run.spec, domain } };
}

function merged(own: Domain, preset: Domain): Domain {
  const requests = { ...preset.resources?.requests, ...own.resources?.requests };
  const limits = { ...preset.resources?.limits, ...own.resources?.limits };
  const resources = {
    ...own.resources,
    ...(Object.keys(requests).length === 0 ? {} : { requests }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
  const { watchdog } = preset.devices;
  return {
    ...Object.fromEntries(parts.flatMap((name) => (preset[name] === undefined ? [] : [[name, preset[name]]]))),
    ...own,
    ...(Object.keys(resources).length === 0 ? {} : { resources }),
    devices: { ...(watchdog === undefined ? {} : { watchdog }), ...own.devices },
  };
}

/** Two presets that say different things of one run: whose word counts would depend on their names. */
export function presetConflicts(presets: readonly VirtualMachineInstancePreset[], metadata: Partial<ObjectMeta>): readonly string[] {
  const matching = matchingPresets(presets, metadata);
  return matching.flatMap((first, index) =>
    matching.slice(index + 1).flatMap((second) => {
      const [a, b] = [first.spec.domain, second.spec.domain];
      if (a === undefined || b === undefined) return [];
      return parts
        .filter((name) => a[name] !== undefined && b[name] !== undefined && !sameJson(a[name], b[name]))
        .map(
          (name) => `VirtualMachinePreset conflict: presets '${first.metadata.name}' and '${second.metadata.name}' conflict: spec.${name}`,
        );
    }),
  );
}
