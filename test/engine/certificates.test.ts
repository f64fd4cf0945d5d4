// Owns the proof that certificates are kept in order by the clock: two rotations, failures that are told and mended, a core that was off.
import { expect, test } from 'vitest';
import type { HyperConverged } from '../../electron/api/kinds/hyper-converged.ts';
import { hyperConvergedKey } from '../../electron/engine/certificates.ts';
import { secret, vm, withMeta, withRunStrategy } from '../fakes/builders.ts';
import { condition, refusal, startCore, type TestCore } from './harness.ts';

const hourMs = 3_600_000;

function object(core: TestCore): HyperConverged {
  return core.store.get(hyperConvergedKey) as HyperConverged;
}

function serials(core: TestCore): readonly string[] {
  const { authorities = [], servers = [] } = object(core).status?.certificates ?? {};
  return [
    ...authorities.map(({ serialNumber }) => `CA ${serialNumber}`),
    ...servers.map((server) => `${server.name} ${server.serialNumber} by ${server.authority}`),
  ];
}

function told(core: TestCore): readonly string[] {
  return (core.store.list('events', 'openshift-cnv') as readonly { readonly reason?: string; readonly count?: number }[]).map(
    ({ reason, count }) => `${reason} x${count}`,
  );
}

test('there are none until somebody needs them', async () => {
  const core = await startCore();
  await core.clock.advance(100 * hourMs);
  expect(object(core).status?.certificates).toBeUndefined();
  expect(condition(object(core), 'Degraded')).toBe('False/ReconcileCompleted');
});

test('two full rotations on the clock; the old authority is trusted until it expires', async () => {
  const core = await startCore();
  let changes = 0;
  core.engine.onTlsChange(() => void (changes += 1));
  await core.engine.demandTls('api', []);
  await core.settle();
  expect(serials(core)).toEqual(['CA 1', 'api 2 by 1']);
  await core.clock.advance(12 * hourMs);
  expect(serials(core)).toEqual(['CA 1', 'api 3 by 1']);
  await core.clock.advance(12 * hourMs);
  expect(serials(core)).toEqual(['CA 1', 'CA 4', 'api 5 by 4']);
  await core.clock.advance(23 * hourMs);
  expect(serials(core)).toEqual(['CA 1', 'CA 4', 'api 6 by 4']);
  await core.clock.advance(hourMs);
  expect(serials(core)).toEqual(['CA 4', 'CA 7', 'api 8 by 7']);
  expect(changes).toBe(5);
});

test('a broken renewal keeps what is there, says so, and is tried again', async () => {
  const core = await startCore();
  await core.engine.demandTls('api', []);
  core.host.fakeCertificates.breaks('There is no space left.');
  await core.clock.advance(12 * hourMs + 2 * 60_000);
  expect(serials(core)).toEqual(['CA 1', 'api 2 by 1']);
  expect(condition(object(core), 'Degraded')).toBe('True/CertificateRenewalFailed');
  expect(object(core).status?.conditions?.find(({ type }) => type === 'Degraded')?.message).toBe(
    'The certificate of the API could not be renewed; the one that is there stays in use: There is no space left.',
  );
  expect(told(core)).toContain('CertificateRenewalFailed x3');
  core.host.fakeCertificates.breaks(undefined);
  await core.clock.advance(60_000);
  expect(serials(core)).toEqual(['CA 1', 'api 3 by 1']);
  expect(condition(object(core), 'Degraded')).toBe('False/ReconcileCompleted');
});

test('where none can be issued the first who needs one hears why', async () => {
  const core = await startCore();
  core.host.fakeCertificates.breaks('There is no space left.');
  expect(await refusal(core.engine.demandTls('api', []))).toBe(
    'ServiceUnavailable: The certificate authority could not be renewed; the one that is there stays in use: There is no space left.',
  );
});

test('a core that was off until everything had expired begins anew', async () => {
  const core = await startCore();
  await core.engine.demandTls('api', []);
  await core.settle();
  const next = await core.reborn(() => core.clock.advance(49 * hourMs));
  expect(serials(next)).toEqual(['CA 3', 'api 4 by 3']);
});

test('rotate now; deleted durations are the defaults again; the object comes back', async () => {
  const core = await startCore();
  await core.engine.demandTls('api', []);
  await core.engine.rotateCertificates('servers');
  await core.engine.rotateCertificates('authority');
  await core.settle();
  expect(serials(core)).toEqual(['CA 1', 'CA 4', 'api 5 by 4']);
  const before = object(core);
  const life = { duration: '2h', renewBefore: '1h' };
  await core.engine.update(hyperConvergedKey, { ...before, spec: { certConfig: { ca: life, server: life } } });
  await core.clock.advance(hourMs);
  expect(serials(core)).toEqual(['CA 1', 'CA 4', 'CA 6', 'api 7 by 6']);
  await core.engine.delete(hyperConvergedKey);
  await core.settle();
  expect(object(core).spec.certConfig).toEqual({
    ca: { duration: '48h0m0s', renewBefore: '24h0m0s' },
    server: { duration: '24h0m0s', renewBefore: '12h0m0s' },
  });
});

test('the refusal is the one that the chapter prints', async () => {
  const core = await startCore();
  const ca = { duration: '4h0m0s', renewBefore: '1h0m0s' };
  const draft = { ...object(core), spec: { certConfig: { ca, server: { renewBefore: '4h0m0s' } } } };
  expect(await refusal(core.engine.update(hyperConvergedKey, draft))).toBe(
    'Forbidden: admission webhook "validate-hco.kubevirt.io" denied the request: spec.certConfig: ca.duration is smaller than server.duration',
  );
});

test('a machine with a screen for others gets its certificate before it starts, and is told of each renewal', async () => {
  const core = await startCore();
  const vnc = { 'virtdeck.io/vnc-listen': '127.0.0.1:5901', 'virtdeck.io/vnc-password-secret': 'screen' };
  await core.made(
    secret({ name: 'screen', stringData: { password: 'eightlet' } }),
    vm(withMeta({ annotations: vnc }), withRunStrategy('Always')),
  );
  expect(serials(core)).toEqual(['CA 1', 'vnc 2 by 1']);
  expect(core.guest().plan.tlsHosts).toEqual(['127.0.0.1']);
  const reloads = (): number => core.guest().qmpLog.filter(({ execute }) => execute === 'display-reload').length;
  expect(reloads()).toBe(0);
  await core.clock.advance(12 * hourMs);
  expect([serials(core), reloads()]).toEqual([['CA 1', 'vnc 3 by 1'], 1]);
});
