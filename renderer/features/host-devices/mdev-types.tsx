// Owns the types of mediated devices that one card makes, as a table: how many there are, who has them, and what can be done.
// Must not change anything; who shows it is told what was asked for.
import { Button, ExpandableSection, Label } from '@patternfly/react-core';
import { Table, Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { HostDeviceReport, MdevParent, MdevType } from '../../../electron/api/host-devices.ts';
import type { MediatedDevicesConfiguration } from '../../../electron/api/kinds/hyper-converged.ts';
import { mdevDraft, rowFor } from './allow-list.ts';
import { useAllowing } from './allowing.tsx';
import type { AskedWish } from './mdev-card.tsx';
import { isWished, type MadeDevice, madeOf } from './mdev-wishes.ts';

export interface MdevTypesProps {
  readonly report: HostDeviceReport;
  readonly parent: MdevParent;
  readonly configuration: MediatedDevicesConfiguration | undefined;
  readonly onAsk: (asked: AskedWish) => void;
}

export function MdevTypes({ report, parent, configuration, onAsk }: MdevTypesProps) {
  const { t } = useTranslation('mdev');
  return (
    <Table variant="compact" aria-label={t('label', { name: parent.name })}>
      <Thead>
        <Tr>
          <Th>{t('type')}</Th>
          <Th modifier="wrap">{t('free')}</Th>
          <Th>{t('made')}</Th>
          <Th>{t('allowed')}</Th>
          <Th screenReaderText={t('actions')} />
        </Tr>
      </Thead>
      <Tbody>
        {parent.types.map((type) => (
          <TypeRow
            key={type.id}
            type={type}
            parent={parent}
            report={report}
            isWanted={isWished(configuration, type)}
            onAsk={(isWanted) => onAsk({ type, isWanted })}
          />
        ))}
      </Tbody>
    </Table>
  );
}

interface TypeRowProps {
  readonly type: MdevType;
  readonly parent: MdevParent;
  readonly report: HostDeviceReport;
  readonly isWanted: boolean;
  readonly onAsk: (isWanted: boolean) => void;
}

function TypeRow({ type, parent, report, isWanted, onAsk }: TypeRowProps) {
  const { t } = useTranslation('mdev');
  const { rows, allow } = useAllowing();
  const draft = mdevDraft(
    type,
    report.pci.find(({ address }) => address === parent.name),
  );
  const row = rowFor(rows, draft) ?? rowFor(rows, { ...draft, selector: type.id });
  const name = type.name ?? type.id;
  return (
    <Tr>
      <Td dataLabel={t('type')} modifier="breakWord">
        {name} {type.name !== undefined && <code className="vd-subtle">{type.id}</code>}{' '}
        {isWanted && (
          <Label isCompact color="blue">
            {t('wanted')}
          </Label>
        )}
        {type.description !== undefined && <div className="vd-subtle vd-mdev-about">{type.description}</div>}
      </Td>
      <Td dataLabel={t('free')}>{type.availableInstances}</Td>
      <Td dataLabel={t('made')}>
        <Made devices={madeOf(report, parent, type)} name={name} />
      </Td>
      <Td dataLabel={t('allowed')} modifier="breakWord">
        {row === undefined ? (
          <Button variant="link" isInline aria-label={t('allowNamed', { ns: 'allowed', name })} onClick={() => allow(draft)}>
            {t('allow', { ns: 'allowed' })}
          </Button>
        ) : (
          row.resourceName
        )}
      </Td>
      <Td isActionCell modifier="nowrap">
        <Button
          variant="secondary"
          size="sm"
          aria-label={t(isWanted ? 'removeNamed' : 'makeNamed', { name })}
          onClick={() => onAsk(!isWanted)}
        >
          {t(isWanted ? 'remove' : 'make')}
        </Button>
      </Td>
    </Tr>
  );
}

/** A card may have dozens: one by one only when somebody asks. */
function Made({ devices, name }: { readonly devices: readonly MadeDevice[]; readonly name: string }) {
  const { t } = useTranslation('mdev');
  if (devices.length === 0) return '–';
  const used = devices.filter(({ usedBy }) => usedBy !== undefined).length;
  return (
    <ExpandableSection
      toggleText={t('count', { count: devices.length, used })}
      toggleAriaLabel={t('each', { name, count: devices.length, used })}
    >
      <ul className="vd-mdev-list">
        {devices.map(({ uuid, isOurs, vfioAccess, usedBy }) => (
          <li key={uuid}>
            <code>{uuid}</code> · {isOurs ? t('ours') : t('foreign')}
            {vfioAccess === false && ` · ${t('closed')}`}
            {usedBy !== undefined && (
              <>
                {' · '}
                <Link href={`/machines/${usedBy.split('/').map(encodeURIComponent).join('/')}`}>{usedBy.split('/')[1]}</Link>
              </>
            )}
          </li>
        ))}
      </ul>
    </ExpandableSection>
  );
}
