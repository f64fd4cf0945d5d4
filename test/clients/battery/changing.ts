// Owns what every kubectl must be able to do at changing objects: one row a task, each on objects of its own.
// Must not know which versions there are.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { machine, made, type Task } from './task.ts';

export const changing: readonly Task[] = [
  {
    name: 'apply makes, leaves alone, changes and takes away',
    run: async ({ ok }) => {
      const first = machine('applied', { labels: 'labels: {keep: "1", drop: "1"}' });
      expect(await ok('apply -f -', { input: first })).toBe('virtualmachine.kubevirt.io/applied created\n');
      expect(await ok('apply -f -', { input: first })).toBe('virtualmachine.kubevirt.io/applied unchanged\n');
      await ok('label vm applied theirs=1');
      const second = machine('applied', { labels: 'labels: {keep: "1"}', memory: '512Mi' });
      expect(await ok('apply -f -', { input: second })).toBe('virtualmachine.kubevirt.io/applied configured\n');
      expect(JSON.parse(await ok('get vm applied -o json'))).toMatchObject({ metadata: { labels: { keep: '1', theirs: '1' } } });
      expect(await ok('get vm applied -o jsonpath={.metadata.labels.drop}')).toBe('');
      expect(await ok('get vm applied -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('512Mi');
    },
  },
  {
    name: 'apply of a kind of Kubernetes’ own',
    run: async ({ ok }) => {
      const secret = (value: string): string => `apiVersion: v1\nkind: Secret\nmetadata: {name: own}\nstringData: {${value}}\n`;
      expect(await ok('apply -f -', { input: secret('a: "1"') })).toBe('secret/own created\n');
      expect(await ok('apply -f -', { input: secret('a: "2", b: "3"') })).toBe('secret/own configured\n');
      expect(await ok('get secret own -o jsonpath={.data.a}')).toBe('Mg==');
    },
  },
  {
    name: 'apply --dry-run=server, and diff',
    run: async ({ ok, run }) => {
      await ok('apply -f -', { input: machine('differing') });
      const larger = machine('differing', { memory: '1Gi' });
      expect(await ok('apply --dry-run=server -f -', { input: larger })).toBe(
        'virtualmachine.kubevirt.io/differing configured (server dry run)\n',
      );
      const { code, stdout } = await run(['diff', '-f', '-'], { input: larger });
      expect([code, stdout]).toEqual([1, expect.stringMatching(/-\s+guest: 256Mi\n\+\s+guest: 1Gi/)]);
      expect(await run(['diff', '-f', '-'], { input: machine('differing') })).toMatchObject({ code: 0, stdout: '' });
    },
  },
  {
    name: 'apply -k',
    run: async ({ ok, folder }) => {
      await writeFile(join(folder, 'machine.yaml'), machine('built'));
      await writeFile(join(folder, 'kustomization.yaml'), 'resources: [machine.yaml]\nnamePrefix: kustom-\n');
      expect(await ok('apply -k .')).toBe('virtualmachine.kubevirt.io/kustom-built created\n');
    },
  },
  {
    name: 'edit in an editor',
    run: async (kubectl) => {
      await made(kubectl, 'edited');
      const said = await kubectl.ok('edit vm edited', { env: { KUBE_EDITOR: 'sed -i s/256Mi/384Mi/' } });
      expect(said).toBe('virtualmachine.kubevirt.io/edited edited\n');
      expect(await kubectl.ok('get vm edited -o jsonpath={.spec.template.spec.domain.memory.guest}')).toBe('384Mi');
    },
  },
  {
    name: 'edit of a kind of Kubernetes’ own',
    run: async ({ ok }) => {
      await ok('create secret generic edited --from-literal=a=b');
      expect(await ok('edit secret edited', { env: { KUBE_EDITOR: 'sed -i s/Yg==/Yw==/' } })).toBe('secret/edited edited\n');
      expect(await ok('get secret edited -o jsonpath={.data.a}')).toBe('Yw==');
    },
  },
  {
    name: 'patch: merge, JSON, and strategic where there is one',
    run: async (kubectl) => {
      await made(kubectl, 'patched');
      const { ok, fails } = kubectl;
      await ok(`patch vm patched --type=merge -p '{"metadata":{"labels":{"app":null,"by":"merge"}}}'`);
      await ok(`patch vm patched --type=json -p '[{"op":"add","path":"/metadata/labels/also","value":"json"}]'`);
      expect(JSON.parse(await ok('get vm patched -o jsonpath={.metadata.labels}'))).toEqual({ by: 'merge', also: 'json' });
      expect(await fails(`patch vm patched --type=strategic -p '{"metadata":{"labels":{"x":"y"}}}'`)).toMatch(
        /the body of the request was in an unknown format - accepted media types include: .*application\/merge-patch\+json/,
      );
      await ok('create secret generic patched --from-literal=a=b');
      await ok(`patch secret patched -p '{"data":{"a":null,"c":"ZA=="}}'`);
      expect(JSON.parse(await ok('get secret patched -o jsonpath={.data}'))).toEqual({ c: 'ZA==' });
    },
  },
  {
    name: 'label and annotate, over and away',
    run: async (kubectl) => {
      await made(kubectl, 'labelled');
      const { ok, fails } = kubectl;
      expect(await ok('label vm labelled tier=one')).toMatch(/labelled labeled/);
      expect(await fails('label vm labelled tier=two')).toMatch(/--overwrite/);
      await ok('label vm labelled tier=two --overwrite');
      await ok('label vm labelled app-');
      await ok('annotate vm labelled note=hello');
      await ok('annotate vm labelled note-');
      expect(JSON.parse(await ok('get vm labelled -o jsonpath={.metadata.labels}'))).toEqual({ tier: 'two' });
    },
  },
  {
    name: 'replace, and not over somebody else’s change',
    run: async (kubectl) => {
      await made(kubectl, 'replaced');
      const { ok, fails } = kubectl;
      const stale = await ok('get vm replaced -o yaml');
      expect(await ok('replace -f -', { input: machine('replaced', { memory: '300Mi' }) })).toBe(
        'virtualmachine.kubevirt.io/replaced replaced\n',
      );
      expect(await fails('replace -f -', { input: stale })).toMatch(
        /\(Conflict\).*the object has been modified; please apply your changes/,
      );
    },
  },
  {
    name: 'taint and cordon the node',
    run: async ({ ok }) => {
      const [node = ''] = (await ok('get nodes -o name')).trim().split('\n');
      const name = node.replace('node/', '');
      expect(await ok(`taint nodes ${name} quiet=yes:NoSchedule`)).toBe(`node/${name} tainted\n`);
      expect(await ok(`get node ${name} -o jsonpath={.spec.taints[0].key}`)).toBe('quiet');
      expect(await ok(`taint nodes ${name} quiet-`)).toBe(`node/${name} untainted\n`);
      expect(await ok(`cordon ${name}`)).toBe(`node/${name} cordoned\n`);
      expect(await ok(`get node ${name}`)).toContain('SchedulingDisabled');
      expect(await ok(`uncordon ${name}`)).toBe(`node/${name} uncordoned\n`);
    },
  },
];
