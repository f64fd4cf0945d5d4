// Owns the text of electron/core/validate/DIFFERENCES.md: what a reader sees of the lists that the conformance tests hold.
// Must not say anything that is not in those lists. `vitest -u` writes the file anew.
import { expect, test } from 'vitest';
import { decisions, knownDefaultingDifferences } from '../defaults/known-differences.ts';
import { type KnownDifference, knownDifferences } from './known-differences.ts';
import { kindsLeftOut, type LeftOut, subresourcesLeftOut } from './left-out.ts';
import { type Slip, slips } from './upstream-slips.ts';

function counted({ why, cases }: KnownDifference): string {
  return `- ${why} (${cases.length} ${cases.length === 1 ? 'case' : 'cases'})`;
}

function reasoned({ why, names }: LeftOut): string {
  return `- ${names.map((name) => `\`${name}\``).join(', ')}: ${why}`;
}

function corrected({ why, in: part, upstream, ours }: Slip): string {
  return `- ${why}: \`${upstream.source}\` in the ${part} is \`${ours === '' ? ' ' : ours}\``;
}

function text(): string {
  return [
    '# Where the rules and defaults differ from KubeVirt v1.9.0',
    '',
    'Every case that KubeVirt’s own unit tests put to its webhooks is put to these rules as well. Verdict and causes (type, field, message) are the same,',
    'except for what follows. The lists are data of the tests; an entry that no longer differs fails them.',
    '',
    '## Decided otherwise',
    '',
    ...knownDifferences.map(counted),
    '',
    '## Said rightly',
    '',
    'Upstream’s words with its slips corrected. Causes that upstream says twice are said once.',
    '',
    ...slips.map(corrected),
    '',
    '## Other defaults',
    '',
    ...decisions.map((line) => `- ${line}`),
    ...knownDefaultingDifferences.map(counted),
    '',
    '## Not served',
    '',
    'Kinds of KubeVirt and CDI:',
    '',
    ...kindsLeftOut.map(reasoned),
    '',
    'Subresources of a machine and its run:',
    '',
    ...subresourcesLeftOut.map(reasoned),
    '',
  ].join('\n');
}

test('DIFFERENCES.md says what the lists say', async () => {
  await expect(text()).toMatchFileSnapshot('../../../electron/core/validate/DIFFERENCES.md');
});
