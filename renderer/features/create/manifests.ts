// Owns what the wizard makes: KubeVirt's own shapes; what only Virtdeck has is an annotation or a local disk source.
// Must not fail: an unfinished form gives unfinished manifests, and validation.ts says what is missing.
import { annotations } from '../../../electron/api/annotations.ts';
import { watchdogFieldActions } from '../../../electron/api/failure-actions.ts';
import type { VirtualMachineSpec } from '../../../electron/api/kinds/virtual-machine.ts';
import type { DraftObject } from '../../../electron/api/object.ts';
import { tpmOf } from '../../ui/tpm-choice.ts';
import { writtenDevices } from '../../ui/host-device-drafts.ts';
import type { CreateForm, RunChoice } from './form.ts';
import { mediaOf } from './media.ts';
import { networkOf } from './network.ts';
import { systemTraits } from './traits.ts';
import { userData } from './user-data.ts';
import { windowsClock, windowsFeatures } from './windows.ts';

type Domain = NonNullable<VirtualMachineSpec['template']['spec']>['domain'];

export interface MachineDraft extends DraftObject {
  readonly metadata: DraftObject['metadata'] & { readonly name: string; readonly namespace: string };
  readonly spec: VirtualMachineSpec;
}

export interface SecretDraft extends DraftObject {
  readonly metadata: DraftObject['metadata'] & { readonly name: string; readonly namespace: string };
  readonly type: string;
  readonly stringData: Readonly<Record<string, string>>;
}

export interface Manifests {
  /** Holds the cloud-init user data; made first, so that the machine never waits for it. */
  readonly secret?: SecretDraft;
  readonly machine: MachineDraft;
}

export interface Given {
  readonly namespace: string;
  /** Of `account.password`; see password-hash.ts. */
  readonly passwordHash?: string | undefined;
  /** The cards of the network that was chosen are virtual functions. */
  readonly isOfFunctions?: boolean;
}

const runStrategies: Readonly<Record<RunChoice, string>> = { manual: 'Manual', withComputer: 'RerunOnFailure', always: 'Always' };

export function manifests(form: CreateForm, given: Given): Manifests {
  const seed = systemTraits(form.system).cloudInit === 'no' ? undefined : userData(form, given.passwordHash);
  const secretName = `${form.name}-cloudinit`;
  const machine = machineDraft(form, { ...given, secretName: seed === undefined ? undefined : secretName });
  if (seed === undefined) return { machine };
  const metadata = { name: secretName, namespace: given.namespace };
  return { secret: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { userdata: seed } }, machine };
}

/** In the order in which they are created. */
export function draftsOf({ secret, machine }: Manifests): readonly DraftObject[] {
  return secret === undefined ? [machine] : [secret, machine];
}

function machineDraft(form: CreateForm, given: Given & { readonly secretName: string | undefined }): MachineDraft {
  const media = mediaOf(form, given.secretName);
  const network = networkOf(form, given.isOfFunctions);
  const templates = media.flatMap(({ template }) => (template === undefined ? [] : [template]));
  const hostname = form.account.hostname.trim();
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: form.name, namespace: given.namespace, ...annotated({ ...notesOf(form), ...network.annotations }) },
    spec: {
      runStrategy: runStrategies[form.options.run],
      ...(templates.length > 0 ? { dataVolumeTemplates: templates } : {}),
      template: {
        metadata: { labels: { 'kubevirt.io/vm': form.name } },
        spec: {
          ...(hostname === '' || hostname === form.name ? {} : { hostname }),
          domain: {
            cpu: { cores: form.size.cpus ?? 1, ...(form.options.ownCores ? { dedicatedCpuPlacement: true } : {}) },
            memory: {
              guest: memoryQuantity(form.size.memoryMiB ?? 0),
              ...(form.options.pages === 'ordinary' ? {} : { hugepages: { pageSize: form.options.pages } }),
            },
            ...platformOf(form),
            devices: {
              disks: media.map(({ disk }) => disk),
              ...network.devices,
              ...watchdogOf(form),
              ...tpmDevice(form),
              ...hostDevicesOf(form),
            },
          },
          ...network.networks,
          volumes: media.map(({ volume }) => volume),
        },
      },
    },
  };
}

/** Secure Boot needs System Management Mode. */
function platformOf({ system, devices, options: { firmware } }: CreateForm): Pick<Domain, 'firmware' | 'features' | 'clock'> {
  const isWindows = system.source === 'windows';
  const isSecure = firmware === 'secure-boot' || firmware === 'setup-mode';
  const features = {
    ...(isSecure ? { smm: { enabled: true } } : {}),
    ...(isWindows ? windowsFeatures : {}),
    ...(devices.hideHypervisor ? { kvm: { hidden: true } } : {}),
    ...(devices.vendorId === ''
      ? {}
      : { hyperv: { ...(isWindows ? windowsFeatures.hyperv : {}), vendorid: { enabled: true, vendorid: devices.vendorId } } }),
  };
  return {
    ...(firmware === 'bios' ? {} : { firmware: { bootloader: { efi: { secureBoot: isSecure } } } }),
    ...(Object.keys(features).length > 0 ? { features } : {}),
    ...(isWindows ? { clock: windowsClock } : {}),
  };
}

function hostDevicesOf({ devices }: CreateForm): Pick<Domain['devices'], 'gpus' | 'hostDevices'> {
  const named = ({ name, deviceName = '' }: { readonly name: string; readonly deviceName?: string }) => ({ name, deviceName });
  const { gpus, hostDevices } = writtenDevices(devices.rows);
  return {
    ...(gpus.length === 0 ? {} : { gpus: gpus.map(named) }),
    ...(hostDevices.length === 0 ? {} : { hostDevices: hostDevices.map(named) }),
  };
}

/** An action that KubeVirt's field cannot say stands in an annotation beside it. */
function watchdogOf({ options: { watchdog } }: CreateForm): Pick<Domain['devices'], 'watchdog'> {
  if (watchdog === 'off') return {};
  return { watchdog: { name: 'watchdog', i6300esb: { action: watchdogFieldActions.find((known) => known === watchdog) ?? 'reset' } } };
}

function watchdogNote({ options: { watchdog } }: CreateForm): Readonly<Record<string, string>> {
  const isInField = watchdog === 'off' || watchdogFieldActions.some((known) => known === watchdog);
  return isInField ? {} : { [annotations.watchdogAction]: watchdog };
}

function tpmDevice({ options }: CreateForm): Pick<Domain['devices'], 'tpm'> {
  const tpm = tpmOf(options.tpm);
  return tpm === undefined ? {} : { tpm };
}

function notesOf(form: CreateForm): Readonly<Record<string, string>> {
  const description = form.options.description.trim();
  const { guestOs, cloudInit } = systemTraits(form.system);
  return {
    ...(description === '' ? {} : { [annotations.description]: description }),
    ...(guestOs === undefined ? {} : { [annotations.guestOs]: guestOs }),
    ...(cloudInit !== 'no' && form.account.mode === 'form' && form.account.user !== ''
      ? { [annotations.guestUser]: form.account.user }
      : {}),
    ...(writtenDevices(form.devices.rows).options === ''
      ? {}
      : { [annotations.hostDeviceOptions]: writtenDevices(form.devices.rows).options }),
    ...watchdogNote(form),
    ...(form.options.firmware === 'setup-mode' ? { [annotations.secureBootKeys]: 'own' } : {}),
  };
}

function annotated(notes: Readonly<Record<string, string>>): { readonly annotations?: Readonly<Record<string, string>> } {
  return Object.keys(notes).length > 0 ? { annotations: notes } : {};
}

/** Whole gibibytes read better than their mebibytes. */
function memoryQuantity(miB: number): string {
  return miB > 0 && miB % 1024 === 0 ? `${miB / 1024}Gi` : `${miB}Mi`;
}
