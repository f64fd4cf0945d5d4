// Owns the defaults of everything that is not a machine: claims, disks, secrets, projects, settings.
// Must not fill in what has to be asked of the user.
import { annotations } from '../../api/annotations.ts';
import type { DataVolume } from '../../api/kinds/data-volume.ts';
import type { PersistentVolumeClaim } from '../../api/kinds/persistent-volume-claim.ts';
import type { Instancetype } from '../../api/kinds/instancetype.ts';
import type { Preference } from '../../api/kinds/preference.ts';
import { type SettingsSpec, settingsSpecSchema } from '../../api/kinds/settings-schema.ts';
import type { DraftObject } from '../../api/object.ts';
import { base64OfText } from './base64.ts';
import type { DefaultRule } from './defaulting-facts.ts';
import { quantityText, quantityTexts } from './quantities.ts';

type ClaimDraft = Pick<PersistentVolumeClaim, 'spec'> & Pick<DraftObject, 'metadata'>;

/** Disks grow on demand unless their owner says otherwise. */
export const defaultedClaim: DefaultRule<ClaimDraft> = (claim) => ({
  ...claim,
  metadata: { ...claim.metadata, annotations: { [annotations.diskFormat]: 'qcow2', ...claim.metadata.annotations } },
  spec: { ...claim.spec, volumeMode: claim.spec.volumeMode ?? 'Filesystem', ...requestsAsText(claim.spec.resources) },
});

export const defaultedDataVolume: DefaultRule<Pick<DataVolume, 'spec'>> = (volume) => {
  const { storage, pvc } = volume.spec;
  return {
    ...volume,
    spec: {
      ...volume.spec,
      ...(storage === undefined ? {} : { storage: { ...storage, ...requestsAsText(storage.resources) } }),
      ...(pvc === undefined ? {} : { pvc: { ...pvc, ...requestsAsText(pvc.resources) } }),
    },
  };
};

function requestsAsText<Resources extends { requests?: { [name: string]: string } }>(
  resources: Resources | undefined,
): { resources?: Resources } {
  return resources?.requests === undefined ? {} : { resources: { ...resources, requests: quantityTexts(resources.requests) } };
}

interface SecretDraft {
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly type?: string;
}

/** stringData is folded into data and wins, as in Kubernetes. */
export const defaultedSecret: DefaultRule<SecretDraft> = ({ stringData, ...secret }) => {
  const folded = Object.fromEntries(Object.entries(stringData ?? {}).map(([name, text]) => [name, base64OfText(text)]));
  return {
    ...secret,
    ...(stringData === undefined ? {} : { data: { ...secret.data, ...folded } }),
    type: secret.type === undefined || secret.type === '' ? 'Opaque' : secret.type,
  };
};

export const defaultedInstancetype: DefaultRule<Pick<Instancetype, 'spec'>> = (type) => {
  const { guest, maxGuest, ...memory } = type.spec.memory;
  const amounts = { guest: quantityText(guest), ...(maxGuest === undefined ? {} : { maxGuest: quantityText(maxGuest) }) };
  return { ...type, spec: { ...type.spec, memory: { ...memory, ...amounts } } };
};

export const defaultedPreference: DefaultRule<Pick<Preference, 'spec'>> = (preference) => {
  const { requirements } = preference.spec;
  if (requirements?.memory === undefined) return preference;
  const memory = { ...requirements.memory, guest: quantityText(requirements.memory.guest) };
  return { ...preference, spec: { ...preference.spec, requirements: { ...requirements, memory } } };
};

export const defaultedNamespace: DefaultRule<DraftObject> = (namespace) => {
  const { name, labels } = namespace.metadata;
  const named = name === undefined ? {} : { labels: { ...labels, 'kubernetes.io/metadata.name': name } };
  return { ...namespace, metadata: { ...namespace.metadata, ...named }, spec: namespace['spec'] ?? {} };
};

/** A spec that the schema refuses is left as it is, for validation to name. */
/** zod's default, said where every client's object passes. */
export const defaultedTransfer: DefaultRule<{ readonly spec: object }> = (transfer) => ({
  ...transfer,
  spec: { disks: 'upload', ...transfer.spec },
});

export const defaultedSettings: DefaultRule<{ readonly spec?: Partial<SettingsSpec> }> = (settings) => {
  const parsed = settingsSpecSchema.safeParse(settings.spec ?? {});
  return parsed.success ? { ...settings, spec: parsed.data } : settings;
};
