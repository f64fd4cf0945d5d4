// Owns choosing what a watchdog does when the guest hangs.
// Must not offer a device of its own for each action: it is one timer.
import { useTranslation } from 'react-i18next';
import { watchdogActions, watchdogFieldActions } from '../../../electron/api/failure-actions.ts';
import { useIsComputer } from '../../client/context.tsx';
import { SelectField } from './select-field.tsx';
import type { StepProps } from './step-props.ts';

export function WatchdogField({ form, change, problems }: StepProps) {
  const { t } = useTranslation(['create', 'failures']);
  // The others stand in an annotation that only a workstation reads.
  const actions = useIsComputer() ? watchdogActions : watchdogFieldActions;
  return (
    <SelectField
      id="watchdog"
      label={t('options.watchdogAction')}
      problems={problems}
      field="watchdog"
      help={t('watchdog.note', { ns: 'failures' })}
      value={form.options.watchdog}
      options={(['off', ...actions] as const).map((action) => ({
        value: action,
        label: action === 'off' ? t('options.noWatchdog') : t(`watchdog.action.${action}`, { ns: 'failures' }),
      }))}
      onChange={(watchdog) => change({ section: 'options', to: { watchdog } })}
    />
  );
}
