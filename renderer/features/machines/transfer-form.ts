// Owns what the form of a transfer asks for, as the spec of a Transfer.
// Must not judge it; the core's review does.
import type { TransferSpec } from '../../../electron/api/kinds/transfer.ts';

export interface TransferForm {
  readonly direction: TransferSpec['direction'];
  readonly connection: string;
  readonly machine: string;
  /** Project on the cluster; blank: that of the connection. */
  readonly namespace: string;
  readonly newName: string;
  readonly disks: TransferSpec['disks'];
  readonly storageClassName: string;
  readonly image: string;
}

/** Blank fields are left to who has a default for them. */
export function transferSpec(form: TransferForm): TransferSpec {
  const { direction, connection, machine, disks } = form;
  const isSending = direction === 'send';
  const given = (field: 'namespace' | 'newName' | 'storageClassName' | 'image', isMeant: boolean): Partial<TransferSpec> => {
    const text = form[field].trim();
    return isMeant && text !== '' ? { [field]: text } : {};
  };
  return {
    direction,
    connection,
    machine,
    disks: isSending ? disks : 'upload',
    ...given('namespace', true),
    ...given('newName', form.newName.trim() !== machine),
    ...given('storageClassName', isSending && disks === 'upload'),
    ...given('image', isSending && disks === 'containerdisk'),
  };
}
