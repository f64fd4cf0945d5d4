// Owns names of container images and the Secrets that open registries.
import { expect, test } from 'vitest';
import { imageText, parseImage, pullPolicyOf } from '../../electron/core/images/image-reference.ts';
import { registryCredentials } from '../../electron/core/images/registry-credentials.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['quay.io/containerdisks/fedora:40', 'quay.io/containerdisks/fedora:40', 'IfNotPresent'],
  ['quay.io/containerdisks/fedora', 'quay.io/containerdisks/fedora:latest', 'Always'],
  ['docker://quay.io/containerdisks/fedora:latest', 'quay.io/containerdisks/fedora:latest', 'Always'],
  ['kubevirt/cirros-container-disk-demo', 'docker.io/kubevirt/cirros-container-disk-demo:latest', 'Always'],
  ['debian', 'docker.io/library/debian:latest', 'Always'],
  ['localhost/tiny:1', 'localhost/tiny:1', 'IfNotPresent'],
  ['localhost:5000/tiny:1', 'localhost:5000/tiny:1', 'IfNotPresent'],
  [`registry:5000/kubevirt/a.b_c__d-e@${digest}`, `registry:5000/kubevirt/a.b_c__d-e@${digest}`, 'IfNotPresent'],
  [`quay.io/a/b:tag@${digest}`, `quay.io/a/b@${digest}`, 'IfNotPresent'],
])('%s is %s, by default %s', (text, want, policy) => {
  const reference = parseImage(text);
  expect(reference === undefined ? undefined : [imageText(reference), pullPolicyOf(undefined, reference)]).toEqual([want, policy]);
});

test.each([
  '',
  ':tag',
  'quay.io/',
  'quay.io/UPPER/case',
  'a/b:c:d',
  'a/b@sha256:short',
  `a/b@${digest}@${digest}`,
  'a/b:-tag',
  '--help',
  '-o/x',
  'a b',
  'a/../b',
  'http://a/b',
  'a//b',
])('%j is no image', (text) => {
  expect(parseImage(text)).toBeUndefined();
});

test('the policy that is asked for is taken; one that is none is the default', () => {
  const reference = { registry: 'a.b', repository: 'c', tag: 'latest' };
  expect(['Never', 'IfNotPresent', 'Always', 'Sometimes', ''].map((asked) => pullPolicyOf(asked, reference))).toEqual([
    'Never',
    'IfNotPresent',
    'Always',
    'Always',
    'Always',
  ]);
});

test.each([
  ['dockerconfigjson', { '.dockerconfigjson': '{"auths":{"a":{}}}' }, '{"auths":{"a":{}}}'],
  ['dockercfg', { '.dockercfg': '{"a":{}}' }, '{"auths":{"a":{}}}'],
  ['user and password', { accessKeyId: 'ada', secretKey: 'pä:ss' }, '{"auths":{"quay.io":{"auth":"YWRhOnDDpDpzcw=="}}}'],
  ['not JSON', { '.dockerconfigjson': '{' }, undefined],
  ['no auths', { '.dockerconfigjson': '{"credsStore":"desktop"}' }, undefined],
  ['a list', { '.dockercfg': '[]' }, undefined],
  ['half of it', { accessKeyId: 'ada' }, undefined],
])('a Secret with %s', (_title, secret, want) => {
  expect(registryCredentials(secret, 'quay.io')).toBe(want);
});

test('Docker Hub is known by its own address', () => {
  expect(registryCredentials({ accessKeyId: 'a', secretKey: 'b' }, 'docker.io')).toContain('"https://index.docker.io/v1/"');
});
