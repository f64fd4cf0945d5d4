// Owns choosing a file of this computer to boot from, with what the core says of it.
// Must not read files; the core inspects.
import { useTranslation } from 'react-i18next';
import { InspectionReport } from './inspection-report.tsx';
import { PathField } from './path-field.tsx';
import type { StepProps } from './step-props.ts';
import { useInspection } from './use-inspection.ts';

export function LocalFile({ form, world, change, problems }: StepProps) {
  const { t } = useTranslation('create');
  const { source, path, inspection } = form.system;
  const inspecting = useInspection(path, inspection, (found) => change({ section: 'system', to: { inspection: found } }));
  return (
    <PathField
      id="system-path"
      label={t(source === 'windows' ? 'system.windows.path' : 'system.file.path')}
      problems={problems}
      field="path"
      chooses="file"
      path={path}
      home={world.computer?.user.home}
      placeholder="/home/me/Downloads/image.iso"
      onChange={(to) => change({ section: 'system', to: { path: to } })}
    >
      <InspectionReport state={inspecting} inspection={inspection?.path === path ? inspection : undefined} />
    </PathField>
  );
}
