// Owns the cloud-init seed: a small ISO with what a fresh guest is told of itself, as NoCloud or as ConfigDrive.
// Must not choose the drive; the disks family does.
import type { Cause } from '../../api/errors.ts';
import type { VirtualMachineInstance } from '../../api/kinds/virtual-machine-instance.ts';
import type { LaunchFacts } from '../facts.ts';
import { machineUuid } from './identity.ts';
import type { IsoEntry, PlannedFile } from './launch-plan.ts';
import type { CloudInit, Volume } from './manifest.ts';
import { sshKeys } from './ssh-keys.ts';

export interface SeedContext {
  readonly vmi: VirtualMachineInstance;
  readonly facts: LaunchFacts;
  readonly volume: Volume;
  readonly field: string;
}

export interface Seed {
  readonly file: Extract<PlannedFile, { type: 'iso' }>;
  readonly causes: readonly Cause[];
}

export function cloudInitSeed(context: SeedContext): Seed {
  const { facts, volume } = context;
  const noCloud = volume.cloudInitNoCloud !== undefined;
  const source = volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive ?? {};
  const at = { ...context, field: `${context.field}.${noCloud ? 'cloudInitNoCloud' : 'cloudInitConfigDrive'}` };
  const user = document(at, userForms(source));
  const network = document(at, networkForms(source));
  const keys = sshKeys(context.vmi, facts.secrets, noCloud ? 'noCloud' : 'configDrive');
  const parts = { user: user.entry, network: network.entry, keys: keys.lines };
  return {
    file: {
      type: 'iso',
      path: `${facts.runDir}/cloud-init-${volume.name}.iso`,
      // The label is how cloud-init finds its medium.
      label: noCloud ? 'cidata' : 'config-2',
      entries: noCloud ? noCloudEntries(context.vmi, parts) : configDriveEntries(context.vmi, parts),
    },
    causes: [...user.causes, ...network.causes, ...keys.causes],
  };
}

/** The three ways to give one document, in KubeVirt's order of preference, and the keys a Secret may use. */
interface Forms {
  readonly inline?: string | undefined;
  readonly base64?: string | undefined;
  readonly secret?: string | undefined;
  readonly field: 'userData' | 'networkData';
  readonly secretField: string;
  readonly secretKeys: readonly string[];
}

function userForms({ userData, userDataBase64, secretRef }: CloudInit): Forms {
  const secretKeys = ['userdata', 'userData'];
  return { inline: userData, base64: userDataBase64, secret: secretRef?.name, field: 'userData', secretField: 'secretRef', secretKeys };
}

function networkForms({ networkData, networkDataBase64, networkDataSecretRef }: CloudInit): Forms {
  return {
    inline: networkData,
    base64: networkDataBase64,
    secret: networkDataSecretRef?.name,
    field: 'networkData',
    secretField: 'networkDataSecretRef',
    secretKeys: ['networkdata', 'networkData'],
  };
}

function document({ facts, field }: SeedContext, forms: Forms): { readonly entry?: IsoEntry; readonly causes: readonly Cause[] } {
  if (forms.secret !== undefined) {
    const at = `${field}.${forms.secretField}`;
    const secret = facts.secrets[forms.secret];
    if (secret === undefined) return { causes: [secretMissing(forms.secret, at)] };
    const key = forms.secretKeys.find((name) => secret[name] !== undefined);
    return key === undefined ? { causes: [keyMissing(forms.secret, forms.secretKeys, at)] } : { entry: secret[key] ?? '', causes: [] };
  }
  if (isGiven(forms.base64)) {
    if (/^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(forms.base64)) return { entry: { base64: forms.base64 }, causes: [] };
    const at = `${field}.${forms.field}Base64`;
    return { causes: [{ reason: 'FieldValueInvalid', field: at, message: `${at} is not base64.`, fix: 'Encode it with base64 -w0.' }] };
  }
  return isGiven(forms.inline) ? { entry: forms.inline, causes: [] } : { causes: [] };
}

function isGiven(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

interface Parts {
  readonly user: IsoEntry | undefined;
  readonly network: IsoEntry | undefined;
  readonly keys: readonly string[];
}

function noCloudEntries(vmi: VirtualMachineInstance, { user, network, keys }: Parts): Readonly<Record<string, IsoEntry>> {
  const metadata = {
    'instance-id': instanceId(vmi),
    'local-hostname': hostnameOf(vmi),
    ...(keys.length === 0 ? {} : { 'public-keys': numbered(keys) }),
  };
  return {
    // JSON is YAML: nothing needs quoting. cloud-init takes the medium only if both files are there.
    'meta-data': JSON.stringify(metadata),
    'user-data': user ?? '',
    ...(network === undefined ? {} : { 'network-config': network }),
  };
}

function configDriveEntries(vmi: VirtualMachineInstance, { user, network, keys }: Parts): Readonly<Record<string, IsoEntry>> {
  const metadata = {
    instance_id: instanceId(vmi),
    uuid: machineUuid(vmi),
    hostname: hostnameOf(vmi),
    ...(keys.length === 0 ? {} : { public_keys: numbered(keys) }),
  };
  return {
    'openstack/latest/meta_data.json': JSON.stringify(metadata),
    ...(user === undefined ? {} : { 'openstack/latest/user_data': user }),
    ...(network === undefined ? {} : { 'openstack/latest/network_data.json': network }),
  };
}

/** Follows the machine, not the run: cloud-init sets a guest up anew whenever this changes. */
function instanceId(vmi: VirtualMachineInstance): string {
  return machineUuid(vmi);
}

export function hostnameOf({ spec, metadata }: VirtualMachineInstance): string {
  // A label of DNS has 63 characters at most; names of objects may have more.
  return spec.hostname ?? metadata.name.split('.')[0]?.slice(0, 63) ?? metadata.name;
}

function numbered(keys: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(keys.map((key, index) => [String(index), key]));
}

function secretMissing(name: string, field: string): Cause {
  return { reason: 'SecretMissing', field, message: `There is no Secret ${name}.`, fix: `Create it, or correct its name.` };
}

function keyMissing(name: string, keys: readonly string[], field: string): Cause {
  return { reason: 'SecretKeyMissing', field, message: `The Secret ${name} has no key ${keys[0]}.`, fix: `Add the key ${keys[0]} to it.` };
}
