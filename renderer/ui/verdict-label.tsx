// Owns how the verdict on a group looks, and the sentence that explains it.
// Must not judge.
import { Label } from '@patternfly/react-core';
import { useTranslation } from 'react-i18next';
import type { GroupVerdict, HostUse } from '../../electron/api/host-devices.ts';

const colours = { safe: 'green', takesOthers: 'blue', cannotBeReset: 'orange', wouldTakeHost: 'red', noIommu: 'grey' } as const;

export function VerdictLabel({ verdict, isCompact = false }: { readonly verdict: GroupVerdict; readonly isCompact?: boolean }) {
  const { t } = useTranslation('devices');
  return (
    <Label color={colours[verdict.kind]} isCompact={isCompact}>
      {t(`verdict.${verdict.kind}`)}
    </Label>
  );
}

/** `screen DP-1`; what the kernel calls boot_vga has a name of its own. */
export function useHostUseText(): (use: HostUse) => string {
  const { t } = useTranslation('devices');
  return ({ kind, detail }) => (detail === 'boot_vga' ? t('use.boot') : `${t(`use.${kind}`)} ${detail}`);
}

export function VerdictText({ verdict }: { readonly verdict: GroupVerdict }) {
  const { t } = useTranslation('devices');
  const useOf = useHostUseText();
  switch (verdict.kind) {
    case 'safe':
      return t('why.safe');
    case 'takesOthers':
      return t('why.takesOthers', { others: verdict.others.join(', ') });
    case 'wouldTakeHost':
      return t('why.wouldTakeHost', {
        uses: verdict.uses.map((use) => `${useOf(use)} (${use.address})`).join(', '),
      });
    case 'cannotBeReset':
      return t('why.cannotBeReset', { addresses: verdict.addresses.join(', ') });
    case 'noIommu':
      return t('why.noIommu');
  }
}
