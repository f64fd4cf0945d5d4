// Owns the rules of placement, a row each.
// Must not test where the facts come from.
import { describe, expect, test } from 'vitest';
import { place } from '../../../electron/core/placement/place.ts';
import type { Candidate, PlacedMachine, PlacementNode, PodTerm } from '../../../electron/core/placement/world.ts';
import { candidate, node, placed, world } from './worlds.ts';

interface Row {
  readonly what: string;
  readonly asked?: Partial<Candidate>;
  readonly nodes?: readonly PlacementNode[];
  readonly machines?: readonly PlacedMachine[];
  /** Where it goes; or the sentence, when nowhere. */
  readonly goes: string;
}

const domain = 'topology.virtdeck.io/domain';
const host = 'kubernetes.io/hostname';
const two = [node('a'), node('b')];
const ask = (key: string, value = 'true', field = 'spec.nodeSelector'): Candidate['asks'][number] => ({
  requirement: { key, operator: 'In', values: [value] },
  field,
});
const withApp = (app: string, topologyKey = domain): PodTerm => ({ labelSelector: { matchLabels: { app } }, topologyKey });
const near = (term: PodTerm) => ({ podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } });
const apart = (term: PodTerm) => ({ podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } });
const nodeTerms = (...nodeSelectorTerms: readonly object[]): Candidate['affinity'] =>
  ({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } }) as Candidate['affinity'];
const expression = (key: string, operator: string, ...values: readonly string[]) => ({ matchExpressions: [{ key, operator, values }] });
const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

const rows: readonly Row[] = [
  { what: 'of equal nodes the first by name', goes: 'a' },
  { what: 'the emptier node', machines: [placed('x', 'a')], goes: 'b' },
  { what: 'nowhere without nodes', nodes: [], goes: '0/0 nodes are available.' },

  { what: 'nodeSelector', asked: { asks: [ask('disk', 'ssd')] }, nodes: [node('a'), node('b', { labels: { disk: 'ssd' } })], goes: 'b' },
  {
    what: 'nodeSelector that no node has',
    asked: { asks: [ask('disk', 'ssd')] },
    goes: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  },
  { what: 'In', asked: { affinity: nodeTerms(expression(domain, 'In', 'b', 'c')) }, goes: 'b' },
  { what: 'NotIn', asked: { affinity: nodeTerms(expression(domain, 'NotIn', 'a')) }, goes: 'b' },
  {
    what: 'Exists',
    asked: { affinity: nodeTerms(expression('ssd', 'Exists')) },
    nodes: [node('a'), node('b', { labels: { ssd: '' } })],
    goes: 'b',
  },
  {
    what: 'DoesNotExist',
    asked: { affinity: nodeTerms(expression('hdd', 'DoesNotExist')) },
    nodes: [node('a', { labels: { hdd: '' } }), node('b')],
    goes: 'b',
  },
  {
    what: 'Gt compares numbers, not texts',
    asked: { affinity: nodeTerms(expression('speed', 'Gt', '9')) },
    nodes: [node('a', { labels: { speed: '8' } }), node('b', { labels: { speed: '10' } })],
    goes: 'b',
  },
  {
    what: 'Lt of a label that is no number never holds',
    asked: { affinity: nodeTerms(expression('speed', 'Lt', '9')) },
    nodes: [node('a', { labels: { speed: 'slow' } })],
    goes: "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.",
  },
  { what: 'terms are ORed', asked: { affinity: nodeTerms(expression('no', 'Exists'), expression(domain, 'In', 'b')) }, goes: 'b' },
  {
    what: 'expressions are ANDed',
    asked: {
      affinity: nodeTerms({
        matchExpressions: [
          { key: domain, operator: 'Exists' },
          { key: 'no', operator: 'Exists' },
        ],
      }),
    },
    goes: "0/2 nodes are available: 2 node(s) didn't match Pod's node affinity/selector.",
  },
  {
    what: 'matchFields names a node',
    asked: { affinity: nodeTerms({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] }) },
    goes: 'b',
  },
  {
    what: 'a preference decides between nodes that fit',
    asked: {
      affinity: {
        nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: expression(domain, 'In', 'b') }] },
      } as NonNullable<Candidate['affinity']>,
    },
    goes: 'b',
  },
  {
    what: 'a preference that nothing meets does not block',
    asked: {
      affinity: {
        nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: expression('no', 'Exists') }] },
      } as NonNullable<Candidate['affinity']>,
    },
    goes: 'a',
  },

  { what: 'a taint keeps away', nodes: [node('a', { taints: [gpu] }), node('b')], goes: 'b' },
  {
    what: 'a taint on the only node',
    nodes: [node('a', { taints: [gpu] })],
    goes: '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.',
  },
  {
    what: 'NoExecute keeps away as well',
    nodes: [node('a', { taints: [{ ...gpu, effect: 'NoExecute' }] })],
    goes: '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.',
  },
  { what: 'PreferNoSchedule only weighs', nodes: [node('a', { taints: [{ ...gpu, effect: 'PreferNoSchedule' }] }), node('b')], goes: 'b' },
  { what: 'PreferNoSchedule does not block', nodes: [node('a', { taints: [{ ...gpu, effect: 'PreferNoSchedule' }] })], goes: 'a' },
  {
    what: 'Equal tolerates key, value and effect',
    asked: { tolerations: [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }] },
    nodes: [node('a', { taints: [gpu] })],
    goes: 'a',
  },
  {
    what: 'Equal with another value does not',
    asked: { tolerations: [{ key: 'gpu', value: 'no' }] },
    nodes: [node('a', { taints: [gpu] })],
    goes: '0/1 nodes are available: 1 node(s) had untolerated taint {gpu: yes}.',
  },
  {
    what: 'Exists without a key tolerates everything',
    asked: { tolerations: [{ operator: 'Exists' }] },
    nodes: [node('a', { taints: [gpu], unschedulable: true })],
    goes: 'a',
  },
  { what: 'a cordon', nodes: [node('a', { unschedulable: true })], goes: '0/1 nodes are available: 1 node(s) were unschedulable.' },

  {
    what: 'too little memory',
    asked: { requests: { memory: 9 * 1024 ** 3 } },
    goes: '0/2 nodes are available: 2 Insufficient memory.',
  },
  {
    what: 'what is promised is gone, used or not',
    asked: { requests: { cpu: 3500 } },
    machines: [placed('x', 'a')],
    nodes: [node('a')],
    goes: '0/1 nodes are available: 1 Insufficient cpu.',
  },
  {
    what: 'a device that no node has',
    asked: { requests: { 'example.com/gpu': 1 } },
    goes: '0/2 nodes are available: 2 Insufficient example.com/gpu.',
  },
  {
    what: 'several reasons of several nodes are all counted',
    asked: { requests: { memory: 9 * 1024 ** 3 } },
    nodes: [node('a', { taints: [gpu] }), node('b')],
    goes: '0/2 nodes are available: 1 node(s) had untolerated taint {gpu: yes}, 2 Insufficient memory.',
  },

  {
    what: 'together on one domain',
    asked: { affinity: near(withApp('db')) },
    machines: [placed('db', 'b', { labels: { app: 'db' } })],
    goes: 'b',
  },
  {
    what: 'together with a machine that is not there',
    asked: { affinity: near(withApp('db')) },
    goes: "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
  },
  { what: 'the first of its own group', asked: { labels: { app: 'db' }, affinity: near(withApp('db')) }, goes: 'a' },
  {
    what: 'together on the computer is together on any node',
    asked: { affinity: near(withApp('db', host)) },
    machines: [placed('db', 'b', { labels: { app: 'db' } })],
    goes: 'a',
  },
  {
    what: 'another project is not meant',
    asked: { affinity: near(withApp('db')) },
    machines: [placed('db', 'b', { namespace: 'other', labels: { app: 'db' } })],
    goes: "0/2 nodes are available: 2 node(s) didn't match pod affinity rules.",
  },
  {
    what: 'unless it is named',
    asked: { affinity: near({ ...withApp('db'), namespaces: ['other'] }) },
    machines: [placed('db', 'b', { namespace: 'other', labels: { app: 'db' } })],
    goes: 'b',
  },
  { what: 'apart', asked: { affinity: apart(withApp('db')) }, machines: [placed('db', 'a', { labels: { app: 'db' } })], goes: 'b' },
  {
    what: 'apart on the computer is apart nowhere',
    asked: { affinity: apart(withApp('db', host)) },
    machines: [placed('db', 'a', { labels: { app: 'db' } })],
    goes: "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.",
  },
  {
    what: 'who runs already keeps the newcomer away',
    asked: { labels: { app: 'web' } },
    machines: [placed('db', 'a', { affinity: apart(withApp('web')) })],
    goes: 'b',
  },
  {
    what: 'preferred company outweighs room',
    asked: {
      affinity: { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: withApp('db') }] } },
    },
    machines: [placed('db', 'b', { labels: { app: 'db' } })],
    goes: 'b',
  },
  {
    what: 'preferred distance',
    asked: {
      affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: withApp('db') }] } },
    },
    nodes: [node('a', { allocatable: { cpu: 64_000, memory: 64 * 1024 ** 3 } }), node('b')],
    machines: [placed('db', 'a', { labels: { app: 'db' } })],
    goes: 'b',
  },
  {
    what: 'spread: not two ahead of the least',
    asked: {
      labels: { app: 'web' },
      spread: [{ maxSkew: 1, topologyKey: domain, whenUnsatisfiable: 'DoNotSchedule', labelSelector: { matchLabels: { app: 'web' } } }],
    },
    nodes: [node('a', { allocatable: { cpu: 64_000, memory: 64 * 1024 ** 3 } }), node('b', { taints: [gpu] })],
    machines: [placed('w', 'a', { labels: { app: 'web' } })],
    goes: "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints, 1 node(s) had untolerated taint {gpu: yes}.",
  },
];

describe('a machine goes', () => {
  test.each(rows)('$what: $goes', ({ asked = {}, nodes = two, machines = [], goes }) => {
    const decision = place(candidate(asked), world(nodes, machines));
    expect(decision.node ?? decision.message).toBe(goes);
  });
});

test('every node says every reason, with numbers and what to do', () => {
  const asked = candidate({ requests: { memory: 9 * 1024 ** 3, cpu: 5000 }, asks: [ask('disk', 'ssd')] });
  const { verdicts } = place(asked, world([node('a', { taints: [gpu] })], [placed('x', 'a')]));
  expect(verdicts[0]?.refusals.map(({ cause }) => cause)).toEqual([
    {
      reason: 'TaintNotTolerated',
      field: 'spec.tolerations',
      message: 'Node a has the taint gpu=yes:NoSchedule, which the machine does not tolerate.',
      fix: 'Add a toleration for gpu, or take the taint off a.',
    },
    {
      reason: 'NodeSelectorMismatch',
      field: 'spec.nodeSelector',
      message: 'Node a does not have disk=ssd: it has no label disk.',
      fix: 'Label the node (kubectl label node a disk=…), or ask for less.',
    },
    {
      reason: 'InsufficientResource',
      field: 'spec.domain.memory.guest',
      message: 'Node a has 7 GiB of memory left of 8 GiB (1 GiB are promised); the machine needs 9 GiB, 2 GiB more.',
      fix: 'Give it less, ask for less than the guest has (overcommit), or stop another machine.',
    },
    {
      reason: 'InsufficientResource',
      field: 'spec.domain.cpu',
      message: 'Node a has 3 CPUs of processor time left of 4 CPUs (1 CPU are promised); the machine needs 5 CPUs, 2 CPUs more.',
      fix: 'Ask for fewer processors, or stop another machine.',
    },
  ]);
});
