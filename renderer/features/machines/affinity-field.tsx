// Owns the fields of a machine's affinity rules: about nodes, and about the company of other machines.
// Must not save.
import {
  Button,
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  FormGroup,
  FormSelect,
  FormSelectOption,
  Grid,
  GridItem,
  NumberInput,
  TextInput,
} from '@patternfly/react-core';
import { MinusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/minus-circle-icon';
import { PlusCircleIcon } from '@patternfly/react-icons/dist/esm/icons/plus-circle-icon';
import { useTranslation } from 'react-i18next';
import { termFits } from '../../../electron/api/label-match.ts';
import { isLabelKey } from '../../ui/label-lines.ts';
import { RowTable } from '../../ui/row-table.tsx';
import {
  type AffinityRule,
  areValues,
  type ExpressionRow,
  isRule,
  machineOperators,
  newExpression,
  newRule,
  nodeOperators,
  requiredTerms,
  ruleTypes,
  takesValues,
} from './affinity-edits.ts';
import { MatchingNodes } from './matching-nodes.tsx';

interface AffinityFieldProps {
  readonly draft: readonly AffinityRule[];
  readonly onChange: (rules: readonly AffinityRule[]) => void;
}

export function AffinityField({ draft, onChange }: AffinityFieldProps) {
  const { t } = useTranslation('scheduling');
  const terms = requiredTerms(draft);
  return (
    <>
      {draft.map((rule, index) => (
        <RuleCard
          // oxlint-disable-next-line react/no-array-index-key -- a rule is its place: it has no other name while it is edited
          key={index}
          number={index + 1}
          rule={rule}
          onChange={(changed) => onChange(draft.with(index, changed))}
          onRemove={() => onChange(draft.toSpliced(index, 1))}
        />
      ))}
      <div>
        <Button variant="link" isInline icon={<PlusCircleIcon />} onClick={() => onChange([...draft, newRule])}>
          {t('addRule')}
        </Button>
      </div>
      {draft.length > 0 && <p className="vd-subtle">{t('howRulesAdd')}</p>}
      {terms.length > 0 && draft.every(isRule) && (
        <MatchingNodes
          fits={({ metadata }) => terms.some((term) => termFits(term, { name: metadata.name, labels: metadata.labels ?? {} }))}
        />
      )}
    </>
  );
}

interface RuleCardProps {
  readonly number: number;
  readonly rule: AffinityRule;
  readonly onChange: (rule: AffinityRule) => void;
  readonly onRemove: () => void;
}

function RuleCard({ number, rule, onChange, onRemove }: RuleCardProps) {
  const { t } = useTranslation('scheduling');
  const id = `rule-${number}`;
  const isNode = rule.type === 'nodeAffinity';
  return (
    <Card isCompact component="section" aria-labelledby={id}>
      <CardHeader
        actions={{
          hasNoOffset: true,
          actions: <Button variant="plain" icon={<MinusCircleIcon />} aria-label={t('removeRule', { number })} onClick={onRemove} />,
        }}
      >
        <CardTitle component="h2" id={id}>
          {t('rule', { number })}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Grid hasGutter>
          <GridItem span={12} md={5}>
            <FormGroup label={t('ruleType')} fieldId={`${id}-type`}>
              <FormSelect
                id={`${id}-type`}
                value={rule.type}
                onChange={(_event, value) => onChange({ ...rule, type: ruleTypes.find((type) => type === value) ?? rule.type })}
              >
                {ruleTypes.map((type) => (
                  <FormSelectOption key={type} value={type} label={t(`ruleTypes.${type}`)} />
                ))}
              </FormSelect>
            </FormGroup>
          </GridItem>
          <GridItem span={12} md={4}>
            <FormGroup label={t('condition')} fieldId={`${id}-condition`}>
              <FormSelect
                id={`${id}-condition`}
                value={rule.isRequired ? 'required' : 'preferred'}
                onChange={(_event, value) => onChange({ ...rule, isRequired: value === 'required' })}
              >
                {(['preferred', 'required'] as const).map((condition) => (
                  <FormSelectOption key={condition} value={condition} label={t(`conditions.${condition}`)} />
                ))}
              </FormSelect>
            </FormGroup>
          </GridItem>
          {!rule.isRequired && (
            <GridItem span={12} md={3}>
              <Weight id={`${id}-weight`} value={rule.weight} onChange={(weight) => onChange({ ...rule, weight })} />
            </GridItem>
          )}
          {!isNode && (
            <GridItem span={12} md={9}>
              <FormGroup label={t('topologyKey')} fieldId={`${id}-topology`}>
                <TextInput
                  id={`${id}-topology`}
                  value={rule.topologyKey}
                  validated={isLabelKey(rule.topologyKey) ? 'default' : 'error'}
                  onChange={(_event, topologyKey) => onChange({ ...rule, topologyKey })}
                />
              </FormGroup>
            </GridItem>
          )}
          <GridItem span={12}>
            <Expressions
              id={`${id}-labels`}
              label={t(isNode ? 'nodeLabels' : 'machineLabels')}
              keyTitle={t('key')}
              operators={isNode ? nodeOperators : machineOperators}
              rows={rule.expressions}
              newRow={newExpression}
              onChange={(expressions) => onChange({ ...rule, expressions })}
            />
          </GridItem>
          {isNode && (
            <GridItem span={12}>
              <Expressions
                id={`${id}-fields`}
                label={t('nodeFields')}
                keyTitle={t('field')}
                operators={['In', 'NotIn']}
                rows={rule.fields}
                newRow={{ ...newExpression, key: 'metadata.name' }}
                onChange={(fields) => onChange({ ...rule, fields })}
              />
            </GridItem>
          )}
        </Grid>
      </CardBody>
    </Card>
  );
}

function Weight({ id, value, onChange }: { readonly id: string; readonly value: number; readonly onChange: (weight: number) => void }) {
  const { t } = useTranslation('scheduling');
  return (
    <FormGroup label={t('weight')} fieldId={id}>
      <NumberInput
        inputProps={{ id }}
        // PatternFly's own name for it is Input, and hides the label.
        inputAriaLabel={t('weight')}
        widthChars={3}
        value={Number.isNaN(value) ? '' : value}
        min={1}
        max={100}
        onMinus={() => onChange(Math.max(1, (value || 1) - 1))}
        onPlus={() => onChange(Math.min(100, (value || 0) + 1))}
        onChange={(event) => onChange(event.currentTarget.value === '' ? Number.NaN : Number(event.currentTarget.value))}
        minusBtnAriaLabel={t('less')}
        plusBtnAriaLabel={t('more')}
      />
    </FormGroup>
  );
}

interface ExpressionsProps {
  readonly id: string;
  readonly label: string;
  readonly keyTitle: string;
  readonly operators: readonly string[];
  readonly rows: readonly ExpressionRow[];
  readonly newRow: ExpressionRow;
  readonly onChange: (rows: readonly ExpressionRow[]) => void;
}

function Expressions({ id, label, keyTitle, operators, rows, newRow, onChange }: ExpressionsProps) {
  const { t } = useTranslation('scheduling');
  return (
    <FormGroup role="group" label={label} fieldId={id}>
      <RowTable
        id={id}
        label={label}
        columns={[
          { id: 'key', title: keyTitle, isWrong: (key) => !isLabelKey(key) },
          { id: 'operator', title: t('operator'), options: operators.map((name) => ({ value: name, label: name })) },
          {
            id: 'values',
            title: t('values'),
            placeholder: t('valuesExample'),
            isWrong: (_values, row) => !areValues(row),
            isDisabled: ({ operator }) => !takesValues(operator),
          },
        ]}
        rows={rows}
        onChange={onChange}
        newRow={newRow}
        addLabel={t('addExpression')}
        removeLabel={t('removeExpression')}
      />
    </FormGroup>
  );
}
