// Owns the table of what is due: by time, by change of durations, by names, by what was lost.
import { describe, expect, test } from 'vitest';
import { certDurations, type CertConfigDraft, completeCertConfig } from '../../../electron/core/certificates/cert-config.ts';
import type { AuthorityFact, CertificateFacts, ServerFact } from '../../../electron/core/certificates/certificate-facts.ts';
import { dueSteps, nextDueAtMs, type RenewalStep, type RenewalWish } from '../../../electron/core/certificates/renewal.ts';

const hourMs = 3_600_000;
const at = (hours: number): number => Date.UTC(2026, 0, 1) + hours * hourMs;

function wish(config: CertConfigDraft = {}, more: Partial<RenewalWish> = {}): RenewalWish {
  return { durations: certDurations(completeCertConfig(config)), hosts: ['localhost'], servers: ['api'], ...more };
}

function authority(serialNumber: string, from: number, to: number): AuthorityFact {
  return { serialNumber, notBeforeMs: at(from), notAfterMs: at(to), fingerprint: 'AA', canSign: true };
}

function server(by: string, from: number, to: number): ServerFact {
  return {
    name: 'api',
    serialNumber: 's',
    authority: by,
    notBeforeMs: at(from),
    notAfterMs: at(to),
    fingerprint: 'BB',
    hosts: ['localhost'],
  };
}

const facts: CertificateFacts = { authorities: [authority('a', 0, 48)], servers: [server('a', 0, 24)] };

function said(steps: readonly RenewalStep[]): readonly string[] {
  return steps.map((step) => {
    if (step.type === 'forgetAuthority') return `forget ${step.serialNumber}`;
    const hours = (step.life.notAfterMs - step.life.notBeforeMs) / hourMs;
    return `${step.type === 'issueAuthority' ? 'authority' : step.name} for ${hours} h`;
  });
}

describe('what is due', () => {
  test.each<[name: string, facts: CertificateFacts, wish: RenewalWish, hours: number, steps: readonly string[]]>([
    ['nothing is there', { authorities: [], servers: [] }, wish(), 0, ['authority for 48 h']],
    ['the authority is there', { authorities: [authority('a', 0, 48)], servers: [] }, wish(), 0, ['api for 24 h']],
    ['all is fresh', facts, wish(), 1, []],
    ['a second before the renewal of the server', facts, wish(), 12 - 1 / 3600, []],
    ['the renewal of the server', facts, wish(), 12, ['api for 24 h']],
    ['the renewal of the authority', { ...facts, servers: [server('a', 23, 47)] }, wish(), 24, ['authority for 48 h']],
    ['a new authority signs', { ...facts, authorities: [...facts.authorities, authority('b', 24, 72)] }, wish(), 24, ['api for 24 h']],
    [
      'the old authority has expired',
      { authorities: [authority('a', 0, 48), authority('b', 24, 72)], servers: [server('b', 40, 64)] },
      wish(),
      48,
      ['forget a', 'authority for 48 h'],
    ],
    ['everything has expired while the core was off', facts, wish(), 500, ['forget a', 'authority for 48 h']],
    [
      'the key of the authority was lost',
      { ...facts, authorities: [{ ...authority('a', 0, 48), canSign: false }] },
      wish(),
      1,
      ['authority for 48 h'],
    ],
    ['a new name', facts, wish({}, { hosts: ['localhost', '192.168.1.5'] }), 1, ['api for 24 h']],
    ['a name less', { ...facts, servers: [{ ...server('a', 0, 24), hosts: ['localhost', '10.0.0.1'] }] }, wish(), 1, []],
    ['nobody serves', { authorities: [authority('a', 0, 48)], servers: [] }, wish({}, { servers: [] }), 1, []],
    ['a shorter duration counts from the issue on', facts, wish({ server: { duration: '2h', renewBefore: '1h' } }), 1, ['api for 2 h']],
    ['a longer one from the next certificate on', facts, wish({ server: { duration: '48h', renewBefore: '24h' } }), 1, ['api for 47 h']],
    ['it cannot outlive its authority', facts, wish({ server: { duration: '48h', renewBefore: '12h' } }), 13, ['api for 35 h']],
    [
      'it ends with its authority, and another would gain nothing',
      { ...facts, servers: [server('a', 13, 48)] },
      wish({ ca: { renewBefore: '10m' }, server: { duration: '48h', renewBefore: '24h' } }),
      25,
      [],
    ],
    ['renewBefore is all of duration', facts, wish({ server: { renewBefore: '24h' } }), 4 / 60, []],
    ['five minutes later', facts, wish({ server: { renewBefore: '24h' } }), 5 / 60, ['api for 24 h']],
    ['the authority is rotated now', facts, wish({}, { force: 'authority' }), 1, ['authority for 48 h']],
    ['the servers are renewed now', facts, wish({}, { force: 'servers' }), 1, ['api for 24 h']],
  ])('when %s', (...[, given, wanted, hours, steps]) => {
    expect(said(dueSteps(given, wanted, at(hours)))).toEqual(steps);
  });
});

test('the next look is at whatever comes first', () => {
  expect(nextDueAtMs({ authorities: [], servers: [] }, wish(), at(0))).toBeUndefined();
  expect(nextDueAtMs(facts, wish(), at(0))).toBe(at(12));
  expect(nextDueAtMs({ ...facts, servers: [server('a', 20, 44)] }, wish(), at(20))).toBe(at(24));
  const both = { authorities: [authority('a', 0, 48), authority('b', 40, 88)], servers: [server('b', 40, 64)] };
  expect(nextDueAtMs(both, wish(), at(41))).toBe(at(48));
});
