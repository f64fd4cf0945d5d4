// Owns making the machine: form, then making, then made; and the upload that goes on when the page is left.
// Must not close anything.
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useClient } from '../../client/context.tsx';
import { useNotices } from '../../ui/notices.tsx';
import { createMachine, uploadDisk } from './create-machine.ts';
import type { CreateForm } from './form.ts';
import type { Manifests } from './manifests.ts';
import { systemTraits } from './traits.ts';

export interface Made {
  readonly namespace: string;
  readonly name: string;
  /** Disks that are filled, the root disk first. */
  readonly disks: readonly string[];
  readonly willStart: boolean;
}

export type CreationPhase =
  | { readonly type: 'form' }
  | { readonly type: 'making' }
  | { readonly type: 'refused'; readonly error: unknown }
  | { readonly type: 'made'; readonly made: Made };

export function useCreation(): {
  readonly phase: CreationPhase;
  readonly create: (form: CreateForm, manifests: Manifests) => Promise<void>;
} {
  const { t } = useTranslation('create');
  const client = useClient();
  const { fail } = useNotices();
  const [phase, setPhase] = useState<CreationPhase>({ type: 'form' });

  const create = useCallback(
    async (form: CreateForm, manifests: Manifests) => {
      setPhase({ type: 'making' });
      try {
        await createMachine(client, manifests);
      } catch (error) {
        setPhase({ type: 'refused', error });
        return;
      }
      const made = madeOf(form, manifests);
      setPhase({ type: 'made', made });
      // Not awaited by the page: both are seen in the progress, and a failure stays in the notifications.
      const { namespace, name, willStart } = made;
      if (willStart && form.options.run === 'manual') {
        client.act('start', { namespace, name }).catch((error: unknown) => fail(t('progress.notStarted', { name }), error));
      }
      const { upload, source } = form.system;
      if (source !== 'upload' || !(upload instanceof Blob)) return;
      const disk = systemTraits(form.system).medium === 'installer' ? `${name}-installer` : `${name}-disk`;
      const { signal } = new AbortController();
      uploadDisk(client, { namespace, name: disk }, { file: upload, signal }).catch((error: unknown) =>
        fail(t('progress.notUploaded', { name: upload.name }), error),
      );
    },
    [client, fail, t],
  );
  return { phase, create };
}

function madeOf(form: CreateForm, { machine }: Manifests): Made {
  const { name, namespace } = machine.metadata;
  const disks = (machine.spec.dataVolumeTemplates ?? []).flatMap(({ metadata }) => metadata?.name ?? []);
  return { namespace, name, disks, willStart: form.options.run !== 'manual' || form.startWhenCreated };
}
