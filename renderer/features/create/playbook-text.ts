// Owns the wizard's machine as an Ansible playbook: the same Secret and the same machine, by the collection's own module.
// Must not change what the manifests say.
import { Document, isScalar, visit } from 'yaml';
import type { CommandOptions } from './manifest-text.ts';
import type { MachineDraft, Manifests, SecretDraft } from './manifests.ts';

/** What Jinja would run on the computer that plays it. */
const template = /\{\{|\{%|\{#/;
/** Images are downloaded or built first. */
const longWaitSeconds = 3600;

/** A playbook that can be played again and again: what is there already is left alone. */
export function playbookText(manifests: Manifests, options: CommandOptions): string {
  const { secret, machine } = manifests;
  const tasks = [...(secret === undefined ? [] : [secretTask(secret)]), machineTask(machine, options)];
  // Ansible reads YAML 1.1, where `yes` and `12:30` are no texts.
  const document = new Document(
    [{ name: `Create ${machine.metadata.name}`, hosts: 'localhost', connection: 'local', gather_facts: false, tasks }],
    { version: '1.1' },
  );
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && template.test(node.value)) node.tag = '!unsafe';
    },
  });
  return `---\n${document.toString({ lineWidth: 0 })}`;
}

function secretTask(secret: SecretDraft): object {
  return { name: 'What cloud-init does at the first boot', 'kubernetes.core.k8s': { state: 'present', definition: secret } };
}

function machineTask({ metadata, spec }: MachineDraft, options: CommandOptions): object {
  const { name, namespace, annotations } = metadata;
  const { runStrategy, template: run, dataVolumeTemplates, instancetype, preference } = spec;
  const labels = run.metadata?.labels;
  const state = stateOf(spec, options);
  return {
    name: 'The virtual machine',
    'virtdeck.local.kubevirt_vm': {
      name,
      namespace,
      state,
      run_strategy: runStrategy,
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(instancetype === undefined ? {} : { instancetype }),
      ...(preference === undefined ? {} : { preference }),
      ...(dataVolumeTemplates === undefined ? {} : { data_volume_templates: dataVolumeTemplates }),
      spec: run.spec,
      ...(state === 'running' && dataVolumeTemplates !== undefined ? { wait_timeout: longWaitSeconds } : {}),
    },
  };
}

/** A disk that is uploaded comes from elsewhere: nobody could wait for it. */
function stateOf({ dataVolumeTemplates = [] }: MachineDraft['spec'], { run, startWhenCreated }: CommandOptions): string {
  if (dataVolumeTemplates.some(({ spec }) => spec.source?.upload !== undefined)) return 'present';
  return run !== 'manual' || startWhenCreated ? 'running' : 'present';
}
