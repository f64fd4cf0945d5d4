// Owns the rows of KubeVirt's probes: defaults, what is asked and by which way, when answers become a verdict.
// Must not ask anybody.
import { expect, test } from 'vitest';
import type { VirtualMachineInstance } from '../../../electron/api/kinds/virtual-machine-instance.ts';
import { firstProbeState, probePlan, probeStateAfter } from '../../../electron/core/reconcile/probes.ts';

type Spec = VirtualMachineInstance['spec'];

function run(spec: object, status: object = {}): VirtualMachineInstance {
  const devices = { interfaces: [{ name: 'default', masquerade: {}, ports: [{ name: 'web', port: 8080 }] }] };
  const whole = { domain: { devices }, networks: [{ name: 'default', pod: {} }], ...spec } as Spec;
  return { metadata: { name: 'web', uid: 'u' }, spec: whole, status } as VirtualMachineInstance;
}

const user = { type: 'userNetwork', netdev: 'network-default' };

test.each([
  ['nothing', run({}), undefined],
  ['a probe that asks nothing', run({ readinessProbe: { periodSeconds: 3 } }), undefined],
  ['ping', run({ readinessProbe: { guestAgentPing: {} } }), { type: 'guestAgentPing' }],
  ['exec', run({ readinessProbe: { exec: { command: ['cat', '/ready'] } } }), { type: 'exec', command: ['cat', '/ready'] }],
  ['a port by number', run({ readinessProbe: { tcpSocket: { port: 22 } } }), { type: 'tcpSocket', port: 22, way: user }],
  ['a port by name', run({ readinessProbe: { tcpSocket: { port: 'web' } } }), { type: 'tcpSocket', port: 8080, way: user }],
  ['a port as text', run({ readinessProbe: { tcpSocket: { port: '22' } } }), { type: 'tcpSocket', port: 22, way: user }],
  ['a port nobody knows', run({ readinessProbe: { tcpSocket: { port: 'nobody' } } }), { type: 'tcpSocket', port: 0, way: user }],
  [
    'http, with its defaults',
    run({ readinessProbe: { httpGet: { port: 80 } } }),
    { type: 'httpGet', port: 80, way: user, path: '/', scheme: 'http', headers: [] },
  ],
  [
    'https, with everything, on another network',
    run(
      {
        networks: [{ name: 'default', multus: { networkName: 'lan' } }],
        readinessProbe: {
          httpGet: { port: 443, path: '/healthz', scheme: 'HTTPS', host: 'elsewhere', httpHeaders: [{ name: 'Host', value: 'me' }] },
        },
      },
      { interfaces: [{ name: 'default', ipAddress: '192.168.7.9', ipAddresses: ['192.168.7.9'] }] },
    ),
    {
      type: 'httpGet',
      port: 443,
      way: { type: 'address', address: '192.168.7.9' },
      path: '/healthz',
      scheme: 'https',
      headers: [['Host', 'me']],
    },
  ],
  [
    'no address yet',
    run({ networks: [{ name: 'default', multus: { networkName: 'lan' } }], readinessProbe: { tcpSocket: { port: 22 } } }),
    { type: 'tcpSocket', port: 22, way: { type: 'none' } },
  ],
])('asks %s', (_name, vmi, question) => {
  expect(probePlan(vmi, 'readinessProbe')?.question).toEqual(question);
});

test("Kubernetes' defaults and least values", () => {
  const ping = { guestAgentPing: {} };
  const times = (probe: object, name: 'readinessProbe' | 'livenessProbe' = 'readinessProbe') => {
    const plan = probePlan(run({ [name]: { ...ping, ...probe } }), name);
    return [plan?.initialDelayMs, plan?.periodMs, plan?.timeoutMs, plan?.successThreshold, plan?.failureThreshold];
  };
  expect(times({})).toEqual([0, 10_000, 1_000, 1, 3]);
  expect(times({ initialDelaySeconds: -1, periodSeconds: 0, timeoutSeconds: 0, successThreshold: 0, failureThreshold: 0 })).toEqual([
    0, 10_000, 1_000, 1, 3,
  ]);
  expect(times({ initialDelaySeconds: 5, periodSeconds: 2, timeoutSeconds: 3, successThreshold: 2, failureThreshold: 4 })).toEqual([
    5_000, 2_000, 3_000, 2, 4,
  ]);
  expect(times({ successThreshold: 2 }, 'livenessProbe')).toEqual([0, 10_000, 1_000, 1, 3]);
});

test.each([
  { name: 'readinessProbe', thresholds: [1, 3], answers: '', passes: [] },
  { name: 'readinessProbe', thresholds: [1, 3], answers: '-+---+', passes: [false, true, true, true, false, true] },
  { name: 'readinessProbe', thresholds: [2, 1], answers: '+-++-', passes: [false, false, false, true, false] },
  { name: 'livenessProbe', thresholds: [1, 3], answers: '--+--+---', passes: [true, true, true, true, true, true, true, true, false] },
] as const)('$name, $thresholds: $answers', ({ name, thresholds, answers, passes }) => {
  const [successThreshold, failureThreshold] = thresholds;
  let state = firstProbeState(name);
  const seen = Array.from(answers, (answer) => {
    state = probeStateAfter(state, answer === '+', { successThreshold, failureThreshold });
    return state.passes;
  });
  expect(seen).toEqual(passes);
});
