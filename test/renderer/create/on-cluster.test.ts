// Owns the proof of what the wizard makes for a cluster: one row for each source, and what of this computer must not go there.
// Must not test wording.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { resources } from '../../../electron/api/resources.ts';
import { decode, type Schemas } from '../../../electron/api/schema.ts';
import { kindOf } from '../../../electron/api/kinds/registry.ts';
import { ApiError } from '../../../renderer/client/api-error.ts';
import type { CreateForm } from '../../../renderer/features/create/form.ts';
import { draftsOf, manifests } from '../../../renderer/features/create/manifests.ts';
import {
  type ClusterChoice,
  clusterSources,
  firstChoice,
  matcherOf,
  systemOf,
} from '../../../renderer/features/create/on-cluster/cluster-choice.ts';
import { clusterManifests } from '../../../renderer/features/create/on-cluster/cluster-manifests.ts';
import { clusterProblems } from '../../../renderer/features/create/on-cluster/cluster-problems.ts';
import { clusterCheck } from '../../../renderer/features/create/on-cluster/use-cluster-check.ts';
import { emptyWorld } from '../../../renderer/features/create/suggestions.ts';
import { systemTraits } from '../../../renderer/features/create/traits.ts';
import { form } from './forms.ts';

const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;
const image = 'quay.io/containerdisks/debian:13';

interface Made {
  readonly choice: ClusterChoice;
  readonly state: CreateForm;
  readonly made: ReturnType<typeof manifests>;
}

function made(choice: Partial<ClusterChoice>, change: Parameters<typeof form>[0] = {}): Made {
  const whole = { ...firstChoice, ...choice };
  const state = form({ ...change, system: { ...systemOf(whole), ...change.system } });
  const given = { namespace: 'shop', passwordHash: '$6$salt$hash' };
  return { choice: whole, state, made: clusterManifests(manifests(state, given), whole) };
}

const rootOf = ({ made: { machine } }: Made) => ({
  volume: machine.spec.template.spec?.volumes?.find(({ name }) => name === 'root'),
  sources: (machine.spec.dataVolumeTemplates ?? []).map(({ metadata, spec }) => [metadata?.name, spec.source]),
});

test.each([
  {
    source: 'registry',
    address: image,
    volume: { dataVolume: { name: 'web-disk' } },
    sources: [['web-disk', { registry: { url: `docker://${image}` } }]],
  },
  { source: 'container', address: image, volume: { containerDisk: { image } }, sources: [] },
  {
    source: 'url',
    address: 'https://example.org/a.qcow2?x=1',
    volume: { dataVolume: { name: 'web-disk' } },
    sources: [['web-disk', { http: { url: 'https://example.org/a.qcow2?x=1' } }]],
  },
  {
    source: 'url',
    address: 'https://example.org/setup.iso',
    volume: { dataVolume: { name: 'web-disk' } },
    sources: [
      ['web-disk', { blank: {} }],
      ['web-installer', { http: { url: 'https://example.org/setup.iso' } }],
    ],
  },
  { source: 'empty', address: '', volume: { dataVolume: { name: 'web-disk' } }, sources: [['web-disk', { blank: {} }]] },
] as const)('$source $address', ({ source, address, volume, sources }) => {
  const root = rootOf(made({ source, address }));
  expect(root.volume).toEqual({ name: 'root', ...volume });
  expect(root.sources).toEqual(sources);
});

test('a disk that is there', () => {
  const root = rootOf(made({ source: 'claim' }, { system: { source: 'claim', claim: 'data' } }));
  expect(root).toEqual({ volume: { name: 'root', persistentVolumeClaim: { claimName: 'data' } }, sources: [] });
});

test('further disks of a machine whose root is an image are made, and the storage class is that of all', () => {
  const { machine } = made(
    { source: 'container', address: image, storageClass: 'fast' },
    { disk: { extra: [{ sizeGiB: 5, bus: 'virtio' }] } },
  ).made;
  expect(machine.spec.dataVolumeTemplates).toEqual([
    {
      metadata: { name: 'web-data-1' },
      spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '5Gi' } }, storageClassName: 'fast' } },
    },
  ]);
});

test('an instance type stands in place of processors and memory; a preference stands beside', () => {
  const { machine } = made({
    address: image,
    instancetype: 'VirtualMachineClusterInstancetype/u1.small',
    preference: 'VirtualMachinePreference/mine',
  }).made;
  expect(machine.spec.instancetype).toEqual({ kind: 'VirtualMachineClusterInstancetype', name: 'u1.small' });
  expect(machine.spec.preference).toEqual({ kind: 'VirtualMachinePreference', name: 'mine' });
  expect(Object.keys(machine.spec.template.spec?.domain ?? {})).not.toEqual(expect.arrayContaining(['cpu']));
  expect(Object.keys(machine.spec.template.spec?.domain ?? {})).not.toEqual(expect.arrayContaining(['memory']));
  expect(matcherOf('')).toBeUndefined();
});

test('what is about this computer stays here', () => {
  const { machine } = made(
    { address: image },
    {
      network: { forwards: [{ name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 }] },
      disk: { format: 'raw' },
      options: { description: 'for the shop', firmware: 'setup-mode' },
    },
  ).made;
  const text = JSON.stringify(machine);
  expect([...text.matchAll(/virtdeck\.io\/[\w-]+/g)].map(([name]) => name)).toEqual(['virtdeck.io/description', 'virtdeck.io/guest-user']);
});

describe.each(clusterSources)('%s', (source) => {
  const address = source === 'url' ? 'https://example.org/a.img' : image;
  const { made: drafts } = made({ source, address }, source === 'claim' ? { system: { source, claim: 'data' } } : {});

  test('is of KubeVirt’s own shape', () => {
    for (const draft of draftsOf(drafts)) {
      const kind = kindOf(draft.kind === 'Secret' ? resources.secrets : resources.virtualMachines);
      expect(decode(schemas, kind?.schema ?? '', draft)).toEqual([]);
    }
  });

  test('has no problem', () => {
    const choice = { ...firstChoice, source, address };
    const state = form({
      system: { ...systemOf(choice), claim: 'data', networkBoot: { from: 'none', folder: '', url: '' } },
      network: source === 'network' ? { mode: 'bridge', networkName: 'vlan' } : {},
      account: { password: 'x' },
    });
    expect(clusterProblems(state, { ...emptyWorld, networkNames: ['vlan'] }, choice)).toEqual([]);
  });
});

test.each([
  { source: 'registry', address: '', code: 'addressMissing' },
  { source: 'registry', address: 'docker://quay.io/x', code: 'imageNameWrong' },
  { source: 'container', address: 'Quay IO', code: 'imageNameWrong' },
  { source: 'url', address: 'ftp://example.org/x', code: 'addressWrong' },
  { source: 'url', address: 'https://example.org', code: 'addressWrong' },
  { source: 'claim', address: '', code: 'claimMissing' },
] as const)('$source "$address": $code', ({ source, address, code }) => {
  const choice = { ...firstChoice, source, address };
  const problems = clusterProblems(form({ system: systemOf(choice) }), emptyWorld, choice);
  expect(problems.filter(({ step }) => step === 'system').map((problem) => problem.code)).toEqual([code]);
});

test('the suggested name is that of the image', () => {
  expect(systemTraits({ ...form().system, ...systemOf({ source: 'registry', address: image }) })).toMatchObject({
    baseName: 'debian-13',
    cloudInit: 'maybe',
    medium: 'disk',
  });
});

describe('the check by the cluster', () => {
  const { made: drafts } = made({ address: image });
  const { signal } = new AbortController();
  const refusal = new ApiError(403, 'secrets is forbidden', { reason: 'Forbidden' });

  test('rehearses both objects and stores neither', async () => {
    const asked: unknown[] = [];
    const create = (...[resource, , options]: readonly unknown[]): Promise<never> => {
      asked.push([resource, (options as { readonly dryRun?: boolean }).dryRun]);
      return Promise.resolve(undefined as never);
    };
    expect(await clusterCheck({ create }, drafts, signal)).toMatchObject({ allowed: true, causes: [] });
    expect(asked).toEqual([
      ['secrets', true],
      ['virtualmachines.kubevirt.io', true],
    ]);
  });

  test('a refusal without causes is told in its own words; no answer at all is no verdict', async () => {
    expect(await clusterCheck({ create: () => Promise.reject(refusal) }, { machine: drafts.machine }, signal)).toMatchObject({
      allowed: false,
      causes: [{ message: 'secrets is forbidden' }],
    });
    await expect(clusterCheck({ create: () => Promise.reject(new Error('no line')) }, drafts, signal)).rejects.toThrow('no line');
  });
});
