// Owns the rules of a preference (KubeVirt v1.9.0, pkg/instancetype/preference/webhooks/admitter.go).
// Must not compare it with any machine.
import type { PreferenceSpec } from '../../../api/kinds/preference.ts';
import { preferredTopology, spreadOptions, spreads } from '../../instancetype/topology.ts';
import { type Rule, invalid } from '../rule.ts';

export interface PreferenceDraft {
  readonly spec: PreferenceSpec;
}

const topology: Rule<PreferenceDraft> = ({ spec }, path) =>
  preferredTopology(spec) === undefined
    ? [
        invalid(
          `${path}.cpu.preferredCPUTopology`,
          `unknown preferredCPUTopology ${spec.cpu?.preferredCPUTopology}`,
          'Use sockets, cores, threads, spread or any.',
        ),
      ]
    : [];

const spread: Rule<PreferenceDraft> = ({ spec }, path) => {
  if (preferredTopology(spec) !== 'spread') return [];
  const { ratio, across } = spreadOptions(spec);
  const field = `${path}.cpu.spreadOptions`;
  if (!spreads.some((known) => known === across)) {
    return [invalid(`${field}.across`, `across ${across} is not supported`, `Use one of ${spreads.join(', ')}.`)];
  }
  if (across === 'CoresThreads' && ratio !== 2) {
    const message = 'only a ratio of 2 (1 core 2 threads) is allowed when spreading vCPUs over cores and threads';
    return [invalid(`${field}.ratio`, message, 'Use 2.')];
  }
  // Upstream divides by it.
  return ratio > 0 ? [] : [invalid(`${field}.ratio`, `${field}.ratio '${ratio}': must be greater than 0.`, 'Use 2.')];
};

export const preferenceRules: readonly Rule<PreferenceDraft>[] = [topology, spread];
