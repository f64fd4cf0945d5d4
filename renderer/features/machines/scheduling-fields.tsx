// Owns the fields of the scheduling dialogs, and what they would mean now.
// Must not save.
import { Alert, Checkbox, FormGroup, Label, TextArea } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { useList } from '../../client/hooks.ts';
import { labelsOf } from '../../ui/label-lines.ts';
import { matchingNodes } from './scheduling-edits.ts';

interface NodeSelectorFieldProps {
  readonly draft: string;
  readonly onChange: (text: string) => void;
}

export function NodeSelectorField({ draft, onChange }: NodeSelectorFieldProps) {
  const { t } = useTranslation('scheduling');
  const labels = labelsOf(draft);
  return (
    <>
      <FormGroup label={t('nodeSelector')} fieldId="edit-selector">
        <TextArea id="edit-selector" value={draft} onChange={(_event, text) => onChange(text)} rows={4} resizeOrientation="vertical" />
      </FormGroup>
      {labels !== undefined && <Matches labels={labels} />}
    </>
  );
}

export function OwnCoresField({ draft, onChange }: { readonly draft: boolean; readonly onChange: (wanted: boolean) => void }) {
  const { t } = useTranslation('scheduling');
  return (
    <>
      <Checkbox
        id="edit-own-cores"
        label={t('schedule')}
        description={
          <>
            {t('onlyOn')}{' '}
            <Label isCompact color="blue">
              cpumanager=true
            </Label>
          </>
        }
        isChecked={draft}
        onChange={(_event, wanted) => onChange(wanted)}
      />
      {draft && <Matches labels={{ cpumanager: 'true' }} />}
    </>
  );
}

/** As the console of a cluster says it: how many nodes there are for this, or that there is none. */
function Matches({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  const { t } = useTranslation('scheduling');
  const { phase, items } = useList('nodes');
  if (phase === 'loading') return null;
  const found = matchingNodes(items, labels);
  return (
    <div aria-live="polite">
      <Alert
        component="p"
        isInline
        variant={found.length > 0 ? 'success' : 'warning'}
        title={found.length > 0 ? t('matching', { count: found.length }) : t('noMatching')}
      >
        {found.length > 0 ? found.join(', ') : t('noMatchingNote')}
      </Alert>
    </div>
  );
}
