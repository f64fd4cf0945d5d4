// Owns the fields of a machine's requests and limits, and what the quotas of its project demand of them.
// Must not save.
import { Alert, Checkbox, FormGroup, Grid, GridItem, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { KubeObject } from '../../../electron/api/object.ts';
import { useList, useObject } from '../../client/hooks.ts';
import { hyperConverged } from '../../client/hyper-converged.ts';
import type { MachineView } from './machine-view.ts';
import { demandedLimits, isCpu, isLimitTooClose, isMemory, type ResourcesDraft } from './resource-edits.ts';

interface ResourcesFieldProps {
  readonly draft: ResourcesDraft;
  readonly onChange: (draft: ResourcesDraft) => void;
  readonly machine: MachineView;
}

const fields = [
  { id: 'requestsMemory', term: 'requests.memory', isRight: isMemory, example: '1Gi' },
  { id: 'limitsMemory', term: 'limits.memory', isRight: isMemory, example: '1124Mi' },
  { id: 'requestsCpu', term: 'requests.cpu', isRight: isCpu, example: '500m' },
  { id: 'limitsCpu', term: 'limits.cpu', isRight: isCpu, example: '2' },
] as const;

export function ResourcesField({ draft, onChange, machine }: ResourcesFieldProps) {
  const { t } = useTranslation('scheduling');
  const ofProject = ({ metadata }: KubeObject): boolean => metadata.namespace === machine.namespace;
  const [quotas, ranges, projects] = [useList('resourcequotas'), useList('limitranges'), useList('namespaces')];
  const density = useObject(hyperConverged);
  // What a quota demands, a range or a label may give: nothing is missing before all of them are here.
  const isKnown = [quotas, ranges, projects, density].every(({ phase }) => phase !== 'loading');
  const demanded = isKnown
    ? demandedLimits({
        quotas: quotas.items.filter(ofProject),
        ranges: ranges.items.filter(ofProject),
        labels: projects.items.find(({ metadata }) => metadata.name === machine.namespace)?.metadata.labels ?? {},
        density: density.object?.spec,
      })
    : [];
  const said = { 'limits.memory': draft.limitsMemory, 'limits.cpu': draft.limitsCpu };
  const missing = demanded.filter((name) => said[name as keyof typeof said] === '');
  return (
    <>
      <Grid hasGutter>
        {fields.map(({ id, term, isRight, example }) => (
          <GridItem key={id} span={6}>
            <FormGroup label={t(`resourceTerms.${id}`)} fieldId={`edit-${id}`}>
              <TextInput
                id={`edit-${id}`}
                value={draft[id]}
                placeholder={example}
                aria-describedby={`edit-${id}-field`}
                validated={isRight(draft[id]) ? 'default' : 'error'}
                onChange={(_event, text) => onChange({ ...draft, [id]: text.trim() })}
              />
              <small id={`edit-${id}-field`} className="vd-subtle">
                {term}
              </small>
            </FormGroup>
          </GridItem>
        ))}
      </Grid>
      <Checkbox
        id="edit-overhead"
        label={t('leaveOverheadOut')}
        description="overcommitGuestOverhead"
        isChecked={draft.overcommitGuestOverhead}
        onChange={(_event, overcommitGuestOverhead) => onChange({ ...draft, overcommitGuestOverhead })}
      />
      <div aria-live="polite">
        {missing.length > 0 && (
          <Alert component="p" isInline variant="warning" title={t('limitsDemanded', { names: missing.join(', ') })} />
        )}
        {isLimitTooClose(draft, machine.size.memoryMiB ?? 0) && (
          <Alert component="p" isInline variant={demanded.includes('limits.memory') ? 'warning' : 'info'} title={t('limitTooClose')}>
            {t('limitTooCloseNote')}
          </Alert>
        )}
      </div>
    </>
  );
}
