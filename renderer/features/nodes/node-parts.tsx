// Owns the parts of a node's card that a node of this computer and one of a cluster share: amounts, conditions, labels.
// Must not change anything.
import {
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  ExpandableSection,
  Label,
  LabelGroup,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useSentences } from '../../ui/sentences.tsx';
import { useAmountText } from '../../ui/amount-text.ts';
import type { NodeView } from './node-view.ts';

export function Names({ texts, label }: { readonly texts: readonly string[]; readonly label: string }) {
  return (
    <ExpandableSection toggleText={label} isIndented>
      <Labels names={texts} label={label} />
    </ExpandableSection>
  );
}

export function Entry({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children ?? '–'}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

export function Labels({ names, label }: { readonly names: readonly string[]; readonly label: string }) {
  return (
    <LabelGroup numLabels={40} aria-label={label}>
      {names.map((name) => (
        <Label key={name} isCompact variant="outline">
          {name}
        </Label>
      ))}
    </LabelGroup>
  );
}

export function Amounts({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation('nodes');
  const text = useAmountText();
  return (
    <Table variant="compact" aria-label={t('resources')} borders={false}>
      <Thead>
        <Tr>
          <Th>{t('resource')}</Th>
          <Th>{t('capacity')}</Th>
          <Th>{t('allocatable')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {node.capacity.map(({ name, capacity, allocatable }) => (
          <Tr key={name}>
            <Td dataLabel={t('resource')} className="vd-mono">
              {name}
            </Td>
            <Td dataLabel={t('capacity')}>{text(name, capacity)}</Td>
            <Td dataLabel={t('allocatable')}>{text(name, allocatable)}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

export function Conditions({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation('nodes');
  const say = useSentences();
  return (
    <Table variant="compact" aria-label={t('conditions')} borders={false}>
      <Thead>
        <Tr>
          <Th>{t('condition')}</Th>
          <Th>{t('state')}</Th>
          <Th>{t('reason')}</Th>
        </Tr>
      </Thead>
      <Tbody>
        {node.conditions.map(({ type, status, reason, message }) => (
          <Tr key={type}>
            <Td dataLabel={t('condition')}>{type}</Td>
            <Td dataLabel={t('state')}>{status}</Td>
            <Td dataLabel={t('reason')} modifier="breakWord">
              {message === undefined ? reason : say(message)}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
