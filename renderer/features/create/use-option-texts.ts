// Owns saying in a few words what is chosen in the step of options, for its folded parts and for the review.
// Must not explain the choices.
import { useTranslation } from 'react-i18next';
import { useIsComputer } from '../../client/context.tsx';
import type { CreateForm, RunChoice } from './form.ts';

export type OptionTexts = Readonly<Record<'firmware' | 'tpm' | 'watchdog' | 'pages' | 'cores', string>>;

export function useOptionTexts({ firmware, tpm, watchdog, pages, ownCores }: CreateForm['options']): OptionTexts {
  const { t } = useTranslation(['create', 'firmware', 'failures']);
  return {
    firmware: t(`whole.${firmware}`, { ns: 'firmware' }),
    tpm: tpm === 'none' ? t('options.noTpm') : t(`tpm.choice.${tpm}`, { ns: 'firmware' }),
    watchdog: watchdog === 'off' ? t('options.none') : t(`watchdog.action.${watchdog}`, { ns: 'failures' }),
    pages: t(`options.pages.${pages}`),
    cores: t(ownCores ? 'options.cores.own' : 'options.cores.shared'),
  };
}

/** A machine of a cluster does not come and go with this computer. */
export function useRunTexts(): (run: RunChoice) => { readonly title: string; readonly body: string } {
  const { t } = useTranslation(['create', 'clusterCreate']);
  const isComputer = useIsComputer();
  return (run) =>
    isComputer || run !== 'withComputer'
      ? { title: t(`options.runs.${run}.title`), body: t(`options.runs.${run}.body`) }
      : { title: t('clusterCreate:run.title'), body: t('clusterCreate:run.body') };
}
