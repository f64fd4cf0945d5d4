// Owns the proof that each edit changes what it says, by the core's own JSON patch, and nothing behind the user's back.
// Must not test dialogs.
import { describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json } from '../../../electron/api/object.ts';
import { jsonPatch } from '../../../electron/server/json-patch.ts';
import {
  bootDevices,
  bootOrderPatch,
  cpuPatch,
  descriptionPatch,
  firmwareOf,
  firmwarePatch,
  labelsPatch,
  memoryPatch,
  type Patch,
  runStrategyPatch,
} from '../../../renderer/features/machines/machine-edits.ts';
import { editors, labelsOf } from '../../../renderer/features/machines/machine-editors.ts';
import { withDisk, withDomain, withMeta, withSpec, withUserNetwork } from '../../fakes/builders.ts';
import { stoppedView, storedVm } from './machines.ts';

function patched(vm: VirtualMachine, patch: Patch): VirtualMachine {
  const result = jsonPatch(vm as unknown as Json, patch);
  if (!result.ok) throw new Error(result.causes.map(({ message }) => message).join());
  return result.value as unknown as VirtualMachine;
}
const domainOf = (vm: VirtualMachine) => vm.spec.template.spec!.domain;

describe('description', () => {
  const key = 'virtdeck.io/description';
  test.each([
    { name: 'first annotation', vm: storedVm('web'), text: ' New ', want: { [key]: 'New' } },
    { name: 'beside others', vm: storedVm('web', {}, withMeta({ annotations: { a: '1' } })), text: 'New', want: { a: '1', [key]: 'New' } },
    { name: 'taken away', vm: storedVm('web', {}, withMeta({ annotations: { a: '1', [key]: 'Old' } })), text: '', want: { a: '1' } },
    { name: 'nothing to take away', vm: storedVm('web', {}, withMeta({ annotations: { a: '1' } })), text: ' ', want: { a: '1' } },
  ])('$name', ({ vm, text, want }) => {
    expect(patched(vm, descriptionPatch(vm, text)).metadata.annotations).toEqual(want);
  });
});

test('labels are replaced', () => {
  const vm = storedVm('web', {}, withMeta({ labels: { old: 'x' } }));
  expect(patched(vm, labelsPatch(vm, { a: 'b' })).metadata.labels).toEqual({ a: 'b' });
});

test('the CPU keeps its model', () => {
  const vm = storedVm(
    'web',
    {},
    withDomain((domain) => ({ ...domain, cpu: { model: 'Haswell', cores: 1 } })),
  );
  const after = patched(vm, cpuPatch(vm, { sockets: 1, cores: 4, threads: 2 }));
  expect(domainOf(after).cpu).toEqual({ model: 'Haswell', sockets: 1, cores: 4, threads: 2 });
});

describe('memory', () => {
  const withRequest = (memory: string | undefined, request: string) =>
    storedVm(
      'web',
      {},
      withDomain(({ memory: _old, ...domain }) => ({
        ...domain,
        ...(memory === undefined ? {} : { memory: { guest: memory } }),
        resources: { requests: { memory: request, cpu: '1' } },
      })),
    );
  test.each([
    {
      name: 'huge pages stay',
      vm: storedVm(
        'web',
        {},
        withDomain((domain) => ({ ...domain, memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } } })),
      ),
      want: { memory: { guest: '2Gi', hugepages: { pageSize: '2Mi' } } },
    },
    {
      name: 'a request that was the size goes',
      vm: withRequest(undefined, '1Gi'),
      want: { memory: { guest: '2Gi' }, resources: { requests: { cpu: '1' } } },
    },
    {
      name: 'a request of its own stays',
      vm: withRequest('1Gi', '512Mi'),
      want: { memory: { guest: '2Gi' }, resources: { requests: { memory: '512Mi', cpu: '1' } } },
    },
  ])('$name', ({ vm, want }) => {
    const { devices: _devices, ...rest } = domainOf(patched(vm, memoryPatch(vm, '2Gi')));
    expect(rest).toEqual(want);
  });
});

test('a run strategy takes the place of `running`', () => {
  const vm = storedVm(
    'web',
    {},
    withSpec(({ runStrategy: _old, ...spec }) => ({ ...spec, running: true })),
  );
  const { template: _template, ...spec } = patched(vm, runStrategyPatch(vm, 'Manual')).spec;
  expect(spec).toEqual({ runStrategy: 'Manual' });
});

describe('firmware', () => {
  const bios = storedVm(
    'web',
    {},
    withDomain((domain) => ({ ...domain, firmware: { serial: 'S1' }, features: { acpi: {} } })),
  );
  test.each(['bios', 'uefi', 'secureBoot'] as const)('%s is read back as it was chosen', (choice) => {
    const after = patched(bios, firmwarePatch(bios, choice));
    expect(firmwareOf(after)).toBe(choice);
    expect(domainOf(after).firmware?.serial).toBe('S1');
  });
  test('Secure Boot brings System Management Mode', () => {
    expect(domainOf(patched(bios, firmwarePatch(bios, 'secureBoot'))).features).toEqual({ acpi: {}, smm: { enabled: true } });
  });
});

describe('boot order', () => {
  const vm = storedVm('web', {}, withDisk('root', { claim: 'r' }), withDisk('data', { claim: 'd' }), withUserNetwork());
  const disk = (name: string) => ({ type: 'disk', name }) as const;
  const card = { type: 'interface', name: 'default' } as const;

  test('is numbered from one, and read back', () => {
    const first = patched(vm, bootOrderPatch(vm, [card, disk('data')]));
    expect(bootDevices(first)).toEqual({ ordered: [card, disk('data')], rest: [disk('root')] });
    const second = patched(first, bootOrderPatch(first, [disk('root'), card]));
    expect(bootDevices(second)).toEqual({ ordered: [disk('root'), card], rest: [disk('data')] });
    expect(patched(second, bootOrderPatch(second, [disk('root'), card]))).toEqual(second);
  });

  test('is refused when the devices have changed places meanwhile', () => {
    const swapped = storedVm('web', {}, withDisk('data', { claim: 'd' }), withDisk('root', { claim: 'r' }), withUserNetwork());
    expect(() => patched(swapped, bootOrderPatch(vm, [disk('data')]))).toThrow();
  });
});

test('what somebody else changed is not overwritten unseen', () => {
  const mine = storedVm(
    'web',
    {},
    withDomain((domain) => ({ ...domain, cpu: { cores: 1 } })),
  );
  const theirs = storedVm(
    'web',
    {},
    withDomain((domain) => ({ ...domain, cpu: { cores: 8 } })),
  );
  expect(() => patched(theirs, cpuPatch(mine, { sockets: 1, cores: 2, threads: 1 }))).toThrow();
});

describe('editors', () => {
  test('saving what is there changes nothing that matters', () => {
    const machine = stoppedView(
      'web',
      withDisk('root', { claim: 'r' }),
      withMeta({ labels: { a: 'b' }, annotations: { 'virtdeck.io/description': 'D' } }),
    );
    const after = (['description', 'labels', 'runStrategy', 'boot'] as const).reduce((vm, id) => {
      const editor = editors[id] as (typeof editors)['description'];
      return patched(vm, editor.patch(machine, editor.read(machine)));
    }, machine.vm);
    expect(after).toEqual(machine.vm);
  });

  test.each([
    { text: 'a=b\n\n c = d \nplain', want: { a: 'b', c: 'd', plain: '' } },
    { text: 'example.com/tier=front', want: { 'example.com/tier': 'front' } },
    { text: 'a=b=c', want: undefined },
    { text: '-a=b', want: undefined },
    { text: 'a=b c', want: undefined },
    { text: 'a/b/c=d', want: undefined },
    { text: `${'a'.repeat(64)}=b`, want: undefined },
  ])('labels: $text', ({ text, want }) => {
    expect(labelsOf(text)).toEqual(want);
  });
});
