// Owns choosing the disc with virtio's drivers for Windows: downloaded, a file of this computer, or none.
// Must not download anything.
import { Content } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { driverSources } from './form.ts';
import { InspectionReport } from './inspection-report.tsx';
import { IntoView } from './into-view.tsx';
import { PathField } from './path-field.tsx';
import { RadioField } from './radio-field.tsx';
import type { StepProps } from './step-props.ts';
import { useInspection } from './use-inspection.ts';
import { driverDiscUrl } from './windows.ts';

export function DriverDisc({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { drivers } = form.system;
  const set = (to: Partial<typeof drivers>): void => change({ section: 'system', to: { drivers: { ...drivers, ...to } } });
  const inspecting = useInspection(drivers.from === 'file' ? drivers.path : '', drivers.inspection, (inspection) => set({ inspection }));
  return (
    <>
      <RadioField
        id="drivers"
        label={t('system.windows.drivers')}
        problems={problems}
        field="drivers"
        value={drivers.from}
        options={driverSources.map((from) => ({
          value: from,
          label: t(`system.windows.driverSource.${from}.title`),
          description: t(`system.windows.driverSource.${from}.body`, { url: driverDiscUrl }),
        }))}
        onChange={(from) => set({ from })}
      >
        {drivers.from !== 'none' && <Content component="small">{t('system.windows.loadDriver')}</Content>}
      </RadioField>
      {drivers.from === 'file' && (
        <IntoView>
          <PathField
            id="drivers-path"
            label={t('system.windows.driversPath')}
            problems={problems}
            field="driversPath"
            chooses="file"
            path={drivers.path}
            home={world.computer?.user.home}
            placeholder="/home/me/Downloads/virtio-win.iso"
            onChange={(path) => set({ path })}
          >
            {/* What a disc to boot from must be does not matter here: only that it can be read. */}
            <InspectionReport state={inspecting} inspection={undefined} />
          </PathField>
        </IntoView>
      )}
    </>
  );
}
