// Owns the proof that a charge told line by line is the charge that counts.
// Must not repeat what the quota test shows.
import { expect, test } from 'vitest';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { bytesOf } from '../../../electron/api/quantity.ts';
import { chargeReport } from '../../../electron/core/quota/charge-report.ts';

function machine(domain: object, name = 'web'): VirtualMachineInstance {
  return { metadata: { name, namespace: 'default' }, spec: { domain: { devices: {}, ...domain } } } as VirtualMachineInstance;
}

const networkResources = new Map<string, string>();
const quota = { metadata: { name: 'team', namespace: 'default' }, spec: { hard: { 'requests.memory': '2Gi', pods: '5', services: '1' } } };
const facts = (machines: readonly VirtualMachineInstance[]) => ({ quotas: [quota as unknown as ResourceQuota], limitRanges: [], machines });

test.for([
  { what: 'a guest', domain: { memory: { guest: '1Gi' } }, first: { what: 'Guest', mib: 1024 } },
  {
    what: 'less requested than the guest sees',
    domain: { memory: { guest: '1Gi' }, resources: { requests: { memory: '512Mi' } } },
    first: { what: 'Request', mib: 512 },
  },
  { what: 'huge pages', domain: { memory: { guest: '1Gi', hugepages: { pageSize: '2Mi' } } }, first: { what: 'Qemu', mib: 64 } },
  {
    what: 'overhead left out',
    domain: { memory: { guest: '1Gi' }, resources: { overcommitGuestOverhead: true } },
    first: { what: 'Guest', mib: 1024 },
  },
])('the lines of $what add up to what is requested', ({ domain, first }) => {
  const { memory, requests, leftOutMiB } = chargeReport(machine(domain), undefined, { accelerator: 'tcg', networkResources });
  expect(memory[0]).toEqual(first);
  expect(memory.reduce((sum, { mib }) => sum + mib, 0) * 1024 * 1024).toBe(bytesOf(requests['memory']));
  expect(leftOutMiB > 0).toBe(JSON.stringify(domain).includes('overcommitGuestOverhead'));
});

test('what each quota has left for it, without what it takes itself now', () => {
  const one = machine({ memory: { guest: '512Mi' } });
  const other = machine({ memory: { guest: '1Gi' } }, 'db');
  const charge = chargeReport(one, facts([one, other]), { accelerator: 'kvm', networkResources });
  expect(charge.quotas).toEqual([
    { quota: 'team', resource: 'requests.memory', takes: charge.requests['memory'], used: '1110Mi', hard: '2Gi', fits: true },
    { quota: 'team', resource: 'pods', takes: '1', used: '1', hard: '5', fits: true },
  ]);
  const third = machine({ memory: { guest: '1Gi' } }, 'cache');
  expect(chargeReport(third, facts([other]), { accelerator: 'kvm', networkResources }).quotas.map(({ fits }) => fits)).toEqual([
    false,
    true,
  ]);
});
