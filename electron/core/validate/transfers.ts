// Owns the rules of a Transfer.
// Must not look for the machine or the connection: whoever carries it out does.
import type { Cause } from '../../api/errors.ts';
import type { TransferSpec } from '../../api/kinds/transfer.ts';
import { transferSpecSchema } from '../../api/kinds/transfer-schema.ts';
import { sameJson } from '../status/same-json.ts';
import { type Rule, invalid } from './rule.ts';

export interface TransferDraft {
  readonly spec?: unknown;
}

const transferSpec: Rule<TransferDraft> = ({ spec }) => {
  const parsed = transferSpecSchema.safeParse(spec ?? {});
  if (parsed.success) return wordsOfOneWay(parsed.data);
  return parsed.error.issues.map(({ path, message }) => invalid(['spec', ...path.map(String)].join('.'), message));
};

function wordsOfOneWay({ direction, disks, storageClassName, image, folder }: TransferSpec): Cause[] {
  const isUpload = direction === 'send' && disks === 'upload';
  const isImage = direction === 'send' && disks === 'containerdisk';
  const only = (field: string, value: unknown, when: string): Cause[] =>
    value === undefined ? [] : [invalid(`spec.${field}`, `It is meant ${when} alone.`, 'Take it out.')];
  return [
    ...(direction === 'bring' && disks === 'containerdisk'
      ? [invalid('spec.disks', 'Disks are brought as they are.', 'Take it out.')]
      : []),
    ...(isUpload ? [] : only('storageClassName', storageClassName, 'for disks that are uploaded')),
    ...(isImage ? [] : [...only('image', image, 'with disks: containerdisk'), ...only('folder', folder, 'with disks: containerdisk')]),
  ];
}

export const transferRules: readonly Rule<TransferDraft>[] = [transferSpec];

export function transferUpdateCauses({ spec }: TransferDraft, old: TransferDraft): Cause[] {
  return sameJson(spec, old.spec) ? [] : [invalid('spec', 'It is under way as it was asked for.', 'Delete it and make another.')];
}
