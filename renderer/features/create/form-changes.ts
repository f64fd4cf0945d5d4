// Owns changing the form: what the user sets is remembered as set, so that suggestions leave it alone.
// Must not suggest.
import type { CreateForm } from './form.ts';

type Section = 'system' | 'size' | 'disk' | 'network' | 'devices' | 'account' | 'options';

export type Change =
  | { readonly [S in Section]: { readonly section: S; readonly to: Partial<CreateForm[S]> } }[Section]
  | { readonly section: 'name'; readonly to: string }
  | { readonly section: 'startWhenCreated'; readonly to: boolean };

export function changed(form: CreateForm, change: Change): CreateForm {
  switch (change.section) {
    case 'name':
      return { ...form, name: change.to, touched: { ...form.touched, name: true } };
    case 'startWhenCreated':
      return { ...form, startWhenCreated: change.to };
    case 'system':
      return { ...form, system: { ...form.system, ...change.to } };
    case 'size':
      return { ...form, size: { ...form.size, ...change.to }, touched: { ...form.touched, size: true } };
    case 'disk':
      return {
        ...form,
        disk: { ...form.disk, ...change.to },
        touched: { ...form.touched, diskSize: form.touched.diskSize || 'sizeGiB' in change.to },
      };
    case 'network':
      return {
        ...form,
        network: { ...form.network, ...change.to },
        touched: {
          ...form.touched,
          connection: form.touched.connection || 'mode' in change.to,
          forwards: form.touched.forwards || 'forwards' in change.to,
        },
      };
    case 'devices':
      return { ...form, devices: { ...form.devices, ...change.to } };
    case 'account':
      return {
        ...form,
        account: { ...form.account, ...change.to },
        touched: { ...form.touched, account: form.touched.account || 'user' in change.to || 'sshKeys' in change.to },
      };
    case 'options':
      return {
        ...form,
        options: { ...form.options, ...change.to },
        touched: { ...form.touched, firmware: form.touched.firmware || 'firmware' in change.to || 'tpm' in change.to },
      };
  }
}
