// Owns the playbook that the wizard shows; test/clients/ansible.test.ts plays it.
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifests } from '../../../renderer/features/create/manifests.ts';
import { playbookText } from '../../../renderer/features/create/playbook-text.ts';
import { fedora, form } from './forms.ts';

interface Task {
  readonly 'kubernetes.core.k8s'?: { readonly definition: object };
  readonly 'virtdeck.local.kubevirt_vm'?: Readonly<Record<string, unknown>>;
}

const given = { namespace: 'default' };
const manual = { run: 'manual', startWhenCreated: true } as const;
const tasksOf = (text: string): readonly Task[] =>
  (parse(text, { version: '1.1', logLevel: 'error' }) as readonly { readonly tasks: readonly Task[] }[])[0]?.tasks ?? [];

test('says the Secret and the machine as the manifests do', () => {
  const made = manifests(
    form({ system: { source: 'catalog', image: fedora }, account: { user: 'me' }, options: { run: 'always' } }),
    given,
  );
  const [secret, machine] = tasksOf(playbookText(made, { run: 'always', startWhenCreated: true }));
  expect(secret?.['kubernetes.core.k8s']?.definition).toEqual(made.secret);
  const { metadata, spec } = made.machine;
  expect(machine?.['virtdeck.local.kubevirt_vm']).toEqual({
    name: 'web',
    namespace: 'default',
    state: 'running',
    run_strategy: 'Always',
    labels: { 'kubevirt.io/vm': 'web' },
    annotations: metadata.annotations,
    data_volume_templates: spec.dataVolumeTemplates,
    spec: spec.template.spec,
    wait_timeout: 3600,
  });
});

describe('the state', () => {
  const stateOf = (text: string): unknown => tasksOf(text).at(-1)?.['virtdeck.local.kubevirt_vm']?.['state'];
  const claim = manifests(form({ system: { source: 'claim', claim: 'root' } }), given);
  const upload = manifests(form({ system: { source: 'upload', upload: { name: 'a.qcow2', size: 1 } } }), given);
  test.each([
    { name: 'by hand, started', text: playbookText(claim, manual), want: 'running' },
    { name: 'by hand, not started', text: playbookText(claim, { run: 'manual', startWhenCreated: false }), want: 'present' },
    { name: 'by itself', text: playbookText(claim, { run: 'withComputer', startWhenCreated: false }), want: 'running' },
    { name: 'of an upload that comes later', text: playbookText(upload, manual), want: 'present' },
  ])('$name is $want', ({ text, want }) => {
    expect(stateOf(text)).toBe(want);
  });
});

test('no text of the user is run as a template, and none changes its type', () => {
  const rawUserData = '#cloud-config\nhostname: {{ lookup("pipe", "id") }}\n';
  const made = manifests(
    form({ system: { source: 'catalog', image: fedora }, account: { mode: 'raw', rawUserData }, options: { description: '{% raw %}' } }),
    given,
  );
  const text = playbookText(made, manual);
  expect(text).toMatch(/userdata: !unsafe \|\n/);
  expect(text).toMatch(/description: !unsafe /);
  const odd = playbookText(manifests(form({ options: { description: 'yes' } }), given), manual);
  expect(odd).toMatch(/description: "yes"/);
});
