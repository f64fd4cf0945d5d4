// Owns choosing the disc with virtio's drivers for Windows: downloaded, a file of this computer, or none.
// Must not download anything.
import { Content, Radio, TextInput } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import { Field, notesId, stateOf } from './field.tsx';
import { driverSources } from './form.ts';
import { InspectionReport } from './inspection-report.tsx';
import type { StepProps } from './step-props.ts';
import { useInspection } from './use-inspection.ts';
import { driverDiscUrl } from './windows.ts';

export function DriverDisc({ form, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { drivers } = form.system;
  const set = (to: Partial<typeof drivers>): void => change({ section: 'system', to: { drivers: { ...drivers, ...to } } });
  const inspecting = useInspection(drivers.from === 'file' ? drivers.path : '', drivers.inspection, (inspection) => set({ inspection }));
  return (
    <>
      <Field id="drivers" label={t('system.windows.drivers')} problems={problems} field="drivers" role="radiogroup">
        {driverSources.map((from) => (
          <Radio
            key={from}
            id={`drivers-${from}`}
            name="drivers"
            label={t(`system.windows.driverSource.${from}.title`)}
            description={t(`system.windows.driverSource.${from}.body`, { url: driverDiscUrl })}
            isChecked={drivers.from === from}
            onChange={() => set({ from })}
          />
        ))}
        {drivers.from !== 'none' && <Content component="small">{t('system.windows.loadDriver')}</Content>}
      </Field>
      {drivers.from === 'file' && (
        <Field id="drivers-path" label={t('system.windows.driversPath')} problems={problems} field="driversPath" isRequired>
          <TextInput
            id="drivers-path"
            value={drivers.path}
            validated={stateOf(problems, 'driversPath')}
            aria-describedby={notesId('drivers-path')}
            placeholder="/home/me/Downloads/virtio-win.iso"
            spellCheck={false}
            onChange={(_event, path) => set({ path: path.trim() })}
          />
          {/* What a disc to boot from must be does not matter here: only that it can be read. */}
          <InspectionReport state={inspecting} inspection={undefined} />
        </Field>
      )}
    </>
  );
}
