// Owns asking before a name is taken off the allow list, with what that means for whom.
// Must not take a device out of a machine.
import { Content, List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { PermittedHostDevices } from '../../../electron/api/kinds/hyper-converged.ts';
import { useClient } from '../../client/context.tsx';
import { useList } from '../../client/hooks.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { type AllowedRow, allowedRows, forbidPatch } from './allow-list.ts';
import { machinesUsing } from './allow-use.ts';
import { hyperConverged } from '../../client/hyper-converged.ts';

export interface ForbidDialogProps {
  readonly permitted: PermittedHostDevices;
  readonly report: HostDeviceReport;
  readonly row: AllowedRow;
  readonly onClose: () => void;
}

export function ForbidDialog({ permitted, report, row, onClose }: ForbidDialogProps) {
  const { t } = useTranslation('allowed');
  const client = useClient();
  const machines = useList('virtualmachines.kubevirt.io').items;
  const { resourceName } = row;
  const isLast = allowedRows(permitted).filter((one) => one.resourceName === resourceName).length === 1;
  const uses = machinesUsing(resourceName, { resources: report.resources, machines });
  const holding = uses.filter(({ isHolding }) => isHolding).map(({ name }) => name);
  const naming = uses.filter(({ isHolding }) => !isHolding).map(({ name }) => name);
  return (
    <FormDialog
      id="forbid"
      title={t('forbid.title', { name: resourceName })}
      button={t('forbid.button')}
      failed={t('forbid.failed')}
      isReady
      send={() => client.patch(hyperConverged, forbidPatch(permitted, row))}
      onClose={onClose}
    >
      <Content component="p">{t('forbid.means')}</Content>
      <List>
        <ListItem>{t(isLast ? 'forbid.capacity' : 'forbid.fewer', { name: resourceName })}</ListItem>
        {holding.length > 0 && <ListItem>{t('forbid.holding', { count: holding.length, names: holding.join(', ') })}</ListItem>}
        {isLast && naming.length > 0 && <ListItem>{t('forbid.naming', { count: naming.length, names: naming.join(', ') })}</ListItem>}
        <ListItem>{t('forbid.driver')}</ListItem>
      </List>
    </FormDialog>
  );
}
