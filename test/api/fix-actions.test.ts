// Owns the table of fixes that can be pressed: request, command and words of each.
// Must not send anything.
import { expect, test } from 'vitest';
import { type FixAction, fixCommand, fixEffect, fixLabel, fixRequest } from '../../electron/api/fix-actions.ts';

const target = { namespace: 'lab', name: 'web' };

const rows: readonly { readonly action: FixAction; readonly request: string; readonly body: object; readonly command: string }[] = [
  {
    action: { type: 'PatchMachine', label: 'Prefer', patch: [{ op: 'remove', path: '/spec/template/spec/nodeSelector' }] },
    request: 'PATCH /apis/kubevirt.io/v1/namespaces/lab/virtualmachines/web application/json-patch+json',
    body: [{ op: 'remove', path: '/spec/template/spec/nodeSelector' }],
    command: 'kubectl -n lab patch virtualmachine web --type=json -p \'[{"op":"remove","path":"/spec/template/spec/nodeSelector"}]\'',
  },
  {
    action: { type: 'StopMachine', namespace: 'other', name: 'db' },
    request: 'PUT /apis/subresources.kubevirt.io/v1/namespaces/other/virtualmachines/db/stop application/json',
    body: {},
    command: 'virtdeck -n other stop db',
  },
  {
    action: { type: 'StopMachine', namespace: 'other', name: 'db', isInstance: true },
    request: 'DELETE /apis/kubevirt.io/v1/namespaces/other/virtualmachineinstances/db application/json',
    body: {},
    command: 'kubectl -n other delete virtualmachineinstance db',
  },
  {
    action: { type: 'RaiseQuota', namespace: 'lab', name: 'team', hard: { 'requests.memory': '8Gi' } },
    request: 'PATCH /api/v1/namespaces/lab/resourcequotas/team application/merge-patch+json',
    body: { spec: { hard: { 'requests.memory': '8Gi' } } },
    command: 'kubectl -n lab patch resourcequota team --type=merge -p \'{"spec":{"hard":{"requests.memory":"8Gi"}}}\'',
  },
  {
    action: { type: 'LabelNode', node: 'desk', key: 'disk', value: 'ssd' },
    request: 'PATCH /api/v1/nodes/desk application/merge-patch+json',
    body: { metadata: { labels: { disk: 'ssd' } } },
    command: 'kubectl label --overwrite node desk disk=ssd',
  },
  {
    action: { type: 'RemoveTaint', node: 'desk', taint: 'a=b:NoSchedule', taints: [{ key: 'c', effect: 'NoExecute' }] },
    request: 'PATCH /api/v1/nodes/desk application/merge-patch+json',
    body: { spec: { taints: [{ key: 'c', effect: 'NoExecute' }] } },
    command: 'kubectl taint node desk a=b:NoSchedule-',
  },
  {
    action: { type: 'AllowScheduling', node: 'desk' },
    request: 'PATCH /api/v1/nodes/desk application/merge-patch+json',
    body: { spec: { unschedulable: false } },
    command: 'kubectl uncordon desk',
  },
  {
    action: { type: 'ReserveHugePages', numaNode: 1, pageSize: '2Mi', more: 212, when: 'boot' },
    request: 'POST /apis/virtdeck.io/v1alpha1/hugepages application/json',
    body: { numaNode: 1, pageSize: '2Mi', more: 212, when: 'boot' },
    command: 'virtdeck hugepages reserve 2Mi --more=212 --node=1 --boot',
  },
  {
    action: { type: 'DeleteDisk', namespace: 'lab', name: 'old', bytes: 3 * 1024 ** 3, hasDataVolume: true },
    request: 'DELETE /apis/cdi.kubevirt.io/v1beta1/namespaces/lab/datavolumes/old application/json',
    body: {},
    command: 'kubectl -n lab delete datavolume old',
  },
  {
    action: { type: 'DeleteDisk', namespace: 'lab', name: 'old', bytes: 200, hasDataVolume: false },
    request: 'DELETE /api/v1/namespaces/lab/persistentvolumeclaims/old application/json',
    body: {},
    command: 'kubectl -n lab delete persistentvolumeclaim old',
  },
  {
    action: { type: 'ImportAgain', namespace: 'lab', name: 'web-disk' },
    request: 'PATCH /apis/cdi.kubevirt.io/v1beta1/namespaces/lab/datavolumes/web-disk application/merge-patch+json',
    body: { metadata: { annotations: { 'virtdeck.io/import-again': 'yes' } } },
    command: 'kubectl -n lab annotate datavolume web-disk virtdeck.io/import-again=yes',
  },
  {
    action: { type: 'FillSecret', namespace: 'lab', name: 'seed', key: 'userdata', holds: 'text', isThere: false, value: '#cloud-config' },
    request: 'POST /api/v1/namespaces/lab/secrets application/json',
    body: {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'seed', namespace: 'lab' },
      type: 'Opaque',
      stringData: { userdata: '#cloud-config' },
    },
    command: 'kubectl -n lab create secret generic seed --from-file=userdata=/dev/stdin',
  },
  {
    action: { type: 'FillSecret', namespace: 'lab', name: 'tpm', key: 'passphrase', holds: 'password', isThere: true, value: 'x' },
    request: 'PATCH /api/v1/namespaces/lab/secrets/tpm application/merge-patch+json',
    body: { stringData: { passphrase: 'x' } },
    command: 'kubectl -n lab edit secret tpm',
  },
  {
    action: { type: 'MakeBridge', bridge: 'br9', vlanFiltering: true },
    request: 'POST /apis/virtdeck.io/v1alpha1/networks/bridges application/json',
    body: { name: 'br9', vlanFiltering: true },
    command: 'sudo ip link add name br9 up type bridge vlan_filtering 1',
  },
];

test.each(rows)('$action.type', ({ action, request, body, command }) => {
  const { method, path, contentType, body: sent } = fixRequest(action, target);
  expect(`${method} ${path} ${contentType}`).toBe(request);
  expect(sent).toEqual(body);
  expect(fixCommand(action, target)).toBe(command);
  expect(fixLabel(action)).toMatch(/^[A-Z].*[^.]$/);
  expect(fixEffect(action)).toMatch(/^[A-Z].*\.$/);
});

test('a quote in a value does not end the word of a shell', () => {
  const action: FixAction = { type: 'LabelNode', node: 'desk', key: 'a', value: "it's" };
  expect(fixCommand(action, target)).toBe(String.raw`kubectl label --overwrite node desk 'a=it'\''s'`);
});
