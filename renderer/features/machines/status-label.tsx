// Owns a machine's status where there is one of it.
// Must not be used in the list: PatternFly's label measures its text each time it is drawn.
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { MachineStatus } from './machine-status.ts';
import { statusLooks } from './status-look.tsx';

export function StatusLabel({ status }: { readonly status: MachineStatus }) {
  const { t } = useTranslation('machines');
  const { color, icon } = statusLooks[status.group];
  return (
    <Label color={color} icon={icon}>
      {t(`status.${status.id}`)}
    </Label>
  );
}
