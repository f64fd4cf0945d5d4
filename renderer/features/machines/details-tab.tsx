// Owns the rows of a machine's definition, each with its value and its pencil.
// Must not hold the dialogs.
import { DescriptionList, Grid, GridItem, Label, LabelGroup } from '@patternfly/react-core';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormats } from '../../ui/formats-context.tsx';
import { runStrategyOf } from '../../../electron/api/lifecycle.ts';
import { Moment } from '../../ui/moment.tsx';
import { FailuresCard } from './failures-card.tsx';
import { Row } from './detail-row.tsx';
import { FirmwareRows } from './firmware-rows.tsx';
import { HostDevicesRow } from './host-devices-row.tsx';
import { InstancetypeRows, KeptSize } from './instancetype-rows.tsx';
import { bootDraft } from './machine-edits.ts';
import type { EditId } from './machine-editors.ts';
import type { MachineView } from './machine-view.ts';
import { ProcessorRows } from './processor-rows.tsx';
import { SchedulingCard } from './scheduling-card.tsx';
import { TitledCard } from '../../ui/titled-card.tsx';

const EditDialog = lazy(() => import('./edit-dialog.tsx').then((file) => ({ default: file.EditDialog })));

export function DetailsTab({ machine }: { readonly machine: MachineView }) {
  const { t } = useTranslation('machines');
  const [edited, setEdited] = useState<EditId>();
  return (
    <>
      <Grid hasGutter>
        <GridItem span={12} lg={6}>
          <TitledCard title={t('detail.machine')}>
            <Identity machine={machine} onEdit={setEdited} />
          </TitledCard>
        </GridItem>
        <GridItem span={12} lg={6}>
          <TitledCard title={t('detail.hardware')}>
            <Hardware machine={machine} onEdit={setEdited} />
          </TitledCard>
        </GridItem>
        <GridItem span={12} lg={6}>
          <SchedulingCard machine={machine} onEdit={setEdited} />
        </GridItem>
        <GridItem span={12} lg={6}>
          <FailuresCard machine={machine} />
        </GridItem>
      </Grid>
      <Suspense>{edited !== undefined && <EditDialog id={edited} machine={machine} onClose={() => setEdited(undefined)} />}</Suspense>
    </>
  );
}

interface RowsProps {
  readonly machine: MachineView;
  readonly onEdit: (id: EditId) => void;
}

function Identity({ machine, onEdit }: RowsProps) {
  const { t } = useTranslation('machines');
  const { name, namespace, description, labels, vm, vmi } = machine;
  const guest = vmi?.status?.guestOSInfo;
  return (
    <DescriptionList isHorizontal isCompact>
      <Row term={t('column.name')}>{name}</Row>
      <Row term={t('column.project')}>{namespace}</Row>
      <Row term={t('describe.label')} onEdit={() => onEdit('description')}>
        {description}
      </Row>
      <Row term={t('column.labels')} onEdit={() => onEdit('labels')}>
        {labels.length > 0 && (
          <LabelGroup numLabels={20} aria-label={t('column.labels')}>
            {labels.map((label) => (
              <Label key={label} isCompact>
                {label}
              </Label>
            ))}
          </LabelGroup>
        )}
      </Row>
      <Row term={t('detail.runStrategy')} onEdit={() => onEdit('runStrategy')}>
        {t(`runStrategy.${runStrategyOf(vm)}`)}
      </Row>
      <Row term={t('detail.system')}>{guest?.prettyName ?? guest?.name}</Row>
      <Row term={t('detail.hostname')}>{vm.spec.template.spec?.hostname}</Row>
      <Row term={t('detail.created')}>
        <Moment time={vm.metadata.creationTimestamp} />
      </Row>
    </DescriptionList>
  );
}

function Hardware({ machine, onEdit }: RowsProps) {
  const { t } = useTranslation('machines');
  const formats = useFormats();
  const { size, vm, vmi, node } = machine;
  const { vcpus, sockets, cores, threads, memoryMiB } = size;
  const spec = vm.spec.template.spec;
  const { ordered: boot, menuSeconds } = bootDraft(vm);
  const memory = memoryMiB === undefined ? undefined : formats.mebibytes(memoryMiB);
  const instancetype = vm.spec.instancetype?.name;
  const sizedReason = instancetype === undefined ? undefined : t('detail.sizedBy', { name: instancetype });
  const isKept = instancetype !== undefined && vmi === undefined;
  return (
    <DescriptionList isHorizontal isCompact>
      <InstancetypeRows machine={machine} />
      <Row term={t('detail.cpu')} onEdit={() => onEdit('cpu')} lockedReason={sizedReason}>
        {isKept ? <KeptSize machine={machine} part="cpu" /> : t('detail.cpuValue', { count: vcpus })}
        {!isKept && vcpus > 1 && <span className="vd-subtle"> {t('detail.topology', { sockets, cores, threads })}</span>}
      </Row>
      <ProcessorRows machine={machine} onEdit={onEdit} />
      <Row term={t('detail.memory')} onEdit={() => onEdit('memory')} lockedReason={sizedReason}>
        {isKept ? <KeptSize machine={machine} part="memory" /> : memory}
      </Row>
      <Row term={t('detail.boot')} onEdit={() => onEdit('boot')}>
        {boot.length === 0 ? t('detail.bootAsListed') : boot.map(({ name }, index) => `${index + 1}. ${name}`).join(' · ')}
        {menuSeconds > 0 && <span className="vd-subtle"> {t('detail.bootMenu', { count: menuSeconds })}</span>}
      </Row>
      <FirmwareRows machine={machine} onEdit={onEdit} />
      <HostDevicesRow machine={machine} />
      <Row term={t('detail.machineType')}>{spec?.domain.machine?.type}</Row>
      <Row term={t('column.node')}>{node}</Row>
    </DescriptionList>
  );
}
