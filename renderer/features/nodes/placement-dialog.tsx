// Owns choosing how this computer is parted into nodes, with the nodes that would come of it.
// Must not part it; the core does, when the settings are saved.
import { Alert, FormGroup, FormHelperText, HelperText, HelperTextItem, Radio, TextInput } from '@patternfly/react-core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlacementSettings } from '../../../electron/api/kinds/settings.ts';
import { cpuListText } from '../../../electron/api/cpu-list.ts';
import type { NodeMap } from '../../../electron/api/node-map.ts';
import type { Json, JsonObject } from '../../../electron/api/object.ts';
import { ApiError } from '../../client/api-error.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { CauseList } from '../../ui/cause-list.tsx';
import { RowTable } from '../../ui/row-table.tsx';
import { type DomainRow, draftOf, newDomain, partings, settingsOf } from './placement-draft.ts';
import { PlacementPreview } from './placement-preview.tsx';

export interface PlacementDialogProps {
  readonly placement: PlacementSettings | undefined;
  readonly now: NodeMap | undefined;
  readonly onClose: () => void;
}

export function PlacementDialog({ placement, now, onClose }: PlacementDialogProps) {
  const { t } = useTranslation('nodes');
  const client = useClient();
  const [draft, setDraft] = useState(() => draftOf(placement));
  const wanted = settingsOf(draft);
  const { map, refusal } = usePreview(wanted);
  const causes = refusal ?? map?.causes ?? [];
  const set = (change: Partial<typeof draft>): void => setDraft({ ...draft, ...change });
  // A merge patch keeps what it does not name: what is not wanted must be named, too.
  const write = (): Promise<unknown> => {
    const { by, domains = null, reserved = {} } = wanted;
    const kept = { cores: reserved.cores ?? null, memory: reserved.memory ?? null };
    return client.patch(
      { resource: 'settings.virtdeck.io', name: 'default' },
      { spec: { placement: { by: by ?? null, domains: domains as Json, reserved: kept } } },
    );
  };
  return (
    <FormDialog
      id="node-edit"
      title={t('part.title')}
      note={t('part.note')}
      variant="large"
      button={t('save', { ns: 'words' })}
      failed={t('notSaved')}
      isReady={map !== undefined && causes.length === 0}
      send={write}
      onClose={onClose}
    >
      <FormGroup role="radiogroup" isStack fieldId="part-by" label={t('part.by')}>
        {partings.map((by) => (
          <Radio
            key={by}
            id={`part-${by}`}
            name="part-by"
            label={t(`part.${by}`)}
            description={t(`part.${by}Note`)}
            isChecked={draft.by === by}
            onChange={() => set({ by, ...(by === 'custom' && draft.domains.length === 0 ? { domains: rowsOf(now) } : {}) })}
          />
        ))}
      </FormGroup>
      {draft.by === 'custom' && (
        <RowTable
          id="part-domains"
          label={t('part.domains')}
          columns={[
            { id: 'name', title: t('part.name'), placeholder: 'fast' },
            { id: 'cpus', title: t('part.cpus'), placeholder: '0-3,8' },
            { id: 'memory', title: t('part.memory'), placeholder: t('part.itsShare') },
            { id: 'devices', title: t('part.devices'), placeholder: '0000:01:00.0' },
          ]}
          rows={draft.domains}
          onChange={(domains) => set({ domains })}
          newRow={newDomain}
          addLabel={t('part.add')}
          removeLabel={t('part.remove')}
        />
      )}
      <FormGroup label={t('part.reservedCores')} fieldId="part-cores">
        <TextInput
          id="part-cores"
          type="number"
          min={0}
          value={draft.reservedCores}
          placeholder="1"
          onChange={(_event, reservedCores) => set({ reservedCores })}
        />
      </FormGroup>
      <FormGroup label={t('part.reservedMemory')} fieldId="part-memory">
        <TextInput
          id="part-memory"
          value={draft.reservedMemory}
          placeholder="2Gi"
          onChange={(_event, reservedMemory) => set({ reservedMemory })}
        />
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{t('part.reservedNote')}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
      <div aria-live="polite">
        {causes.length > 0 && (
          <Alert isInline variant="warning" component="p" title={t('part.cannot')}>
            <CauseList causes={causes} />
          </Alert>
        )}
        {map !== undefined && causes.length === 0 && <PlacementPreview map={map} now={now} />}
      </div>
    </FormDialog>
  );
}

interface Preview {
  readonly map?: NodeMap;
  readonly refusal?: ApiError['causes'];
}

const typingMs = 300;

/** Asked when the typing rests; the last answer stays until the next one. */
function usePreview(wanted: PlacementSettings): Preview {
  const client = useClient();
  const [preview, setPreview] = useState<Preview>({});
  const text = JSON.stringify(wanted);
  useEffect(() => {
    const stop = new AbortController();
    const timer = setTimeout(() => {
      client.nodeMap({ placement: JSON.parse(text) as JsonObject, signal: stop.signal }).then(
        (map) => setPreview({ map }),
        (error: unknown) => {
          if (stop.signal.aborted) return;
          const message = error instanceof Error ? error.message : String(error);
          const causes = error instanceof ApiError && error.causes.length > 0 ? error.causes : [{ reason: '', field: '', message }];
          setPreview({ refusal: causes });
        },
      );
    }, typingMs);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [client, text]);
  return preview;
}

/** By hand begins with what there is. */
function rowsOf(now: NodeMap | undefined): readonly DomainRow[] {
  return (now?.nodes ?? []).map(({ processors }, index) => ({
    name: `part${index + 1}`,
    cpus: cpuListText(processors.map(({ id }) => id)),
    memory: '',
    devices: '',
  }));
}
