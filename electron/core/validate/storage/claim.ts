// Owns the rules of a PersistentVolumeClaim: access, size, and what may change once the disk is there.
// Must not look at the disk file.
import type { Cause } from '../../../api/errors.ts';
import { annotations } from '../../../api/annotations.ts';
import type { PersistentVolumeClaim } from '../../../api/kinds/persistent-volume-claim.ts';
import type { DraftObject } from '../../../api/object.ts';
import { sameJson } from '../../status/same-json.ts';
import { nanoOf, shown } from '../amounts.ts';
import { type Rule, invalid, notSupported, required } from '../rule.ts';

export type ClaimDraft = Pick<PersistentVolumeClaim, 'spec'> & Pick<DraftObject, 'metadata'>;

const modes: readonly string[] = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

const accessModes: Rule<ClaimDraft> = ({ spec }, path) => {
  const field = `${path}.accessModes`;
  const asked: readonly string[] = spec.accessModes ?? [];
  if (asked.length === 0) return [required(field, 'Required value: at least 1 access mode is required', 'Use ReadWriteOnce.')];
  return asked
    .filter((mode) => !modes.includes(mode))
    .map((mode) =>
      notSupported(field, `Unsupported value: ${JSON.stringify(mode)}: supported values: ${quoted(modes)}`, 'Use ReadWriteOnce.'),
    );
};

const size: Rule<ClaimDraft> = ({ spec }, path) => {
  const asked = spec.resources?.requests?.['storage'];
  if (asked === undefined)
    return [required(`${path}.resources[storage]`, 'Required value', 'Set resources.requests.storage, such as 20Gi.')];
  if (nanoOf(asked) > 0n) return [];
  return [
    invalid(`${path}.resources[storage]`, `Invalid value: "${shown(asked)}": must be greater than zero`, 'Set a size, such as 20Gi.'),
  ];
};

const volumeMode: Rule<ClaimDraft> = ({ spec }, path) => {
  const mode: string = spec.volumeMode ?? 'Filesystem';
  if (mode === 'Filesystem' || mode === 'Block') return [];
  return [
    notSupported(
      `${path}.volumeMode`,
      `Unsupported value: ${JSON.stringify(mode)}: supported values: "Block", "Filesystem"`,
      'Leave it out.',
    ),
  ];
};

const format: Rule<ClaimDraft> = ({ metadata }) => {
  const text = metadata.annotations?.[annotations.diskFormat] ?? 'qcow2';
  if (text === 'qcow2' || text === 'raw') return [];
  const field = `metadata.annotations[${annotations.diskFormat}]`;
  return [notSupported(field, `Unsupported value: ${JSON.stringify(text)}: supported values: "qcow2", "raw"`, 'Use qcow2.')];
};

function quoted(values: readonly string[]): string {
  return values
    .toSorted()
    .map((value) => JSON.stringify(value))
    .join(', ');
}

export const claimRules: readonly Rule<ClaimDraft>[] = [accessModes, size, volumeMode, format];

/** Kubernetes' rule: a claim grows and changes in nothing else. The disk's format is fixed with its file. */
export function claimUpdateCauses(claim: ClaimDraft, old: ClaimDraft): Cause[] {
  const [asked, before] = [claim.spec.resources?.requests?.['storage'], old.spec.resources?.requests?.['storage']];
  const key = annotations.diskFormat;
  return [
    ...(sameJson(withoutSize(claim), withoutSize(old))
      ? []
      : [
          {
            reason: 'FieldValueForbidden',
            field: 'spec',
            message: 'Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
            fix: 'Make a new claim.',
          },
        ]),
    ...(nanoOf(asked) < nanoOf(before)
      ? [
          {
            reason: 'FieldValueForbidden',
            field: 'spec.resources.requests.storage',
            message: 'Forbidden: field can not be less than previous value',
            fix: `Use ${shown(before)} or more: a disk is never cut.`,
          },
        ]
      : []),
    ...((claim.metadata.annotations?.[key] ?? 'qcow2') === (old.metadata.annotations?.[key] ?? 'qcow2')
      ? []
      : [invalid(`metadata.annotations[${key}]`, 'field is immutable', 'Make a new claim and copy the disk.')]),
  ];
}

/** volumeName is set by the binder. */
function withoutSize({ spec }: ClaimDraft): object {
  const { resources, volumeName: _bound, ...rest } = spec;
  const { requests, ...other } = resources ?? {};
  const { storage: _size, ...more } = requests ?? {};
  return { ...rest, resources: { ...other, requests: more } };
}
