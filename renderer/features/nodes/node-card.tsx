// Owns one node: how full it is, what runs on it, what it has and what it says of itself.
// Must not change it.
import {
  Card,
  CardBody,
  CardHeader,
  CardTitle,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
  ExpandableSection,
  Grid,
  GridItem,
  Label,
  LabelGroup,
  Progress,
  ProgressMeasureLocation,
} from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import { Link } from 'wouter';
import type { NodeView, Promised } from './node-view.ts';

export function NodeCard({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation('nodes');
  const formats = useFormats();
  const { name, isReady, cpus, memoryMiB, machines } = node;
  const memoryText = (value: number): string => formats.mebibytes(value);
  return (
    <Card component="section" aria-labelledby={`node-${name}`}>
      <CardHeader
        actions={{ actions: <Label color={isReady ? 'green' : 'red'}>{t(isReady ? 'ready' : 'notReady')}</Label>, hasNoOffset: true }}
      >
        <CardTitle component="h2" id={`node-${name}`}>
          {name}
        </CardTitle>
      </CardHeader>
      <CardBody>
        <Grid hasGutter>
          <GridItem span={12} md={6}>
            <Share title={t('cpus')} share={cpus} text={String} />
          </GridItem>
          <GridItem span={12} md={6}>
            <Share title={t('memory')} share={memoryMiB} text={memoryText} />
          </GridItem>
          <GridItem span={12}>
            <DescriptionList isHorizontal isCompact>
              <Entry term={t('machines')}>
                {machines.length === 0 ? <span className="vd-subtle">{t('noMachines')}</span> : <MachineLinks machines={machines} />}
              </Entry>
              <Entry term={t('accelerator')}>{node.accelerator === 'kvm' ? 'KVM' : t('emulation')}</Entry>
              <Entry term={t('architecture')}>{node.architecture}</Entry>
              <Entry term={t('taints')}>{node.taints.length === 0 ? t('none', { ns: 'words' }) : node.taints.join(', ')}</Entry>
              <Entry term={t('labels')}>
                <Labels names={node.labels} label={t('labels')} />
              </Entry>
            </DescriptionList>
          </GridItem>
          <GridItem span={12}>
            <Amounts node={node} />
          </GridItem>
          <GridItem span={12}>
            <Conditions node={node} />
          </GridItem>
          <GridItem span={12}>
            <ExpandableSection toggleText={t('models', { count: node.cpuModels.length })} isIndented>
              <Labels names={node.cpuModels} label={t('models', { count: node.cpuModels.length })} />
            </ExpandableSection>
            <ExpandableSection toggleText={t('features', { count: node.cpuFeatures.length })} isIndented>
              <Labels names={node.cpuFeatures} label={t('features', { count: node.cpuFeatures.length })} />
            </ExpandableSection>
          </GridItem>
        </Grid>
      </CardBody>
    </Card>
  );
}

function Share({ title, share, text }: { readonly title: string; readonly share: Promised; readonly text: (value: number) => string }) {
  const { t } = useTranslation('nodes');
  const { promised, allocatable } = share;
  const percent = allocatable === 0 ? 0 : (promised / allocatable) * 100;
  return (
    <Progress
      title={title}
      value={Math.min(100, percent)}
      label={t('promised', { promised: text(promised), total: text(allocatable) })}
      valueText={t('promised', { promised: text(promised), total: text(allocatable) })}
      measureLocation={ProgressMeasureLocation.outside}
      variant={percent > 100 ? 'warning' : undefined}
    />
  );
}

function Entry({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <DescriptionListGroup>
      <DescriptionListTerm>{term}</DescriptionListTerm>
      <DescriptionListDescription>{children ?? '–'}</DescriptionListDescription>
    </DescriptionListGroup>
  );
}

/** So many are linked; the list of machines has them all. */
const shownMachines = 12;

function MachineLinks({ machines }: { readonly machines: NodeView['machines'] }) {
  const { t } = useTranslation('nodes');
  const left = machines.length - shownMachines;
  return (
    <>
      {machines.slice(0, shownMachines).map(({ namespace, name }) => (
        <Link
          key={`${namespace}/${name}`}
          href={`/machines/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}
          className="vd-listed"
        >
          {name}
        </Link>
      ))}
      {left > 0 && <Link href="/machines">{t('moreMachines', { count: left })}</Link>}
    </>
  );
}

function Labels({ names, label }: { readonly names: readonly string[]; readonly label: string }) {
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

function Amounts({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation('nodes');
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
            <Td dataLabel={t('capacity')}>{capacity}</Td>
            <Td dataLabel={t('allocatable')}>{allocatable}</Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}

function Conditions({ node }: { readonly node: NodeView }) {
  const { t } = useTranslation('nodes');
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
              {message ?? reason}
            </Td>
          </Tr>
        ))}
      </Tbody>
    </Table>
  );
}
