// Owns the table of what a virtual function as a network card counts as, and that everything which counts counts it.
// Must not repeat the sentences of quotas; quota.test.ts has them.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../../electron/api/annotations.ts';
import type { LimitRange } from '../../../electron/api/kinds/limit-range.ts';
import type { ResourceQuota } from '../../../electron/api/kinds/resource-quota.ts';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { candidateOf } from '../../../electron/core/placement/candidate.ts';
import { type ChargeFacts, chargeOf } from '../../../electron/core/placement/charge.ts';
import { place } from '../../../electron/core/placement/place.ts';
import { worldOf } from '../../../electron/core/placement/world-of-objects.ts';
import { chargeReport } from '../../../electron/core/quota/charge-report.ts';
import { quotaCauses } from '../../../electron/core/quota/machine-quota.ts';
import { quotaStatus } from '../../../electron/core/quota/object-quota.ts';

type Devices = VirtualMachineInstance['spec']['domain']['devices'];
type Cards = NonNullable<Devices['interfaces']>;

const resource = 'intel.com/igbvf';
const charging: ChargeFacts = {
  accelerator: 'kvm',
  networkResources: new Map([
    ['default/blue', resource],
    ['lab/blue', 'intel.com/other'],
    ['default/red', resource],
  ]),
};

interface Run {
  readonly cards?: Cards;
  /** Of the card of the same place: the NetworkAttachmentDefinition; empty: this computer's connection. */
  readonly networks?: readonly string[];
  readonly devices?: Devices;
  readonly options?: string;
}

const card: Cards[number] = { name: 'net0', sriov: {} };

function run(name: string, { cards = [card], networks = ['blue'], devices = {}, options }: Run = {}): VirtualMachineInstance {
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachineInstance',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      resourceVersion: '1',
      generation: 1,
      creationTimestamp: '2026-01-02T03:04:05Z',
      ...(options === undefined ? {} : { annotations: { [annotations.hostDeviceOptions]: options } }),
    },
    spec: {
      domain: { memory: { guest: '1Gi' }, devices: { ...devices, interfaces: [...cards] } },
      networks: networks.map((networkName, index) => ({
        name: `net${index}`,
        ...(networkName === '' ? { pod: {} } : { multus: { networkName } }),
      })),
    },
    status: { nodeName: 'here' },
  };
}

describe('what counts', () => {
  test.each<[string, Run, Readonly<Record<string, number>>]>([
    ['one of a network that names its resource', {}, { [resource]: 1 }],
    ['each of several networks', { cards: [card, { name: 'net1', sriov: {} }], networks: ['blue', 'default/red'] }, { [resource]: 2 }],
    ['by the network of its own project', { networks: ['lab/blue'] }, { 'intel.com/other': 1 }],
    ['beside a device of the same name', { devices: { hostDevices: [{ name: 'x', deviceName: resource }] } }, { [resource]: 2 }],
    ['none of a network that is not there, or names none', { networks: ['green'] }, {}],
    ['none of this computer alone', { networks: [''] }, {}],
    ['none of a card without a network', { networks: [] }, {}],
    ['none of a card that is out', { cards: [{ ...card, state: 'absent' }] }, {}],
    ['none of another card on the same network', { cards: [{ name: 'net0', bridge: {} }] }, {}],
    ['none that the machine may go without', { options: '{"interface/net0":{"optional":true}}' }, {}],
  ])('%s', (_what, given, counts) => {
    const { requests, limits } = chargeOf(run('web', given), charging);
    const devices = (amounts: Readonly<Record<string, number>>) =>
      Object.fromEntries(Object.entries(amounts).filter(([name]) => name.includes('/')));
    expect([devices(requests), devices(limits)]).toEqual([counts, counts]);
  });
});

const metadata = { name: 'q', namespace: 'default' };
const quota = { metadata, spec: { hard: { [`requests.${resource}`]: '1' } } } as unknown as ResourceQuota;

describe('where it counts', () => {
  test.each<[string, VirtualMachineInstance, readonly VirtualMachineInstance[], number]>([
    ['the first fits', run('web'), [], 0],
    ['the second is too many', run('web'), [run('db')], 1],
    ['one without is not', run('web', { networks: ['green'] }), [run('db')], 0],
    ['nor is one beside others without', run('web'), [run('db', { networks: [''] })], 0],
  ])('against a quota: %s', (...[, vmi, machines, refusals]) => {
    const causes = quotaCauses(vmi, { quotas: [quota], limitRanges: [], machines }, charging);
    const sentence = `exceeded quota: q, requested: requests.${resource}=1, used: requests.${resource}=1, limited: requests.${resource}=1`;
    expect(causes.map(({ message }) => message)).toEqual(Array.from({ length: refusals }, () => sentence));
    expect(causes.map(({ field }) => field)).toEqual(Array.from({ length: refusals }, () => 'spec.domain.devices'));
    expect(causes.flatMap(({ actions = [] }) => actions.map(({ type }) => type))).toEqual(
      refusals === 0 ? [] : ['StopMachine', 'RaiseQuota'],
    );
  });

  test('in what a quota says is used', () => {
    const machines = [run('web'), run('db', { networks: ['red'] }), run('mail', { networks: [''] })];
    expect(quotaStatus(quota, { machines, ...charging, objects: () => [] }).used).toEqual({ [`requests.${resource}`]: '2' });
  });

  test('in what is told before a start', () => {
    const { requests, quotas } = chargeReport(run('web'), { quotas: [quota], limitRanges: [], machines: [run('db')] }, charging);
    expect(requests[resource]).toBe('1');
    expect(quotas).toEqual([{ quota: 'q', resource: `requests.${resource}`, takes: '1', used: '1', hard: '1', fits: false }]);
  });

  test('within the bounds of one machine', () => {
    const range = { metadata, spec: { limits: [{ type: 'Pod', max: { [resource]: '1' } }] } } as unknown as LimitRange;
    const two = run('web', { cards: [card, { name: 'net1', sriov: {} }], networks: ['blue', 'red'] });
    const said = (vmi: VirtualMachineInstance): readonly string[] =>
      quotaCauses(vmi, { quotas: [], limitRanges: [range], machines: [] }, charging).map(({ message }) => message);
    expect([said(run('web')), said(two)]).toEqual([[], [`maximum ${resource} usage per Pod is 1, but limit is 2`]]);
  });

  test('on the node that has the functions', () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { ...run('here').metadata, name: 'here', labels: { 'kubevirt.io/schedulable': 'true' } },
      spec: {},
      status: { allocatable: { cpu: '8', memory: '16Gi', [resource]: '1' } },
    } as const;
    const goes = (...machines: readonly VirtualMachineInstance[]): string | undefined => {
      const world = worldOf({ nodes: [node], domains: [], machines, namespaces: [], ...charging });
      const { node: name, message } = place(candidateOf(run('web'), charging), world);
      return name ?? message;
    };
    expect([goes(), goes(run('db')), goes(run('db', { networks: [''] }))]).toEqual([
      'here',
      `0/1 nodes are available: 1 Insufficient ${resource}.`,
      'here',
    ]);
  });
});
