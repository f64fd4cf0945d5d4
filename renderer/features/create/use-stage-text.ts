// Owns the words of a stage: what is done, how much of how much, how long still.
// Must not decide states.
import { useTranslation } from 'react-i18next';
import { bytesText } from '../../ui/size-text.ts';
import { durationText } from '../../ui/time-text.ts';
import type { Stage } from './progress.ts';

export interface StageText {
  readonly title: string;
  readonly detail: string;
  readonly state: string;
}

const steps = ['wait', 'download', 'verify', 'convert', 'copy', 'build', 'upload'] as const;

export function useStageText(stage: Stage): StageText {
  const { t, i18n } = useTranslation('create');
  const { kind, id, state, doneBytes, totalBytes, secondsLeft, message } = stage;
  const step = steps.find((each) => each === stage.step);
  const size = (bytes: number): string => bytesText(bytes, i18n.language);
  const parts = [
    step === undefined ? undefined : t(`progress.step.${step}`),
    doneBytes === undefined || totalBytes === undefined ? undefined : t('progress.of', { done: size(doneBytes), total: size(totalBytes) }),
    secondsLeft === undefined ? undefined : t('progress.left', { time: durationText(secondsLeft * 1000, i18n.language) }),
    message,
  ];
  const detail = parts.filter((part) => part !== undefined && part !== '').join(' · ');
  return {
    title: kind === 'start' ? t('progress.start') : t('progress.disk', { name: id }),
    detail: detail === '' ? t(`progress.state.${state}`) : detail,
    state: t(`progress.state.${state}`),
  };
}
