// Owns the picker of a machine's processor: models with a search and what runs here, features with their policies.
// Must not save.
import {
  Alert,
  AlertActionLink,
  Button,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Label,
  Menu,
  MenuContent,
  MenuItem,
  MenuList,
  SearchInput,
  TextInput,
} from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { PlusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProcessorReport } from '../../../electron/api/processor.ts';
import { useClient } from '../../client/context.tsx';
import { useLoaded } from '../../client/hooks.ts';
import {
  featureOutcome,
  featurePolicies,
  type FeatureRow,
  foundModels,
  missingOf,
  type ProcessorDraft,
  relativeModels,
  withoutMissing,
} from './processor-edits.ts';

interface ProcessorFieldProps {
  readonly draft: ProcessorDraft;
  readonly onChange: (draft: ProcessorDraft) => void;
}

const nothingKnown: ProcessorReport = { accelerator: 'tcg', models: [], features: [] };

export function ProcessorField({ draft, onChange }: ProcessorFieldProps) {
  const { t } = useTranslation('processor');
  const report = useProcessor() ?? nothingKnown;
  const missing = missingOf(report, draft);
  return (
    <>
      <ModelMenu report={report} draft={draft} onChange={onChange} />
      {missing.length > 0 && (
        <Alert
          component="p"
          isInline
          variant="warning"
          title={t('notHere', { model: draft.model })}
          actionLinks={<AlertActionLink onClick={() => onChange(withoutMissing(draft, missing))}>{t('disableMissing')}</AlertActionLink>}
        >
          {t('needs', { features: missing.join(', ') })}
        </Alert>
      )}
      <FeatureRows report={report} draft={draft} onChange={onChange} />
    </>
  );
}

/** Undefined until it has arrived. */
export function useProcessor(): ProcessorReport | undefined {
  const client = useClient();
  return useLoaded(useCallback((signal: AbortSignal) => client.processor(signal), [client])).value;
}

interface PartProps extends ProcessorFieldProps {
  readonly report: ProcessorReport;
}

function ModelMenu({ report, draft, onChange }: PartProps) {
  const { t } = useTranslation('processor');
  const [search, setSearch] = useState('');
  const found = foundModels(report, search);
  const relative = relativeModels.filter((name) => name.includes(search.trim().toLowerCase()));
  const text = useHostModelText(report);
  return (
    <FormGroup label={t('model')} fieldId="edit-model-search">
      <SearchInput
        id="edit-model-search"
        aria-label={t('search')}
        placeholder={t('search')}
        value={search}
        onChange={(_event, value) => setSearch(value)}
        onClear={() => setSearch('')}
      />
      <Menu
        isScrollable
        isPlain
        className="vd-model-menu"
        selected={draft.model}
        onSelect={(_event, id) => onChange({ ...draft, model: String(id) })}
        aria-label={t('model')}
      >
        <MenuContent maxMenuHeight="15rem">
          <MenuList aria-label={t('model')}>
            {relative.map((name) => (
              <MenuItem key={name} itemId={name} description={name === 'host-model' ? text : t(`passthrough.${report.accelerator}`)}>
                {name}
              </MenuItem>
            ))}
            {found.map(({ name, missing, deprecated }) => (
              <MenuItem
                key={name}
                itemId={name}
                description={missing.length === 0 ? t('runs') : t('lacks', { count: missing.length, features: missing.join(', ') })}
              >
                {name} {deprecated && <Label isCompact>{t('deprecated')}</Label>}
              </MenuItem>
            ))}
            {relative.length + found.length === 0 && <MenuItem isDisabled>{t('noModel')}</MenuItem>}
          </MenuList>
        </MenuContent>
      </Menu>
      <p className="vd-subtle vd-cell-text" aria-live="polite">
        {t('chosen', { model: draft.model })}
      </p>
    </FormGroup>
  );
}

/** What host-model is here, in a sentence; the differences in full where there are few. */
export function useHostModelText({ hostModel, accelerator }: ProcessorReport): string {
  const { t } = useTranslation('processor');
  if (hostModel === undefined) return t('hostModel.unknown');
  const { name, level, added, removed } = hostModel;
  const base = t(accelerator === 'tcg' ? 'hostModel.emulated' : 'hostModel.here', { name, level });
  const parts = [
    added.length > 0 && t('hostModel.with', { features: listed(added) }),
    removed.length > 0 && t('hostModel.without', { features: listed(removed) }),
  ];
  return [base, ...parts.filter((part) => part !== false)].join(' ');
}

function listed(features: readonly string[]): string {
  const shown = features.slice(0, 8).join(', ');
  return features.length > 8 ? `${shown}, … (${features.length})` : shown;
}

function FeatureRows({ report, draft, onChange }: PartProps) {
  const { t } = useTranslation('processor');
  const { features } = draft;
  const replace = (index: number, row: FeatureRow): void => onChange({ ...draft, features: features.with(index, row) });
  return (
    <FormGroup role="group" isStack label={t('features')} fieldId="edit-features">
      <datalist id="cpu-feature-names">
        {report.features.map(({ name, available }) => (
          <option key={name} value={name} label={t(available ? 'available' : 'unavailable')} />
        ))}
      </datalist>
      {features.map((row, index) => {
        const outcome = row.name.trim() === '' ? undefined : featureOutcome(report, row);
        return (
          // oxlint-disable-next-line react/no-array-index-key -- rows have no other identity while they are typed
          <div key={index} className="vd-feature-row">
            <TextInput
              aria-label={t('featureName')}
              list="cpu-feature-names"
              value={row.name}
              onChange={(_event, name) => replace(index, { ...row, name })}
            />
            <FormSelect
              aria-label={t('policy')}
              value={row.policy}
              onChange={(_event, policy) =>
                replace(index, { ...row, policy: featurePolicies.find((known) => known === policy) ?? row.policy })
              }
            >
              {featurePolicies.map((policy) => (
                <FormSelectOption key={policy} value={policy} label={t(`policies.${policy}`)} />
              ))}
            </FormSelect>
            <Button
              variant="plain"
              icon={<MinusCircleIcon />}
              aria-label={t('remove', { name: row.name })}
              onClick={() => onChange({ ...draft, features: features.toSpliced(index, 1) })}
            />
            {outcome !== undefined && (
              <span className={`vd-feature-outcome ${outcome === 'blocks' || outcome === 'unknown' ? 'vd-feature-problem' : 'vd-subtle'}`}>
                {t(`outcome.${outcome}`)}
              </span>
            )}
          </div>
        );
      })}
      <Button
        variant="link"
        isInline
        icon={<PlusCircleIcon />}
        onClick={() => onChange({ ...draft, features: [...features, { name: '', policy: 'require' }] })}
      >
        {t('add')}
      </Button>
    </FormGroup>
  );
}
