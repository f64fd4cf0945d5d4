// Owns the proof of what a run takes over while it goes on: limits as the run was given them.
// Must not repeat the rules of cards and devices; card-sync and device-sync have theirs.
import { describe, expect, test } from 'vitest';
import type { VirtualMachineInstancePreset } from '../../../electron/api/kinds/virtual-machine-instance-preset.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import { withPresets } from '../../../electron/core/defaults/presets.ts';
import { defaultedInstance } from '../../../electron/core/defaults/virtual-machine-instance.ts';
import { withGivenAmounts } from '../../../electron/core/quota/given-amounts.ts';
import { liveUpdated } from '../../../electron/core/reconcile/live-updates.ts';
import { vmiOfVm } from '../../../electron/core/reconcile/vmi-of-vm.ts';
import { noChoice } from '../../../electron/core/instancetype/choice.ts';
import { vm, withDomain } from '../../fakes/builders.ts';

const meta = { uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: '2026-01-02T03:04:05Z' };

type Domain = VirtualMachineInstance['spec']['domain'];

function definition(change: Partial<Domain> = {}): VirtualMachine {
  const draft = vm(withDomain((domain) => ({ ...domain, ...change })));
  return { ...draft, metadata: { ...draft.metadata, ...meta } } as VirtualMachine;
}

function preset(domain: Partial<Domain>): VirtualMachineInstancePreset {
  const spec = { selector: {}, domain: { devices: {}, ...domain } };
  const metadata = { ...meta, name: 'four', namespace: 'default' };
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstancePreset', metadata, spec };
}

/** As the engine makes it: presets first, then what the project gives. */
function runOf(machine: VirtualMachine, presets: readonly VirtualMachineInstancePreset[]): VirtualMachineInstance {
  const draft = withPresets(vmiOfVm(machine, { paused: false, choice: noChoice }), presets);
  const run = defaultedInstance(withGivenAmounts(draft, { autoCpuLimit: true }), { uuid: 'u', architecture: 'amd64' });
  return { ...run, metadata: { ...run.metadata, ...meta } } as VirtualMachineInstance;
}

describe('what a preset says counts', () => {
  test.each<[string, Partial<Domain>, string]>([
    ['for the limit that its project gives', { cpu: { cores: 4 } }, '4'],
    ['and so does its own limit', { resources: { limits: { cpu: '3' } } }, '3'],
  ])('%s', (_what, domain, limit) => {
    const presets = [preset(domain)];
    const run = runOf(definition(), presets);
    expect(run.spec.domain.resources?.limits?.['cpu']).toBe(limit);
    expect(liveUpdated(definition(), run, { choice: noChoice, presets })).toBe(run);
  });

  test('until the definition says otherwise', () => {
    const presets = [preset({ cpu: { cores: 4 } })];
    const changed = definition({ resources: { limits: { cpu: '2' } } });
    const { spec } = liveUpdated(changed, runOf(definition(), presets), { choice: noChoice, presets });
    expect(spec.domain.resources?.limits?.['cpu']).toBe('2');
  });
});
