// Owns container disks from the pull to the running guest: phases, back-off, credentials, digests, what a kill leaves.
import { describe, expect, test } from 'vitest';
import { annotations } from '../../electron/api/annotations.ts';
import { AppError } from '../../electron/api/errors.ts';
import type { DraftObject } from '../../electron/api/object.ts';
import { resources } from '../../electron/api/resources.ts';
import { fakeDigest } from '../fakes/fake-images.ts';
import { dataVolume, named, secret, vm, type VmPart, withRunStrategy, withTemplate } from '../fakes/builders.ts';
import { condition, machineKey, startCore, type TestCore } from './harness.ts';

const image = 'quay.io/containerdisks/fedora:40';

function withContainerDisk(more: object = {}): VmPart {
  return withTemplate((spec) => ({
    ...spec,
    domain: { ...spec.domain, devices: { ...spec.domain.devices, disks: [{ name: 'root', disk: { bus: 'virtio' } }] } },
    volumes: [{ name: 'root', containerDisk: { image, ...more } }],
  }));
}

const machine = (more: object = {}) => vm(named('web'), withRunStrategy('Always'), withContainerDisk(more));
const row = (core: TestCore): object | undefined => core.vmi()?.status?.volumeStatus?.find(({ name }) => name === 'root');
const refused = new AppError('ImageFetchFailed', `The registry has no image ${image}.`);

describe('a machine with a container disk', () => {
  test('pulls it, tells how far that is, runs on an overlay, and writes down the digest', async () => {
    const core = await startCore();
    core.host.images.mode = 'held';
    await core.made(machine());
    expect([core.vm()?.status?.printableStatus, core.vmi()?.status?.phase]).toEqual(['Starting', 'Pending']);
    core.host.images.pulls[0]?.progress({ step: 'download', percent: 34, doneBytes: 12 * 2 ** 20, totalBytes: 35 * 2 ** 20 });
    expect(row(core)).toEqual({
      name: 'root',
      target: 'vda',
      phase: 'Pending',
      reason: 'Pulling',
      message: `Pulling image "${image}": 34 % (12 of 35 MiB)`,
    });
    core.host.images.pulls[0]?.finish();
    await core.settle();
    expect(core.vm()?.status?.printableStatus).toBe('Running');
    expect(row(core)).toEqual({
      name: 'root',
      target: 'vda',
      reason: 'Pulled',
      message: `quay.io/containerdisks/fedora:40@${fakeDigest}`,
    });
    expect(core.vmi()?.metadata.annotations?.[annotations.imageDigests]).toBe(JSON.stringify({ root: fakeDigest }));
    const { plan } = core.guest();
    expect(plan.files).toEqual([
      expect.objectContaining({ type: 'emptyDisk', path: expect.stringContaining('/overlay-root.qcow2'), keep: false }),
    ]);
    expect(core.events()).toEqual(
      expect.arrayContaining([`Pulling: Pulling image "${image}"`, `Pulled: Successfully pulled image "${image}" (${fakeDigest})`]),
    );
  });

  test('that cannot be had says why, backs off, and runs when it can be had', async () => {
    const core = await startCore();
    core.host.images.mode = { fails: refused };
    await core.made(machine());
    expect([core.vm()?.status?.printableStatus, condition(core.vmi(), 'Synchronized')]).toEqual(['ErrImagePull', 'False/ErrImagePull']);
    expect(core.events()).toContain(`ErrImagePull: Failed to pull image "${image}": ${refused.message}`);
    await core.clock.advance(9_000);
    expect(core.host.images.pulls.length).toBe(1);
    await core.clock.advance(2_000);
    expect([core.host.images.pulls.length, core.vm()?.status?.printableStatus]).toEqual([2, 'ImagePullBackOff']);
    core.host.images.mode = 'atOnce';
    await core.clock.advance(21_000);
    expect([core.host.images.pulls.length, core.vm()?.status?.printableStatus]).toEqual([3, 'Running']);
  });

  test('is asked for at every start, or not, by its policy', async () => {
    const pulls = async (more: object): Promise<number> => {
      const core = await startCore();
      await core.made(machine(more));
      await core.act('restart');
      await core.clock.advance(60_000);
      expect(core.vm()?.status?.printableStatus).toBe('Running');
      return core.host.images.pulls.length;
    };
    expect(await pulls({})).toBe(1);
    expect(await pulls({ imagePullPolicy: 'Always' })).toBe(2);
    expect(await pulls({ image: 'quay.io/containerdisks/fedora' })).toBe(2);
  });

  test('that may not be pulled and is not there is refused', async () => {
    const core = await startCore();
    await core.made(machine({ imagePullPolicy: 'Never' }));
    expect(core.host.images.pulls).toEqual([]);
    expect(core.vmi()?.status?.conditions?.find(({ type }) => type === 'Synchronized')?.message).toBe(
      `Container image "${image}" is not present with pull policy of Never`,
    );
  });

  test('uses the Secret that opens its registry, once it is there', async () => {
    const core = await startCore();
    await core.made(machine({ imagePullSecret: 'quay' }));
    expect([core.vm()?.status?.printableStatus, core.host.images.pulls]).toEqual(['ErrImagePull', []]);
    const config = '{"auths":{"quay.io":{"auth":"YTpi"}}}';
    await core.made(secret({ name: 'quay', stringData: { '.dockerconfigjson': config } }));
    await core.clock.advance(11_000);
    expect(core.host.images.pulls[0]?.pull).toEqual({ image, insecure: false, credentials: config });
    expect(core.vm()?.status?.printableStatus).toBe('Running');
    expect(JSON.stringify([core.vmi(), core.vm(), core.events(), core.log])).not.toContain('YTpi');
  });

  test('is pulled without https only from the registries of the settings', async () => {
    const core = await startCore();
    const key = { resource: resources.settings, name: 'default' };
    const stored = core.engine.get(key);
    await core.engine.update(key, { ...stored, spec: { ...(stored.spec as object), insecureRegistries: ['localhost:5000'] } });
    await core.made(machine({ image: 'localhost:5000/tiny:1', path: '/images/tiny.qcow2' }));
    expect(core.host.images.pulls[0]?.pull).toEqual({ image: 'localhost:5000/tiny:1', insecure: true, path: 'images/tiny.qcow2' });
  });

  test('that is deleted in the middle of a pull ends it', async () => {
    const core = await startCore();
    core.host.images.mode = 'held';
    await core.made(machine());
    await core.delete(resources.virtualMachines, 'web');
    expect([core.host.images.pulls[0]?.cancelled, core.vmi()]).toEqual([true, undefined]);
  });

  test('is pulled by the next core when this one is killed', async () => {
    const core = await startCore();
    core.host.images.mode = 'held';
    await core.made(machine());
    const next = await core.reborn();
    await next.clock.advance(5_000);
    expect(next.vm()?.status?.printableStatus).toBe('Running');
  });

  test('is not pulled by a rehearsal, which says that it will be', async () => {
    const core = await startCore();
    await core.made(vm(named('web'), withRunStrategy('Halted'), withContainerDisk()));
    const check = await core.engine.startCheck(machineKey());
    expect([check.causes.map(({ message }) => message), core.host.images.pulls]).toEqual([
      [`The image ${image} is pulled when the machine starts.`],
      [],
    ]);
  });

  test('keeps its image from the daily collection while it runs', async () => {
    const core = await startCore();
    await core.made(machine());
    await core.clock.advance(25 * 60 * 60 * 1000);
    expect([...(core.host.images.collected.at(-1) ?? [])]).toEqual([expect.stringContaining('disk.qcow2')]);
  });
});

describe('a kernel in a container image', () => {
  const booting = withTemplate((spec) => ({
    ...spec,
    domain: {
      ...spec.domain,
      firmware: { kernelBoot: { kernelArgs: 'quiet', container: { image, kernelPath: '/boot/vmlinuz', initrdPath: '/boot/initrd' } } },
    },
  }));

  test('is pulled as files, waited for, booted, written down, and kept while it runs', async () => {
    const core = await startCore();
    core.host.images.mode = 'held';
    await core.made(vm(named('web'), withRunStrategy('Always'), booting));
    expect(core.host.images.pulls.map(({ pull }) => pull)).toEqual([
      { image, insecure: false, as: 'file', path: 'boot/vmlinuz' },
      { image, insecure: false, as: 'file', path: 'boot/initrd' },
    ]);
    core.host.images.pulls[0]?.finish();
    await core.settle();
    expect(core.vmi()?.status?.phase).toBe('Pending');
    core.host.images.pulls[1]?.finish();
    await core.settle();
    expect(core.vm()?.status?.printableStatus).toBe('Running');
    const valueOf = (flag: string) => core.guest().plan.args.find((argument) => argument.flag === flag)?.value;
    expect([valueOf('-kernel'), valueOf('-initrd'), valueOf('-append')]).toEqual([
      expect.stringContaining('vmlinuz'),
      expect.stringContaining('initrd'),
      'quiet',
    ]);
    expect(JSON.parse(core.vmi()?.metadata.annotations?.[annotations.imageDigests] ?? '{}')).toEqual({
      'kernelBoot/kernel': fakeDigest,
      'kernelBoot/initrd': fakeDigest,
    });
    await core.clock.advance(25 * 60 * 60 * 1000);
    expect(core.host.images.collected.at(-1)?.size).toBe(2);
  });

  test('that cannot be had says why', async () => {
    const core = await startCore();
    core.host.images.mode = { fails: refused };
    await core.made(vm(named('web'), withRunStrategy('Always'), booting));
    expect(core.vm()?.status?.printableStatus).toBe('ErrImagePull');
  });
});

describe('a DataVolume from a registry', () => {
  const volume = (more: object = {}) => dataVolume({ name: 'fedora', source: { registry: { url: `docker://${image}`, ...more } } });

  test('waits for its Secret, is filled, and writes down the digest', async () => {
    const core = await startCore();
    core.host.disks.digest = fakeDigest;
    await core.made(volume({ secretRef: 'quay' }));
    expect([core.dataVolume('fedora')?.status?.phase, core.host.disks.fills]).toEqual(['ImportScheduled', []]);
    await core.made(secret({ name: 'quay', stringData: { accessKeyId: 'a', secretKey: 'b' } }));
    expect(core.host.disks.fills[0]?.source).toEqual({
      type: 'registry',
      image,
      insecure: false,
      credentials: '{"auths":{"quay.io":{"auth":"YTpi"}}}',
    });
    const stored = core.dataVolume('fedora');
    expect([stored?.status?.phase, stored?.metadata.annotations?.[annotations.imageDigest]]).toEqual(['Succeeded', fakeDigest]);
  });

  test('waits for the authority that vouches for its registry', async () => {
    const core = await startCore();
    const held = (data: object): DraftObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'authority' }, data });
    await core.made(volume({ certConfigMap: 'authority' }));
    const said = (): string | undefined => core.dataVolume('fedora')?.status?.conditions?.find(({ type }) => type === 'Running')?.message;
    expect([core.host.disks.fills, said()]).toEqual([[], 'There is no ConfigMap authority with the authorities of the source.']);
    await core.made(held({ 'ca.crt': 'no certificate' }));
    expect([core.host.disks.fills, said()]).toEqual([[], 'The ConfigMap authority holds no certificate in PEM form.']);
    await core.delete(resources.configMaps, 'authority');
    const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    await core.made(held({ 'ca.crt': pem, note: 'ours' }));
    expect(core.host.disks.fills[0]?.source).toEqual({ type: 'registry', image, insecure: false, authorities: pem });
  });

  test('from a web server waits for its authority, too', async () => {
    const core = await startCore();
    await core.made(dataVolume({ name: 'own', source: { http: { url: 'https://mirror.test/a.qcow2', certConfigMap: 'authority' } } }));
    expect(core.host.disks.fills).toEqual([]);
    const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    await core.made({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'authority' }, data: { 'ca.crt': pem } });
    expect(core.host.disks.fills[0]?.source).toEqual({ type: 'http', url: 'https://mirror.test/a.qcow2', authorities: pem });
  });

  test.each([
    [{ registry: { url: 'oci-archive:/tmp/x' } }, "spec.source.registry.url 'oci-archive:/tmp/x' does not begin with docker://"],
    [{ registry: { url: 'docker://UPPER/case' } }, "spec.source.registry.url 'docker://UPPER/case' is not the name of an image"],
    [{ registry: {} }, 'spec.source.registry.url is missing'],
    [{ registry: { imageStream: 'fedora' } }, 'There are no image streams on this computer'],
  ])('%j is refused', async (source, says) => {
    const core = await startCore();
    await expect(core.create(dataVolume({ name: 'bad', source }))).rejects.toThrow(says);
  });
});
