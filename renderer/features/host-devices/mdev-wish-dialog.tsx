// Owns asking before a type of mediated devices is wanted, or wanted no more: how many, of which cards, and which machines hold some.
// Must not wait until they are made; the page shows them as they come.
import { Content, List, ListItem } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { HostDeviceReport } from '../../../electron/api/host-devices.ts';
import type { MediatedDevicesConfiguration } from '../../../electron/api/kinds/hyper-converged.ts';
import { useClient } from '../../client/context.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { hyperConverged } from '../../client/hyper-converged.ts';
import type { AskedWish } from './mdev-card.tsx';
import { madeOf, wishPatch } from './mdev-wishes.ts';

export interface MdevWishDialogProps {
  readonly report: HostDeviceReport;
  readonly configuration: MediatedDevicesConfiguration | undefined;
  readonly asked: AskedWish;
  readonly onClose: () => void;
}

export function MdevWishDialog({ report, configuration, asked, onClose }: MdevWishDialogProps) {
  const { t } = useTranslation('mdev');
  const client = useClient();
  const { type, isWanted } = asked;
  const name = type.name ?? type.id;
  const parents = report.mdevParents.filter(({ types }) => types.some(({ id }) => id === type.id));
  const made = parents.flatMap((parent) => madeOf(report, parent, type));
  const holders = [...new Set(made.flatMap(({ usedBy }) => usedBy ?? []))];
  const room = parents
    .flatMap(({ types }) => types.filter(({ id }) => id === type.id))
    .reduce((sum, one) => sum + one.availableInstances, 0);
  const ours = made.filter(({ isOurs }) => isOurs).length;
  return (
    <FormDialog
      id="mdev-wish"
      title={t(isWanted ? 'dialog.make' : 'dialog.remove', { name })}
      note={t('dialog.note')}
      button={t(isWanted ? 'make' : 'remove')}
      failed={t('dialog.failed')}
      isReady
      send={() => client.patch(hyperConverged, wishPatch(configuration, type, isWanted))}
      onClose={onClose}
    >
      {isWanted ? (
        <>
          <Content component="p">{t('dialog.room', { count: room, names: parents.map((parent) => parent.name).join(', ') })}</Content>
          <List>
            <ListItem>{t('dialog.oneType')}</ListItem>
            <ListItem>{t('dialog.password')}</ListItem>
            <ListItem>{t('dialog.restart')}</ListItem>
          </List>
        </>
      ) : (
        <>
          <Content component="p">{t('dialog.gone', { count: ours })}</Content>
          <List>
            {holders.length > 0 && <ListItem>{t('dialog.holding', { count: holders.length, names: holders.join(', ') })}</ListItem>}
            {made.length > ours && <ListItem>{t('dialog.foreign')}</ListItem>}
            <ListItem>{t('dialog.password')}</ListItem>
          </List>
        </>
      )}
    </FormDialog>
  );
}
