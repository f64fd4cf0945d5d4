// Owns the proof that each edit changes what it says, by the core's own JSON patch, and nothing behind the user's back.
// Must not test dialogs.
import { describe, expect, test } from 'vitest';
import type { VirtualMachine } from '../../../electron/api/kinds/virtual-machine.ts';
import type { Json } from '../../../electron/api/object.ts';
import { jsonPatch } from '../../../electron/server/json-patch.ts';
import { addDiskPatch, removeDiskPatch } from '../../../renderer/features/machines/disk-edits.ts';
import { forwardDrafts, forwardsOf, forwardsPatch, forwardsProblem } from '../../../renderer/features/machines/forward-edits.ts';
import { firmwareStates } from '../../../electron/api/firmware-state.ts';
import { tpmChoices } from '../../../renderer/ui/tpm-choice.ts';
import { firmwareOf, firmwarePatch, tpmChoice, tpmPatch } from '../../../renderer/features/machines/firmware-edits.ts';
import {
  bootDevices,
  bootDraft,
  bootOrderPatch,
  bootPatch,
  cpuPatch,
  descriptionPatch,
  labelsPatch,
  memoryPatch,
  type Patch,
  runStrategyPatch,
} from '../../../renderer/features/machines/machine-edits.ts';
import { editors } from '../../../renderer/features/machines/machine-editors.ts';
import { labelsOf } from '../../../renderer/ui/label-lines.ts';
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
  const after = patched(vm, cpuPatch(vm, { sockets: 1, cores: 4, threads: 2, maxSockets: 1 }));
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
  test.each(firmwareStates)('%s is read back as it was chosen, after every other', (state) => {
    for (const before of firmwareStates) {
      const from = patched(bios, firmwarePatch(bios, before));
      const after = patched(from, firmwarePatch(from, state));
      expect([firmwareOf(from), firmwareOf(after), domainOf(after).firmware?.serial]).toEqual([before, state, 'S1']);
    }
  });
  test('Secure Boot brings System Management Mode', () => {
    expect(domainOf(patched(bios, firmwarePatch(bios, 'secure-boot'))).features).toEqual({ acpi: {}, smm: { enabled: true } });
  });
  test('keys that the template names are taken back', () => {
    const named = {
      ...bios,
      spec: { ...bios.spec, template: { ...bios.spec.template, metadata: { annotations: { 'virtdeck.io/secure-boot-keys': 'own' } } } },
    };
    expect(firmwareOf(patched(named, firmwarePatch(named, 'secure-boot')))).toBe('secure-boot');
  });
});

describe('TPM', () => {
  const without = storedVm('web');
  test.each(tpmChoices)('%s is read back as it was chosen, after every other', (choice) => {
    for (const before of tpmChoices) {
      const from = patched(without, tpmPatch(without, before));
      expect([tpmChoice(from), tpmChoice(patched(from, tpmPatch(from, choice)))]).toEqual([before, choice]);
    }
  });
  test('one that is switched off is none', () => {
    const off = storedVm(
      'web',
      {},
      withDomain((domain) => ({ ...domain, devices: { ...domain.devices, tpm: { enabled: false, persistent: true } } })),
    );
    expect([tpmChoice(off), tpmChoice(patched(off, tpmPatch(off, 'kept')))]).toEqual(['none', 'kept']);
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

  test('the menu of the firmware is an annotation, and goes with it', () => {
    const draft = { ordered: [], menuSeconds: 10 };
    const asked = patched(vm, bootPatch(vm, draft));
    expect([bootDraft(vm), bootDraft(asked), asked.metadata.annotations?.['virtdeck.io/boot-menu']]).toEqual([
      { ordered: [], menuSeconds: 0 },
      draft,
      '10',
    ]);
    expect(bootPatch(asked, draft)).toEqual([]);
    expect(bootDraft(patched(asked, bootPatch(asked, { ...draft, menuSeconds: 0 })))).toEqual({ ordered: [], menuSeconds: 0 });
  });

  test('is refused when the devices have changed places meanwhile', () => {
    const swapped = storedVm('web', {}, withDisk('data', { claim: 'd' }), withDisk('root', { claim: 'r' }), withUserNetwork());
    expect(() => patched(swapped, bootOrderPatch(vm, [disk('data')]))).toThrow();
  });
});

describe('disks', () => {
  const vm = storedVm('web', {}, withDisk('root', { claim: 'web-root' }));
  const added = { source: 'data.1', isDataVolume: true, device: 'disk', bus: 'scsi' } as const;
  const names = (machine: VirtualMachine) => ({
    disks: domainOf(machine).devices.disks?.map(({ name }) => name),
    volumes: machine.spec.template.spec?.volumes?.map(({ name }) => name),
  });

  test('are added as device and volume', () => {
    const after = patched(vm, addDiskPatch(vm, added));
    expect(domainOf(after).devices.disks?.at(-1)).toEqual({ name: 'data-1', disk: { bus: 'scsi' } });
    expect(after.spec.template.spec?.volumes?.at(-1)).toEqual({ name: 'data-1', dataVolume: { name: 'data.1' } });
  });

  test('find another name when theirs is taken', () => {
    const once = patched(vm, addDiskPatch(vm, added));
    expect(names(patched(once, addDiskPatch(once, added))).disks).toEqual(['root', 'data-1', 'data-1-2']);
  });

  test('come into a machine that had none', () => {
    const bare = storedVm('bare');
    expect(names(patched(bare, addDiskPatch(bare, { ...added, isDataVolume: false, device: 'cdrom' })))).toEqual({
      disks: ['data-1'],
      volumes: ['data-1'],
    });
  });

  test('are taken out again', () => {
    const after = patched(vm, addDiskPatch(vm, added));
    expect(patched(after, removeDiskPatch(after, 'data-1'))).toEqual(vm);
    expect(removeDiskPatch(vm, 'nobody')).toEqual([]);
  });
});

describe('port forwards', () => {
  const key = 'virtdeck.io/port-forwards';
  const row = (host: string, guest: string, protocol: 'tcp' | 'udp' = 'tcp') => ({ key: 0, host, guest, protocol });
  test('are written as they are read', () => {
    const vm = storedVm('web', {}, withMeta({ annotations: { [key]: '[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]' } }));
    const drafts = forwardDrafts(vm);
    expect(patched(vm, forwardsPatch(vm, forwardsOf(drafts)))).toEqual(vm);
    expect(patched(vm, forwardsPatch(vm, forwardsOf([]))).metadata.annotations).toEqual({});
  });
  test.each([
    { rows: [row('2222', '22')], want: undefined },
    { rows: [row('5353', '53', 'udp'), row('5353', '53')], want: undefined },
    { rows: [row('2222', '22'), row('', ' ')], want: undefined },
    { rows: [row('', '22')], want: 'number' },
    { rows: [row('2222', '65536')], want: 'number' },
    { rows: [row('80', '80')], want: 'system' },
    { rows: [row('8080', '80'), row('8080', '81')], want: 'twice' },
  ])('$rows.0.host → $want', ({ rows, want }) => {
    expect(forwardsProblem(rows)).toBe(want);
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
  expect(() => patched(theirs, cpuPatch(mine, { sockets: 1, cores: 2, threads: 1, maxSockets: 1 }))).toThrow();
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
