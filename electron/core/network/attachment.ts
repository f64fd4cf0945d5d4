// Owns reading spec.config of a NetworkAttachmentDefinition: what it asks for, and everything that is wrong with it.
// Must not know what this computer has; bridge-access.ts does.
import type { Cause } from '../../api/errors.ts';
import { type CauseReason, cause, invalid, notSupported, required } from '../validate/rule.ts';
import {
  type FunctionAttachment,
  functionFields,
  functionFieldsWithoutEffect,
  functionTypes,
  readFunction,
} from './function-attachment.ts';
import { interfaceNameFault } from './interface-name.ts';

/** What a network is, seen from a machine. */
export type Attachment = BridgeAttachment | FunctionAttachment;

/** An access port of a bridge. */
export interface BridgeAttachment {
  readonly type: 'bridge';
  readonly bridge: string;
  /** Of the access port: untagged inside the guest. Absent: whatever the bridge gives. */
  readonly vlan?: number;
  /** Only frames from the card's own address pass. */
  readonly macSpoofCheck: boolean;
}

export interface AttachmentReading {
  /** Absent when a cause makes it impossible to say. */
  readonly attachment?: Attachment;
  readonly causes: readonly Cause[];
  /** Fields that are taken and have no effect here. */
  readonly warnings: readonly Cause[];
}

type Fields = Readonly<Record<string, unknown>>;
interface Plugin {
  readonly fields: Fields;
  /** `spec.config.plugins[0]`: a place in the JSON text, spoken of as if it were YAML. */
  readonly field: string;
}

/** OpenShift's own builds of the two plugins, and upstream's. */
const bridgeTypes: readonly unknown[] = ['cnv-bridge', 'bridge'];
const tuningTypes: readonly unknown[] = ['cnv-tuning', 'tuning'];
const listFields = ['cniVersion', 'cniVersions', 'name', 'plugins', 'disableCheck', 'disableGC'];
const commonFields = ['cniVersion', 'name', 'type', 'capabilities', 'args', 'runtimeConfig', 'ipam', 'dns'];
/** Taken, because clusters' manifests carry them; none has a meaning for a tap of QEMU. */
const bridgeFieldsWithoutEffect = (
  'isGateway isDefaultGateway forceAddress ipMasq hairpinMode promiscMode mtu vlanTrunk enabledad portIsolation ' +
  'disableContainerInterface'
).split(' ');
// A port of a VLAN of its own leaves the bridge's default VLAN in any case.
const bridgeFields = [...commonFields, 'bridge', 'vlan', 'macspoofchk', 'preserveDefaultVlan', ...bridgeFieldsWithoutEffect];
// The MAC of a card is QEMU's to set: the plugin that allows it in a pod has nothing to do here.
const tuningFields = [...commonFields, 'mac', 'mtu', 'promisc', 'allmulti', 'sysctl', 'txQLen', 'dataDir', 'sysctlAllowlist'];

const root = 'spec.config';
/** 0 is "none" for the plugin, 4095 is reserved by IEEE 802.1Q. */
const maxVlan = 4094;

export function readAttachment(config: string | undefined): AttachmentReading {
  if (config === undefined || config.trim() === '') {
    return refused(required(root, `${root}: Required value`, 'Write the CNI configuration as JSON: {"type": "bridge", "bridge": "br1"}.'));
  }
  const parsed = parseObject(config);
  if (typeof parsed === 'string') return refused(invalid(root, `${root} is not JSON: ${parsed}`, 'Write one JSON object.'));
  const listed = pluginsOf(parsed);
  const causes = [...versionCauses(parsed), ...nameCauses(parsed), ...listed.causes];
  const [main, ...more] = listed.plugins.filter(isMain);
  const others = listed.plugins.filter((plugin) => !isMain(plugin));
  causes.push(...others.flatMap(otherCauses), ...more.map(({ field }) => invalid(field, 'There are two networks.', 'Keep one.')));
  if (main === undefined) {
    const missing = required(root, 'No plugin of type bridge, cnv-bridge or sriov.', 'Add one.');
    return causes.length > 0 ? { causes, warnings: [] } : refused(missing);
  }
  const isFunction = functionTypes.includes(main.fields['type']);
  const read = isFunction ? readFunction(main) : readBridge(main);
  const all = [...causes, ...read.causes];
  return {
    ...(read.attachment === undefined || all.length > 0 ? {} : { attachment: read.attachment }),
    causes: all,
    warnings: [...(isFunction ? functionWithoutEffect(main) : bridgeWithoutEffect(main)), ...listed.plugins.flatMap(addressing)],
  };
}

function refused(...causes: readonly Cause[]): AttachmentReading {
  return { causes, warnings: [] };
}

/** The object, or why there is none. */
function parseObject(text: string): Fields | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return isFields(value) ? value : 'it is no object.';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pluginsOf(config: Fields): { readonly plugins: readonly Plugin[]; readonly causes: readonly Cause[] } {
  const { plugins } = config;
  if (plugins === undefined)
    return { plugins: [{ fields: config, field: root }], causes: unknownFields(config, root, knownFields(config)) };
  const unknown = unknownFields(config, root, listFields);
  if (!Array.isArray(plugins) || plugins.length === 0) {
    const fix = 'Write [{"type": "bridge", "bridge": "br1"}].';
    return { plugins: [], causes: [...unknown, invalid(`${root}.plugins`, 'plugins must be a list of at least one plugin.', fix)] };
  }
  const read = plugins.map((fields: unknown, index) => ({ fields, field: `${root}.plugins[${index}]` }));
  const good = read.filter((plugin): plugin is Plugin => isFields(plugin.fields));
  return {
    plugins: good,
    causes: [
      ...unknown,
      ...read.filter(({ fields }) => !isFields(fields)).map(({ field }) => invalid(field, 'A plugin must be an object.')),
      ...good.flatMap(({ fields, field }) => unknownFields(fields, field, knownFields(fields))),
    ],
  };
}

function isMain({ fields: { type } }: Plugin): boolean {
  return bridgeTypes.includes(type) || functionTypes.includes(type);
}

/** Of a plugin whose type is not known everything is, since nothing can be said of it. */
function knownFields({ type }: Fields): readonly string[] | undefined {
  if (bridgeTypes.includes(type)) return bridgeFields;
  if (functionTypes.includes(type)) return [...commonFields, ...functionFields];
  return tuningTypes.includes(type) ? tuningFields : undefined;
}

function unknownFields(fields: Fields, field: string, known: readonly string[] | undefined): Cause[] {
  return Object.keys(fields)
    .filter((name) => known !== undefined && !known.includes(name))
    .map((name) => problem('FieldValueNotSupported', `${field}.${name}`, [`unknown field ${JSON.stringify(name)}`, 'Remove it.']));
}

function versionCauses({ cniVersion }: Fields): Cause[] {
  if (cniVersion === undefined) return [];
  if (typeof cniVersion === 'string' && /^(?:0\.[1-4]|1\.[01])\.\d+$/.test(cniVersion)) return [];
  return [notSupported(`${root}.cniVersion`, `cniVersion ${JSON.stringify(cniVersion)} is not known.`, 'Use "0.3.1" or "1.0.0".')];
}

function nameCauses({ name }: Fields): Cause[] {
  if (name === undefined || (typeof name === 'string' && /^[a-zA-Z0-9][\w.-]*$/.test(name))) return [];
  return [invalid(`${root}.name`, 'name must begin with a letter or digit and hold letters, digits, "_", "." and "-".', 'Change it.')];
}

function otherCauses({ fields, field }: Plugin): Cause[] {
  const { type } = fields;
  if (tuningTypes.includes(type)) return [];
  if (typeof type !== 'string' || type === '')
    return [required(`${field}.type`, 'A plugin needs a type.', 'Use "bridge", "cnv-bridge" or "sriov".')];
  return [
    notSupported(
      `${field}.type`,
      `Networks of type ${JSON.stringify(type)} are not available on one computer.`,
      'Use "bridge", "cnv-bridge" or "sriov"; "tuning" and "cnv-tuning" may follow.',
    ),
  ];
}

function readBridge({ fields, field }: Plugin): { readonly attachment?: BridgeAttachment; readonly causes: readonly Cause[] } {
  const { bridge, vlan, macspoofchk = false } = fields;
  const causes = [...bridgeCauses(bridge, field), ...vlanCauses(vlan, field)];
  if (typeof macspoofchk !== 'boolean') causes.push(invalid(`${field}.macspoofchk`, 'macspoofchk must be true or false.', 'Use true.'));
  if (causes.length > 0 || typeof bridge !== 'string') return { causes };
  const tag = typeof vlan === 'number' && vlan > 0 ? { vlan } : {};
  return { attachment: { type: 'bridge', bridge, ...tag, macSpoofCheck: macspoofchk === true }, causes };
}

function bridgeCauses(bridge: unknown, field: string): Cause[] {
  if (bridge === undefined || bridge === '') return [required(`${field}.bridge`, 'The bridge has no name.', 'Name it, for example "br1".')];
  if (typeof bridge !== 'string') return [invalid(`${field}.bridge`, 'bridge must be text.', 'Name it, for example "br1".')];
  const fault = interfaceNameFault(bridge);
  return fault === undefined
    ? []
    : [invalid(`${field}.bridge`, `${JSON.stringify(bridge)} is no name of a bridge: ${fault}`, 'Rename it.')];
}

function vlanCauses(vlan: unknown, field: string): Cause[] {
  if (vlan === undefined || (typeof vlan === 'number' && Number.isInteger(vlan) && vlan >= 0 && vlan <= maxVlan)) return [];
  return [
    invalid(`${field}.vlan`, `vlan ${JSON.stringify(vlan)} is none: there are 1 to ${maxVlan}.`, `Use a whole number of 1 to ${maxVlan}.`),
  ];
}

function bridgeWithoutEffect({ fields, field }: Plugin): Cause[] {
  return bridgeFieldsWithoutEffect
    .filter((name) => fields[name] !== undefined && fields[name] !== false)
    .map((name) => problem('NotHonoured', `${field}.${name}`, [`${name} has no effect here: the port is QEMU's own.`]));
}

function functionWithoutEffect({ fields, field }: Plugin): Cause[] {
  return functionFieldsWithoutEffect
    .filter((name) => fields[name] !== undefined)
    .map((name) =>
      problem('NotHonoured', `${field}.${name}`, [`${name} has no effect here: no plugin runs, and the machine has its own function.`]),
    );
}

/** An empty `ipam` is how manifests say that nobody gives out addresses. */
function addressing({ fields, field }: Plugin): Cause[] {
  const { ipam } = fields;
  if (ipam === undefined || (isFields(ipam) && Object.keys(ipam).length === 0)) return [];
  return [
    problem('NotHonoured', `${field}.ipam`, ['Addresses are not given out here: a DHCP server on the network does, or the guest itself.']),
  ];
}

function problem(reason: CauseReason | 'NotHonoured', field: string, [message, fix]: readonly [string, string?]): Cause {
  if (reason === 'NotHonoured') return { reason, field, message };
  return cause(reason, field, { message, ...(fix === undefined ? {} : { fix }) });
}
