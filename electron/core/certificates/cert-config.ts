// Owns HyperConverged's spec.certConfig: its defaults, the rules between the values, and the values in milliseconds.
// Must not know what the certificates are for.
import { formatDuration, millisecondsOf, parseDuration } from '../../api/duration.ts';
import type { Cause } from '../../api/errors.ts';

export interface CertLife<Value> {
  readonly duration: Value;
  readonly renewBefore: Value;
}

export interface CertConfig {
  readonly ca: CertLife<string>;
  readonly server: CertLife<string>;
}

export interface CertConfigDraft {
  readonly ca?: Partial<CertLife<string>> | undefined;
  readonly server?: Partial<CertLife<string>> | undefined;
}

/** In milliseconds. */
export interface CertDurations {
  readonly ca: CertLife<number>;
  readonly server: CertLife<number>;
}

/** hyperconverged-cluster-operator, release-4.9, hyperconverged_types.go. */
export const defaultCertConfig: CertConfig = {
  ca: { duration: '48h0m0s', renewBefore: '24h0m0s' },
  server: { duration: '24h0m0s', renewBefore: '12h0m0s' },
};

/** Each value that is missing takes its own default. */
export function completeCertConfig(given: CertConfigDraft = {}): CertConfig {
  return { ca: { ...defaultCertConfig.ca, ...given.ca }, server: { ...defaultCertConfig.server, ...given.server } };
}

/** Of a config that was admitted. */
export function certDurations({ ca, server }: CertConfig): CertDurations {
  const inMs = ({ duration, renewBefore }: CertLife<string>): CertLife<number> => ({
    duration: millisecondsIn(duration) ?? 0,
    renewBefore: millisecondsIn(renewBefore) ?? 0,
  });
  return { ca: inMs(ca), server: inMs(server) };
}

function millisecondsIn(text: string): number | undefined {
  const parsed = parseDuration(text);
  return parsed.ok ? millisecondsOf(parsed.duration) : undefined;
}

const minimumMs = 600_000;
const values = ['ca.duration', 'ca.renewBefore', 'server.duration', 'server.renewBefore'] as const;

/**
 * The first conflict only, in the words of the operator's webhook (pkg/webhooks/validator/validator.go:216-246). It looks at the
 * four minimums in Go's random order of a map; here the order is that of the manifest.
 */
export function certConfigCauses(config: CertConfig, path: string): readonly Cause[] {
  const texts = [config.ca.duration, config.ca.renewBefore, config.server.duration, config.server.renewBefore];
  for (const [index, name] of values.entries()) {
    const cause = valueCause(texts[index] ?? '', `${path}.${name}`);
    if (cause !== undefined) return [cause];
  }
  const { ca, server } = certDurations(config);
  if (ca.duration < ca.renewBefore) return [lifeCause(config.ca, `${path}.ca`)];
  if (server.duration < server.renewBefore) return [lifeCause(config.server, `${path}.server`)];
  if (ca.duration >= server.duration) return [];
  return [
    refused(path, 'ca.duration is smaller than server.duration', {
      at: `${path}.ca.duration`,
      fix: `Set ca.duration to ${written(config.server.duration)} or more, or server.duration to ${written(config.ca.duration)} or less.`,
    }),
  ];
}

function valueCause(text: string, at: string): Cause | undefined {
  const parsed = parseDuration(text);
  if (!parsed.ok) return refused(at, parsed.error, { at, fix: 'Write hours, minutes and seconds, such as 48h0m0s. Go has no days.' });
  if (millisecondsOf(parsed.duration) >= minimumMs) return undefined;
  return refused(at, 'value is too small', { at, fix: 'Use 10m0s or more.' });
}

function lifeCause({ duration, renewBefore }: CertLife<string>, path: string): Cause {
  return refused(path, 'duration is smaller than renewBefore', {
    at: `${path}.duration`,
    fix: `Set duration to ${written(renewBefore)} or more, or renewBefore to ${written(duration)} or less.`,
  });
}

function refused(subject: string, words: string, more: { readonly at: string; readonly fix: string }): Cause {
  return { reason: 'FieldValueInvalid', field: more.at, message: `${subject}: ${words}`, fix: more.fix };
}

/** As Go prints it, whatever way it was written. */
function written(text: string): string {
  const parsed = parseDuration(text);
  return parsed.ok ? formatDuration(parsed.duration) : text;
}
