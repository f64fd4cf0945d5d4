// Owns the proof of what the wizard makes of a form: one whole manifest each for the shapes that differ, rows for the rest.
// Must not test wording.
import { readFileSync } from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resources } from '../../../electron/api/resources.ts';
import { decode, type Schemas } from '../../../electron/api/schema.ts';
import { validate } from '../../../electron/core/validate/validate.ts';
import type { CreateForm } from '../../../renderer/features/create/form.ts';
import { createCommands, manifestYaml } from '../../../renderer/features/create/manifest-text.ts';
import { draftsOf, manifests } from '../../../renderer/features/create/manifests.ts';
import { withSuggestions } from '../../../renderer/features/create/suggestions.ts';
import { allProblems, blocks, problemsOf } from '../../../renderer/features/create/validation.ts';
import { anyForm } from './any-form.ts';
import { fedora, form, inspection, netinst, world } from './forms.ts';

const given = { namespace: 'default', passwordHash: '$6$salt$hash' };
const templateOf = (state: CreateForm) => manifests(state, given).machine.spec.template;

const driverIso = inspection({ path: '/home/anna/virtio-win.iso', format: 'iso' });

function windows(drivers: Partial<CreateForm['system']['drivers']>, system: Partial<CreateForm['system']> = {}): CreateForm {
  const iso = inspection({ path: '/home/anna/Win11.iso', format: 'iso' });
  const chosen = { source: 'windows', path: iso.path, inspection: iso, drivers: { from: 'download', path: '', ...drivers } } as const;
  return withSuggestions(form({ system: { ...chosen, ...system } }), world());
}

describe('manifests', () => {
  test('next, next, finish: a Debian machine with an account and a way to log in', () => {
    const state = withSuggestions(form({ name: '', account: { password: 'secret' } }), world());
    expect(blocks(allProblems(state, world()))).toBe(false);
    expect(manifests(state, given)).toEqual({
      secret: {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'debian-cloudinit', namespace: 'default' },
        type: 'Opaque',
        stringData: {
          userdata:
            '#cloud-config\nuser:\n  name: anna\n  lock_passwd: false\n  passwd: $6$salt$hash\n  ssh_authorized_keys:\n    - ssh-ed25519 AAAAC3 anna@desk\n',
        },
      },
      machine: {
        apiVersion: 'kubevirt.io/v1',
        kind: 'VirtualMachine',
        metadata: {
          name: 'debian',
          namespace: 'default',
          annotations: {
            'virtdeck.io/guest-os': 'debian',
            'virtdeck.io/guest-user': 'anna',
            'virtdeck.io/port-forwards': '[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]',
          },
        },
        spec: {
          runStrategy: 'Manual',
          dataVolumeTemplates: [
            {
              metadata: { name: 'debian-disk' },
              spec: { source: { mmdebstrap: {} }, storage: { resources: { requests: { storage: '20Gi' } } } },
            },
          ],
          template: {
            metadata: { labels: { 'kubevirt.io/vm': 'debian' } },
            spec: {
              domain: {
                cpu: { cores: 2 },
                memory: { guest: '2Gi' },
                devices: {
                  disks: [
                    { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
                    { name: 'cloudinit', disk: { bus: 'virtio' } },
                  ],
                  interfaces: [{ name: 'default', masquerade: {}, ports: [{ name: 'ssh', protocol: 'TCP', port: 22 }] }],
                },
              },
              networks: [{ name: 'default', pod: {} }],
              volumes: [
                { name: 'root', dataVolume: { name: 'debian-disk' } },
                { name: 'cloudinit', cloudInitNoCloud: { secretRef: { name: 'debian-cloudinit' } } },
              ],
            },
          },
        },
      },
    });
  });

  test('an installer: an empty disk first, the CD behind it, no seed', () => {
    const { machine, secret } = manifests(form({ system: { source: 'catalog', image: netinst }, disk: { sizeGiB: 30 } }), given);
    expect({ secret, templates: machine.spec.dataVolumeTemplates, ...machine.spec.template.spec?.domain.devices }).toEqual({
      secret: undefined,
      templates: [
        { metadata: { name: 'web-disk' }, spec: { source: { blank: {} }, storage: { resources: { requests: { storage: '30Gi' } } } } },
        {
          metadata: {
            name: 'web-installer',
            annotations: { 'virtdeck.io/disk-format': 'raw', 'virtdeck.io/checksum': `sha256:${'ab'.repeat(32)}` },
          },
          spec: { source: { http: { url: netinst.url } }, storage: { resources: { requests: { storage: '700Mi' } } } },
        },
      ],
      disks: [
        { name: 'root', disk: { bus: 'virtio' }, bootOrder: 1 },
        { name: 'installer', cdrom: { bus: 'sata' }, bootOrder: 2 },
      ],
      interfaces: [{ name: 'default', masquerade: {} }],
    });
  });

  test('network boot: the interface first, the disk second', () => {
    const state = form({
      system: { source: 'network' },
      network: { mac: 'DE-AD-00-00-BE-AF', forwards: [{ name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 }] },
    });
    const { metadata, spec } = manifests(state, given).machine;
    expect([metadata.annotations, spec.template.spec?.domain.devices]).toEqual([
      {
        'virtdeck.io/network-boot': '{"package":"debian-installer-12-netboot-amd64"}',
        'virtdeck.io/port-forwards': '[{"name":"ssh","protocol":"tcp","host":2222,"guest":22}]',
      },
      {
        disks: [{ name: 'root', disk: { bus: 'virtio' }, bootOrder: 2 }],
        interfaces: [
          {
            name: 'default',
            masquerade: {},
            macAddress: 'de:ad:00:00:be:af',
            bootOrder: 1,
            ports: [{ name: 'ssh', protocol: 'TCP', port: 22 }],
          },
        ],
      },
    ]);
  });

  test.each([
    {
      name: 'a disk image of this computer',
      system: { source: 'file', path: '/home/anna/web.qcow2', inspection: inspection() } as const,
      want: { file: { path: '/home/anna/web.qcow2' } },
    },
    { name: 'an upload', system: { source: 'upload', upload: { name: 'a.qcow2', size: 1 } } as const, want: { upload: {} } },
    { name: 'a cloud image', system: { source: 'catalog', image: fedora } as const, want: { http: { url: fedora.url } } },
    {
      name: 'an address',
      system: { source: 'address', elsewhere: { address: 'https://example.org/a.qcow2', secret: '' } } as const,
      want: { http: { url: 'https://example.org/a.qcow2' } },
    },
    {
      name: 'a container image that a Secret opens',
      system: { source: 'address', elsewhere: { address: 'quay.io/team/web:1', secret: 'quay' } } as const,
      want: { registry: { url: 'docker://quay.io/team/web:1', secretRef: 'quay' } },
    },
    { name: 'nothing', system: { source: 'empty' } as const, want: { blank: {} } },
    { name: 'an existing disk', system: { source: 'claim', claim: 'old' } as const, want: undefined },
  ])('the root disk is filled from $name', ({ system, want }) => {
    expect(manifests(form({ system }), given).machine.spec.dataVolumeTemplates?.[0]?.spec.source).toEqual(want);
  });

  test('an existing disk is taken as it is, without a seed', () => {
    expect(templateOf(form({ system: { source: 'claim', claim: 'old' } })).spec?.volumes).toEqual([
      { name: 'root', persistentVolumeClaim: { claimName: 'old' } },
    ]);
  });

  test.each<{ name: string; state: CreateForm; want: object }>([
    {
      name: 'own choices of the disk',
      state: form({
        system: { source: 'empty' },
        disk: { bus: 'scsi', cache: 'none', format: 'raw', extra: [{ sizeGiB: 5, bus: 'sata' }] },
      }),
      want: {
        spec: {
          dataVolumeTemplates: [
            { metadata: { annotations: { 'virtdeck.io/disk-format': 'raw' } } },
            { metadata: { name: 'web-data-1' }, spec: { storage: { resources: { requests: { storage: '5Gi' } } } } },
          ],
          template: {
            spec: {
              domain: {
                devices: {
                  disks: [
                    { name: 'root', disk: { bus: 'scsi' }, cache: 'none' },
                    { name: 'data-1', disk: { bus: 'sata' } },
                  ],
                },
              },
            },
          },
        },
      },
    },
    {
      name: 'no network is said, not left out: KubeVirt would attach one',
      state: form({ network: { mode: 'none' } }),
      want: { spec: { template: { spec: { domain: { devices: { autoattachPodInterface: false } } } } } },
    },
    {
      name: 'a network on a bridge: no forwards, and what boots is a server of that network',
      state: form({
        system: { source: 'network' },
        network: {
          mode: 'bridge',
          networkName: 'blue',
          mac: 'DE:00:00:00:00:DE',
          forwards: [{ name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 }],
        },
      }),
      want: {
        spec: {
          template: {
            spec: {
              domain: { devices: { interfaces: [{ name: 'default', bridge: {}, macAddress: 'de:00:00:00:00:de', bootOrder: 1 }] } },
              networks: [{ name: 'default', multus: { networkName: 'blue' } }],
            },
          },
        },
      },
    },
    {
      name: 'UEFI without Secure Boot, a description, a host name',
      state: form({ options: { firmware: 'uefi', run: 'always', description: ' shop ' }, account: { hostname: 'shop' } }),
      want: {
        metadata: { annotations: { 'virtdeck.io/description': 'shop' } },
        spec: {
          runStrategy: 'Always',
          template: { spec: { hostname: 'shop', domain: { firmware: { bootloader: { efi: { secureBoot: false } } } } } },
        },
      },
    },
    {
      name: 'Secure Boot with own keys, and a TPM that forgets',
      state: form({ options: { firmware: 'setup-mode', tpm: 'temporary' } }),
      want: {
        metadata: { annotations: { 'virtdeck.io/secure-boot-keys': 'own' } },
        spec: {
          template: {
            spec: {
              domain: {
                firmware: { bootloader: { efi: { secureBoot: true } } },
                features: { smm: { enabled: true } },
                devices: { tpm: {} },
              },
            },
          },
        },
      },
    },
    {
      name: 'memory that is no whole gibibyte',
      state: form({ size: { memoryMiB: 1536 } }),
      want: { spec: { template: { spec: { domain: { memory: { guest: '1536Mi' } } } } } },
    },
    {
      name: 'packages go into the build of Debian',
      state: form({ account: { packages: 'vim, git' } }),
      want: { spec: { dataVolumeTemplates: [{ spec: { source: { mmdebstrap: { packages: ['vim', 'git'] } } } }] } },
    },
  ])('$name', ({ state, want }) => {
    expect(manifests(state, given).machine).toMatchObject(want);
  });

  test('a card on a network of virtual functions is one of them', () => {
    const state = form({ network: { mode: 'bridge', networkName: 'fast' } });
    expect(manifests(state, { ...given, isOfFunctions: true }).machine).toMatchObject({
      spec: {
        template: {
          spec: {
            domain: { devices: { interfaces: [{ name: 'default', sriov: {} }] } },
            networks: [{ name: 'default', multus: { networkName: 'fast' } }],
          },
        },
      },
    });
  });
});

// What the wizard makes must pass the door it is sent through.
const schemas = JSON.parse(readFileSync(new URL('../../../resources/generated/schemas.json', import.meta.url), 'utf8')) as Schemas;
const kindIds: Readonly<Record<string, { readonly definition: string; readonly resource: string }>> = {
  VirtualMachine: { definition: 'V1VirtualMachine', resource: resources.virtualMachines },
  Secret: { definition: 'IoK8sApiCoreV1Secret', resource: resources.secrets },
};

test.each([
  { name: 'Debian', state: form({ account: { user: 'me', password: 'x' } }) },
  { name: 'a cloud image', state: form({ system: { source: 'catalog', image: fedora }, account: { user: 'me' } }) },
  { name: 'an installer', state: form({ system: { source: 'catalog', image: netinst } }) },
  {
    name: 'an installer whose size nobody knows',
    state: form({ system: { source: 'catalog', image: (({ sizeBytes: _size, ...rest }) => rest)(netinst) } }),
  },
  {
    name: 'an image of this computer',
    state: form({ system: { source: 'file', path: '/a.img', inspection: inspection({ path: '/a.img' }) }, account: { user: 'me' } }),
  },
  { name: 'an ISO to upload', state: form({ system: { source: 'upload', upload: { name: 'a.iso', size: 5 } } }) },
  { name: 'an existing disk', state: form({ system: { source: 'claim', claim: 'old' } }) },
  {
    name: 'network boot with everything',
    state: form({
      system: { source: 'network' },
      disk: { bus: 'scsi', cache: 'writeback', format: 'raw', extra: [{ sizeGiB: 1, bus: 'sata' }] },
      network: { mac: '02:00:00:00:00:01', forwards: [{ name: 'ssh', protocol: 'tcp', host: 2222, guest: 22 }] },
      options: { firmware: 'uefi', run: 'withComputer', description: 'x' },
    }),
  },
  { name: 'Windows with drivers from the web', state: windows({}) },
  { name: 'Windows with drivers from a file', state: windows({ from: 'file', path: driverIso.path, inspection: driverIso }) },
  { name: 'no network', state: form({ system: { source: 'empty' }, network: { mode: 'none' } }) },
  {
    name: 'a watchdog, huge pages and cores of its own',
    state: form({ system: { source: 'empty' }, options: { watchdog: 'poweroff', pages: '2Mi', ownCores: true } }),
  },
])('the core takes $name', ({ state }) => {
  expect(blocks(allProblems(state, world()))).toBe(false);
  for (const draft of draftsOf(manifests(state, given))) {
    const { definition, resource } = kindIds[draft.kind]!;
    expect([...decode(schemas, definition, draft), ...validate(resource, draft)]).toEqual([]);
  }
});

test('Windows gets what it asks for, its drivers in a second drive, and what makes it quick', () => {
  const state = withSuggestions(windows({ from: 'file', path: driverIso.path, inspection: driverIso }), world());
  const { metadata, spec } = manifests(state, given).machine;
  const { domain, volumes } = spec.template.spec!;
  expect(metadata.annotations).toEqual({ 'virtdeck.io/guest-os': 'windows11' });
  expect([domain.firmware, domain.devices.tpm, domain.features?.smm]).toEqual([
    { bootloader: { efi: { secureBoot: true } } },
    { persistent: true },
    { enabled: true },
  ]);
  expect(domain.devices.disks?.map(({ name, disk, cdrom, bootOrder }) => [name, disk?.bus ?? cdrom?.bus, bootOrder])).toEqual([
    ['root', 'virtio', 1],
    ['installer', 'sata', 2],
    ['drivers', 'sata', undefined],
  ]);
  expect(volumes?.map(({ dataVolume }) => dataVolume?.name)).toEqual(['windows-disk', 'windows-installer', 'windows-drivers']);
  expect(Object.keys(domain.features?.hyperv ?? {})).toHaveLength(12);
  expect(domain.clock?.timer?.hyperv).toEqual({});
  // What the user chose stays.
  const plain = withSuggestions(
    { ...state, options: { ...state.options, firmware: 'uefi' }, touched: { ...state.touched, firmware: true } },
    world(),
  );
  expect(plain.options).toMatchObject({ firmware: 'uefi', tpm: 'kept' });
  expect(withSuggestions({ ...state, system: { ...state.system, source: 'debian' } }, world()).options).toMatchObject({
    firmware: 'bios',
    tpm: 'none',
  });
});

test('Windows without the drivers gets a network card that it knows', () => {
  const cards = (from: 'download' | 'none') => templateOf(windows({ from })).spec?.domain.devices.interfaces?.map(({ model }) => model);
  expect([cards('download'), cards('none')]).toEqual([[undefined], ['e1000e']]);
});

test('what a machine does not share, and what is done when its guest hangs', () => {
  const made = manifests(form({ options: { watchdog: 'pause', pages: '1Gi', ownCores: true } }), given).machine;
  const { cpu, memory, devices } = made.spec.template.spec!.domain;
  expect([cpu, memory, devices.watchdog]).toEqual([
    { cores: 2, dedicatedCpuPlacement: true },
    { guest: '2Gi', hugepages: { pageSize: '1Gi' } },
    { name: 'watchdog', i6300esb: { action: 'reset' } },
  ]);
  // KubeVirt's field has no word for it.
  expect(made.metadata.annotations).toMatchObject({ 'virtdeck.io/watchdog-action': 'pause' });
  const plain = manifests(form({ options: { watchdog: 'shutdown' } }), given).machine;
  expect(plain.spec.template.spec!.domain.devices.watchdog).toEqual({ name: 'watchdog', i6300esb: { action: 'shutdown' } });
  expect(plain.metadata.annotations).not.toHaveProperty('virtdeck.io/watchdog-action');
});

test.each([
  { name: 'no installer', state: windows({}, { path: '' }), want: ['path pathMissing'] },
  { name: 'no driver file', state: windows({ from: 'file' }), want: ['driversPath pathMissing'] },
  {
    name: 'another file than was looked at',
    state: windows({ from: 'file', path: '/x.iso', inspection: driverIso }),
    want: ['driversPath pathNotInspected'],
  },
])('Windows with $name', ({ state, want }) => {
  expect(problemsOf('system', state, world()).map(({ field, code }) => `${field} ${code}`)).toEqual(want);
});

describe('user data', () => {
  const seed = (account: Partial<CreateForm['account']>, hash?: string): unknown => {
    const text = manifests(form({ system: { source: 'catalog', image: fedora }, account }), { namespace: 'default', passwordHash: hash })
      .secret?.stringData['userdata'];
    return text?.startsWith('#cloud-config\n') === true ? (parse(text) as unknown) : text;
  };
  test.each([
    {
      name: 'a password alone opens SSH for passwords',
      got: seed({ user: 'me' }, '$6$x'),
      want: { user: { name: 'me', lock_passwd: false, passwd: '$6$x' }, ssh_pwauth: true },
    },
    {
      name: 'a key alone leaves the password locked',
      got: seed({ user: 'me', sshKeys: ['ssh-rsa A', ' '] }),
      want: { user: { name: 'me', ssh_authorized_keys: ['ssh-rsa A'] } },
    },
    {
      name: 'packages of a cloud image are installed by the guest',
      got: seed({ user: 'me', packages: 'vim git' }),
      want: { user: { name: 'me' }, package_update: true, packages: ['vim', 'git'] },
    },
    { name: 'own text is taken as it is', got: seed({ mode: 'raw', rawUserData: '#!/bin/sh\nid\n' }), want: '#!/bin/sh\nid\n' },
    { name: 'none means no Secret', got: seed({ mode: 'none' }), want: undefined },
  ])('$name', ({ got, want }) => {
    expect(got).toEqual(want);
  });
});

describe('text', () => {
  const made = manifests(form({ account: { user: 'me' } }), given);
  test('the YAML reads back as the objects', () => {
    expect(parseAllDocuments(manifestYaml(made)).map((document) => document.toJS() as unknown)).toEqual(draftsOf(made));
  });
  test.each([
    { run: 'manual', startWhenCreated: true, want: 'EOF\nvirtctl start web -n default\n' },
    { run: 'manual', startWhenCreated: false, want: 'EOF\n' },
    { run: 'always', startWhenCreated: true, want: 'EOF\n' },
  ] as const)('commands for $run, start $startWhenCreated', (options) => {
    expect(createCommands(made, options)).toBe(`kubectl apply -f - <<'EOF'\n${manifestYaml(made)}${options.want}`);
  });
});

test('any form gives problems, suggestions that are stable, and YAML that reads back', () => {
  fc.assert(
    fc.property(anyForm, (state) => {
      const suggested = withSuggestions(state, world());
      expect(withSuggestions(suggested, world())).toEqual(suggested);
      expect(Array.isArray(allProblems(state, world()))).toBe(true);
      const made = manifests(state, given);
      const read = parseAllDocuments(manifestYaml(made)).map((document) => document.toJS() as unknown);
      expect(read).toHaveLength(draftsOf(made).length);
    }),
    { numRuns: 300 },
  );
});
