// Owns the conformance of certConfig with the operator's webhook: same verdicts, same words.
// Must not repeat its cases; they are data.
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  certConfigCauses,
  type CertConfigDraft,
  completeCertConfig,
  defaultCertConfig,
} from '../../../electron/core/certificates/cert-config.ts';

interface Case {
  readonly name: string;
  readonly certConfig: CertConfigDraft;
  readonly accepted: boolean;
  readonly message: string | null;
}

const file = new URL('../../../../shared/kubevirt/certconfig-cases.json', import.meta.url);
const present = existsSync(file);
const { cases, defaults } = (present ? JSON.parse(readFileSync(file, 'utf8')) : { cases: [], defaults: undefined }) as {
  readonly cases: readonly Case[];
  readonly defaults: unknown;
};

const messages = (given: CertConfigDraft): readonly string[] =>
  certConfigCauses(completeCertConfig(given), 'spec.certConfig').map(({ message }) => message);

test.skipIf(!present)(`the operator's own cases${present ? '' : ' (skipped: ../shared/kubevirt is not there)'}`, () => {
  expect(cases.length).toBeGreaterThan(10);
  for (const { name, certConfig, message } of cases)
    expect([name, messages(certConfig)]).toEqual([name, message === null ? [] : [message]]);
  expect(defaultCertConfig).toEqual(defaults);
});

test('a value that was deleted comes back as its default and may conflict with the ones that stayed', () => {
  const given = { ca: { duration: '4h0m0s', renewBefore: '1h0m0s' }, server: { renewBefore: '4h0m0s' } };
  expect(messages(given)).toEqual(['spec.certConfig: ca.duration is smaller than server.duration']);
  expect(certConfigCauses(completeCertConfig(given), 'spec.certConfig')[0]?.fix).toBe(
    'Set ca.duration to 24h0m0s or more, or server.duration to 4h0m0s or less.',
  );
});

test.each([
  ['2d', 'spec.certConfig.ca.duration: time: unknown unit "d" in duration "2d"'],
  ['', 'spec.certConfig.ca.duration: time: invalid duration ""'],
  ['-48h', 'spec.certConfig.ca.duration: value is too small'],
])('%s is no duration for it', (duration, message) => {
  expect(messages({ ca: { duration } })).toEqual([message]);
});
